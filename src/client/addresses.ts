/**
 * The addresses at which nodes can be reached: those that were given, those that nodes tell of, and how each has served. Whoever failed last is tried last; of those that
 * are as good as each other one is drawn, so that clients who lose a node spread over the others.
 */

import type { WireNode } from '../api/protocol.ts';
import type { NodeId } from '../core/ids.ts';
import type { Random } from '../lib/prng.ts';
import { ADDRESSES_MAX, type Limits } from './limits.ts';

interface Address {
  readonly url: string;
  readonly isGiven: boolean;
  node: NodeId | null;
  /** Nodes say that it is down. */
  isDown: boolean;
  rttMs: number | null;
  /** The number of its last failure among all; 0 for none since it served. */
  failed: number;
  /** It asked to be left alone until then. */
  notBeforeMs: number;
}

/** From the nearest to the farthest; within one class, nearness decides nothing. */
const RTT_CLASSES_MS = [30, 100, 300, 1000];
const OFFLINE_AFTER_MS = 60_000;
const LOCAL = /^(localhost|127\.|\[::1\]|0\.0\.0\.0|\[::\])/;

/** An address in the one form in which they are compared; null for what is none. */
export function normalUrl(raw: string): string | null {
  const match = /^(https?):\/\/([^/\s?#]+)\/*$/i.exec(raw.trim());
  return match ? `${match[1]!.toLowerCase()}://${match[2]!.toLowerCase()}` : null;
}

const isLocal = (url: string): boolean => LOCAL.test(url.slice(url.indexOf('//') + 2));

export class Addresses {
  readonly #all = new Map<string, Address>();
  readonly #limits: Limits;
  readonly #random: Random;
  #failures = 0;
  /** Failures in a row, since a node served last. */
  #inVain = 0;
  #sinceMs = 0;
  #spreadMs = 0;

  constructor(given: readonly string[], limits: Limits, random: Random) {
    this.#limits = limits;
    this.#random = random;
    for (const raw of given) {
      const url = normalUrl(raw);
      if (url) this.#add(url, true);
    }
  }

  #add(url: string, isGiven: boolean): Address {
    const known = this.#all.get(url);
    if (known) return known;
    const address = { url, isGiven, node: null, isDown: false, rttMs: null, failed: 0, notBeforeMs: 0 };
    if (this.#all.size < ADDRESSES_MAX) this.#all.set(url, address);
    return address;
  }

  /** Over how long those who lose a node with us spread, in ms, as it said itself; the next one is given so much more time. */
  get spreadMs(): number {
    return Math.min(this.#spreadMs, this.#limits.spreadMs);
  }

  /** What is no time counts as none. */
  set spreadMs(ms: number | undefined) {
    this.#spreadMs = ms !== undefined && ms > 0 ? ms : 0;
  }

  get urls(): readonly string[] {
    return [...this.#all.keys()];
  }

  /** How often in a row it was tried in vain. */
  get inVain(): number {
    return this.#inVain;
  }

  /** Whether another node could be gone to. */
  hasOther(url: string): boolean {
    const node = this.#all.get(url)?.node ?? null;
    return [...this.#all.values()].some((one) => one.url !== url && (one.node === null || one.node !== node) && !one.isDown);
  }

  /**
   * Takes what a node told of itself and the others. `at`: where it was reached. What only its own machine can reach is nothing for others, and from a page that came
   * encrypted a browser goes to no plain address.
   */
  learn(nodes: readonly WireNode[], at: string): void {
    const told = new Set<string>();
    for (const node of nodes) {
      for (const raw of node.urls) {
        const url = normalUrl(raw);
        if (!url || (isLocal(url) && !isLocal(at)) || (at.startsWith('https:') && !url.startsWith('https:'))) continue;
        const address = this.#add(url, false);
        address.node = node.id;
        address.isDown = node.state === 'down';
        told.add(url);
      }
    }
    // An address that is told of no more was a node's that is gone, or has moved.
    for (const { url, isGiven, failed } of this.#all.values()) if (!isGiven && failed > 0 && !told.has(url)) this.#all.delete(url);
  }

  /** Who answered there. */
  met(url: string, node: NodeId): void {
    const address = this.#all.get(url);
    if (address) address.node = node;
  }

  /** It serves: what was before is forgotten. */
  served(url: string): void {
    const address = this.#all.get(url);
    if (address) Object.assign(address, { failed: 0, isDown: false, notBeforeMs: 0 });
    this.#inVain = 0;
  }

  measured(url: string, rttMs: number): void {
    const address = this.#all.get(url);
    if (address) address.rttMs = address.rttMs === null ? rttMs : 0.7 * address.rttMs + 0.3 * rttMs;
  }

  failed(url: string, nowMs: number, retryMs = 0): void {
    if (this.#inVain === 0) this.#sinceMs = nowMs;
    this.#inVain++;
    const address = this.#all.get(url);
    if (!address) return;
    address.failed = ++this.#failures;
    address.notBeforeMs = retryMs > 0 ? nowMs + retryMs : 0;
  }

  /** Where to go next; null where all asked to be left alone for now. */
  next(nowMs: number): string | null {
    let best: readonly [number, number, number, number] | null = null;
    let url: string | null = null;
    for (const address of this.#all.values()) {
      if (address.notBeforeMs > nowMs) continue;
      const rank = [address.failed, address.isDown ? 1 : 0, classOf(address.rttMs), this.#random.unit()] as const;
      if (best && !isLess(rank, best)) continue;
      best = rank;
      url = address.url;
    }
    return url;
  }

  /** How long to wait before the next try, in ms: at random up to a bound, which grows when all were tried in vain (full jitter). */
  delayMs(nowMs: number): number {
    const { failoverMs, retryMs, offlineMs } = this.#limits;
    const rounds = Math.floor(Math.max(0, this.#inVain - 1) / Math.max(1, this.#all.size));
    const most = nowMs - this.#sinceMs > OFFLINE_AFTER_MS && this.#inVain > this.#all.size ? offlineMs : retryMs;
    const asked = Math.min(...[...this.#all.values()].map((one) => Math.max(0, one.notBeforeMs - nowMs)));
    const later = Math.min(most, failoverMs * 2 ** Math.min(rounds, 10));
    const bound = this.#inVain === 1 ? Math.max(later, this.spreadMs) : later;
    return (Number.isFinite(asked) ? asked : 0) + this.#random.unit() * bound;
  }
}

function classOf(rttMs: number | null): number {
  // What was never measured is as good as the nearest.
  return rttMs === null ? 0 : RTT_CLASSES_MS.filter((most) => rttMs > most).length;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, one] of a.entries()) if (one !== b[i]) return one < b[i]!;
  return false;
}
