/** How late the process's loop ran lately: what everybody served here had to wait for, beside their own work. */

import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The loop is expected back so often, in ms; what is later than that is delay. */
const RESOLUTION_MS = 10;
/** After so long a measure is laid aside for one that began half as long ago, in ms. */
const MEASURED_MS = 60_000;
const NS_PER_MS = 1e6;

export type Measure = Pick<ReturnType<typeof monitorEventLoopDelay>, 'count' | 'max' | 'percentile' | 'reset'>;

function begin(): Measure {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** Two measures take turns, so that what is told is of the last half minute to minute. */
export class LoopDelay {
  #older: Measure;
  #younger: Measure;
  readonly #timer: NodeJS.Timeout;

  constructor(make: () => Measure = begin) {
    this.#older = make();
    this.#younger = make();
    this.#timer = setInterval(() => this.turn(), MEASURED_MS / 2).unref();
  }

  /** Half the time is over. */
  turn(): void {
    this.#older.reset();
    [this.#older, this.#younger] = [this.#younger, this.#older];
  }

  /** In ms, to a tenth. */
  told(): { readonly p99Ms: number; readonly maxMs: number } {
    const late = (ns: number): number => Math.max(0, Math.round(10 * (ns / NS_PER_MS - RESOLUTION_MS)) / 10);
    if (this.#older.count === 0) return { p99Ms: 0, maxMs: 0 };
    return { p99Ms: late(this.#older.percentile(99)), maxMs: late(this.#older.max) };
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
