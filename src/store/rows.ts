/** Reading the log's tables back into entries and feeds. */

import type { DatabaseSync } from 'node:sqlite';
import { type Entry, type FeedTip, readEntry } from '../core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../core/feed.ts';
import type { FeedId, NetworkId, NodeId } from '../core/ids.ts';
import type { Hashing, Suite } from '../core/suite.ts';
import { fromHex, toHex } from '../lib/bytes.ts';

export interface EntryRow {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
}

export function entryOf(suite: Suite, row: EntryRow): Entry {
  return readEntry(suite, row.bytes, row.payloads);
}

interface FeedRow {
  node: Uint8Array;
  kind: number;
  incarnation: Uint8Array;
  seq: number;
  hash: Uint8Array;
  hlc: number;
}

/** All feeds and where they end. */
export function readFeeds(db: DatabaseSync, hashing: Hashing, network: NetworkId): { info: FeedInfo; tip: FeedTip }[] {
  const rows = db.prepare('SELECT node, kind, incarnation, seq, hash, hlc FROM feed').all() as unknown as FeedRow[];
  return rows.map((row) => ({
    info: feedInfo(hashing, network, { node: toHex(row.node) as NodeId, kind: row.kind as FeedKind, incarnation: toHex(row.incarnation) }),
    tip: { seq: row.seq, hash: row.hash, hlc: row.hlc },
  }));
}

/** The entries of the governance feeds up to a position, in the order of the log. */
export function readGovernance(db: DatabaseSync, suite: Suite, upTo = Number.MAX_SAFE_INTEGER): Entry[] {
  const sql = `SELECT position, bytes, payloads FROM entry WHERE feed IN (SELECT no FROM feed WHERE kind = ${FEED_KIND.governance}) AND position <= ? ORDER BY position`;
  return (db.prepare(sql).all(upTo) as unknown as EntryRow[]).map((row) => entryOf(suite, row));
}

/** Entries of one feed from after `after` on, up to about so many bytes but at least one. */
export function readFeedEntries(db: DatabaseSync, suite: Suite, feed: FeedId, after: number, bytesMax: number): Entry[] {
  const sql = 'SELECT position, bytes, payloads FROM entry WHERE feed = (SELECT no FROM feed WHERE id = ?) AND seq > ? ORDER BY seq';
  const entries: Entry[] = [];
  let bytes = 0;
  for (const row of db.prepare(sql).iterate(fromHex(feed), after) as Iterable<unknown>) {
    const { bytes: head, payloads } = row as EntryRow;
    bytes += head.length + payloads.length;
    if (entries.length > 0 && bytes > bytesMax) break;
    entries.push(readEntry(suite, head, payloads));
  }
  return entries;
}
