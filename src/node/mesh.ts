/**
 * The picture of the network that this node gives: it looks once a second, notes what happened, and tells its own vitals with its record. Pictures are made while anybody
 * watches, or asks.
 */

import type { WireDelicate, WireMesh, WireMeshLink, WireMeshNode, WireOwnHealth, WireWarning } from '../api/mesh.ts';
import type { NodeId } from '../core/ids.ts';
import type { MeshPort } from '../doors/api/mesh.ts';
import { compareText } from '../lib/bytes.ts';
import { isUrl } from '../sync/urls.ts';
import { readVitals, type Vitals, vitalsBytes } from '../wire/vitals.ts';
import type { Engine } from './engine.ts';
import { LinkFlows } from './link-flows.ts';
import type { LoopDelay } from './loop-delay.ts';
import { MeshEvents } from './mesh-events.ts';
import { type Seen, type Sight, sightOf } from './mesh-sight.ts';
import { roundTrip } from './nodes.ts';

/** How often it looks, in ms. */
export const LOOK_MS = 1000;
/** How often it is looked at what the store takes, in ms. */
const SIZE_MS = 10_000;

export interface MeshOptions {
  /** The node with its engine, as doors see it. */
  readonly port: { readonly engine: Engine; readonly node: { readonly id: NodeId; readonly name: string } };
  readonly warnings: () => readonly WireWarning[];
  readonly delay: Pick<LoopDelay, 'told'>;
  readonly version: string;
  readonly startedMs: number;
  /** What the log and the views take on the disk. */
  readonly storeBytes: () => number;
  /** Of the wall clock, in ms since 1970; and of one that never goes back. */
  readonly now: () => { readonly wallMs: number; readonly monoMs: number };
}

export class Mesh implements MeshPort {
  readonly #o: MeshOptions;
  readonly #events = new MeshEvents();
  readonly #flows = new LinkFlows();
  readonly #listeners = new Set<() => void>();
  #sight: Sight;
  #picture: WireMesh | null = null;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #storeBytes = 0;
  #sizedMs = Number.NEGATIVE_INFINITY;
  #told = '';

  constructor(options: MeshOptions) {
    this.#o = options;
    this.#sight = sightOf(options.port.engine, options.port.node);
  }

  /** Looks; to be called every LOOK_MS. */
  look(): void {
    const { port, now, storeBytes } = this.#o;
    const { wallMs, monoMs } = now();
    this.#sight = sightOf(port.engine, port.node);
    this.#events.take(this.#sight, wallMs);
    this.#flows.take(
      this.#sight.nodes.flatMap(({ link }) => link ?? []),
      monoMs,
    );
    if (monoMs - this.#sizedMs >= SIZE_MS) {
      this.#sizedMs = monoMs;
      this.#storeBytes = storeBytes();
    }
    this.#lookedMs = wallMs;
    this.#picture = null;
    this.#tellVitals();
    for (const listener of [...this.#listeners]) listener();
  }

  onLook(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  picture(): WireMesh {
    if (this.#lookedMs === Number.NEGATIVE_INFINITY) this.look();
    this.#picture ??= this.#paint();
    return this.#picture;
  }

  /** Peers hear at once of what cannot wait; of sizes and delays with the next record. */
  #tellVitals(): void {
    const vitals = this.#vitals();
    const news = JSON.stringify([vitals.version, vitals.holes, vitals.writes]);
    this.#o.port.engine.replica.records.setVitals(vitalsBytes(vitals), news !== this.#told);
    this.#told = news;
  }

  #vitals(): Vitals {
    const { version, startedMs, delay } = this.#o;
    const { holes, writes } = this.#sight;
    return { version, startedMs, storeBytes: this.#storeBytes, lateMs: delay.told().p99Ms, holes, writes };
  }

  #paint(): WireMesh {
    const { self } = this.#o.port.engine;
    const people = this.#o.port.engine.people.served();
    return {
      atMs: this.#lookedMs,
      self,
      nodes: this.#sight.nodes.map((seen) => this.#node(seen, people)),
      links: this.#links(),
      own: this.#own(),
      events: this.#events.all,
      delicate: this.#delicate(),
    };
  }

  #node({ id, name, state, link }: Seen, people: ReadonlyMap<NodeId, number>): WireMeshNode {
    const { replica, state: fold } = this.#o.port.engine;
    const record = replica.peers.records.get(id);
    const isSelf = state === 'self';
    return {
      id,
      name,
      state,
      sinceMs: isSelf ? this.#o.startedMs : (this.#events.sinceMs(id) ?? this.#lookedMs),
      rttMs: roundTrip(link?.rttMs),
      behind: link ? link.lag(replica.log.durable) : null,
      // Whoever is at a lost node is counted as there for the grace, and served by nobody.
      people: state === 'down' || state === 'revoked' ? 0 : (people.get(id) ?? 0),
      urls: isSelf ? replica.records.urls : (record?.addresses.filter(isUrl) ?? []),
      admittedMs: fold.nodes.get(id)?.atMs ?? null,
      vitals: isSelf ? this.#vitals() : record ? readVitals(record.vitals) : null,
    };
  }

  /** This node’s own, and those of others that both ends report. */
  #links(): WireMeshLink[] {
    const { self, replica } = this.#o.port.engine;
    const own = this.#sight.nodes.flatMap(({ id, link, state }): WireMeshLink[] => {
      if (!link || state === 'revoked') return [];
      return [{ ...ends(self, id), flow: this.#flows.of(link.link), ...(link.suspect ? { suspect: true } : {}) }];
    });
    const others = [...replica.peers.graph].flatMap(([a, links]) =>
      links.filter((b) => a < b && a !== self && b !== self).map((b) => ({ a, b })),
    );
    return [...own, ...others.sort((x, y) => compareText(x.a + x.b, y.a + y.b))];
  }

  #own(): WireOwnHealth {
    const { replica, law } = this.#o.port.engine;
    const { durable } = replica.log;
    const heard = new Map<string, number>();
    for (const { link } of this.#sight.nodes)
      for (const [feed, seq] of link?.holds ?? []) if (seq > (heard.get(feed) ?? 0)) heard.set(feed, seq);
    let [behind, entries] = [0, 0];
    for (const [feed, seq] of heard) behind += Math.max(0, seq - (durable.get(feed as never) ?? 0));
    for (const seq of durable.values()) entries += seq;
    const warnings = this.#o.warnings();
    return {
      ...this.#vitals(),
      lateMaxMs: this.#o.delay.told().maxMs,
      behind,
      entries,
      uncovered: law.uncovered().length,
      clock: !warnings.some(({ about }) => about === 'clock'),
      warnings: warnings.length,
    };
  }

  #delicate(): WireDelicate {
    const { replica, members } = this.#o.port.engine;
    const nodes = this.#sight.nodes.map(({ id, state }) => ({
      id,
      addresses: state === 'self' ? [] : (replica.peers.addresses.get(id) ?? []),
      ...(state === 'revoked' ? { reason: members.revocation(id) ?? '' } : {}),
    }));
    return { warnings: this.#o.warnings(), nodes };
  }
}

function ends(one: NodeId, other: NodeId): { a: NodeId; b: NodeId } {
  return one < other ? { a: one, b: other } : { a: other, b: one };
}
