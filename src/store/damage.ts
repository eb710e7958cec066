/**
 * Telling damage. SQLite does not notice bit rot, so what is read to be served is held against its hashes: each entry is named by the one after it,
 * the last by its feed, and the payloads by the heads. Where two neighbours disagree, the signatures say which of them is true.
 */

import { type Entry, entrySignatureFault, payloadFault, readEntry } from '../core/entry.ts';
import type { FeedInfo } from '../core/feed.ts';
import type { Suite } from '../core/suite.ts';
import { equalBytes } from '../lib/bytes.ts';
import { DecodeError, decoding } from '../lib/codec.ts';
import type { Hole } from '../sync/effects.ts';

/** The log is damaged beyond holes: it has to be set aside, and what is whole in it saved. */
export class DamagedLogError extends Error {
  override name = 'DamagedLogError';
}

/** The number under which the views thread tells of holes, beside its answers. */
export const DAMAGED = -1;
/**
 * SQLite’s own words for a file that is not a database, or not whole: SQLITE_CORRUPT and SQLITE_NOTADB; and SQLITE_CONSTRAINT, for a place that is taken although
 * the log says that it is free.
 */
const CORRUPT = new Set([11, 19, 26]);

/** Its words for what only damage does to statements that were right: in the pages of data, and in those that name the tables. */
const WORDS =
  /disk image is malformed|malformed database schema|not a database|too large to be represented|no such (table|column)|has no column|datatype mismatch/;

/** Whether an error says that the file is damaged, not that it cannot be read now. */
export function isCorruption(error: unknown): boolean {
  if (error instanceof DamagedLogError) return true;
  if (!(error instanceof Error)) return false;
  // An error that comes from another thread has lost its class and number, and kept its words.
  if (error.name === DamagedLogError.name || WORDS.test(error.message)) return true;
  const code = (error as { errcode?: number }).errcode;
  return code !== undefined && CORRUPT.has(code & 0xff);
}

export interface SealedRow {
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
}

/** What is in a row. Throws a DecodeError, also where flipped bits gave a value another type. */
export function entryIn(suite: Suite, { bytes, payloads }: SealedRow): Entry {
  if (!isBytes(bytes) || !isBytes(payloads)) throw new DecodeError('is not made of bytes');
  return readEntry(suite, bytes, payloads);
}

/** Whether what a database gave for bytes is that. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** The entry of a row by itself: its place in the feed, its signature and its payloads; null where any of them is not what it was. */
export function wholeEntry(suite: Suite, info: FeedInfo, seq: number, row: SealedRow): Entry | null {
  const entry = decoding(() => entryIn(suite, row));
  if (entry instanceof Error || entry.feed !== info.feed || entry.seq !== seq) return null;
  if (entrySignatureFault(suite, info, entry)) return null;
  return decoding(() => payloadFault(suite, entry)) === null ? entry : null;
}

/** A row with its number in the feed. */
export interface FeedRow extends SealedRow {
  readonly seq: number;
}

/** What a run of a feed's rows comes to. */
export interface Checked {
  /** The entries before the first that is damaged or missing. */
  readonly entries: readonly Entry[];
  /** That one, where there is one. */
  readonly hole: Hole | null;
}

/** What stands behind a run of rows: the next one of the feed, read for what it calls the one before it; or the feed's own word for its last entry. */
export interface Behind {
  readonly next: FeedRow | null;
  readonly tipHash: Uint8Array | null;
}

/** The entries of rows that follow `after` in their feed. */
export function checkRows(suite: Suite, info: FeedInfo, after: number, rows: readonly FeedRow[], { next, tipHash }: Behind): Checked {
  const entries: Entry[] = [];
  const all = next ? [...rows, next] : rows;
  const read = all.map((row) => readRow(suite, row));
  for (const [i, row] of rows.entries()) {
    const seq = after + 1 + i;
    const named = i + 1 < all.length ? (read[i + 1]?.prevHash ?? null) : tipHash;
    const entry = row.seq === seq ? checkRow(suite, info, row, read[i] ?? null, named) : null;
    if (!entry) return { entries, hole: { feed: info.feed, seq, hash: row.seq === seq ? hashBy(suite, info, seq + 1, all[i + 1]) : null } };
    entries.push(entry);
  }
  return { entries, hole: null };
}

/** The hash of an entry by the word of the next one: null where that is not what its node signed, for then its word may be wrong as well, and nothing would ever fit the hole. */
function hashBy(suite: Suite, info: FeedInfo, seq: number, next: FeedRow | undefined): Uint8Array | null {
  if (next?.seq !== seq) return null;
  return wholeEntry(suite, info, seq, next)?.prevHash ?? null;
}

/** What is in a row; null where it cannot be read. */
export function readRow(suite: Suite, row: SealedRow): Entry | null {
  const entry = decoding(() => entryIn(suite, row));
  return entry instanceof Error ? null : entry;
}

/** By its hash where that fits, which is cheap; else by its signature, for it may be the neighbour that is wrong. */
function checkRow(suite: Suite, info: FeedInfo, row: FeedRow, entry: Entry | null, named: Uint8Array | null): Entry | null {
  if (!entry) return null;
  const isNamed = named !== null && equalBytes(entry.hash, named) && entry.feed === info.feed && entry.seq === row.seq;
  if (!isNamed) return wholeEntry(suite, info, row.seq, row);
  return decoding(() => payloadFault(suite, entry)) === null ? entry : null;
}
