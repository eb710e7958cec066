/**
 * Finding what is to be erased. A cursor goes over the log once, behind the views: each entry is held against the law as it is now. An op that removes one message
 * queues the entries of that message; one that erases by age or by author, or a change of the law, sends the cursor back to the beginning.
 *
 * Cursor and queue are kept with the views, so what a crash left is found again; views that are made anew look at everything again.
 */

import type { DatabaseSync } from 'node:sqlite';
import { type Erasure, erasableIn, isOrphaned } from '../core/erasure.ts';
import type { Hole } from '../sync/effects.ts';
import type { Blank } from './log-writer.ts';
import type { PlacedEntries } from './placed.ts';

/** Entries looked at in one slice. */
const SLICE_ENTRIES = 256;
/** Pages of the search index merged in one transaction. */
const MERGE_PAGES = 64;

/** What one slice came to. */
export interface Swept {
  readonly blanks: readonly Blank[];
  /** Entries with gaps that no op in force explains. */
  readonly orphans: readonly Hole[];
  readonly queued: readonly number[];
  /** Where the cursor stood, and where it stands after. */
  readonly from: number;
  readonly upTo: number;
  readonly isLast: boolean;
}

export class Sweep {
  readonly #db: DatabaseSync;
  readonly #entries: PlacedEntries;

  constructor(db: DatabaseSync, entries: PlacedEntries) {
    this.#db = db;
    this.#entries = entries;
  }

  /** The entry at a position holds something that was removed. */
  queue(position: number): void {
    this.#db.prepare('INSERT OR IGNORE INTO erasing(position) VALUES (?)').run(position);
  }

  /** Anything may be erased now, or not any more. */
  again(): void {
    this.#move(0);
  }

  get #cursor(): number {
    return (this.#db.prepare("SELECT position FROM cursor WHERE name = 'erased'").get() as { position: number }).position;
  }

  #move(to: number): void {
    this.#db.prepare("UPDATE cursor SET position = ? WHERE name = 'erased'").run(to);
  }

  /** Looks at the next entries, up to a position of the log that the views have reached. */
  next(erasure: Erasure, end: number): Swept {
    const from = this.#cursor;
    if (!erasure.erases) return { blanks: [], orphans: [], queued: [], from, upTo: end, isLast: true };
    const sql = 'SELECT position FROM erasing ORDER BY position LIMIT ?';
    const queued = (this.#db.prepare(sql).all(SLICE_ENTRIES) as { position: number }[]).map(({ position }) => position);
    const rows = this.#entries.after(from, SLICE_ENTRIES).filter(({ position }) => position <= end);
    const isLast = rows.length < SLICE_ENTRIES && queued.length < SLICE_ENTRIES;
    const swept = { blanks: [] as Blank[], orphans: [] as Hole[] };
    for (const position of queued) this.#look(erasure, position, this.#entries.at(position), swept);
    for (const row of rows) if (!queued.includes(row.position)) this.#look(erasure, row.position, this.#entries.of(row), swept);
    return { ...swept, queued, from, upTo: rows.length < SLICE_ENTRIES ? end : rows.at(-1)!.position, isLast };
  }

  #look(
    erasure: Erasure,
    position: number,
    entry: ReturnType<PlacedEntries['at']>,
    { blanks, orphans }: { blanks: Blank[]; orphans: Hole[] },
  ): void {
    if (!entry) return;
    const ops = erasableIn(erasure, entry);
    if (ops.length > 0) blanks.push({ position, ops, count: entry.heads.length });
    if (isOrphaned(erasure, entry)) orphans.push({ feed: entry.feed, seq: entry.seq, hash: entry.hash });
  }

  /** What a slice found was taken out. */
  done({ queued, from, upTo }: Swept): void {
    const drop = this.#db.prepare('DELETE FROM erasing WHERE position = ?');
    for (const position of queued) drop.run(position);
    if (this.#cursor === from) this.#move(upTo);
  }

  /** Merges a part of the search index, in which words of deleted rows are kept until then. Whether there is more. */
  merge(isFirst: boolean): boolean {
    const changes = (): number => (this.#db.prepare('SELECT total_changes() AS count').get() as { count: number }).count;
    const before = changes();
    this.#db.exec(`INSERT INTO message_text(message_text, rank) VALUES ('merge', ${isFirst ? -MERGE_PAGES : MERGE_PAGES})`);
    return changes() - before >= 2;
  }
}
