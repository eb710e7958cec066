/** `npm run sim -- --seeds N --seed S`: runs N seeds from S on, prints each trace's hash and what is wrong, and fails if anything is. */

import { parseArgs } from 'node:util';
import { type Plan, type Planted, SABOTAGES } from './plan.ts';
import { runTasks, type Task } from './pool.ts';
import { type Result, runSeed } from './run.ts';
import { shrink } from './shrink.ts';
import { Tally } from './tally.ts';

const USAGE = `usage: npm run sim -- [--seeds N] [--seed S] [--jobs N] [--plan JSON] [--log short|full] [--shrink] [--sabotage ${SABOTAGES.join('|')}]`;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    plan: { type: 'string', default: '{}' },
    log: { type: 'string' },
    shrink: { type: 'boolean', default: false },
    sabotage: { type: 'string' },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const count = Number(values.seeds);
const jobs = Number(values.jobs);
const plan = planOf(values.plan);
const sabotage: Planted | undefined = SABOTAGES.find((one) => one === values.sabotage);
if (![first, count, jobs].every(Number.isSafeInteger) || !plan || (values.sabotage !== undefined && !sabotage)) {
  console.error(USAGE);
  process.exit(2);
}

function planOf(json: string): Partial<Plan> | null {
  try {
    return JSON.parse(json) as Partial<Plan>;
  } catch {
    return null;
  }
}

function print(result: Result): void {
  if (values.log) console.log(result.summary);
  const verdict = result.violations.length === 0 ? '' : ` RED ${result.violations.length}`;
  console.log(`seed=${result.seed} trace=${result.trace}${verdict}`);
  for (const { check, detail } of result.violations.slice(0, 5)) console.log(`  ${check}: ${detail}`);
}

/** One seed after the other, with its lines. */
function* logged(tasks: readonly Task[]): Generator<Result> {
  const log = (line: string, isState: boolean): void => {
    if (isState || values.log === 'full') process.stdout.write(line);
  };
  for (const task of tasks) yield runSeed({ ...task, log });
}

function shrinkAndPrint(given: Partial<Plan>): void {
  const red = shrink(first, given, sabotage ?? null, (line) => console.log(line));
  if (!red) return console.log(`seed ${first} is green`);
  console.log(`${red.check}: ${red.detail}`);
  console.log(`npm run sim -- --seeds 1 --seed ${red.seed} --log short --plan '${JSON.stringify(red.plan)}'`);
  process.exitCode = 1;
}

async function runAndPrint(given: Partial<Plan>): Promise<void> {
  const tally = new Tally();
  const began = performance.now();
  const tasks = Array.from({ length: count }, (_, i) => ({ seed: first + i, plan: given, ...(sabotage ? { sabotage } : {}) }));
  for await (const result of values.log ? logged(tasks) : runTasks(tasks, jobs)) {
    print(result);
    tally.add(result);
  }
  for (const line of tally.lines()) console.log(line);
  // A plan that was given draws no mix.
  const faults = values.plan === '{}' && !sabotage ? tally.faults() : [];
  for (const fault of faults) console.log(`RED ${fault}`);
  console.log(`${((performance.now() - began) / 1000 / Math.max(1, count)).toFixed(3)} s a seed`);
  console.log(`${count - tally.failed} passed, ${tally.failed} failed`);
  process.exitCode = tally.failed > 0 || faults.length > 0 ? 1 : 0;
}

if (values.shrink) shrinkAndPrint(plan);
else await runAndPrint(plan);
