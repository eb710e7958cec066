import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Planted, SABOTAGES } from './plan.ts';
import { runTask } from './pool.ts';

const SEEDS_MAX = 200;

describe('planted faults', () => {
  for (const sabotage of SABOTAGES) it(`[SM6] ${sabotage} is caught`, (test) => test.diagnostic(`${sabotage}: ${caught(sabotage)}`));
});

function caught(sabotage: Planted): string {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const [violation] = runTask({ seed, sabotage }).violations;
    if (violation) return `seed ${seed}, ${violation.check}`;
  }
  return assert.fail(`${sabotage} was not caught in ${SEEDS_MAX} seeds`);
}
