/**
 * What happened in the mesh lately, as this node saw it: told what it sees again and again, it notes what became otherwise. Pure.
 *
 * A split is a guess: several nodes went out of reach within moments, or all that were in reach did.
 */

import { MESH_EVENTS_MAX, type WireMeshEvent } from '../api/mesh.ts';
import type { NodeId } from '../core/ids.ts';
import type { NodeState, Sight } from './mesh-sight.ts';

/** Nodes that go out of reach within so long went together, in ms. */
const TOGETHER_MS = 10_000;

type What = WireMeshEvent extends infer E ? (E extends WireMeshEvent ? Omit<E, 'no' | 'atMs'> : never) : never;

interface Known {
  readonly state: NodeState;
  readonly sinceMs: number;
  /** The number of the link to it; null for none. */
  readonly link: number | null;
}

export class MeshEvents {
  #events: WireMeshEvent[] = [];
  #next = 1;
  #known: Map<NodeId, Known> | null = null;
  #holes = 0;
  #writes = true;
  /** Who went out of reach lately, and when. */
  readonly #went = new Map<NodeId, number>();
  /** Who was on the other side when the network was last taken to be split; empty where it is whole. */
  #split = new Set<NodeId>();

  /** The oldest first. */
  get all(): readonly WireMeshEvent[] {
    return this.#events;
  }

  /** Since when a node has been in its state. */
  sinceMs(node: NodeId): number | undefined {
    return this.#known?.get(node)?.sinceMs;
  }

  /** How it looks now. What it is at first is no event. */
  take(sight: Sight, nowMs: number): void {
    const before = this.#known;
    const known = new Map<NodeId, Known>();
    for (const { id, state, link } of sight.nodes) {
      const was = before?.get(id);
      known.set(id, { state, sinceMs: was?.state === state ? was.sinceMs : nowMs, link: link?.link ?? null });
      if (before && state !== 'self') this.#compare(id, was, known.get(id)!, nowMs);
    }
    this.#known = known;
    this.#lookAtSplit(nowMs);
    this.#lookAtDisk(sight, nowMs);
  }

  #compare(node: NodeId, was: Known | undefined, is: Known, nowMs: number): void {
    if (!was) this.#note({ is: 'joined', node }, nowMs);
    if (was && was.link !== null && was.link !== is.link) this.#note({ is: 'parted', node }, nowMs);
    if (is.link !== null && was?.link !== is.link) this.#note({ is: 'linked', node }, nowMs);
    if (was?.state === is.state || is.state === 'self' || (!was && is.state === 'up')) return;
    this.#note({ is: is.state, node }, nowMs);
    if (is.state === 'down' && was && was.state !== 'revoked') this.#went.set(node, nowMs);
    if (is.state === 'up' || is.state === 'revoked') this.#went.delete(node);
  }

  #lookAtSplit(nowMs: number): void {
    for (const [node, atMs] of this.#went) if (nowMs - atMs > TOGETHER_MS) this.#went.delete(node);
    const states = new Map([...this.#known!].map(([node, { state }]) => [node, state]));
    const isOut = (node: NodeId): boolean => states.get(node) === 'down';
    const nobody = ![...states.values()].some((state) => state === 'up' || state === 'suspect');
    const news = [...this.#went.keys()].filter((node) => !this.#split.has(node));
    if (news.length > 0 && (this.#went.size > 1 || nobody)) {
      this.#split = new Set([...this.#split, ...this.#went.keys()]);
      this.#note({ is: 'split', nodes: [...this.#split].filter(isOut).sort() }, nowMs);
    }
    if (this.#split.size === 0 || [...this.#split].some(isOut)) return;
    this.#split = new Set();
    this.#note({ is: 'healed' }, nowMs);
  }

  #lookAtDisk({ holes, writes }: Sight, nowMs: number): void {
    if (holes > this.#holes) this.#note({ is: 'damaged', entries: holes }, nowMs);
    if (holes === 0 && this.#holes > 0) this.#note({ is: 'mended' }, nowMs);
    if (writes !== this.#writes) this.#note({ is: writes ? 'disk writes' : 'disk refuses' }, nowMs);
    this.#holes = holes;
    this.#writes = writes;
  }

  #note(what: What, nowMs: number): void {
    this.#events = [...this.#events.slice(1 - MESH_EVENTS_MAX), { no: this.#next++, atMs: nowMs, ...what } as WireMeshEvent];
  }
}
