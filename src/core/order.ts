/**
 * The order of history: by history key, ties by feed, number of the entry, and place in the entry.
 *
 * The history key of an op is the larger of its entry's clock and one more than the highest key its author had been shown, so an answer
 * never sorts before what it answers, however wrong a clock is. Keys order history and advance no clock.
 */

import { compareText } from '../lib/bytes.ts';
import type { Hlc } from './hlc.ts';
import type { FeedId } from './ids.ts';

export type HistoryKey = number;

/** A place in history; no two ops share one. */
export interface Place {
  readonly key: HistoryKey;
  readonly feed: FeedId;
  readonly seq: number;
  readonly index: number;
}

export function historyKey(hlc: Hlc, after: HistoryKey): HistoryKey {
  return Math.max(hlc, after + 1);
}

/** The total order of places. */
export function comparePlaces(a: Place, b: Place): number {
  return a.key - b.key || compareText(a.feed, b.feed) || a.seq - b.seq || a.index - b.index;
}
