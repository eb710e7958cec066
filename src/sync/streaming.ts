/** Entries on their way out: new ones are pushed, what a peer lacks is streamed from the store, one load at a time while the link has room. */

import type { Entry } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';
import type { Now } from './effects.ts';
import type { Holes } from './holes.ts';
import { LOAD_BYTES_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import { partsOf } from './parts.ts';

export class Streaming {
  readonly #links: Links;
  readonly #log: Log;
  readonly #holes: Holes;
  readonly #push: boolean;

  /** `push`: whether new entries are pushed; otherwise only what was asked for is sent. */
  constructor(links: Links, log: Log, holes: Holes, push: boolean) {
    this.#links = links;
    this.#log = log;
    this.#holes = holes;
    this.#push = push;
  }

  /** Pushes new entries on every link that takes them, gathered into few frames. */
  pushAll(entries: readonly Entry[], now: Now): void {
    for (const link of this.#links.open()) {
      if (this.#push) for (const entry of entries) if (this.#marksSent(link, entry)) link.outgoing.push(entry, now.monoMs);
      this.stream(link);
    }
  }

  #marksSent(link: SyncLink, entry: Entry): boolean {
    if (!link.takes(entry.feed, entry.seq)) {
      link.mayLack(entry.feed, this.#log.infos);
      return false;
    }
    link.sent.set(entry.feed, entry.seq);
    return true;
  }

  #pushTo(link: SyncLink, entries: readonly Entry[]): void {
    for (const part of partsOf(entries)) this.#links.send(link, { type: 'entries', entries: part });
  }

  /** Asks for the next entries that the peer lacks, where the link has room. */
  stream(link: SyncLink): void {
    if (link.phase !== 'open' || !this.#push) return this.#streamWanted(link);
    const feed = link.nextFeed(this.#log.durable, (of, seq) => this.#isHole(link, of, seq));
    if (feed) this.#load(link, feed);
  }

  /** Whether nothing can be sent from here on for now. What is lost for good is stepped over. */
  #isHole(link: SyncLink, feed: FeedId, next: number): boolean {
    let seq = next;
    while (this.#log.isLost(feed, seq)) link.sent.set(feed, seq++);
    return this.#holes.has(feed, seq);
  }

  /** With pushing off, only what was asked for is sent. */
  #streamWanted(link: SyncLink): void {
    if (link.phase !== 'open' || link.loading !== null || link.full) return;
    for (const feed of link.wanted) {
      const next = (link.sent.get(feed) ?? 0) + 1;
      if (this.#isHole(link, feed, next)) continue;
      if (next <= (this.#log.durable.get(feed) ?? 0)) return this.#load(link, feed);
      link.wanted.delete(feed);
    }
  }

  #load(link: SyncLink, feed: FeedId): void {
    link.loading = feed;
    this.#links.effect({ type: 'load', link: link.link, feed, after: link.sent.get(feed) ?? 0, bytesMax: LOAD_BYTES_MAX });
  }

  /** What the peer holds is known as a whole: the rest of what is held here is for it. */
  told(link: SyncLink): void {
    link.told = true;
    for (const [feed, seq] of this.#log.durable) if ((link.sent.get(feed) ?? 0) < seq) link.mayLack(feed, this.#log.infos);
    this.stream(link);
  }

  /** What could not be sent of a feed for a hole can be sent now. */
  mended(feed: FeedId): void {
    for (const link of this.#links.open()) {
      link.mayLack(feed, this.#log.infos);
      this.stream(link);
    }
  }

  /** What was asked of the store is here. */
  loaded(link: SyncLink, feed: FeedId, entries: readonly Entry[]): void {
    if (link.loading !== feed) return;
    link.loading = null;
    let after = link.sent.get(feed) ?? 0;
    const part = entries.filter((entry) => entry.seq > after && entry.seq === ++after);
    this.#pushTo(link, part);
    if (part.length > 0) link.sent.set(feed, part.at(-1)!.seq);
    if (entries.length > 0) this.stream(link);
    else link.stalled = true;
  }

  /** The peer wants the feed from after here on. */
  want(link: SyncLink, feed: FeedId, after: number): void {
    link.lazy.delete(feed);
    link.wanted.add(feed);
    link.sent.set(feed, after);
    link.outgoing.withdraw(feed);
    link.mayLack(feed, this.#log.infos);
    this.stream(link);
  }
}
