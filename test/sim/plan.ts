/** What a seed draws: how many nodes and clients, how the network is, and its own mix of faults. */

import type { Random } from '../../src/lib/prng.ts';
import type { Sabotage } from '../../src/node/engine.ts';

export const FAULTS = [
  'kill',
  'power cut',
  'blackout',
  'pause',
  'halves',
  'bridge',
  'ring',
  'one way',
  'flapping',
  'cut',
  'slow link',
  'loss',
  'clock jump',
  'slow disk',
  'full disk',
  'lying disk',
  'join',
  'disk lost',
  'client drop',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Plan {
  readonly nodes: number;
  readonly clients: number;
  readonly rooms: number;
  readonly fullUpTo: number;
  readonly copies: number;
  readonly push: boolean;
  /** How long faults are injected, in ms. */
  readonly unsafeMs: number;
  readonly faults: readonly Fault[];
  readonly faultEveryMs: number;
  readonly actEveryMs: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly bufferBytes: number;
  /** Wall clocks are up to so much off, in ms. */
  readonly skewMs: number;
  readonly drift: number;
  readonly sameNames: boolean;
  readonly sabotage: keyof Sabotage | null;
}

export function drawPlan(random: Random, sabotage: keyof Sabotage | null): Plan {
  const nodes = 2 + random.below(6);
  const chance = (p: number): boolean => random.unit() < p;
  const faults = FAULTS.filter(() => chance(0.4));
  // Long enough for the grace of those who are out of reach to end; then less happens in each second.
  const isLong = chance(0.05);
  return {
    nodes,
    clients: 2 + random.below(4),
    rooms: 1 + random.below(3),
    fullUpTo: chance(0.5) ? 8 : 0,
    copies: 1 + random.below(3),
    push: chance(0.85),
    unsafeMs: isLong ? 33_000 : 3000 + random.below(4000),
    faults: faults.length > 0 ? faults : ['kill'],
    faultEveryMs: (isLong ? 1000 : 150) + random.below(1000),
    actEveryMs: (isLong ? 500 : 80) + random.below(200),
    delayMs: chance(0.5) ? 0.2 : 30 * random.unit(),
    jitterMs: chance(0.5) ? 0.1 : 20 * random.unit(),
    bufferBytes: chance(0.3) ? 3000 : 4_000_000,
    skewMs: chance(0.4) ? 3_600_000 : chance(0.5) ? 300 : 0,
    drift: chance(0.3) ? 0.001 : 0,
    sameNames: chance(0.2),
    sabotage,
  };
}
