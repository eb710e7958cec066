/** Late messages: those that sort before one that somebody was shown, and that they cannot have been shown with it. */

import type { DatabaseSync } from 'node:sqlite';
import type { FeedId } from '../core/ids.ts';
import type { Place } from '../core/order.ts';
import type { Suite } from '../core/suite.ts';
import { decoding } from '../lib/codec.ts';
import { causalPast, wasShown } from './history.ts';
import { type EntryRow, entryOf } from './rows.ts';
import { messageNo } from './schema.ts';

/** Entries looked at before an anchor, at most. */
const SCAN_MAX = 20_000;

/** The numbers of a room's messages that may be late for whoever was shown the anchor; `chain`: the rows of its feed up to it, the last first. */
export function lateIn(db: DatabaseSync, suite: Suite, chain: Iterable<unknown>, room: number, anchor: Place): number[] {
  const past = causalPast(
    (function* () {
      for (const row of chain) {
        const entry = decoding(() => entryOf(suite, row as EntryRow));
        // Without it the past is smaller, and what it would have named comes once more.
        if (!(entry instanceof Error)) yield entry;
      }
    })(),
  );
  const late: number[] = [];
  for (const { no, feed, seq } of beyond(db, room, anchor.key, past))
    if (!wasShown(past, anchor, { feed, seq, index: no % 256 })) late.push(no);
  return late;
}

/** Messages of a room up to a key whose entries are beyond what a past names of their feeds. */
function* beyond(
  db: DatabaseSync,
  room: number,
  key: number,
  past: ReadonlyMap<FeedId, number>,
): Generator<{ no: number; feed: FeedId; seq: number }> {
  const feeds = db.prepare('SELECT no, lower(hex(id)) AS id, seq FROM log.feed WHERE kind <> 0').all() as {
    no: number;
    id: FeedId;
    seq: number;
  }[];
  const entries = db.prepare('SELECT position, seq FROM log.entry WHERE feed = ? AND seq > ? ORDER BY seq');
  const inEntry = db.prepare('SELECT no FROM message WHERE no >= ? AND no < ? AND room = ? AND key <= ?');
  let scanned = 0;
  for (const feed of feeds) {
    if (feed.seq <= (past.get(feed.id) ?? 0)) continue;
    for (const row of entries.iterate(feed.no, past.get(feed.id) ?? 0) as Iterable<unknown>) {
      const { position, seq } = row as { position: number; seq: number };
      const rows = inEntry.all(messageNo(position, 0), messageNo(position + 1, 0), room, key) as { no: number }[];
      for (const { no } of rows) yield { no, feed: feed.id, seq };
      if (++scanned > SCAN_MAX) return;
    }
  }
}
