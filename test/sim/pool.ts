/** Many seeds on several cores: worker processes take one seed after the other; results come in the order of the seeds. */

import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Plan, Planted } from './plan.ts';
import { type Result, runSeed } from './run.ts';

export interface Task {
  readonly seed: number;
  readonly sabotage?: Planted;
  readonly plan?: Partial<Plan>;
}

/** Runs a task and keeps what may travel; a run that throws is a run that failed. */
export function runTask(task: Task): Result {
  try {
    const { record, plan, ...result } = runSeed(task);
    return { ...result, violations: result.violations.slice(0, 20) };
  } catch (error) {
    const detail = ((error as Error).stack ?? String(error)).split('\n').slice(0, 4).join(' ');
    const nothing = { healedMs: null, caughtUpMs: null, bytesMissing: 0, sendMs: [], sends: 0, hostile: 0, lostWithTheirDisks: 0 };
    return { seed: task.seed, trace: '', violations: [{ check: 'run', detail }], counters: new Map(), summary: 'threw', ...nothing };
  }
}

/** Results of tasks, in their order, by so many processes; with one, in this process. */
export async function* runTasks(tasks: readonly Task[], jobs: number): AsyncGenerator<Result> {
  if (jobs <= 1) {
    for (const task of tasks) yield runTask(task);
    return;
  }
  const waiting = new Map<number, (result: Result) => void>();
  const results = tasks.map((_, i) => new Promise<Result>((resolve) => waiting.set(i, resolve)));
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => startWorker());
  let next = 0;
  const feed = (worker: ChildProcess): void => {
    if (next < tasks.length) worker.send({ i: next, task: tasks[next++] });
    else worker.disconnect();
  };
  for (const worker of workers) {
    worker.on('message', ({ i, result }: { i: number; result: Result }) => {
      waiting.get(i)!(result);
      feed(worker);
    });
    worker.on('exit', (code) => {
      if (code !== 0) throw new Error(`a worker of the simulator ended with ${code}`);
    });
    feed(worker);
  }
  try {
    for (const result of results) yield await result;
  } finally {
    for (const worker of workers) if (worker.connected) worker.kill();
  }
}

function startWorker(): ChildProcess {
  return fork(join(import.meta.dirname, 'worker.ts'), { serialization: 'advanced', execArgv: ['--disable-warning=ExperimentalWarning'] });
}
