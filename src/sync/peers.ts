/**
 * The other members: how to reach them, who is linked with whom, and whom to dial when.
 *
 * Every node signs a record of its addresses and links, and everybody passes on the newest. Two nodes count as linked where both records say so, so a
 * node that died is out of reach as soon as its peers have said that they lost it. Up to `fullUpTo` members everybody links with everybody; beyond, a node
 * keeps an active view of a few (overlay.ts). Where `fullUpTo` is 0 it keeps the links it has, and when it loses one it links up with the lost one's own peers, past
 * the middle that died.
 */

import type { NodeId } from '../core/ids.ts';
import { compareText } from '../lib/bytes.ts';
import type { Random } from '../lib/prng.ts';
import { HEARD_MAX, type NodeRecord } from '../wire/frame.ts';
import { Incarnations } from './incarnations.ts';
import { REDIAL_FIRST_MS, REDIAL_MEMBERS, REDIAL_MS_MAX, SEED_AGAIN_MS } from './limits.ts';
import { Overlay } from './overlay.ts';
import { type Graph, graphOf } from './paths.ts';
import { isUrl } from './urls.ts';

interface Redial {
  atMs: number;
  pauseMs: number;
  /** Which of the addresses is next. */
  turn: number;
}

/** Addresses remembered of one member. */
const ADDRESSES_MAX = 16;

export class Peers {
  readonly #self: NodeId;
  readonly #random: Random;
  readonly #fullUpTo: number;
  readonly records = new Map<NodeId, NodeRecord>();
  /** Which incarnations of every node run, this one's too. */
  readonly incarnations = new Incarnations();
  /** Addresses of members, from records, remembered from before, or used by a link that worked. */
  readonly addresses = new Map<NodeId, string[]>();
  /** Addresses of nobody known yet: from an invitation. */
  readonly #seeds: string[];
  readonly #redials = new Map<string, Redial>();
  /** Members to link with although the mesh is not full: lost neighbours, and the neighbours of lost ones. */
  readonly #wanted = new Set<NodeId>();
  readonly overlay: Overlay;
  #reach: { readonly linked: ReadonlySet<NodeId>; readonly reached: Set<NodeId> } | null = null;
  #addressesChanged = false;
  /** Rises with every new record. */
  version = 0;
  #graph: Graph | null = null;

  constructor(
    self: NodeId,
    random: Random,
    fullUpTo: number,
    remembered: ReadonlyMap<NodeId, readonly string[]>,
    seeds: readonly string[],
  ) {
    this.#self = self;
    this.#random = random;
    this.#fullUpTo = fullUpTo;
    this.#seeds = [...seeds];
    this.overlay = new Overlay(random, this.records, fullUpTo);
    for (const [node, addresses] of remembered) {
      if (node === self) continue;
      this.addresses.set(node, [...addresses]);
      this.#wanted.add(node);
    }
  }

  /** Takes a (verified) record; whether it is newer than what was known. */
  learn(record: NodeRecord): boolean {
    if (record.node === this.#self) return false;
    const known = this.records.get(record.node);
    if (known && known.atMs >= record.atMs) return false;
    this.records.set(record.node, record);
    this.#reach = null;
    this.version++;
    this.#graph = null;
    const addresses = record.addresses.filter((address) => !isUrl(address));
    if (addresses.length > 0) this.#remember(record.node, addresses);
    return true;
  }

  #remember(node: NodeId, addresses: readonly string[]): void {
    const known = this.addresses.get(node) ?? [];
    const latest = addresses.slice(0, ADDRESSES_MAX);
    if (latest.length === known.length && latest.every((address, i) => address === known[i])) return;
    this.addresses.set(node, latest);
    this.#addressesChanged = true;
  }

  /** Addresses remembered from before of members that have not spoken since: those who link with this node now may never meet them otherwise. */
  unheard(): Map<NodeId, readonly string[]> {
    return new Map([...this.addresses].filter(([node]) => !this.records.has(node)).slice(0, HEARD_MAX));
  }

