/** Faults of disks, each with its undoing. */

import { raise, type Vector } from '../../src/core/vector.ts';
import { canFind, keepWhole, later, one, oneOfHonest, startLater, up } from './choose.ts';
import type { Inject } from './faults.ts';
import type { Machine } from './machine.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

/** The disk is in a bad state for a while: it counts when something was committed, or tried to be, meanwhile. */
function disk(fault: Fault, state: 'slow' | 'full' | 'lying', moreMs: number): Inject {
  return (world) => {
    const machine = one(world, up(world));
    if (machine?.disk.state !== 'good') return false;
    machine.disk.state = state;
    machine.disk.felt = () => world.exercised(fault);
    later(world, 100, moreMs, () => {
      machine.disk.state = 'good';
      machine.disk.felt = null;
    });
    return false;
  };
}

/** Lies in wait for the machine's next commit. */
function trap(fault: Fault, at: 'commit' | 'written', tail: 'either' | 'lost'): Inject {
  return (world) => {
    const machine = one(world, up(world));
    if (!machine || machine.disk.trap) return false;
    const spring = (): void => {
      const { underWay, lost } = machine.kill(true, tail);
      startLater(world, machine);
      if (at === 'commit' && !underWay) return;
      world.exercised(fault);
      if (fault === 'torn batch') world.sometimes(lost ? 'torn batch, not there' : 'torn batch, there');
    };
    machine.disk.trap = { at, spring };
    return false;
  };
}

/** The machine goes on with only the beginning of its log. */
function goBack(world: World, machine: Machine, length: number): void {
  keepWhole(world, machine);
  const { nowMs: atMs } = world.timeline;
  if (machine.state !== 'down') machine.kill(true);
  const { log } = machine.disk.store;
  const ownFeeds = new Set(log.filter(({ header }) => header?.node === machine.node).map(({ feed }) => feed));
  const own: Vector = new Map();
  for (const { feed, seq } of log.slice(length)) if (ownFeeds.has(feed)) raise(own, new Map([[feed, seq]]));
  world.event({ type: 'forgot', atMs, machine: machine.index, ids: machine.disk.rollBack(length) });
  startLater(world, machine);
  watchReturn(world, machine, own);
}

/** Counts when the machine gets entries that it wrote itself from its peers. */
function watchReturn(world: World, machine: Machine, own: Vector): void {
  const { vector } = machine.disk.store;
  const isBack = [...own].some(([feed, seq]) => (vector.get(feed) ?? 0) >= seq);
  if (isBack) world.sometimes('own entries came back from peers');
  else if (!world.healed && machine.state !== 'lost') world.timeline.after(50, () => watchReturn(world, machine, own));
}

/** The data directory is empty but for the key, and in half of the cases the certificate. */
function wipe(world: World): boolean {
  const machine = oneOfHonest(world, 2);
  if (!machine || machine.isCloned || machine.disk.store.log.length === 0) return false;
  const others = world.servers().filter((other) => other !== machine);
  if (!others.every(({ disk: { store } }) => store.log.length > 0)) return false;
  goBack(world, machine, 0);
  machine.disk.remembered = new Map();
  world.inviteAgain(machine);
  if (!canFind(world.servers())) machine.seeds = others.map(({ address }) => address);
  if (world.dice.unit() < 0.5) machine.disk.chain = [];
  return true;
}

function rollBack(world: World): boolean {
  const machine = oneOfHonest(world, 1);
  const { length } = machine?.disk.store.log ?? [];
  if (!machine || !length) return false;
  goBack(world, machine, Math.floor(length * world.dice.unit()));
  return true;
}

/** Bits flip in some entries. */
function flipBits(world: World): boolean {
  const machine = oneOfHonest(world, 1);
  if (!machine || machine.disk.store.log.length === 0) return false;
  const { log } = machine.disk.store;
  const others = world.honest().filter((other) => other !== machine && other.state !== 'lost');
  let flipped = false;
  for (let i = 0; i < 5; i++) {
    const entry = log[world.dice.below(log.length)]!;
    // What no other disk holds whole would be lost, which is another fault.
    if (!others.some(({ disk }) => disk.holdsWhole(entry))) continue;
    machine.disk.damage(entry);
    flipped = true;
  }
  return flipped;
}

export const DISK_FAULTS = {
  'slow disk': disk('slow disk', 'slow', 4000),
  'full disk': disk('full disk', 'full', 2500),
  'lying disk': disk('lying disk', 'lying', 800),
  'torn batch': trap('torn batch', 'commit', 'either'),
  'lost tail': trap('lost tail', 'commit', 'lost'),
  unsent: trap('unsent', 'written', 'either'),
  'wiped disk': wipe,
  'rolled back': rollBack,
  'flipped bits': flipBits,
} as const satisfies Partial<Record<Fault, Inject>>;
