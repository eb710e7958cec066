/** Reading the log's tables back into entries and feeds. */

import type { DatabaseSync } from 'node:sqlite';
import { type Entry, type FeedTip, NO_HASH } from '../core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../core/feed.ts';
import type { FeedId, NetworkId, NodeId } from '../core/ids.ts';
import { NO_BYTES } from '../core/op.ts';
import type { Hashing, Suite } from '../core/suite.ts';
import { equalBytes, fromHex, toHex } from '../lib/bytes.ts';
import { DecodeError, decoding } from '../lib/codec.ts';
import type { Hole } from '../sync/effects.ts';
import { type Checked, checkRows, DamagedLogError, entryIn, isBytes, type FeedRow as NumberedRow, readRow, wholeEntry } from './damage.ts';

export interface EntryRow {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
}

export function entryOf(suite: Suite, row: EntryRow): Entry {
  return entryIn(suite, row);
}

/** A row with the feed that it stands under, and its number there. */
export interface NamedRow extends EntryRow {
  readonly feed: FeedId;
  readonly seq: number;
}

/** The entry of a row that stands where it says; of any other nobody knows whose it is. Throws a DecodeError. */
export function namedEntryOf(suite: Suite, row: NamedRow): Entry {
  const entry = entryOf(suite, row);
  if (entry.feed !== row.feed || entry.seq !== row.seq) throw new DecodeError('is not the entry of its place');
  return entry;
}

/** Entries of governance, or of all other feeds, as NamedRows, up to a position and in the order of the log. */
export function namedRows(db: DatabaseSync, of: 'governance' | 'content', upTo = Number.MAX_SAFE_INTEGER): Iterable<NamedRow> {
  // Governance is little, and found by its feeds; everything else is gone through as it lies.
  const [tables, where] = of === 'governance' ? ['feed f CROSS JOIN entry e', '='] : ['entry e CROSS JOIN feed f', '<>'];
  const sql = `SELECT e.position, e.seq, lower(hex(f.id)) AS feed, e.bytes, e.payloads FROM ${tables} ON f.no = e.feed WHERE f.kind ${where} ${FEED_KIND.governance} AND e.position <= ? ORDER BY e.position`;
  return db.prepare(sql).iterate(upTo) as Iterable<unknown> as Iterable<NamedRow>;
}

interface FeedRow {
  node: Uint8Array;
  kind: number;
  incarnation: Uint8Array;
  seq: number;
  hash: Uint8Array;
  hlc: number;
}

/** A feed and where it ends. */
export interface Known {
  readonly info: FeedInfo;
  readonly tip: FeedTip;
}

/** All feeds and where they end. */
export function readFeeds(db: DatabaseSync, hashing: Hashing, network: NetworkId): Known[] {
  const rows = db.prepare('SELECT id, node, kind, incarnation, seq, hash, hlc FROM feed').all() as unknown as (FeedRow & {
    id: Uint8Array;
  })[];
  return rows.map((row) => {
    const known = feedOf(hashing, network, row);
    if (!isBytes(row.id) || known.info.feed !== toHex(row.id)) throw new DamagedLogError('a feed is not what its name says');
    return known;
  });
}

function feedOf(hashing: Hashing, network: NetworkId, row: FeedRow): Known {
  if (![row.node, row.incarnation, row.hash].every(isBytes)) throw new DamagedLogError('a feed is not made of bytes');
  const header = { node: toHex(row.node) as NodeId, kind: row.kind as FeedKind, incarnation: toHex(row.incarnation) };
  return { info: feedInfo(hashing, network, header), tip: { seq: row.seq, hash: row.hash, hlc: row.hlc } };
}

/** The entries of the governance feeds up to a position, in the order of the log. */
export function readGovernance(db: DatabaseSync, suite: Suite, upTo = Number.MAX_SAFE_INTEGER): Entry[] {
  return [...namedRows(db, 'governance', upTo)].map((row) => {
    const entry = decoding(() => namedEntryOf(suite, row));
    if (entry instanceof Error) throw new DamagedLogError(`the governance entry at ${row.position} cannot be read: ${entry.message}`);
    return entry;
  });
}

/** Throws a DamagedLogError where the governance is not one whole chain for each feed, but for known holes. All else rests on it. */
export function checkGovernance(entries: readonly Entry[], feeds: readonly Known[], holes: readonly Hole[]): void {
  const isHole = new Set(holes.map(({ feed, seq }) => `${feed}/${seq}`));
  const last = new Map<FeedId, { seq: number; hash: Uint8Array | null }>();
  /** Steps over holes. */
  const before = (feed: FeedId) => {
    let { seq, hash } = last.get(feed) ?? { seq: 0, hash: NO_HASH as Uint8Array | null };
    for (; isHole.has(`${feed}/${seq + 1}`); seq++) hash = null;
    return { seq, hash };
  };
  for (const entry of entries) {
    const { seq, hash } = before(entry.feed);
    if (entry.seq !== seq + 1 || (hash && !equalBytes(entry.prevHash, hash)))
      throw new DamagedLogError(`entry ${entry.seq} of the governance feed ${entry.feed} does not follow the one before it`);
    last.set(entry.feed, entry);
  }
  for (const { info, tip } of feeds) {
    if (info.kind !== FEED_KIND.governance) continue;
    const { seq, hash } = before(info.feed);
    if (seq !== tip.seq || (hash && !equalBytes(hash, tip.hash)))
      throw new DamagedLogError(`the governance feed ${info.feed} does not end as it did`);
  }
}

