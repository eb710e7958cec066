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
 * Whether the others can go on without a machine: an honest one is left, and those that are left find each other. A newcomer may know nobody but the node that let it in, a
 * node that moved is known to nobody, and two copies of one node do not call each other.
 */
export function isDispensable(world: World, machine: Machine): boolean {
  const others = world.servers().filter((other) => other !== machine);
  return others.length > 0 && (world.era === 1 || canFind(others));
}

/** Whether anybody has heard that a machine's node was revoked. */
export function isRevoked(world: World, { node }: Machine): boolean {
  return world.servers().some(({ engine }) => engine && engine.members.revocation(node) !== null);
}

/** Whether machines can all find together, over whomever one of two knows how to call. */
export function canFind(machines: readonly Machine[]): boolean {
  const found = new Set(machines.slice(0, 1));
  for (const from of found) for (const to of machines) if (knows(from, to) || knows(to, from)) found.add(to);
  return found.size === machines.length;
}

function knows(from: Machine, to: Machine): boolean {
  if (from.node === to.node) return false;
  return from.disk.remembered.get(to.node)?.includes(to.address) === true || from.seeds.includes(to.address);
}

/**
 * A machine is about to lose what it holds. Bits that flipped elsewhere in entries that it alone holds whole flip back: to lose the last copy of something is another
 * fault than to have it damaged, and has no cure but an owner's word.
 */
export function keepWhole(world: World, machine: Machine): void {
  const others = world.servers().filter((other) => other !== machine);
  for (const other of others) {
    for (const entry of other.disk.damagedEntries()) {
      if (others.some(({ disk }) => disk.holdsWhole(entry))) continue;
      other.disk.mend(entry);
      if (other.state === 'up') other.input({ type: 'mended', entry });
    }
  }
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
