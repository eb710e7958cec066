/** What faults choose from, and how they are undone. */

import type { Machine } from './machine.ts';
import type { World } from './world.ts';

export const one = <T>(world: World, list: readonly T[]): T | undefined => list[world.random.below(list.length)];

/** Machines that run and are members. */
export function up(world: World): Machine[] {
  return world.machines.filter((machine) => machine.state === 'up' && machine.isMember);
}

/** An honest one that a fault may take out of play or tamper with, which leaves this many other honest ones; none where too few are left. */
export function oneOfHonest(world: World, othersMin: number): Machine | undefined {
  const honest = world.servers();
  const machine = honest.length > othersMin ? one(world, honest) : undefined;
  return machine && isDispensable(world, machine) ? machine : undefined;
}

/**
 * Whether the others can go on without a machine: an honest one is left, and, where two are copies of one node, also one that is not. A node does not call itself, so
 * two copies know of each other by others alone.
 */
export function isDispensable(world: World, machine: Machine): boolean {
  const others = world.servers().filter((other) => other !== machine);
  return others.length > 0 && (others.length === 1 || new Set(others.map(({ node }) => node)).size > 1);
}

/** Undoes something after a while, unless everything was healed before. */
export function later(world: World, minMs: number, moreMs: number, undo: () => void): void {
  world.timeline.after(minMs + moreMs * world.random.unit(), () => {
    if (!world.healed) undo();
  });
}

/** Starts a machine that is down, after a while. */
export function startLater(world: World, machine: Machine): void {
  later(world, 50, 3000, () => machine.state === 'down' && machine.start());
}

/** Lets a machine die, to start again. */
export function kill(world: World, machine: Machine | undefined, silently: boolean): boolean {
  if (!machine) return false;
  machine.kill(silently);
  startLater(world, machine);
  return true;
}
