/**
 * Mending: holes are announced and asked for; peers' holes are remembered, so that nobody counts what they lost nor asks them for it.
 *
 * A node's word about its holes in a feed is whole and signed, the newest counts, and it is passed on like a record.
 */

import type { Entry } from '../core/entry.ts';
import { NO_ERASURE, stripped } from '../core/erasure.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { HOLES_TAG, type HolesWord, holesBytes } from '../wire/frame.ts';
import type { Copies } from './copies.ts';
import type { Hole, Now } from './effects.ts';
import { Gaps } from './gaps.ts';
import { Holes } from './holes.ts';
import { ASKED_MAX, FETCH_ENTRIES_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { ReplicaOptions } from './options.ts';
import { partsOf } from './parts.ts';

export class Mending {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #copies: Copies;
  readonly holes: Holes;
  readonly gaps: Gaps;
  /** Rises whenever entries are found damaged, or are here again. */
  changes = 0;
  /** The newest word of each node on each feed. */
  readonly #words = new Map<string, HolesWord>();

  constructor(options: ReplicaOptions, links: Links, log: Log, copies: Copies) {
    this.#o = options;
    this.#links = links;
    this.#copies = copies;
    this.holes = new Holes(options.suite, log.infos, options.loaded.holes ?? [], options.erasure);
    this.gaps = new Gaps(options.suite, options.erasure);
  }

  get #self(): NodeId {
    return this.#o.key.publicKey as NodeId;
  }

  /** Tells on a new link who has holes. */
  open(link: SyncLink, now: Now): void {
    for (const feed of this.holes.feeds()) if (!this.#words.has(this.#self + feed)) this.#sign(feed, now);
    for (const word of this.#words.values()) this.#links.send(link, { type: 'holes', word });
  }

  /** Entries of this node are damaged. */
  damaged(holes: readonly Hole[], now: Now): void {
    this.changes++;
    const feeds = new Set(this.holes.add(holes).map(({ feed }) => feed));
    for (const feed of feeds) this.#announce(feed, now);
    if (feeds.size > 0) this.#links.effect({ type: 'warn', about: 'damage', warning: damageWarning(this.holes.size) }, { type: 'copies' });
    this.tick(now);
  }

  /** A hole is closed: its entry is back, or nobody has it. */
  closed(feed: FeedId, seq: number, now: Now): void {
    this.changes++;
    this.gaps.close(feed, seq);
    if (!this.holes.close(feed, seq)) return;
    this.#announce(feed, now);
    this.#links.effect({ type: 'warn', about: 'damage', warning: this.holes.size > 0 ? damageWarning(this.holes.size) : '' });
  }

  #announce(feed: FeedId, now: Now): void {
    this.#tell(this.#sign(feed, now), null);
  }

  #tell(word: HolesWord, except: SyncLink | null): void {
    for (const link of this.#links.open()) if (link !== except) this.#links.send(link, { type: 'holes', word });
  }

  #sign(feed: FeedId, now: Now): HolesWord {
    const key = this.#self + feed;
    const atMs = Math.max(Math.floor(now.wallMs), (this.#words.get(key)?.atMs ?? 0) + 1);
    const body = { holder: this.#self, feed, atMs, seqs: this.holes.of(feed).slice(0, FETCH_ENTRIES_MAX) };
    const word = { ...body, signature: this.#o.key.sign(HOLES_TAG, holesBytes(this.#o.network, body)) };
    this.#words.set(key, word);
    return word;
  }

  /** A node's word about its holes. */
  learn(from: SyncLink, word: HolesWord): void {
    const key = word.holder + word.feed;
    if (word.holder === this.#self || (this.#words.get(key)?.atMs ?? 0) >= word.atMs) return;
    if (!this.#o.suite.verify(word.holder, HOLES_TAG, holesBytes(this.#o.network, word), word.signature)) return;
    this.#words.set(key, word);
    this.#copies.setHoles(word.holder, word.feed, word.seqs);
    this.#tell(word, from);
  }

  /** A peer asks for entries by their numbers; one request of a link is served after the other. */
  asked(link: SyncLink, feed: FeedId, seqs: readonly number[]): void {
    if (link.asked.length < ASKED_MAX) link.asked.push({ feed, seqs: seqs.slice(0, FETCH_ENTRIES_MAX) });
    this.#serve(link);
  }

  #serve(link: SyncLink): void {
    while (!link.fetching && link.asked.length > 0) {
      const { feed, seqs } = link.asked.shift()!;
      const wanted = seqs.filter((seq) => !this.holes.has(feed, seq));
      if (wanted.length === 0) continue;
      link.fetching = true;
      this.#links.effect({ type: 'fetch', link: link.link, feed, seqs: wanted });
    }
  }

  fetched(link: SyncLink, entries: readonly Entry[]): void {
    link.fetching = false;
    for (const part of partsOf(entries)) this.#links.send(link, { type: 'entries', entries: part });
    this.#serve(link);
  }

  /** Whether an entry that came again is what a hole or a gap waits for, or was asked for in vain; what fits is put there. */
  takes(entry: Entry): boolean {
    if (this.holes.fits(entry) || this.gaps.fits(entry))
      this.#links.effect({ type: 'mend', entry: stripped(this.#o.erasure ?? NO_ERASURE, entry) });
    else if (this.gaps.has(entry.feed, entry.seq)) this.gaps.inVain(entry.feed, entry.seq);
    else return false;
    return true;
  }

  tick(now: Now): void {
    const holds = (link: SyncLink, feed: FeedId, seq: number): boolean =>
      (link.holds.get(feed) ?? 0) >= seq && !this.#copies.hasHole(link.node, feed, seq);
    for (const wanted of [this.holes, this.gaps]) {
      for (const { link, feed, seqs } of wanted.due(this.#links.open(), holds, now.monoMs))
        this.#links.send(link, { type: 'fetch', feed, seqs });
    }
  }
}

function damageWarning(count: number): string {
  const missing = count === 1 ? 'one is still missing' : `${count} are still missing`;
  return `entries of the log on this disk changed by themselves, and other nodes are asked for them: ${missing}; a disk that does this should be replaced`;
}
