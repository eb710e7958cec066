/** What the replication state machine is made from. */

import type { Chain } from '../core/admission.ts';
import type { Erasure } from '../core/erasure.ts';
import type { NetworkId, NodeId } from '../core/ids.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import type { Random } from '../lib/prng.ts';
import type { Allowance } from './budgets.ts';
import type { Now } from './effects.ts';
import type { Loaded } from './written.ts';

export interface ReplicaOptions {
  readonly suite: Suite;
  readonly network: NetworkId;
  readonly key: KeyPair;
  readonly name: string;
  /** Empty for a newcomer, who has a token in its place. */
  readonly chain: Chain;
  readonly token: Uint8Array;
  readonly random: Random;
  readonly loaded: Loaded;
  readonly remembered: ReadonlyMap<NodeId, readonly string[]>;
  readonly seeds: readonly string[];
  readonly fullUpTo: number;
  /** On how many nodes people here want a message to be; so many haves are passed on. */
  readonly copies: number;
  /** Whether new entries are pushed. Off, everything still arrives, by grafts. */
  readonly push: boolean;
  /** How much is taken of one member; default: ALLOWANCE. */
  readonly allowance?: Allowance;
  /** Judges a newcomer's token: its chain, or why it is not let in. */
  readonly admit: (token: Uint8Array, node: NodeId, name: string, now: Now) => Chain | { readonly reason: string };
  /** What payloads may be missing, and which are not to be kept, as the law is folded here; where nobody says, none. */
  readonly erasure?: Erasure;
  /** Planted faults, for the tests of the simulator. */
  readonly sabotage?: { readonly haveBeforeDurable?: boolean; readonly noDeps?: boolean };
}
