/** The faults, by name, and what they have in common. Which come when is the seed's. A fault counts only when it did what it is for. */

import { DISK_FAULTS } from './faults-disk.ts';
import { NETWORK_FAULTS } from './faults-network.ts';
import { NODE_FAULTS } from './faults-node.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

/** Injects a fault. True where it did what it is for; a fault that does so later counts itself. */
export type Inject = (world: World) => boolean | undefined;

const INJECT: Readonly<Record<Fault, Inject>> = { ...NETWORK_FAULTS, ...DISK_FAULTS, ...NODE_FAULTS };

/** Injects the next fault of the seed's mix. */
export function injectFault(world: World): void {
  const fault = world.plan.faults[world.random.below(world.plan.faults.length)]!;
  world.event({ type: 'fault', atMs: world.timeline.nowMs, fault });
  if (INJECT[fault](world)) world.exercised(fault);
}
