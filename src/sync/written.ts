/** What goes into the log of a node, and what became of it. */

import type { FeedTip } from '../core/entry.ts';
import type { FeedInfo, FeedKind } from '../core/feed.ts';
import type { FeedId } from '../core/ids.ts';
import type { Op } from '../core/op.ts';
import type { Hole } from './effects.ts';

/** What was read from the store at the start. */
export interface Loaded {
  readonly feeds: readonly { readonly info: FeedInfo; readonly tip: FeedTip }[];
  /** Where entries are missing until they come again. */
  readonly holes?: readonly Hole[];
  /** Proofs of forks that were learned beside the log. */
  readonly proofs?: Uint8Array | null;
}

/** One write of a session on its way. */
export interface Write {
  readonly token: number;
  readonly ops: readonly Op[];
  readonly kind: FeedKind;
}

/** Where the ops of a write ended up. */
export interface Written {
  readonly token: number;
  readonly feed: FeedId;
  readonly seq: number;
  readonly lastSeq: number;
}

/** What offering an entry led to. */
export type Offered =
  | 'staged'
  | 'waiting'
  | 'repeated'
  | 'dropped'
  /** It lies beyond a revocation's cut: nobody asks for it, keeps it or passes it on. */
  | 'withheld'
  /** Its node signed it, and another past for it: the node writes two histories. */
  | 'forked'
  /** A payload is missing, and nothing that is known here erased it: somebody else may hold it, or the op that did may come. */
  | 'stripped'
  | { readonly fault: string };
