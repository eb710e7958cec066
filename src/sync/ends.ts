/**
 * Where feeds end: at the cuts of revoked nodes, as the law has them, and at forks that are proved, be it in the law yet or beside the log alone. By the law alone goes
 * what is counted and told; what is taken, and what of an entry's deps is waited for, goes by both.
 */

import type { Entry } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';

export class Ends {
  #caps: ReadonlyMap<FeedId, number> = new Map();
  readonly #forks = new Map<FeedId, number>();

  /** How far a feed counts: beyond all numbers, unless its node was revoked. */
  capOf(feed: FeedId): number {
    return this.#caps.get(feed) ?? Number.MAX_SAFE_INTEGER;
  }

  /** How far a feed is wanted. */
  endOf(feed: FeedId): number {
    return Math.min(this.capOf(feed), this.#forks.get(feed) ?? Number.MAX_SAFE_INTEGER);
  }

  /** Feeds count so far in place of what was said before. All whose caps may have changed. */
  cap(caps: ReadonlyMap<FeedId, number>): FeedId[] {
    const before = this.#caps;
    this.#caps = caps;
    return [...new Set([...before.keys(), ...caps.keys()])];
  }

  /** A feed is proved to be forked behind `end`. Whether it ended later until now. */
  fork(feed: FeedId, end: number): boolean {
    if ((this.#forks.get(feed) ?? Number.MAX_SAFE_INTEGER) <= end) return false;
    this.#forks.set(feed, end);
    return true;
  }

  /** What an entry rests on, feed by feed, as far as it is to be had; `sibling`: the governance feed that its `governance` is of. */
  *needs({ feed, deps, governance }: Entry, sibling: FeedId): Generator<[FeedId, number]> {
    for (const [other, seq] of deps) yield [other, Math.min(seq, this.endOf(other))];
    if (governance === 0) return;
    // Content names its sibling, and governance nothing.
    yield [sibling, sibling === feed ? Number.MAX_SAFE_INTEGER : Math.min(governance, this.endOf(sibling))];
  }
}
