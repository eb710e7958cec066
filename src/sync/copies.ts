/**
 * Who holds what durably, as far as their signed haves tell, and so how many copies there are of this node's entries.
 *
 * Haves are passed on towards the writers, so that a chain counts copies too; each is kept with its signature for links that come up later.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import type { Vector } from '../core/vector.ts';
import type { Have } from '../wire/frame.ts';

export class Copies {
  readonly #holders = new Map<NodeId, Map<FeedId, { seq: number; have: Have }>>();

  /** What holders say they lost of what they held. */
  readonly #holes = new Map<NodeId, Map<FeedId, ReadonlySet<number>>>();

  /** All the holes of a node in a feed. */
  setHoles(holder: NodeId, feed: FeedId, seqs: readonly number[]): void {
    const feeds = this.#holes.get(holder) ?? new Map<FeedId, ReadonlySet<number>>();
    this.#holes.set(holder, feeds);
    if (seqs.length > 0) feeds.set(feed, new Set(seqs));
    else feeds.delete(feed);
  }

  hasHole(holder: NodeId, feed: FeedId, seq: number): boolean {
    return this.#holes.get(holder)?.get(feed)?.has(seq) ?? false;
  }

  #holds(holder: NodeId, feeds: Map<FeedId, { seq: number }>, feed: FeedId, seq: number): boolean {
    return (feeds.get(feed)?.seq ?? 0) >= seq && !this.hasHole(holder, feed, seq);
  }

  /** Whether the have says anything new. */
  isNews(have: Have): boolean {
    const holder = this.#holders.get(have.holder);
    for (const [feed, seq] of have.vector) if ((holder?.get(feed)?.seq ?? 0) < seq) return true;
    return false;
  }

  /** Takes a have; whether it said anything new. */
  learn(have: Have): boolean {
    let holder = this.#holders.get(have.holder);
    if (!holder) this.#holders.set(have.holder, (holder = new Map()));
    let rose = false;
    for (const [feed, seq] of have.vector) {
      if ((holder.get(feed)?.seq ?? 0) >= seq) continue;
      holder.set(feed, { seq, have });
      rose = true;
    }
    return rose;
  }

  /** Haves of a feed: of those who hold most of it, so many. */
  newest(feed: FeedId, count: number): Have[] {
    const known = [...this.#holders.values()].flatMap((feeds) => feeds.get(feed) ?? []);
    return known
      .sort((a, b) => b.seq - a.seq)
      .slice(0, count)
      .map(({ have }) => have);
  }

  /** How many others hold the entry. */
  count(feed: FeedId, seq: number): number {
    let count = 0;
    for (const [holder, feeds] of this.#holders) if (this.#holds(holder, feeds, feed, seq)) count++;
    return count;
  }

  /** Who of the others hold the entry. */
  holders(feed: FeedId, seq: number): NodeId[] {
    return [...this.#holders].filter(([holder, feeds]) => this.#holds(holder, feeds, feed, seq)).map(([node]) => node);
  }

  /** The highest entry of a feed that `others` of the other nodes hold; 0 for none. */
  heldBy(feed: FeedId, others: number): number {
    if (others <= 0) return Number.MAX_SAFE_INTEGER;
    const seqs: number[] = [];
    for (const feeds of this.#holders.values()) {
      const seq = feeds.get(feed)?.seq;
      if (seq) seqs.push(seq);
    }
    return seqs.sort((a, b) => b - a)[others - 1] ?? 0;
  }

  /** What a node is known to hold. */
  of(node: NodeId): Vector {
    const vector: Vector = new Map();
    for (const [feed, { seq }] of this.#holders.get(node) ?? []) vector.set(feed, seq);
    return vector;
  }
}
