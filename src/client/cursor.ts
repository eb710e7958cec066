/** Cursors: how far a client was shown the log, as a version vector that every node understands. They only ever rise. */

import type { Cursor } from '../api/protocol.ts';
import type { FeedId } from '../core/ids.ts';

export const NOTHING: Cursor = {};

/** Whether all that `b` names is in `a`. */
export function covers(a: Cursor, b: Cursor): boolean {
  for (const feed of Object.keys(b) as FeedId[]) if ((a[feed] ?? 0) < b[feed]!) return false;
  return true;
}

/** Both together; the first one itself where it covers the other. */
export function joined(a: Cursor, b: Cursor): Cursor {
  if (covers(a, b)) return a;
  const both: Record<FeedId, number> = { ...a };
  for (const feed of Object.keys(b) as FeedId[]) both[feed] = Math.max(both[feed] ?? 0, b[feed]!);
  return both;
}

/** What all of them cover. */
export function common(cursors: Iterable<Cursor>): Cursor {
  let least: Record<FeedId, number> | null = null;
  for (const cursor of new Set(cursors)) {
    const next: Record<FeedId, number> = {};
    for (const feed of Object.keys(least ?? cursor) as FeedId[]) {
      const both = Math.min(least?.[feed] ?? Number.POSITIVE_INFINITY, cursor[feed] ?? 0);
      if (both > 0) next[feed] = both;
    }
    least = next;
  }
  return least ?? NOTHING;
}

/** Whether a cursor has the entry that something lies in. */
export function holds(cursor: Cursor, place: { readonly 1: FeedId; readonly 2: number }): boolean {
  return (cursor[place[1]] ?? 0) >= place[2];
}
