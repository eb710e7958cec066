/** Makes a red run smaller: fewer faults, acts, clients, nodes, less time, as long as the same check stays red. */

import type { Plan, Planted } from './plan.ts';
import { runTask } from './pool.ts';
import { World } from './world.ts';

export interface Red {
  readonly seed: number;
  readonly plan: Plan;
  readonly check: string;
  readonly detail: string;
}

/** Runs at most. */
const RUNS_MAX = 400;
/** A smaller plan takes another course: so many seeds are tried with each. */
const SEEDS_EACH = 4;

const without = <T>(list: readonly T[], i: number): T[] => list.filter((_, at) => at !== i);

/** Plans that are one step smaller, the boldest first. */
export function* smaller(plan: Plan): Iterable<Plan> {
  if (plan.faults.length > 1) yield { ...plan, faults: plan.faults.slice(0, plan.faults.length / 2) };
  if (plan.faults.length > 1) yield { ...plan, faults: plan.faults.slice(plan.faults.length / 2) };
  if (plan.hostile > 0) yield { ...plan, hostile: 0, acts: [] };
  if (plan.acts.length > 1) yield { ...plan, acts: plan.acts.slice(0, plan.acts.length / 2) };
  if (plan.acts.length > 1) yield { ...plan, acts: plan.acts.slice(plan.acts.length / 2) };
  for (let i = 0; plan.faults.length > 1 && i < plan.faults.length; i++) yield { ...plan, faults: without(plan.faults, i) };
  for (let i = 0; plan.acts.length > 1 && i < plan.acts.length; i++) yield { ...plan, acts: without(plan.acts, i) };
  if (plan.unsafeMs > 800) yield { ...plan, unsafeMs: Math.floor(plan.unsafeMs / 2) };
  if (plan.nodes > 2 + plan.hostile) yield { ...plan, nodes: plan.nodes - 1 };
  if (plan.clients > 1) yield { ...plan, clients: plan.clients - 1 };
  if (plan.rooms > 1) yield { ...plan, rooms: 1 };
  if (plan.copies > 1) yield { ...plan, copies: 1 };
  if (plan.skewMs > 0) yield { ...plan, skewMs: 0 };
  if (plan.drift > 0) yield { ...plan, drift: 0 };
  if (plan.sameNames) yield { ...plan, sameNames: false };
  if (plan.bufferBytes < 1_000_000) yield { ...plan, bufferBytes: 4_000_000 };
  if (plan.delayMs > 1 || plan.jitterMs > 1) yield { ...plan, delayMs: 0.2, jitterMs: 0.1 };
}

/** The smallest run found in which the first check of this one is red; null where it is green. */
export function shrink(seed: number, given: Partial<Plan>, sabotage: Planted | null, tell: (line: string) => void): Red | null {
  const { plan } = new World({ seed, plan: given, ...(sabotage ? { sabotage } : {}) });
  const [first] = runTask({ seed, plan }).violations;
  if (!first) return null;
  let red: Red = { seed, plan, check: first.check, detail: first.detail };
  let runs = 0;
  for (let found: Red | null = red; found && runs < RUNS_MAX; ) {
    found = null;
    for (const candidate of smaller(red.plan)) {
      for (let i = 0; i < SEEDS_EACH && !found && runs < RUNS_MAX; i++, runs++) found = redWith(red, candidate, red.seed + i);
      if (found) break;
    }
    if (!found) continue;
    red = found;
    tell(
      `${runs} runs: seed ${red.seed}, ${red.plan.nodes} nodes, ${red.plan.clients} clients, ${red.plan.unsafeMs} ms, ${red.plan.faults.join(', ')}`,
    );
  }
  return red;
}

function redWith({ check }: Red, plan: Plan, seed: number): Red | null {
  const same = runTask({ seed, plan }).violations.find((violation) => violation.check === check);
  return same ? { seed, plan, ...same } : null;
}
