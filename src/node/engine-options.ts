/** What an engine is made from. */

import type { Chain } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import type { FoldSabotage } from '../core/fold.ts';
import type { NetworkId, NodeId, RoomId } from '../core/ids.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import type { Random } from '../lib/prng.ts';
import type { Allowance } from '../sync/budgets.ts';
import type { Loaded } from '../sync/written.ts';
import type { CheckpointPace } from './checkpoint-duty.ts';

export interface EngineOptions {
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly key: KeyPair;
  readonly name: string;
  readonly chain: Chain;
  readonly token: Uint8Array;
  readonly random: Random;
  readonly loaded: Loaded;
  /** Governance entries that are durable, in the order of the log. */
  readonly governance: readonly Entry[];
  /** The highest history key shown in each room. */
  readonly lastKeys: ReadonlyMap<RoomId, number>;
  readonly remembered: ReadonlyMap<NodeId, readonly string[]>;
  readonly seeds: readonly string[];
  readonly fullUpTo: number;
  readonly copies: number;
  readonly push: boolean;
  /** Whether whoever asks too much in a short time is refused; default: no. */
  readonly floods?: boolean;
  /** How long what was erased by right stays on the disk, in ms. */
  readonly eraseAfterMs?: number;
  /** When law is covered by checkpoints; default: this node writes none. */
  readonly checkpoints?: CheckpointPace;
  /** The network's root key while it is here, to seal them with where no owner is. */
  readonly root?: () => KeyPair | null;
  /** How much is taken of one member; default: see sync/budgets.ts. */
  readonly allowance?: Allowance;
  readonly sabotage?: Sabotage;
}

/** Planted faults: a build with one of them must be caught by the checker. */
export interface Sabotage extends FoldSabotage {
  readonly haveBeforeDurable?: boolean;
  readonly ackBeforeCommit?: boolean;
  readonly noRepeats?: boolean;
  readonly noAfter?: boolean;
  readonly noDeps?: boolean;
}
