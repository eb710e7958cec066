/** Faults of machines and their clocks, each with its undoing. */

import { canFind, isDispensable, isRevoked, keepWhole, kill, later, one, oneOfHonest, up } from './choose.ts';
import type { Inject } from './faults.ts';
import type { Machine } from './machine.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

/** What a clock is fast or slow by at most: far worse than any quartz. */
const DRIFT = 0.05;

function kills(silently: boolean): Inject {
  return (world) => {
    const alive = up(world);
    const count = world.random.unit() < 0.2 ? alive.length - 1 : 1;
    let killed = 0;
    for (let i = 0; i < count; i++) if (kill(world, one(world, up(world)), silently)) killed++;
    return killed > 0;
  };
}

/** All machines are off at once; they come back one by one. */
function blackout(world: World): boolean {
  const alive = up(world);
  for (const machine of alive) kill(world, machine, true);
  return alive.length > 1;
}

function pause(world: World): boolean {
  const machine = one(world, up(world));
  machine?.pause();
  later(world, 50, world.random.unit() < 0.1 ? 30_000 : 3000, () => {
    if (machine && machine.inbox > 0) world.exercised('pause');
    machine?.resume();
  });
  return false;
}

/** A machine is gone for good: its disk died with it, or it was taken out politely. */
export function lose(world: World, machine: Machine, politely: boolean): void {
  keepWhole(world, machine);
  if (machine.state !== 'down') machine.kill(false);
  machine.state = 'lost';
  world.say(`${machine.index} ${politely ? 'left' : 'is lost'}`);
  world.event({ type: 'disk-lost', atMs: world.timeline.nowMs, machine: machine.index });
}

function loseDisk(world: World): boolean {
  const members = world.machines.filter((machine) => machine.isMember && machine.state !== 'lost');
  if (members.length < 2) return false;
  const machine = one(world, members)!;
  const isNeeded = machine.hostile === null && !isDispensable(world, machine);
  if (!isNeeded) lose(world, machine, false);
  return !isNeeded;
}

function leave(world: World): boolean {
  const machine = oneOfHonest(world, 2);
  if (machine?.state !== 'up') return false;
  for (const connection of [...world.network.connections]) {
    const end = connection.ends.find(({ host }) => host === machine);
    if (end) world.network.close(end, 'the node leaves');
  }
  // Its last words are on their way.
  later(world, 100, 0, () => machine.state === 'up' && isDispensable(world, machine) && lose(world, machine, true));
  return true;
}

function join(world: World): boolean {
  const machine = world.join();
  const watch = (): void => {
    if (machine?.isMember) world.exercised('join');
    else if (machine && !world.healed) world.timeline.after(50, watch);
  };
  watch();
  return false;
}

/** The machine restarts at another address, if it and the others can find each other then. */
function moveAddress(world: World): boolean {
  const machine = oneOfHonest(world, 1);
  if (machine?.state !== 'up') return false;
  machine.move(1);
  if (!canFind(world.servers())) {
    machine.move(-1);
    return false;
  }
  kill(world, machine, false);
  const watch = (): void => {
    const isLinked = machine.state === 'up' && world.machines.some(({ index }) => world.network.isLinked(machine.index, index));
    if (isLinked) world.exercised('new address');
    else if (!world.healed) world.timeline.after(50, watch);
  };
  watch();
  return false;
}

/** Copies of one node link with others alone: there has to be one that nobody revoked. */
function hasOthers(world: World, { node }: Machine): boolean {
  return world.servers().some((other) => other.node !== node && !isRevoked(world, other));
}

function clone(world: World): boolean {
  const machine = oneOfHonest(world, 1);
  if (!machine || machine.isCloned || machine.disk.store.log.length === 0 || !hasOthers(world, machine)) return false;
  if (world.clone(machine)) world.sometimes('copied');
  return false;
}

function jump(world: World): boolean {
  const machine = one(world, world.machines)!;
  const before = machine.clock.skewMs;
  machine.clock.skewMs = world.plan.jumpMs * (2 * world.random.unit() - 1);
  world.say(`the clock of ${machine.index} jumps by ${(machine.clock.skewMs - before).toFixed(0)} ms`);
  if (machine.state === 'up' && machine.clock.skewMs < before) world.sometimes('a clock jumped back');
  return machine.state === 'up' && Math.abs(machine.clock.skewMs - before) > 100;
}

function drift(world: World): boolean {
  const machine = one(world, up(world));
  machine?.clock.runAt(DRIFT * (2 * world.dice.unit() - 1));
  return machine !== undefined;
}

export const NODE_FAULTS = {
  kill: kills(false),
  'power cut': kills(true),
  blackout,
  pause,
  'clock jump': jump,
  'clock drift': drift,
  join,
  leave,
  'disk lost': loseDisk,
  'new address': moveAddress,
  cloned: clone,
} as const satisfies Partial<Record<Fault, Inject>>;
