/**
 * What a seed draws: how many nodes and clients, how the network is, its own mix of faults, and whether a member is hostile.
 *
 * What a seed draws must not change under those that are pinned. So what was added later is drawn from dice of its own, and a seed of an earlier era draws nothing
 * of it.
 */

import type { Random } from '../../src/lib/prng.ts';
import type { Sabotage } from '../../src/node/engine-options.ts';

/** The faults of the first era. */
const FIRST_FAULTS = [
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

/** The faults that came with the second era. */
const MORE_FAULTS = [
  'duplication',
  'reordering',
  'cut in a frame',
  'swizzle',
  'new address',
  'client cut',
  'torn batch',
  'lost tail',
  'unsent',
  'wiped disk',
  'rolled back',
  'cloned',
  'clock drift',
  'leave',
  'join in a partition',
] as const;

/** The faults that came with the third era. */
const LATER_FAULTS = ['flipped bits'] as const;

export const FAULTS = [...FIRST_FAULTS, ...MORE_FAULTS, ...LATER_FAULTS] as const;

export type Fault = (typeof FAULTS)[number];

/** What a hostile member does. */
const SECOND_ACTS = [
  'backdate',
  'ahead of time',
  'forge',
  'forge governance',
  'forge grant',
  'replay grant',
  'wrong signature',
  'foreign feed',
  'fill the waiting',
  'flood',
  'occupy id',
  'two heads',
  'garbage bodies',
  'unknown kinds',
  'strip payloads',
  'withhold',
  'corrupt frames',
  'truncate frames',
  'oversized frame',
  'unknown frame',
  'false have',
  'replay records',
  'forge record',
  'prune all',
  'want all',
] as const;

/** What came with the third era. */
const LATER_ACTS = ['end of time'] as const;

/** What came with the fourth era. */
const LAST_ACTS = ['equivocate', 'a year ahead'] as const;

/** What came with the fifth era. */
const WHISPER_ACTS = ['whisper for others'] as const;

/** What came with the sixth era. */
const FORK_ACTS = ['fork governance'] as const;

/** What came with the eighth era. */
const CLAIM_ACTS = ['backdate claims'] as const;

export const ACTS = [...SECOND_ACTS, ...LATER_ACTS, ...LAST_ACTS, ...WHISPER_ACTS, ...FORK_ACTS, ...CLAIM_ACTS] as const;

export type Act = (typeof ACTS)[number];

/** A planted fault: of the engine, or of the disk and the store that the simulator provides. */
export const SABOTAGES = [
  'ackBeforeCommit',
  'haveBeforeDurable',
  'noRepeats',
  'noAfter',
  'noDeps',
  'clockOrder',
  'cutsIgnored',
  'noDedup',
  'synchronousNormal',
] as const;
export type Planted = keyof Sabotage | 'noDedup' | 'synchronousNormal';

export type Era = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How long faults are injected in most runs, at most. */
const UNSAFE_MS_MAX = 7000;

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
  /** A jump of a clock takes it anywhere up to so much off, in ms. */
  readonly jumpMs: number;
  readonly drift: number;
  readonly sameNames: boolean;
  readonly sabotage: Planted | null;
  /** How many of the nodes are hostile. */
  readonly hostile: number;
  readonly acts: readonly Act[];
  /** How often people use the law, at most; 0 for never. */
  readonly citizens: number;
  readonly citizenEveryMs: number;
  /** Whether clients say that they type. */
  readonly types: boolean;
  /** Whether members are given little room, so that who floods is noticed. */
  readonly tight: boolean;
  /** Whether nodes cover law by checkpoints: the first client owns the network, and the founder has the root key. */
  readonly checkpoints: boolean;
}

/** The dice of a seed: one for each era that added to what is drawn. */
export interface AllDice {
  readonly random: Random;
  readonly dice: Random;
  readonly law: Random;
  readonly last: Random;
  readonly typing: Random;
  readonly forking: Random;
  readonly claims: Random;
}

