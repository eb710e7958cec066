/** A machine's clocks: the wall's, which may be wrong, drift and jump, and one that only rises and begins anew with every process. */

import { HLC_PER_MS } from '../../src/core/hlc.ts';
import type { Random } from '../../src/lib/prng.ts';
import type { Timeline } from './timeline.ts';

/** Virtual runs begin at this time of the wall. */
export const EPOCH_MS = 1_790_000_000_000;

/** What claims to be later than so much from now is believed by no client, whose clock is right: an honest clock is an hour off. */
const FAR_MS = 2 * 3_600_000;

export function isFarAhead(key: number, nowMs: number): boolean {
  return key > (EPOCH_MS + nowMs + FAR_MS) * HLC_PER_MS;
}

export class Clock {
  readonly #timeline: Timeline;
  readonly #random: Random;
  /** How far the wall clock is off, in ms. */
  skewMs = 0;
  /** How much faster it runs than time. */
  drift = 0;
  #bootMs = 0;
  #originMs = 0;

  constructor(timeline: Timeline, random: Random) {
    this.#timeline = timeline;
    this.#random = random;
  }

  reboot(): void {
    this.#bootMs = this.#timeline.nowMs;
    this.#originMs = this.#random.unit() * 1000;
  }

  /** Runs at another speed from now on: neither clock jumps. */
  runAt(drift: number): void {
    const wall = this.skewMs + this.#timeline.nowMs * this.drift;
    this.#originMs = this.monoMs();
    this.#bootMs = this.#timeline.nowMs;
    this.skewMs = wall - this.#timeline.nowMs * drift;
    this.drift = drift;
  }

  wallMs(): number {
    return Math.floor(EPOCH_MS + this.skewMs + this.#timeline.nowMs * (1 + this.drift));
  }

  monoMs(): number {
    return this.#originMs + (this.#timeline.nowMs - this.#bootMs) * (1 + this.drift);
  }
}
