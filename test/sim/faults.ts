/** The faults, each with its undoing. Which come when is the seed's. */

import type { Machine } from './machine.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

type Inject = (world: World) => void;

const one = <T>(world: World, list: readonly T[]): T | undefined => list[world.random.below(list.length)];

function up(world: World): Machine[] {
  return world.machines.filter((machine) => machine.state === 'up' && machine.disk.chain.length > 0);
}

/** Undoes something after a while, unless everything was healed before. */
function later(world: World, minMs: number, moreMs: number, undo: () => void): void {
  world.timeline.after(minMs + moreMs * world.random.unit(), () => {
    if (!world.healed) undo();
  });
}

function kill(world: World, machine: Machine | undefined, silently: boolean): void {
  if (!machine) return;
  machine.kill(silently);
  later(world, 50, 3000, () => machine.state === 'down' && machine.start());
}

function kills(silently: boolean): Inject {
  return (world) => {
    const alive = up(world);
    const count = world.random.unit() < 0.2 ? alive.length - 1 : 1;
    for (let i = 0; i < count; i++) kill(world, one(world, up(world)), silently);
  };
}

function partition(world: World, isCut: (from: number, to: number) => boolean): void {
  const cut: [number, number][] = [];
  for (const { index: from } of world.machines)
    for (const { index: to } of world.machines) if (from !== to && isCut(from, to)) cut.push([from, to]);
  for (const [from, to] of cut) world.network.block(from, to);
  later(world, 100, 6000, () => {
    for (const [from, to] of cut) world.network.unblock(from, to);
  });
}

function halves(world: World, bridge: number | null): void {
  const side = world.machines.map(() => world.random.unit() < 0.5);
  partition(world, (from, to) => side[from] !== side[to] && from !== bridge && to !== bridge);
}

function disk(state: 'slow' | 'full' | 'lying', moreMs: number): Inject {
  return (world) => {
    const machine = one(world, up(world));
    if (machine?.disk.state !== 'good') return;
    machine.disk.state = state;
    later(world, 100, moreMs, () => {
      machine.disk.state = 'good';
    });
  };
}

function linkQuality(delayMs: number, loss: number): Inject {
  return (world) => {
    const [a, b] = [world.random.below(world.machines.length), world.random.below(world.machines.length)];
    if (a === b) return;
    world.network.setQuality(a, b, { delayMs, jitterMs: delayMs, loss });
    later(world, 500, 5000, () => world.network.setQuality(a, b, null));
  };
}

function cut(world: World): void {
  const connection = one(world, [...world.network.connections]);
  if (connection) world.network.reset(connection, 'cut');
}

function flap(world: World, times: number): void {
  const side = world.machines.map(() => world.random.unit() < 0.5);
  const pairs = world.machines.flatMap((a) =>
    world.machines.filter((b) => side[a.index] !== side[b.index]).map((b) => [a.index, b.index] as const),
  );
  const isBlocked = times % 2 === 1;
  for (const [from, to] of pairs) {
    if (isBlocked) world.network.block(from, to);
    else world.network.unblock(from, to);
  }
  if (times > 0) later(world, 50, 300, () => flap(world, times - 1));
  else later(world, 0, 0, () => world.network.unblockAll());
}

function loseDisk(world: World): void {
  const members = world.machines.filter((machine) => machine.disk.chain.length > 0 && machine.state !== 'lost');
  if (members.length < 2) return;
  const machine = one(world, members)!;
  if (machine.state !== 'down') machine.kill(false);
  machine.state = 'lost';
  world.event({ type: 'disk-lost', atMs: world.timeline.nowMs, machine: machine.index });
}

/** All machines are off at once; they come back one by one. */
function blackout(world: World): void {
  for (const machine of up(world)) kill(world, machine, true);
}

const INJECT: Readonly<Record<Fault, Inject>> = {
  kill: kills(false),
  'power cut': kills(true),
  blackout,
  pause: (world) => {
    const machine = one(world, up(world));
    machine?.pause();
    later(world, 50, world.random.unit() < 0.1 ? 30_000 : 3000, () => machine?.resume());
  },
  halves: (world) => halves(world, null),
  bridge: (world) => halves(world, world.random.below(world.machines.length)),
  ring: (world) => partition(world, (from, to) => ![1, world.machines.length - 1].includes(Math.abs(from - to))),
  'one way': (world) => {
    const side = world.machines.map(() => world.random.unit() < 0.5);
    partition(world, (from, to) => side[from] === true && side[to] === false);
  },
  flapping: (world) => flap(world, 7),
  cut,
  'slow link': linkQuality(300, 0),
  loss: linkQuality(5, 0.25),
  'clock jump': (world) => {
    const machine = one(world, world.machines)!;
    machine.clock.skewMs = world.plan.skewMs * (2 * world.random.unit() - 1);
  },
  'slow disk': disk('slow', 4000),
  'full disk': disk('full', 2500),
  'lying disk': disk('lying', 800),
  join: (world) => world.join(),
  'disk lost': loseDisk,
  'client drop': (world) => one(world, world.clients)?.drop(),
};

/** Injects the next fault of the seed's mix. */
export function injectFault(world: World): void {
  const fault = one(world, world.plan.faults)!;
  world.event({ type: 'fault', atMs: world.timeline.nowMs, fault });
  world.sometimes(`fault: ${fault}`);
  INJECT[fault](world);
}
