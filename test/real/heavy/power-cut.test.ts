/**
 * Power cuts: what a writer did to its disk is recorded, and the disk is made again as a cut at any step may have left it, and opened.
 */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Random, seededRandom } from '../../../src/lib/prng.ts';
import { ModelDisk } from '../disk-model.ts';
import { SEED } from '../faults.ts';
import { inspected, type Outcome } from '../log-inspection.ts';
import { scriptedBatches } from '../script.ts';
import { type DiskStep, readTrace, recording, traceless } from '../trace.ts';

/** Crash points of one run. */
const POINTS = Number(process.env['SKEIN_POINTS'] ?? 1000);
const BATCHES = 900;

/** A folder in memory where there is one: the disk is the model's, not this machine's. */
export function scratch(test: TestContext): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'skein-cut-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Records a writer; its steps. */
function recorded(
  folder: string,
  synchronous: 'FULL' | 'NORMAL',
  fault: readonly string[] = [],
  count = BATCHES,
): { steps: DiskStep[]; failures: number } {
  const data = join(folder, 'data');
  mkdirSync(data);
  const trace = join(folder, 'trace');
  const [command, ...rest] = [...recording(trace), ...fault, process.execPath, '--disable-warning=ExperimentalWarning'];
  const program = join(import.meta.dirname, 'record-log.ts');
  const args = [...rest, program, join(data, 'log.db'), String(SEED), String(count), synchronous];
  const { status, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const steps = readTrace(trace, data);
  rmSync(trace);
  return { steps, failures: Number(/failures (\d+)/.exec(stderr)![1]) };
}

/** Points in rising order: one half anywhere, which is mostly among writes, the other before a sync, a word or a change of the folder. */
function drawn(steps: readonly DiskStep[], random: Random, count: number): number[] {
  const rare = [...steps.keys()].filter((i) => steps[i]!.type !== 'write');
  const draw = (i: number): number => (i % 2 === 0 ? random.below(steps.length + 1) : rare[random.below(rare.length)]!);
  return Array.from({ length: count }, (_, i) => draw(i)).sort((a, b) => a - b);
}

/** Cuts the power at so many steps, in rising order. */
function cutAll(steps: readonly DiskStep[], folder: string, count = POINTS): { outcomes: Outcome[]; kinds: Map<string, number> } {
  const batches = [...scriptedBatches(SEED, BATCHES)];
  const random = seededRandom(SEED);
  const points = drawn(steps, random, count);
  const disk = new ModelDisk();
  const outcomes: Outcome[] = [];
  const kinds = new Map<string, number>();
  let done = 0;
  let acked = 0;
  for (const point of points) {
    for (; done < point; done++) {
      const step = steps[done]!;
      disk.apply(step);
      if (step.type === 'said') acked = Number(/ack (\d+)\n$/.exec(Buffer.from(step.bytes).toString('latin1'))?.[1] ?? acked);
    }
    const next = steps[done]?.type ?? 'end';
    kinds.set(next, (kinds.get(next) ?? 0) + 1);
    const outcome = inspected(disk.cut(random), join(folder, 'cut'), batches, acked);
    assert.equal(outcome.torn, null, `seed ${SEED}, step ${point}, ${acked} acknowledged: ${outcome.torn}`);
    outcomes.push(outcome);
  }
  return { outcomes, kinds };
}

describe('power cuts, replayed from a trace', { skip: traceless() }, () => {
  it(`[RP12] at ${POINTS} points, also inside a write, lose nothing acknowledged, and leave no batch in part and no store that cannot be opened`, (t) => {
    const folder = scratch(t);
    const { steps } = recorded(folder, 'FULL');
    const { outcomes, kinds } = cutAll(steps, folder);
    const lost = outcomes.filter((one) => one.lost > 0).length;
    t.diagnostic(`seed ${SEED}; ${steps.length} steps; points before: ${JSON.stringify(Object.fromEntries(kinds))}`);
    t.diagnostic(`with batches beyond the acknowledged: ${outcomes.filter((one) => one.beyond > 0).length}`);
    assert.equal(lost, 0);
    assert.ok(outcomes.some((one) => one.beyond > 0) && steps.some(({ type }) => type === 'truncate' || type === 'unlink'));
  });

  it('[RP13] while every ninth sync fails, and what it should have written may be gone although it can be read, nothing acknowledged is lost', (t) => {
    const folder = scratch(t);
    const { steps, failures } = recorded(folder, 'FULL', ['-e', 'inject=fsync,fdatasync:error=EIO:when=20+9'], 150);
    const { outcomes } = cutAll(steps, folder);
    t.diagnostic(`seed ${SEED}; ${failures} commits failed, ${steps.filter((step) => step.type === 'sync' && step.failed).length} syncs`);
    assert.deepEqual([outcomes.filter((one) => one.lost > 0).length, failures > 10], [0, true]);
  });

  it('[RP13] what is read back after syncs that failed in a row is acknowledged only once it was written anew', (t) => {
    const folder = scratch(t);
    let found = 0;
    for (const from of [40, 41, 42, 43, 60, 61]) {
      rmSync(join(folder, 'data'), { recursive: true, force: true });
      const { steps, failures } = recorded(folder, 'FULL', ['-e', `inject=fsync,fdatasync:error=EIO:when=${from}..${from + 7}`], 60);
      const { outcomes } = cutAll(steps, folder, POINTS / 5);
      found += failures;
      assert.equal(outcomes.filter((one) => one.lost > 0).length, 0, `seed ${SEED}, from sync ${from}`);
    }
    assert.ok(found > 0);
  });

  it('[RP12] with synchronous=NORMAL the same cuts lose what was acknowledged: the replay can tell', (t) => {
    const folder = scratch(t);
    const { outcomes } = cutAll(recorded(folder, 'NORMAL').steps, folder);
    const lost = outcomes.filter((one) => one.lost > 0).length;
    t.diagnostic(
      `seed ${SEED}; acknowledged batches were lost at ${lost} of ${outcomes.length} points, at most ${Math.max(...outcomes.map((one) => one.lost))}`,
    );
    assert.ok(lost > POINTS / 10);
  });
});
