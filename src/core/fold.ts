/**
 * The fold: entries in, state and changes out. A pure function of the set of entries.
 *
 * It is given every entry once, in an order in which an entry follows its feed's predecessor and its deps. The same id in several ops gives
 * several message changes: which of them shows is decided by whoever holds the index of ids (see Store), always the first in history order.
 */

import { decoding } from '../lib/codec.ts';
import { type Entry, payloadsOf } from './entry.ts';
import { FEED_KIND, feedInfo } from './feed.ts';
import { foldEnd } from './kinds/end.ts';
import { foldGuest } from './kinds/guest.ts';
import type { Fold } from './kinds/kind.ts';
import { foldMessage } from './kinds/message.ts';
import { addNode, foldAdmit, foldInvite, foldNetwork } from './kinds/network.ts';
import { foldRename } from './kinds/rename.ts';
import { foldJoin, foldPart, foldRoom, foldTopic } from './kinds/room.ts';
import { CONTENT_KIND_MIN, KIND } from './op.ts';
import { historyKey } from './order.ts';
import { type Change, emptyState, type State, type Void } from './state.ts';
import type { Suite } from './suite.ts';

/** Rises with every change to what the same ops fold to. */
export const FOLD_VERSION = 1;

export interface Folder {
  readonly state: State;
  /** Folds one entry. */
  fold(entry: Entry): Folded;
}

export interface Folded {
  readonly changes: Change[];
  /** Ops without effect, by their place in the entry. */
  readonly voids: Map<number, Void>;
}

function foldsOf(suite: Suite): Map<number, Fold> {
  return new Map<number, Fold>([
    [KIND.network, foldNetwork(suite)],
    [KIND.admit, foldAdmit(suite)],
    [KIND.invite, foldInvite],
    [KIND.guest, foldGuest(suite)],
    [KIND.rename, foldRename],
    [KIND.end, foldEnd],
    [KIND.room, foldRoom],
    [KIND.join, foldJoin],
    [KIND.part, foldPart],
    [KIND.topic, foldTopic],
    [KIND.message, foldMessage],
  ]);
}

/** A planted fault for the tests of the simulator: registers are won by the wall clock of their entry. */
export interface FoldSabotage {
  readonly clockOrder?: boolean;
}

export function makeFolder(suite: Suite, sabotage: FoldSabotage = {}): Folder {
  const state = emptyState();
  const folds = foldsOf(suite);

  function foldOp(entry: Entry, index: number, payload: Uint8Array | null): Change | null | Void {
    const head = entry.heads[index]!;
    const feed = state.feeds.get(entry.feed)!;
    if (head.kind >= CONTENT_KIND_MIN !== (feed.kind !== FEED_KIND.governance)) return 'wrong feed';
    const fold = folds.get(head.kind);
    if (!fold) return 'unknown kind';
    const after = sabotage.clockOrder && head.kind < CONTENT_KIND_MIN ? 0 : head.after;
    const place = { key: historyKey(entry.hlc, after), feed: entry.feed, seq: entry.seq, index };
    const result = decoding(() => fold({ hashing: suite, state, entry, feed, head, place, payload }));
    return result instanceof Error ? 'bad body' : result;
  }

  function fold(entry: Entry): Folded {
    if (entry.header) {
      state.feeds.set(entry.feed, feedInfo(suite, entry.network, entry.header));
      addNode(state, entry.header.chain);
    }
    const payloads = payloadsOf(entry);
    const changes: Change[] = [];
    const voids = new Map<number, Void>();
    for (let i = 0; i < entry.heads.length; i++) {
      const result = foldOp(entry, i, payloads[i]!);
      if (typeof result === 'string') voids.set(i, result);
      else if (result) changes.push(result);
    }
    return { changes, voids };
  }

  return { state, fold };
}
