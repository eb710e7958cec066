/** `npm run sim -- --seeds N --seed S`: runs N seeds from S on, prints each trace's hash and what is wrong, and fails if anything is. */

import { parseArgs } from 'node:util';
import { type Result, runSeed, SABOTAGES } from './run.ts';

const args = process.argv.slice(2).filter((arg) => arg !== '--');
const { values } = parseArgs({
  args,
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    log: { type: 'string' },
    sabotage: { type: 'string' },
  },
});
const first = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const count = Number(values.seeds);
const sabotage = SABOTAGES.find((one) => one === values.sabotage);
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || (values.sabotage !== undefined && !sabotage)) {
  console.error(`usage: npm run sim -- [--seeds N] [--seed S] [--log short|full] [--sabotage ${SABOTAGES.join('|')}]`);
  process.exit(2);
}

function quantile(sorted: readonly number[], q: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0);
}

function print(result: Result): void {
  if (values.log === 'short') console.log(result.summary);
  const verdict = result.violations.length === 0 ? '' : ` RED ${result.violations.length}`;
  console.log(`seed=${result.seed} trace=${result.trace}${verdict}`);
  for (const { check, detail } of result.violations.slice(0, 5)) console.log(`  ${check}: ${detail}`);
}

const counters = new Map<string, number>();
const heals: number[] = [];
const sends: number[] = [];
let failed = 0;
let lost = 0;
const began = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const result = runSeed({
    seed,
    ...(sabotage ? { sabotage } : {}),
    ...(values.log === 'full' ? { log: (line: string) => process.stdout.write(line) } : {}),
  });
  print(result);
  for (const [name, times] of result.counters) counters.set(name, (counters.get(name) ?? 0) + times);
  if (result.healedMs !== null) heals.push(result.healedMs);
  sends.push(...result.sendMs);
  lost += result.lostWithTheirDisks;
  if (result.violations.length > 0) failed++;
}
heals.sort((a, b) => a - b);
sends.sort((a, b) => a - b);
for (const [name, times] of [...counters].sort()) console.log(`sometimes ${name}: ${times}`);
console.log(`healing ms: p50 ${quantile(heals, 0.5)}, p90 ${quantile(heals, 0.9)}, p99 ${quantile(heals, 0.99)}, max ${heals.at(-1) ?? 0}`);
console.log(
  `sends ms: p50 ${quantile(sends, 0.5)}, p99 ${quantile(sends, 0.99)}, max ${Math.round(sends.at(-1) ?? 0)}; ${sends.length} sends; lost with all their disks: ${lost}`,
);
console.log(`${((performance.now() - began) / 1000 / Math.max(1, count)).toFixed(3)} s a seed`);
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
