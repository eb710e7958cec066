/** What the pages of history mean, over any index of messages: shared by the SQLite store and its twin. */

import type { Entry } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';
import type { Vector } from '../core/vector.ts';

/** How far back an anchor's causal past is followed along its feed, in entries. Beyond, less is taken for known, and more is shown as late. */
export const PAST_ENTRIES_MAX = 512;

/**
 * The causal past of an entry, as far as its feed's own entries tell: what its writer is known to have held. `before` gives the entries of the feed from the
 * entry itself backwards.
 */
export function causalPast(before: Iterable<Entry>): Vector {
  const past: Vector = new Map();
  let count = 0;
  for (const entry of before) {
    const seen = past.get(entry.feed) ?? 0;
    if (entry.seq - 1 > seen) past.set(entry.feed, entry.seq - 1);
    for (const [feed, seq] of entry.deps) if ((past.get(feed) ?? 0) < seq) past.set(feed, seq);
    if (++count >= PAST_ENTRIES_MAX) break;
  }
  return past;
}

/** Whether somebody who was shown the anchor, in entry `seq` of `feed`, had been shown an op before it. */
export function wasShown(
  past: Vector,
  anchor: { feed: FeedId; seq: number; index: number },
  place: { feed: FeedId; seq: number; index: number },
): boolean {
  if (place.feed === anchor.feed && place.seq === anchor.seq) return place.index <= anchor.index;
  return (past.get(place.feed) ?? 0) >= place.seq;
}
