/**
 * Token buckets: each key may spend a burst at once and is given back so much a second. They are told the time, and reckon in whole numbers (a token is
 * `perMs` parts), so the wait they name is exact: a millisecond earlier it is refused, then it is taken.
 *
 * A bucket that is forgotten is a full one, so with room for fewer keys than there are, the longest untouched ones get back what they spent.
 */

import { Recent } from './recent.ts';

/** Whole numbers, all of them: `rate` tokens come back every `perMs` milliseconds, up to `burst`. */
export interface BucketOptions {
  readonly burst: number;
  readonly rate: number;
  readonly perMs: number;
  /** Keys that are remembered. */
  readonly keysMax: number;
}

interface Bucket {
  /** Parts that are spent and had not come back at `atMs`. */
  readonly spent: number;
  readonly atMs: number;
}

export class Buckets {
  readonly #options: BucketOptions;
  readonly #buckets: Recent<string, Bucket>;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#buckets = new Recent(options.keysMax);
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Spends `cost` whole tokens of the key: 0 where they were there, else the ms to wait, and nothing is spent. More than a burst costs a burst. */
  take(key: string, cost: number, nowMs: number): number {
    const wait = this.waitMs(key, cost, nowMs);
    if (wait === 0) this.#buckets.set(key, { spent: this.#spent(key, nowMs) + this.#parts(cost), atMs: this.#time(key, nowMs) });
    return wait;
  }

  /** What `take` would say; for what is spent from several keys at once or not at all. */
  waitMs(key: string, cost: number, nowMs: number): number {
    const over = this.#spent(key, nowMs) + this.#parts(cost) - this.#parts(this.#options.burst);
    if (over <= 0) return 0;
    return Math.ceil(over / this.#options.rate) + this.#time(key, nowMs) - Math.floor(nowMs);
  }

  #parts(tokens: number): number {
    return Math.min(tokens, this.#options.burst) * this.#options.perMs;
  }

  /** Whole milliseconds; a clock that was set back stands still. */
  #time(key: string, nowMs: number): number {
    return Math.max(Math.floor(nowMs), this.#buckets.get(key)?.atMs ?? Number.NEGATIVE_INFINITY);
  }

  #spent(key: string, nowMs: number): number {
    const bucket = this.#buckets.get(key);
    return bucket ? Math.max(0, bucket.spent - (this.#time(key, nowMs) - bucket.atMs) * this.#options.rate) : 0;
  }
}