/**
 * The feeds with their last entries, to which what follows is chained. Where such an entry is missing, or not what its node signed, nobody vouches for what its
 * feed says of it: neither its hash nor its clock is known until it is mended. Throws a DamagedLogError where a feed does not end with what is said to be its last.
 */
export function checkTips(db: DatabaseSync, suite: Suite, feeds: readonly Known[], holes: readonly Hole[]): Known[] {
  const ofFeed = 'WHERE feed = (SELECT no FROM feed WHERE id = ?) ORDER BY seq DESC LIMIT 1';
  const last = db.prepare(`SELECT seq, bytes, payloads FROM entry ${ofFeed}`);
  const lastHole = new Map<FeedId, number>();
  for (const { feed, seq } of holes) lastHole.set(feed, Math.max(lastHole.get(feed) ?? 0, seq));
  return feeds.map(({ info, tip }) => {
    const row = last.get(fromHex(info.feed)) as NumberedRow | undefined;
    if (tip.seq !== Math.max(row?.seq ?? 0, lastHole.get(info.feed) ?? 0))
      throw new DamagedLogError(`the feed ${info.feed} does not end where it did`);
    if (row?.seq === tip.seq && isTip(suite, tip, row)) return { info, tip };
    if (row?.seq === tip.seq && wholeEntry(suite, info, tip.seq, row))
      throw new DamagedLogError(`the feed ${info.feed} does not end as it did`);
    return { info, tip: { seq: tip.seq, hash: NO_BYTES, hlc: 0 } };
  });
}

/** Whether a row is the one that the tip names; one that is not what its node signed is told of when it is read. */
function isTip(suite: Suite, tip: FeedTip, row: NumberedRow): boolean {
  const entry = readRow(suite, row);
  return entry !== null && equalBytes(entry.hash, tip.hash) && entry.hlc === tip.hlc;
}

/** Entries of one feed from after `after` on, up to about so many bytes but at least one, held against their hashes; what is damaged ends them. */
export function readFeedEntries(
  db: DatabaseSync,
  suite: Suite,
  network: NetworkId,
  feed: FeedId,
  after: number,
  bytesMax: number,
): Checked {
  const found = db.prepare('SELECT no, node, kind, incarnation, seq, hash, hlc FROM feed WHERE id = ?').get(fromHex(feed));
  if (!found) return { entries: [], hole: null };
  const { no } = found as { no: number };
  const { info, tip } = feedOf(suite, network, found as unknown as FeedRow);
  const rows = rowsAfter(db, no, after, bytesMax);
  if (rows.length === 0) return { entries: [], hole: tip.seq > after ? { feed, seq: after + 1, hash: null } : null };
  if (rows.at(-1)!.seq === tip.seq) return checkRows(suite, info, after, rows, { next: null, tipHash: tip.hash });
  if (rows.length === 1) return checkRows(suite, info, after, rows, { next: null, tipHash: null });
  // The last one was read only for what it calls the one before it.
  return checkRows(suite, info, after, rows.slice(0, -1), { next: rows.at(-1)!, tipHash: null });
}

/** Rows of about so many bytes, and one more. */
function rowsAfter(db: DatabaseSync, no: number, after: number, bytesMax: number): NumberedRow[] {
  const rows: NumberedRow[] = [];
  let bytes = 0;
  const sql = 'SELECT seq, bytes, payloads FROM entry WHERE feed = ? AND seq > ? ORDER BY seq';
  for (const row of db.prepare(sql).iterate(no, after) as Iterable<unknown>) {
    const read = row as NumberedRow;
    rows.push(read);
    if (rows.length > 1 && bytes > bytesMax) break;
    bytes += (read.bytes?.length ?? 0) + (read.payloads?.length ?? 0);
  }
  return rows;
}

/** Where entries are missing until they come again. */
export function readHoles(db: DatabaseSync): Hole[] {
  const rows = db.prepare('SELECT f.id AS id, h.seq AS seq, h.hash AS hash FROM hole h JOIN feed f ON f.no = h.feed').all();
  return (rows as { id: Uint8Array; seq: number; hash: Uint8Array | null }[]).map(({ id, seq, hash }) => {
    if (!isBytes(id) || !(hash === null || isBytes(hash))) throw new DamagedLogError('a hole is not made of bytes');
    if (!Number.isSafeInteger(seq) || seq < 1) throw new DamagedLogError('a hole has no number that an entry ever had');
    return { feed: toHex(id) as FeedId, seq, hash };
  });
}
