/** What many runs come to: how often each fault and act was exercised, how long healing and sends took, and whether the whole may be called good. */

import { ACTS, FAULTS } from './plan.ts';
import { LAW_WANTED } from './reference-effects.ts';
import type { Result } from './run.ts';

/** From so many seeds on, a fault that was never exercised fails. */
export const EXERCISED_SEEDS_MIN = 300;
/** The share of sends that end well, at least. */
const WELL = 0.99;
/** Beside a hostile member the slowest of a hundred sends takes so many times as long, at most; judged from so many seeds on, for fewer say little of it. */
const ISOLATION = 2;
const ISOLATION_SEEDS_MIN = 1000;

/** What else must have happened in enough runs, besides every fault and act. */
const MORE = [
  'behind',
  'resubmitted',
  'commit error, written',
  'commit error, not written',
  'torn batch, there',
  'torn batch, not there',
  'admitted during a partition',
  'own entries came back from peers',
  'a clock jumped back',
  'somebody was told of typing',
  'checkpoint by duty',
  'checkpoint by duty, sealed',
  'a backdated claim had no effect',
];

/** What was done at two machines, by people who had not heard of each other's. */
const PAIRS = [
  'account against account',
  'two who register one name',
  'ban against message',
  'role against role',
  'two who demote each other',
  'remove against message',
  'remove against edit',
  'deletion against message',
  'retain against message',
  'due against message',
  'settings against message',
  'rekey against message',
  'rekey against session',
  'logout against message',
];

/** What clients and the law do to each other. */
const LAW = [
  ...LAW_WANTED,
  ...PAIRS.map((pair) => `pair: ${pair}`),
  'law and content written in a partition',
  'a message went from a view',
  'a message came back to a view',
];

export const WANTED = [...FAULTS.map((fault) => `fault: ${fault}`), ...ACTS.map((act) => `act: ${act}`), ...MORE, ...LAW];

export function quantile(sorted: readonly number[], q: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
}

export class Tally {
  readonly counters = new Map<string, number>();
  readonly #healMs: number[] = [];
  readonly #caughtUpMs: number[] = [];
  readonly #bytes: number[] = [];
  readonly #sendMs: number[] = [];
  readonly #hostileSendMs: number[] = [];
  #sends = 0;
  #lost = 0;
  runs = 0;
  failed = 0;

  add(result: Result): void {
    for (const [name, times] of result.counters) this.counters.set(name, (this.counters.get(name) ?? 0) + times);
    if (result.healedMs !== null) this.#healMs.push(result.healedMs);
    if (result.caughtUpMs !== null) this.#caughtUpMs.push(result.caughtUpMs);
    this.#bytes.push(result.bytesMissing);
    (result.hostile > 0 ? this.#hostileSendMs : this.#sendMs).push(...result.sendMs);
    this.#sends += result.sends;
    this.#lost += result.lostWithTheirDisks;
    this.runs++;
    if (result.violations.length > 0) this.failed++;
  }

  /** Faults, acts and events that never happened. */
  missing(): string[] {
    return WANTED.filter((name) => !this.counters.has(name));
  }

  /** Why the whole is not good, besides seeds that failed. */
  faults(): string[] {
    if (this.runs < EXERCISED_SEEDS_MIN) return [];
    const faults = this.missing().map((name) => `never exercised: ${name}`);
    const well = this.#sendMs.length + this.#hostileSendMs.length;
    if (well < WELL * this.#sends) faults.push(`of ${this.#sends} sends only ${well} ended well`);
    const [alone, beside] = [this.#sendMs, this.#hostileSendMs].map((all) => quantile(sorted(all), 0.99));
    if (this.runs >= ISOLATION_SEEDS_MIN && beside! > ISOLATION * alone!)
      faults.push(`p99 of sends is ${beside} ms beside a hostile member, and ${alone} ms without`);
    return faults;
  }

  lines(): string[] {
    const counted = [...this.counters].filter(([name]) => !name.startsWith('close: ')).sort(([a], [b]) => (a < b ? -1 : 1));
    const well = this.#sendMs.length + this.#hostileSendMs.length;
    return [
      ...counted.map(([name, times]) => `sometimes ${name}: ${times}`),
      `healing ms, what was acknowledged: ${quantiles(this.#healMs)}`,
      `healing ms, what was held: ${quantiles(this.#caughtUpMs)}`,
      `bytes missing at the heal: ${quantiles(this.#bytes)}`,
      `sends ms: ${quantiles(this.#sendMs)}`,
      `sends ms beside a hostile member: ${quantiles(this.#hostileSendMs)}`,
      `${this.#sends} sends, ${well} of them acknowledged; lost with all their disks: ${this.#lost}`,
    ];
  }
}

function sorted(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

function quantiles(unsorted: readonly number[]): string {
  const values = sorted(unsorted);
  return `p50 ${quantile(values, 0.5)}, p90 ${quantile(values, 0.9)}, p99 ${quantile(values, 0.99)}, max ${Math.round(values.at(-1) ?? 0)}`;
}
