/**
 * Finding forks: a node that signs two entries for one place of its feed shows one to some and the other to others. Nodes tell each other now and then the hashes of
 * what they took last; where two disagree, or an entry follows another one than the one that is held, the peer is asked for its entry of that place, and then for
 * the ones before, back to the first place where both differ. The two entries there are the proof.
 */

import { type Entry, entrySignatureFault } from '../core/entry.ts';
import { proveFork } from '../core/fork-proof.ts';
import type { FeedId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { equalBytes } from '../lib/bytes.ts';
import { TIPS_MAX, type Tip } from '../wire/frame.ts';
import type { Now } from './effects.ts';
import { FETCH_AGAIN_MS, TIPS_MS, TIPS_SPARSE_MS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';

/** Bytes of a hash that are told: as many as nobody finds two entries for within a day. */
export const TIP_HASH_BYTES = 16;
/** Places that peers are asked about at one time. */
const SUSPICIONS_MAX = 256;

interface Suspicion {
  readonly link: SyncLink;
  readonly feed: FeedId;
  readonly seq: number;
  askAtMs: number;
}

export class Forks {
  readonly #suite: Suite;
  readonly #links: Links;
  readonly #log: Log;
  /** Feeds that rose since their tips were told. */
  readonly #risen = new Set<FeedId>();
  #toldMs = 0;
  readonly #suspicions = new Map<string, Suspicion>();

  constructor(suite: Suite, links: Links, log: Log) {
    this.#suite = suite;
    this.#links = links;
    this.#log = log;
  }

  rose(entries: readonly Entry[]): void {
    for (const { feed } of entries) this.#risen.add(feed);
  }

  /** Tells on a new link the tips of what was written last: a fork may be older than the link, or than this process. */
  open(link: SyncLink): void {
    const tips = this.#log.latestFeeds(TIPS_MAX).flatMap((feed) => this.#tipOf(feed) ?? []);
    if (tips.length > 0) this.#links.send(link, { type: 'tips', tips });
  }

  tick(isFull: boolean, now: Now): void {
    this.#ask(now);
    if (this.#risen.size === 0 || now.monoMs - this.#toldMs < (isFull ? TIPS_MS : TIPS_SPARSE_MS)) return;
    this.#toldMs = now.monoMs;
    const feeds = [...this.#risen].slice(0, TIPS_MAX);
    const tips = feeds.flatMap((feed) => this.#tipOf(feed) ?? []);
    for (const feed of feeds) this.#risen.delete(feed);
    if (tips.length === 0) return;
    for (const link of this.#links.open()) {
      if (isFull) this.#links.send(link, { type: 'tips', tips });
      else if (link.outgoing.extras.length === 0) link.outgoing.extras.push({ type: 'tips', tips });
    }
  }

  /** Asks for what is suspected, until it came; of whoever is gone nothing more is asked. */
  #ask(now: Now): void {
    for (const [key, suspicion] of this.#suspicions) {
      const { link, feed, seq } = suspicion;
      if (link.phase !== 'open' || (this.#log.durable.get(feed) ?? 0) < seq) this.#suspicions.delete(key);
      else if (suspicion.askAtMs <= now.monoMs) {
        suspicion.askAtMs = now.monoMs + FETCH_AGAIN_MS;
        this.#links.send(link, { type: 'fetch', feed, seqs: [seq] });
      }
    }
  }

  #tipOf(feed: FeedId): Tip | undefined {
    const seq = this.#log.durable.get(feed) ?? 0;
    const hash = this.#log.recent.of(feed, seq);
    return hash && { feed, seq, hash: hash.subarray(0, TIP_HASH_BYTES) };
  }

  /** A peer's last entries. */
  compareTips(link: SyncLink, tips: readonly Tip[]): void {
    for (const { feed, seq, hash } of tips) {
      const own = this.#log.recent.of(feed, seq);
      if (own && !equalBytes(own.subarray(0, TIP_HASH_BYTES), hash)) this.suspect(link, feed, seq);
    }
  }

  /** The peer holds something else at this place than this node: its entry is asked for, with the next tick. */
  suspect(link: SyncLink, feed: FeedId, seq: number): void {
    const key = `${link.link}/${feed}/${seq}`;
    if (seq < 1 || seq > this.#log.endOf(feed) || this.#suspicions.has(key) || this.#suspicions.size >= SUSPICIONS_MAX) return;
    this.#suspicions.set(key, { link, feed, seq, askAtMs: 0 });
  }

  /** Whether an entry that came again is another one than the one that is held, or was asked for to see that; then both are looked at. */
  takes(link: SyncLink, entry: Entry): boolean {
    const own = this.#log.recent.of(entry.feed, entry.seq);
    const isOther = own !== undefined && !equalBytes(own, entry.hash) && entry.seq <= this.#log.endOf(entry.feed);
    if (!this.#suspicions.delete(`${link.link}/${entry.feed}/${entry.seq}`) && !isOther) return false;
    this.#links.effect({ type: 'compare', link: link.link, entry });
    return true;
  }

  /** Both are here: the first place where they differ proves the fork. */
  compared(link: SyncLink | undefined, own: Entry, other: Entry): void {
    const info = this.#log.infos.get(own.feed);
    if (!info || equalBytes(own.bytes, other.bytes) || own.seq !== other.seq) return;
    if (entrySignatureFault(this.#suite, info, other)) return;
    if (equalBytes(own.prevHash, other.prevHash)) return this.#links.effect({ type: 'fork', proof: proveFork(info, [own, other]) });
    if (link) this.suspect(link, own.feed, own.seq - 1);
  }
}
