/** The entries of the log by their positions, as the views read them: to follow the log, and to serve pages; what is damaged is noted. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Entry, payloadsOf } from '../core/entry.ts';
import type { FeedInfo } from '../core/feed.ts';
import type { FeedId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import type { Hole } from '../sync/effects.ts';
import { DamagedLogError, wholeEntry } from './damage.ts';
import { type EntryRow, namedEntryOf } from './rows.ts';

/** A row of the log with what it is said to be. */
export interface PlacedRow extends EntryRow {
  readonly feed: number;
  readonly seq: number;
}

/** Bytes of entries that were found whole and may be asked for again at once, by another page. */
const KEPT_BYTES_MAX = 8 << 20;

/** Throws a DecodeError where its payloads are none. */
function readable(entry: Entry): Entry {
  payloadsOf(entry);
  return entry;
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function sizeOf({ bytes, payloads }: Entry): number {
  return bytes.length + payloads.length;
}

export class PlacedEntries {
  readonly #suite: Suite;
  readonly #infos: (feed: FeedId) => FeedInfo | undefined;
  readonly #at: StatementSync;
  readonly #after: StatementSync;
  readonly #feed: StatementSync;
  readonly #end: StatementSync;
  readonly #damaged: Hole[] = [];
  /** Entries that were found whole, by position, the last last. */
  readonly #kept = new Map<number, Entry>();
  #keptBytes = 0;

  /** Over a database that has the log attached as `log`. */
  constructor(db: DatabaseSync, suite: Suite, infos: (feed: FeedId) => FeedInfo | undefined) {
    this.#suite = suite;
    this.#infos = infos;
    this.#at = db.prepare('SELECT position, feed, seq, bytes, payloads FROM log.entry WHERE position = ?');
    this.#after = db.prepare('SELECT position, feed, seq, bytes, payloads FROM log.entry WHERE position > ? ORDER BY position LIMIT ?');
    this.#feed = db.prepare('SELECT lower(hex(id)) AS id FROM log.feed WHERE no = ?');
    this.#end = db.prepare('SELECT seq FROM log.feed WHERE id = ?');
  }

  after(position: number, limit: number): PlacedRow[] {
    return this.#after.all(position, limit) as unknown as PlacedRow[];
  }

  /** The entry at a position, if it is what its node signed; else it is noted as damaged. */
  wholeAt(position: number): Entry | null {
    const row = this.#at.get(position) as unknown as PlacedRow | undefined;
    if (!row) return null;
    const kept = this.#kept.get(position);
    if (kept && isSame(kept.bytes, row.bytes) && isSame(kept.payloads, row.payloads)) return kept;
    const feed = this.#feedOf(row.feed);
    const info = feed && this.#infos(feed);
    if (!info) return null;
    const entry = wholeEntry(this.#suite, info, row.seq, row);
    return entry ? this.#keep(position, entry) : this.#note(info.feed, row.seq);
  }

  #keep(position: number, entry: Entry): Entry {
    this.#forget(position);
    this.#kept.set(position, entry);
    this.#keptBytes += sizeOf(entry);
    for (const [oldest] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES_MAX) break;
      this.#forget(oldest);
    }
    return entry;
  }

  #forget(position: number): void {
    const kept = this.#kept.get(position);
    if (kept) this.#keptBytes -= sizeOf(kept);
    this.#kept.delete(position);
  }

  at(position: number): Entry | null {
    const row = this.#at.get(position) as unknown as PlacedRow | undefined;
    return row ? this.of(row) : null;
  }

  /** The entry of a row, if it can be read as what it should be; else it is noted as damaged. */
  of(row: PlacedRow): Entry | null {
    const feed = this.#feedOf(row.feed);
    if (!feed) return null;
    const entry = decoding(() => readable(namedEntryOf(this.#suite, { ...row, feed })));
    return entry instanceof Error ? this.#note(feed, row.seq) : entry;
  }

  /** Behind the end of its feed no entry is missing: there the row's own number is wrong, which `verify` tells. */
  #note(feed: FeedId, seq: number): null {
    const end = this.#end.get(fromHex(feed)) as { seq: number } | undefined;
    if (!end) throw new DamagedLogError(`the feed ${feed} is not found by its name`);
    if (seq <= end.seq) this.#damaged.push({ feed, seq, hash: null });
    return null;
  }

  #feedOf(no: number): FeedId | null {
    return (this.#feed.get(no) as { id: FeedId } | undefined)?.id ?? null;
  }

  /** What reading found damaged since the last call. */
  takeDamaged(): Hole[] {
    return this.#damaged.splice(0);
  }
}