export function drawPlan({ random, dice, law, last, typing, forking, claims }: AllDice, era: Era, sabotage: Planted | null): Plan {
  const drawn = drawFirst(random);
  const first: Plan = {
    ...drawn,
    jumpMs: drawn.skewMs,
    sabotage,
    hostile: 0,
    acts: [],
    citizens: 0,
    citizenEveryMs: 0,
    types: false,
    tight: false,
    checkpoints: false,
  };
  if (era === 1) return first;
  const second = { ...first, ...drawMore(dice, first) };
  if (era === 2) return second;
  const third = { ...second, ...drawLaw(law), ...drawLater(law, second) };
  if (era === 3) return third;
  const fourth = { ...third, ...drawLast(last, third) };
  if (era === 4) return fourth;
  const fifth = { ...fourth, ...drawTyping(typing, fourth) };
  if (era === 5) return fifth;
  const sixth = { ...fifth, ...drawForking(forking, fifth) };
  return era < 8 ? sixth : { ...sixth, ...drawClaims(claims, sixth) };
}

/** What the first era draws: its order is for ever. */
function drawFirst(
  random: Random,
): Omit<Plan, 'jumpMs' | 'sabotage' | 'hostile' | 'acts' | 'citizens' | 'citizenEveryMs' | 'types' | 'tight' | 'checkpoints'> {
  const nodes = 2 + random.below(6);
  const chance = (p: number): boolean => random.unit() < p;
  const faults = FIRST_FAULTS.filter(() => chance(0.4));
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
  };
}

/**
 * A hostile member that relays nothing can hide honest nodes from each other where they rely on it alone, so where there is one, everybody links with everybody.
 */
function drawMore(dice: Random, first: Plan): Partial<Plan> {
  const chance = (p: number): boolean => dice.unit() < p;
  const faults = MORE_FAULTS.filter(() => chance(0.3));
  const isHostile = chance(0.3);
  const acts = SECOND_ACTS.filter(() => chance(0.4));
  const hostile = isHostile ? (chance(0.2) ? 2 : 1) : 0;
  // A long run is there for the grace of those out of reach; beside a hostile member or a copy, which keep everybody busy, it only takes its time.
  const isBusy = isHostile || faults.includes('cloned');
  return {
    faults: [...first.faults, ...faults],
    ...(isBusy ? { unsafeMs: Math.min(first.unsafeMs, UNSAFE_MS_MAX) } : {}),
    jumpMs: chance(0.5) ? 3_600_000 : 5000,
    ...(hostile ? { hostile, acts: acts.length > 0 ? acts : ['forge'], nodes: Math.max(first.nodes, hostile + 2), fullUpTo: 16 } : {}),
  };
}

/** The third era: people who use the law, in most runs. */
function drawLaw(law: Random): Partial<Plan> {
  return law.unit() < 0.7 ? { citizens: 15 + law.below(40), citizenEveryMs: 50 + law.below(100) } : {};
}

/** The third era, too: bits that flip, and members that claim the end of time. */
function drawLater(law: Random, second: Plan): Partial<Plan> {
  const faults = LATER_FAULTS.filter(() => law.unit() < 0.3);
  const acts = LATER_ACTS.filter(() => law.unit() < 0.3);
  return { faults: [...second.faults, ...faults], acts: second.hostile > 0 ? [...second.acts, ...acts] : second.acts };
}

/** The fourth era: members that write two histories, or claim to live a year from now. */
function drawLast(last: Random, third: Plan): Partial<Plan> {
  const acts = LAST_ACTS.filter(() => last.unit() < 0.3);
  return third.hostile > 0 ? { acts: [...third.acts, ...acts] } : {};
}

/** The fifth era: clients type, and members say that they do. */
function drawTyping(typing: Random, fourth: Plan): Partial<Plan> {
  const acts = WHISPER_ACTS.filter(() => typing.unit() < 0.4);
  return { types: typing.unit() < 0.8, ...(fourth.hostile > 0 ? { acts: [...fourth.acts, ...acts] } : {}) };
}

/** The sixth era: members that write two histories of their governance, of several lengths, one after the other. */
function drawForking(forking: Random, fifth: Plan): Partial<Plan> {
  const acts = FORK_ACTS.filter(() => forking.unit() < 0.3);
  return fifth.hostile > 0 ? { acts: [...fifth.acts, ...acts] } : {};
}

/** The eighth era: nodes that cover law, and members that claim what was covered. */
function drawClaims(claims: Random, sixth: Plan): Partial<Plan> {
  const acts = CLAIM_ACTS.filter(() => claims.unit() < 0.5);
  return { checkpoints: claims.unit() < 0.7, ...(sixth.hostile > 0 ? { acts: [...sixth.acts, ...acts] } : {}) };
}
