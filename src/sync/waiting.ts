/**
 * Entries that wait for their predecessor or a dep: a bounded buffer, of which no one member can take more than its part. What finds no room is dropped and asked
 * for again.
 *
 * Each feed that waits stands under the feed it waits for, so that what arrives wakes those whom it concerns and nobody else.
 */

import type { Entry } from '../core/entry.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { WAITING_BYTES_MAX, WAITING_ORIGIN_BYTES_MAX } from './limits.ts';

/** What the buffer needs to know of the log. */
export interface Standing {
  /** The highest number of the feed that is durable or on its way. */
  stagedSeq(feed: FeedId): number;
  /** The feed that the entry waits for, or null where it need not wait. */
  blocker(entry: Entry): FeedId | null;
  /** Takes what need not wait any more; whether it was good. A faulty one is forgotten: whoever sent it may send a better. */
  stage(entry: Entry): boolean;
}

/** Whose entry it is, as far as that is known; what came before its feed's header is nobody's. */
export type Origin = NodeId | '';

interface Held {
  readonly entry: Entry;
  readonly origin: Origin;
}

const sizeOf = (entry: Entry): number => entry.bytes.length + entry.payloads.length;

export class Waiting {
  readonly #standing: Standing;
  readonly #feeds = new Map<FeedId, Map<number, Held>>();
  readonly #blocked = new Map<FeedId, Set<FeedId>>();
  readonly #origins = new Map<Origin, number>();
  #bytes = 0;

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(entry: Entry, origin: Origin): 'waiting' | 'repeated' | 'dropped' {
    let feed = this.#feeds.get(entry.feed);
    if (feed?.has(entry.seq)) return 'repeated';
    const size = sizeOf(entry);
    const ofOrigin = this.#origins.get(origin) ?? 0;
    if (this.#bytes + size > WAITING_BYTES_MAX || ofOrigin + size > WAITING_ORIGIN_BYTES_MAX) return 'dropped';
    if (!feed) this.#feeds.set(entry.feed, (feed = new Map()));
    feed.set(entry.seq, { entry, origin });
    this.#bytes += size;
    this.#origins.set(origin, ofOrigin + size);
    const blocker = this.#standing.blocker(entry);
    if (blocker !== null) this.#block(entry.feed, blocker);
    return 'waiting';
  }

  #block(feed: FeedId, by: FeedId): void {
    if (feed === by) return;
    const blocked = this.#blocked.get(by);
    if (blocked) blocked.add(feed);
    else this.#blocked.set(by, new Set([feed]));
  }

  /** Whose entries wait for which feeds: each time for the first that is lacking of what the next entry of a feed needs. */
  *blockers(): Generator<[Origin, FeedId]> {
    for (const [by, feeds] of this.#blocked) {
      for (const feed of feeds) {
        const next = this.#feeds.get(feed)?.get(this.#standing.stagedSeq(feed) + 1);
        if (next) yield [next.origin, by];
      }
    }
  }

  isBlocking(feed: FeedId): boolean {
    return this.#blocked.has(feed);
  }

  /** Nobody wants what lies beyond `seq` of a feed. */
  forgetBeyond(feed: FeedId, seq: number): void {
    const entries = this.#feeds.get(feed);
    for (const one of [...(entries?.keys() ?? [])]) if (one > seq) this.#forget(feed, entries!, one);
  }

  /** The feed rose: stages whatever need not wait any more, until nothing moves. */
  wake(feed: FeedId): void {
    const risen = [feed];
    for (let one = risen.pop(); one !== undefined; one = risen.pop()) {
      const woken = new Set(this.#blocked.get(one)).add(one);
      this.#blocked.delete(one);
      for (const each of woken) if (this.#drain(each)) risen.push(each);
    }
  }

  /** Stages the next entries of a feed as far as they go; whether any went. */
  #drain(feed: FeedId): boolean {
    const entries = this.#feeds.get(feed);
    if (!entries) return false;
    const before = this.#standing.stagedSeq(feed);
    for (;;) {
      const staged = this.#standing.stagedSeq(feed);
      for (const seq of entries.keys()) if (seq <= staged) this.#forget(feed, entries, seq);
      const next = entries.get(staged + 1)?.entry;
      if (!next) break;
      const blocker = this.#standing.blocker(next);
      if (blocker !== null) {
        this.#block(feed, blocker);
        break;
      }
      this.#forget(feed, entries, next.seq);
      if (!this.#standing.stage(next)) break;
    }
    return this.#standing.stagedSeq(feed) > before;
  }

  #forget(feed: FeedId, entries: Map<number, Held>, seq: number): void {
    const { entry, origin } = entries.get(seq)!;
    entries.delete(seq);
    this.#bytes -= sizeOf(entry);
    const left = this.#origins.get(origin)! - sizeOf(entry);
    if (left > 0) this.#origins.set(origin, left);
    else this.#origins.delete(origin);
    if (entries.size === 0) this.#feeds.delete(feed);
  }
}
