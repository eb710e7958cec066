/** One seed: run, judge, sum up. */

import { judge, lostWithTheirDisks, type Violation } from './checker.ts';
import type { Plan } from './plan.ts';
import type { RunRecord } from './record.ts';
import { World, type WorldOptions } from './world.ts';

/** What is kept of a run when it was judged. */
export interface Result {
  readonly seed: number;
  readonly trace: string;
  readonly violations: readonly Violation[];
  readonly counters: ReadonlyMap<string, number>;
  readonly healedMs: number | null;
  readonly caughtUpMs: number | null;
  readonly bytesMissing: number;
  /** How long each send took that ended well, and how many there were in all that the law did not refuse. */
  readonly sendMs: readonly number[];
  readonly sends: number;
  readonly hostile: number;
  readonly lostWithTheirDisks: number;
  readonly summary: string;
}

export interface Judged extends Result {
  readonly plan: Plan;
  readonly record: RunRecord;
}

/** Those were taken by nobody, and rightly. */
const REFUSED_BY_LAW = 'law: a message was refused';

export function runSeed(options: WorldOptions): Judged {
  const world = new World(options);
  const record = world.run();
  const sends = record.events.filter((event) => event.type === 'send');
  const began = new Map(sends.map(({ id, atMs }) => [id, atMs]));
  const sendMs = record.events.filter((event) => event.type === 'ok').map(({ id, atMs }) => atMs - began.get(id)!);
  const { nodes, clients, push, fullUpTo, faults, hostile, acts } = world.plan;
  const mix = hostile > 0 ? `${faults.join(', ')}; ${hostile} hostile: ${acts.join(', ')}` : faults.join(', ');
  return {
    seed: options.seed,
    trace: world.traceHash(),
    violations: judge(record),
    counters: world.counters,
    healedMs: record.healedMs,
    caughtUpMs: record.caughtUpMs,
    bytesMissing: record.bytesMissing,
    sendMs,
    sends: sends.length - (world.counters.get(REFUSED_BY_LAW) ?? 0),
    hostile,
    lostWithTheirDisks: lostWithTheirDisks(record),
    summary: `${nodes} nodes (${world.machines.length} in all), ${clients} clients, push ${push}, fullUpTo ${fullUpTo}, ${sendMs.length} of ${sends.length} acknowledged, healed ${record.healedMs} ms, ${mix}`,
    plan: world.plan,
    record,
  };
}