  /** Somebody remembers these: they are called where nothing better is known. */
  hear(addresses: ReadonlyMap<NodeId, readonly string[]>): void {
    for (const [node, known] of addresses)
      if (node !== this.#self && known.length > 0 && !this.addresses.has(node)) this.#remember(node, known);
  }

  /** Who of the others is linked with whom; this node, which has no record of its own here, is nobody's neighbour in it. */
  get graph(): Graph {
    this.#graph ??= graphOf(this.records);
    return this.#graph;
  }

  /** Whether addresses changed since this was last asked. */
  takeAddressesChanged(): boolean {
    const changed = this.#addressesChanged;
    this.#addressesChanged = false;
    return changed;
  }

  /** A link came up at this address. */
  linked(node: NodeId, address: string, outbound: boolean): void {
    this.#redials.delete(node);
    this.#wanted.add(node);
    this.overlay.ended(node);
    const known = this.addresses.get(node) ?? [];
    if (outbound && !known.includes(address)) this.#remember(node, [address, ...known]);
    const seed = this.#seeds.indexOf(address);
    if (seed >= 0) this.#seeds.splice(seed, 1);
  }

  /** A neighbour was lost: it is dialled again, and so are its own neighbours. */
  lost(node: NodeId): void {
    this.#wanted.add(node);
    for (const neighbour of this.records.get(node)?.links ?? []) if (neighbour !== this.#self) this.#wanted.add(neighbour);
  }

  /** A member was cut off: nobody calls it again. */
  forget(node: NodeId): void {
    this.#addressesChanged = true;
    this.addresses.delete(node);
    this.#wanted.delete(node);
  }

  /** Members that can be reached over links that both ends report, from those linked here. */
  reachable(linked: ReadonlySet<NodeId>): Set<NodeId> {
    const known = this.#reach;
    if (known && known.linked.size === linked.size && linked.isSubsetOf(known.linked)) return known.reached;
    const reached = this.#reachFrom(linked);
    this.#reach = { linked: new Set(linked), reached };
    return reached;
  }

  #reachFrom(linked: ReadonlySet<NodeId>): Set<NodeId> {
    const reached = new Set(linked);
    const open = [...linked];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const next of this.graph.get(node) ?? []) {
        if (reached.has(next)) continue;
        reached.add(next);
        open.push(next);
      }
    }
    return reached;
  }

  /** Whether everybody links with everybody. */
  get isFull(): boolean {
    return this.addresses.size < this.#fullUpTo;
  }

  /** Members that can be dialled, and this node. */
  get count(): number {
    return this.addresses.size + 1;
  }

  /**
   * The addresses to dial now. Every member and seed has its own bounded, jittered pause. Whoever is out of reach is dialled too, so that two meshes of which each is
   * whole in itself find together when those who linked them died; in a large mesh by fewer at a time, but by somebody at the full rate.
   */
  due(linked: ReadonlySet<NodeId>, reached: ReadonlySet<NodeId>, nowMs: number): string[] {
    const due: string[] = [];
    for (const [node, addresses] of this.addresses) {
      if (linked.has(node) || addresses.length === 0 || !this.#isCalled(node, reached)) continue;
      const turn = this.#turn(node, nowMs);
      if (turn !== null) due.push(addresses[turn % addresses.length]!);
    }
    const more = this.#more(linked, reached, nowMs);
    if (more !== null) due.push(more);
    for (const seed of this.#unmet()) {
      if (this.#turn(seed, nowMs) === null) continue;
      due.push(seed);
      if (linked.size > 0) this.#redials.get(seed)!.atMs = nowMs + SEED_AGAIN_MS;
    }
    return due;
  }

  /** Seeds at which nobody known can be reached: two who came at the same time and found each other may know nobody else. */
  #unmet(): string[] {
    return this.#seeds.filter((seed) => ![...this.addresses.values()].some((addresses) => addresses.includes(seed)));
  }

  #isCalled(node: NodeId, reached: ReadonlySet<NodeId>): boolean {
    return this.isFull || !reached.has(node) || (!this.overlay.chooses && this.#wanted.has(node));
  }

  /** An address for one more link of the active view. */
  #more(linked: ReadonlySet<NodeId>, reached: ReadonlySet<NodeId>, nowMs: number): string | null {
    if (this.isFull || !this.overlay.chooses) return null;
    const candidates = [...(linked.size === 0 ? this.addresses.keys() : reached)].filter((node) => this.addresses.has(node));
    const node = this.overlay.next(linked, candidates, nowMs);
    if (node === null) return null;
    const addresses = this.addresses.get(node)!;
    return addresses[this.#random.below(addresses.length)] ?? null;
  }

  /** A link to part from, or null. */
  surplus(linked: ReadonlySet<NodeId>, nowMs: number): NodeId | null {
    if (this.isFull) return null;
    return this.overlay.surplus(linked, (node) => this.#reachFrom(linked.difference(new Set([node]))).has(node), nowMs);
  }

  #turn(who: string, nowMs: number): number | null {
    const crowd = Math.max(1, this.count / REDIAL_MEMBERS);
    const redial = this.#redials.get(who) ?? this.#firstCall(crowd, nowMs);
    this.#redials.set(who, redial);
    if (redial.atMs > nowMs) return null;
    const pauseMs = Math.min(redial.pauseMs * 2, REDIAL_MS_MAX);
    const atMs = nowMs + crowd * redial.pauseMs * (0.75 + 0.5 * this.#random.unit());
    this.#redials.set(who, { atMs, pauseMs, turn: redial.turn + 1 });
    return redial.turn;
  }

  /** At once among few; in a crowd not everybody at once. */
  #firstCall(crowd: number, nowMs: number): Redial {
    const atMs = crowd > 1 ? nowMs + crowd * REDIAL_MS_MAX * this.#random.unit() : 0;
    return { atMs, pauseMs: REDIAL_FIRST_MS, turn: 0 };
  }

  /** Known members in the order of their ids. */
  members(): NodeId[] {
    return [...new Set([...this.addresses.keys(), ...this.records.keys()])].sort(compareText);
  }
}
