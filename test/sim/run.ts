/** One seed: run, judge, sum up. */

import type { Sabotage } from '../../src/node/engine.ts';
import { judge, lostWithTheirDisks, type Violation } from './checker.ts';
import type { RunRecord } from './record.ts';
import { World, type WorldOptions } from './world.ts';

export const SABOTAGES = [
  'ackBeforeCommit',
  'haveBeforeDurable',
  'noRepeats',
  'noAfter',
  'noDeps',
] as const satisfies readonly (keyof Sabotage)[];

export interface Result {
  readonly seed: number;
  readonly trace: string;
  readonly violations: readonly Violation[];
  readonly counters: ReadonlyMap<string, number>;
  readonly healedMs: number | null;
  /** How long each send took that ended. */
  readonly sendMs: readonly number[];
  readonly lostWithTheirDisks: number;
  readonly summary: string;
  readonly record: RunRecord;
}

export function runSeed(options: WorldOptions): Result {
  const world = new World(options);
  const record = world.run();
  const violations = judge(record);
  const began = new Map(record.events.filter((event) => event.type === 'send').map(({ id, atMs }) => [id, atMs]));
  const sendMs = record.events.filter((event) => event.type === 'ok').map(({ id, atMs }) => atMs - began.get(id)!);
  const { nodes, clients, push, fullUpTo, faults } = world.plan;
  const summary = `${nodes} nodes (${world.machines.length} in all), ${clients} clients, push ${push}, fullUpTo ${fullUpTo}, ${sendMs.length} acknowledged, healed ${record.healedMs} ms, ${faults.join(' ')}`;
  return {
    seed: options.seed,
    trace: world.traceHash(),
    violations,
    counters: world.counters,
    healedMs: record.healedMs,
    sendMs,
    lostWithTheirDisks: lostWithTheirDisks(record),
    summary,
    record,
  };
}
