/**
 * Seeds that find something in a build without the cure, by what they find, and the era whose draws they are of. They run for ever; after a change to what a seed of
 * their era draws they are to be found anew.
 */

import type { Era, Plan } from './plan.ts';

export interface Pinned {
  readonly seed: number;
  readonly era: Era;
  readonly plan?: Partial<Plan>;
}

const first = (seed: number): Pinned => ({ seed, era: 1 });

const REORDERED = { nodes: 2, faults: ['reordering', 'cut', 'kill'], hostile: 0, delayMs: 5, jitterMs: 10 } as const;

const FORKED = { hostile: 1, acts: ['equivocate'], nodes: 5, fullUpTo: 16 } as const;

const FORKED_LAW = {
  ...FORKED,
  acts: ['fork governance'],
  faults: ['join', 'join in a partition', 'wiped disk', 'rolled back', 'halves', 'ring', 'kill', 'slow disk', 'lying disk'],
  delayMs: 25,
  jitterMs: 10,
} as const;

export const PINNED: Readonly<Record<string, Pinned>> = {
  'a session that came back to the node it had left stayed gone': first(15),
  'the same, with other faults': first(22),
  'a message handed in again stood before one that was acknowledged by a node whose clock was ahead': first(124),
  'the same, with other clocks': first(285),
  'a client that failed over from a fast clock to a slow one was refused for its `after`': first(23),
  'the same, for many messages': first(370),
  'a message in two entries hid from a client what had come before the other one': first(26),
  'the same, for another room': first(41),
  'a client that was never told the earlier place of a message': first(20_216),
  'a message refused at one node and taken at another stood behind its successors': first(40_400),
  'after a failed commit a node wrote on in its old feed, and named no deps': { seed: 10_228, era: 2 },
  'an entry without its payloads, which a hostile member had sent, cut the link of whoever sent the one it waited for': {
    seed: 10_069,
    era: 2,
  },
  'a node that could write again took a message, and had just refused the ones before it': { seed: 5005, era: 2 },
  'a message whose first op was withheld came again, and was never shown': { seed: 20_043, era: 3 },
  'the same, withheld after it was shown': { seed: 20_083, era: 3 },
  'an op was lost with its disk, and with it what it had withheld': { seed: 20_087, era: 3 },
  'a vector that came before the hello left a link deaf for ever': { seed: 36, era: 2, plan: REORDERED },
  'the cut of one fork let an entry count at which another feed was forked too': { seed: 4_200_013, era: 4, plan: FORKED },
  'who had been shown a message from next year was refused where it was not': {
    seed: 4_400_052,
    era: 4,
    plan: { ...FORKED, acts: ['equivocate', 'a year ahead'] },
  },
  'an op that withheld a message for a time was lost with its disk': { seed: 5_000_319, era: 4 },
  'a message was shown again by a node that had it at a later place only': { seed: 6_001_480, era: 4 },
  'an op that erased a text for a time was lost with its disk': { seed: 5_000_344, era: 4 },
  'a forked branch of governance on which honest entries rest came to nobody any more': { seed: 30_003_221, era: 5 },
  'the same, after a disk was rolled back': { seed: 30_004_019, era: 5 },
  'newcomers waited for what lay behind a fork of governance': { seed: 7_400_026, era: 6, plan: FORKED_LAW },
  'a node was revoked that was just letting in a newcomer who knew nobody else': { seed: 30_002_703, era: 5 },
  'a gap whose first peers had erased the text too': { seed: 824984035, era: 4 },
  'a deletion by a new key took the change out of force that had brought it, and fell with it': { seed: 840_442_765, era: 5 },
  'a client was banned for good, and no run that had one ever came to rest': { seed: 30_003_083, era: 5 },
  'an entry of which no op could be read told the time, and the reference did not look': { seed: 488_485_802, era: 8 },
  'what had just been erased, by a node whose clock was minutes behind, was taken for erased long ago': { seed: 71_002_497, era: 8 },
  'an entry came without a payload that had been erased by right and shows by now, and nobody asked for it': { seed: 565_034_356, era: 8 },
  'all the time for talking was a blackout': { seed: 488_485_948, era: 8 },
};

/** The seed whose trace is written down in golden.txt. */
export const GOLDEN_SEED = 2;
