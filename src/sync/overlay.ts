/**
 * Who links with whom beyond a full mesh, after HyParView (Leitão, Pereira, Rodrigues 2007): an active view of a few links, symmetric, made at random among those that have
 * room; the passive view is everybody's record. A node with too few links dials one more at a time; one with too many parts from one that can spare it, politely, and never
 * from its last path.
 */

import type { NodeId } from '../core/ids.ts';
import type { Random } from '../lib/prng.ts';
import type { NodeRecord } from '../wire/frame.ts';
import { DIALLING_MS, PARTED_MS, SHED_MS, VIEW_HASTE, VIEW_LINKS, VIEW_SPARE } from './limits.ts';

export class Overlay {
  readonly #random: Random;
  readonly #records: ReadonlyMap<NodeId, NodeRecord>;
  /** Links a node wants; 0: it keeps those it has. */
  readonly #wanted: number;
  /** Members called just now, with the time until which they count as links. */
  readonly #dialling = new Map<NodeId, number>();
  /** Members parted from, with the time until which they are not called again. */
  readonly #parted = new Map<NodeId, number>();
  #shedMs = 0;
  #nextMs = 0;

  constructor(random: Random, records: ReadonlyMap<NodeId, NodeRecord>, fullUpTo: number) {
    this.#random = random;
    this.#records = records;
    this.#wanted = Math.min(VIEW_LINKS, fullUpTo);
  }

  /** Whether links are chosen here; otherwise nodes keep those they have. */
  get chooses(): boolean {
    return this.#wanted > 0;
  }

  /** A call ended, well or not. */
  ended(node: NodeId): void {
    this.#dialling.delete(node);
  }

  parted(node: NodeId, nowMs: number): void {
    this.#parted.set(node, nowMs + PARTED_MS);
  }

  /** One more member to link with, where links are too few; null otherwise. */
  next(linked: ReadonlySet<NodeId>, candidates: readonly NodeId[], nowMs: number): NodeId | null {
    for (const times of [this.#dialling, this.#parted]) for (const [node, untilMs] of times) if (untilMs <= nowMs) times.delete(node);
    const calls = [...this.#dialling.keys()].filter((node) => !linked.has(node)).length;
    if (linked.size + calls >= this.#wanted || nowMs < this.#nextMs) return null;
    // The first two in haste; for the others the records of those who look for links at the same time may catch up.
    if (linked.size + calls >= VIEW_HASTE) this.#nextMs = nowMs + SHED_MS * (0.5 + this.#random.unit());
    const free = candidates.filter((node) => !linked.has(node) && !this.#dialling.has(node) && !this.#parted.has(node));
    const node = this.#oneOf(this.#withRoom(free));
    if (node) this.#dialling.set(node, nowMs + DIALLING_MS);
    return node ?? null;
  }

  /** Those with fewer links than they want, else those who can take one more, else all. */
  #withRoom(nodes: readonly NodeId[]): readonly NodeId[] {
    for (const links of [this.#wanted, this.#wanted + VIEW_SPARE]) {
      const some = nodes.filter((node) => (this.#records.get(node)?.links.length ?? 0) < links);
      if (some.length > 0) return some;
    }
    return nodes;
  }

  /** A link to part from, where there are too many: the peer has enough, and is in reach without it. */
  surplus(linked: ReadonlySet<NodeId>, isReached: (without: NodeId) => boolean, nowMs: number): NodeId | null {
    if (!this.chooses || linked.size <= this.#wanted + VIEW_SPARE || nowMs < this.#shedMs) return null;
    this.#shedMs = nowMs + SHED_MS * (0.5 + this.#random.unit());
    const links = (node: NodeId): number => this.#records.get(node)?.links.length ?? 0;
    const able = [...linked].filter((node) => links(node) > this.#wanted - VIEW_SPARE);
    const rich = able.filter((node) => links(node) > this.#wanted);
    const node = this.#oneOf(rich.length > 0 ? rich : able);
    return node && isReached(node) ? node : null;
  }

  #oneOf(nodes: readonly NodeId[]): NodeId | undefined {
    return nodes.length === 0 ? undefined : nodes[this.#random.below(nodes.length)];
  }
}
