/** What `skein status` tells of a node. Names are part of the public surface. */

import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { type ReadonlyVector, sortedVector } from '../core/vector.ts';
import { isCorruption } from '../store/damage.ts';
import type { NodeLoop } from './loop.ts';
import type { LoopDelay } from './loop-delay.ts';
import type { Operator } from './operator.ts';

export interface StateSummary {
  readonly hash: string;
  readonly fold: number;
  readonly entries: number;
  readonly ops: number;
  readonly messages: number;
  readonly accounts: number;
  readonly rooms: number;
  /** What it is of: the log may have grown since it was asked for. */
  readonly vector: ReadonlyVector;
}

/** The state's hash, computed on a thread of its own once for each vector, and again where damage changed what is here of it. */
export class StateHashes {
  readonly #logFile: string;
  readonly #network: string;
  readonly #corrupt: (reason: string) => void;
  #key = '';
  #summary: Promise<StateSummary> | null = null;

  /** `corrupt` is told where the log cannot be read for what is in it. */
  constructor(logFile: string, network: string, corrupt: (reason: string) => void) {
    this.#logFile = logFile;
    this.#network = network;
    this.#corrupt = corrupt;
  }

  /** `repairs`: how often entries were found damaged, or mended. */
  of(vector: ReadonlyMap<string, number>, repairs: number): Promise<StateSummary> {
    const key = createHash('sha256')
      .update(JSON.stringify([repairs, ...vector]))
      .digest('hex');
    if (this.#summary && key === this.#key) return this.#summary;
    this.#key = key;
    this.#summary = this.#compute();
    this.#summary.catch((error: Error) => {
      this.#summary = null;
      if (isCorruption(error)) this.#corrupt(error.message);
    });
    return this.#summary;
  }

  #compute(): Promise<StateSummary> {
    const worker = new Worker(new URL('../store/hash-thread.ts', import.meta.url), {
      workerData: { logFile: this.#logFile, network: this.#network },
    });
    return new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  }
}

export interface Listening {
  readonly http: string;
  readonly irc: string;
  readonly mesh: readonly string[];
}

export interface StatusOptions {
  readonly loop: NodeLoop;
  readonly hashes: StateHashes;
  readonly listening: Listening;
  readonly identity: { readonly network: string };
  readonly startedAt: string;
  readonly version: string;
  readonly operator: Operator;
  readonly delay: LoopDelay;
}

/** The whole status, as `skein status --json` prints it. */
export async function statusOf({ loop, hashes, listening: listen, identity, startedAt, version, operator, delay }: StatusOptions) {
  const { replica } = loop.engine;
  const { vector, ...state } = await hashes.of(new Map(replica.log.durable), replica.repairs);
  return {
    node: { id: loop.node.id, name: loop.node.name, version, startedAt },
    network: {
      id: identity.network,
      name: loop.networkName(),
      registration: operator.facts.registration(),
      accounts: operator.facts.count(),
      owners: operator.facts.owners(),
    },
    links: linksOf(loop),
    vector: Object.fromEntries(sortedVector(vector)),
    state,
    law: { uncovered: loop.engine.law.uncovered().length },
    listen,
    loop: delay.told(),
    warnings: loop.warnings,
  };
}

/** One for each other member. */
function linksOf(loop: NodeLoop) {
  const { replica } = loop.engine;
  const members = new Set([...loop.state.nodes.keys(), ...replica.peers.members()]);
  members.delete(loop.node.id);
  const links = new Map([...replica.links.values()].map((link) => [link.node, link]));
  return [...members].sort().map((node) => {
    const link = links.get(node);
    const record = replica.peers.records.get(node);
    return {
      node,
      name: loop.state.nodes.get(node)?.name ?? record?.name ?? node.slice(0, 8),
      state: !link ? 'down' : link.phase !== 'open' ? 'connecting' : link.suspect ? 'suspect' : 'up',
      rttMs: link?.rttMs === null || link?.rttMs === undefined ? null : Math.round(link.rttMs * 100) / 100,
      address: link?.address ?? replica.peers.addresses.get(node)?.[0] ?? null,
      lagEntries: link ? link.lag(replica.log.durable) : null,
    };
  });
}
