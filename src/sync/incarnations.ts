/**
 * Which incarnations of a node run. Usually one: a new one is word that the one before is gone. Two run where a data directory was copied; then the earlier goes on
 * signing records after the later was first heard of, and so is told from one that is gone, without comparing any two clocks: records of one node have rising
 * times, as each of its processes signs above whatever it has heard.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import { COPY_MS } from './limits.ts';

interface Incarnation {
  /** The times of its first and its latest record. */
  readonly firstMs: number;
  lastMs: number;
  heardMs: number;
  /** Records since the latest incarnation of the node was first heard of. */
  again: number;
}

/** Incarnations of one node remembered. */
const INCARNATIONS_MAX = 8;
/** Records by which the earlier of two is believed to run: one may still have been on its way. */
const AGAIN_MIN = 2;

export class Incarnations {
  readonly #nodes = new Map<NodeId, Map<FeedId, Incarnation>>();

  /** A record of the incarnation with this governance feed, signed at `atMs`, is the latest of the node. */
  learn(node: NodeId, feed: FeedId, atMs: number, nowMs: number): void {
    let known = this.#nodes.get(node);
    if (!known) this.#nodes.set(node, (known = new Map()));
    const one = known.get(feed);
    if (one) {
      one.lastMs = Math.max(one.lastMs, atMs);
      one.heardMs = nowMs;
      one.again++;
      return;
    }
    for (const other of known.values()) other.again = 0;
    known.set(feed, { firstMs: atMs, lastMs: atMs, heardMs: nowMs, again: 0 });
    if (known.size > INCARNATIONS_MAX) known.delete(known.keys().next().value!);
  }

  has(node: NodeId, feed: FeedId): boolean {
    return this.#nodes.get(node)?.has(feed) ?? false;
  }

  /** Whether the incarnation runs, as far as records tell. */
  isLive(node: NodeId, feed: FeedId): boolean {
    const known = this.#nodes.get(node);
    const one = known?.get(feed);
    return one !== undefined && [...known!.values()].every((other) => other.firstMs <= one.firstMs || other.firstMs < one.lastMs);
  }

  /** Whether the node is known to run, and not as this incarnation. */
  isPast(node: NodeId, feed: FeedId): boolean {
    return this.#nodes.has(node) && !this.isLive(node, feed);
  }

  /** Forgets those that have said nothing for long, but for the latest of each node. */
  expire(nowMs: number): void {
    for (const known of this.#nodes.values()) {
      const latestMs = Math.max(...[...known.values()].map(({ lastMs }) => lastMs));
      for (const [feed, { heardMs, lastMs }] of known) if (lastMs < latestMs && nowMs - heardMs > COPY_MS) known.delete(feed);
    }
  }

  /** Nodes of which two or more incarnations run. */
  copied(): Set<NodeId> {
    const copied = new Set<NodeId>();
    for (const [node, known] of this.#nodes) {
      const live = [...known].filter(([feed]) => this.isLive(node, feed)).map(([, one]) => one);
      if (live.length < 2) continue;
      const latestMs = Math.max(...live.map(({ firstMs }) => firstMs));
      if (live.some(({ firstMs, again }) => firstMs < latestMs && again >= AGAIN_MIN)) copied.add(node);
    }
    return copied;
  }
}
