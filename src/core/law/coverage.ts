/**
 * What checkpoints cover: the entries of governance that they name, and all that these rest on. So a checkpoint may name what is new alone, whatever becomes of those
 * before it, and what is covered first comes before all that it rests under. Each entry counts for the first checkpoint that covers it.
 */

import type { FeedId } from '../ids.ts';
import type { Pasts } from '../past.ts';
import type { ReadonlyVector } from '../vector.ts';
import { UNCOVERED } from './body.ts';

/** Of one feed, up to which entry checkpoints cover it, and the first that does; both rising. */
interface Steps {
  readonly upTo: number[];
  readonly rank: number[];
}

export class Coverage {
  readonly #pasts: Pasts;
  readonly #steps = new Map<FeedId, Steps>();
  #checkpoints = 0;

  constructor(pasts: Pasts) {
    this.#pasts = pasts;
  }

  clear(): void {
    this.#steps.clear();
    this.#checkpoints = 0;
  }

  /** How many entries of a feed are covered. */
  upTo(feed: FeedId): number {
    return this.#steps.get(feed)?.upTo.at(-1) ?? 0;
  }

  /** Which checkpoint covers an entry first; UNCOVERED for none. */
  rank(feed: FeedId, seq: number): number {
    const steps = this.#steps.get(feed);
    if (!steps || steps.upTo.at(-1)! < seq) return UNCOVERED;
    return steps.rank[steps.upTo.findLastIndex((upTo) => upTo < seq) + 1]!;
  }

  /** Takes the next checkpoint: its rank, and the feeds of which it covers more than was covered. Each entry is looked at once. */
  cover(vector: ReadonlyVector): { rank: number; feeds: Set<FeedId> } {
    const rank = this.#checkpoints++;
    const feeds = new Set<FeedId>();
    const open = [...vector];
    for (let next = open.pop(); next; next = open.pop()) {
      const [feed, named] = next;
      const before = this.upTo(feed);
      const upTo = Math.min(named, this.#pasts.length(feed));
      if (upTo <= before) continue;
      this.#step(feed, upTo, rank);
      feeds.add(feed);
      for (let seq = before + 1; seq <= upTo; seq++) open.push(...this.#pasts.deps(feed, seq));
    }
    return { rank, feeds };
  }

  #step(feed: FeedId, upTo: number, rank: number): void {
    const steps = this.#steps.get(feed);
    if (!steps) this.#steps.set(feed, { upTo: [upTo], rank: [rank] });
    else if (steps.rank.at(-1) === rank) steps.upTo[steps.upTo.length - 1] = upTo;
    else {
      steps.upTo.push(upTo);
      steps.rank.push(rank);
    }
  }
}
