/** Faults of links, each with its undoing. */

import { later, one } from './choose.ts';
import type { Inject } from './faults.ts';
import type { LinkQuality } from './network.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

type Pair = readonly [from: number, to: number];

function pairs(world: World): Pair[] {
  return world.machines.flatMap(({ index: from }) =>
    world.machines.filter(({ index }) => index !== from).map(({ index: to }) => [from, to] as const),
  );
}

/** Cuts directions for a while. Whether links ran through them. */
export function partition(world: World, isCut: (from: number, to: number) => boolean, all = pairs(world)): boolean {
  const cut = all.filter(([from, to]) => isCut(from, to));
  for (const [from, to] of cut) world.network.block(from, to);
  later(world, 100, 6000, () => {
    for (const [from, to] of cut) world.network.unblock(from, to);
  });
  return cut.some(([from, to]) => world.network.isLinked(from, to));
}

function halves(world: World, bridge: number | null): boolean {
  const side = world.machines.map(() => world.random.unit() < 0.5);
  return partition(world, (from, to) => side[from] !== side[to] && from !== bridge && to !== bridge);
}

/** The newcomer is on one side, and asks whomever it can reach. */
function joinInPartition(world: World): boolean {
  const newcomer = world.machines.length;
  const side = [...world.machines, null].map(() => world.random.unit() < 0.5);
  const all = [...pairs(world), ...world.machines.flatMap(({ index }) => [[index, newcomer] as const, [newcomer, index] as const])];
  const isCut = partition(world, (from, to) => side[from] !== side[to], all);
  const machine = world.join();
  if (!machine || !isCut) return false;
  const poll = (): void => {
    if (machine.isMember) return world.exercised('join in a partition');
    if (world.network.blocked.size > 0) world.timeline.after(50, poll);
  };
  poll();
  return false;
}

function linkQuality(fault: Fault, make: (happened: () => void) => LinkQuality): Inject {
  return (world) => {
    const [a, b] = [world.random.below(world.machines.length), world.random.below(world.machines.length)];
    if (a === b) return false;
    let isCounted = false;
    const happened = (): void => {
      if (!isCounted) world.exercised(fault);
      isCounted = true;
    };
    const quality = make(happened);
    world.network.setQuality(a, b, quality);
    if (quality.happened === undefined && world.network.isLinked(a, b)) happened();
    later(world, 500, 5000, () => world.network.setQuality(a, b, null));
    return false;
  };
}

function cut(world: World): boolean {
  const connection = one(world, [...world.network.connections]);
  if (connection) world.network.reset(connection, 'cut');
  return connection !== undefined;
}

/** The connection ends in the middle of a frame, of entries rather than of a ping. */
function cutInFrame(world: World): boolean {
  const connection = one(world, [...world.network.connections]);
  if (connection) world.network.cutInFrame(connection, 200, () => world.exercised('cut in a frame'));
  return false;
}

function flap(world: World, times: number): boolean {
  const side = world.machines.map(() => world.random.unit() < 0.5);
  const across = world.machines.flatMap((a) =>
    world.machines.filter((b) => side[a.index] !== side[b.index]).map((b) => [a.index, b.index] as const),
  );
  const isBlocked = times % 2 === 1;
  const isFelt = isBlocked && across.some(([from, to]) => world.network.isLinked(from, to));
  for (const [from, to] of across) {
    if (isBlocked) world.network.block(from, to);
    else world.network.unblock(from, to);
  }
  if (times > 0) later(world, 50, 300, () => flap(world, times - 1));
  else later(world, 0, 0, () => world.network.unblockAll());
  return isFelt;
}

function shuffled<T>(world: World, list: readonly T[]): T[] {
  const rest = [...list];
  const order: T[] = [];
  while (rest.length > 0) order.push(...rest.splice(world.dice.below(rest.length), 1));
  return order;
}

/** Directions fall one by one until nothing gets through, and come back one by one in another order. */
function swizzle(world: World): boolean {
  const all = pairs(world);
  const stepMs = 20 + 40 * world.dice.unit();
  let atMs = 0;
  for (const [from, to] of shuffled(world, all)) later(world, (atMs += stepMs), 0, () => world.network.block(from, to));
  later(world, atMs, 0, () => all.every(([from, to]) => world.network.isBlocked(from, to)) && world.exercised('swizzle'));
  for (const [from, to] of shuffled(world, all)) later(world, (atMs += stepMs), 0, () => world.network.unblock(from, to));
  return false;
}

/** A client loses its ways to most machines; these go on among themselves. */
function cutClient(world: World): boolean {
  const client = one(world, world.clients);
  const kept = one(world, world.servers())?.index;
  if (!client) return false;
  const isFelt = client.cutOff(world.machines.map(({ index }) => index).filter((index) => index !== kept && world.dice.unit() < 0.8));
  later(world, 1000, 4000, () => client.reconnect());
  return isFelt;
}

export const NETWORK_FAULTS = {
  halves: (world) => halves(world, null),
  bridge: (world) => halves(world, world.random.below(world.machines.length)),
  ring: (world) => partition(world, (from, to) => ![1, world.machines.length - 1].includes(Math.abs(from - to))),
  'one way': (world) => {
    const side = world.machines.map(() => world.random.unit() < 0.5);
    return partition(world, (from, to) => side[from] === true && side[to] === false);
  },
  flapping: (world) => flap(world, 7),
  swizzle,
  cut,
  'cut in a frame': cutInFrame,
  'slow link': linkQuality('slow link', () => ({ delayMs: 300, jitterMs: 300, loss: 0 })),
  loss: linkQuality('loss', (happened) => ({ delayMs: 5, jitterMs: 5, loss: 0.25, happened })),
  duplication: linkQuality('duplication', (happened) => ({ delayMs: 5, jitterMs: 5, loss: 0, doubled: 0.3, happened })),
  reordering: linkQuality('reordering', (happened) => ({ delayMs: 5, jitterMs: 5, loss: 0, swapped: 0.3, happened })),
  'client drop': (world) => one(world, world.clients)?.drop() ?? false,
  'client cut': cutClient,
  'join in a partition': joinInPartition,
} as const satisfies Partial<Record<Fault, Inject>>;
