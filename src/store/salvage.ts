/**
 * Saving what is whole in a log that is damaged as a database: its rows are read one by one, over whatever cannot be read; every entry that its node signed is kept
 * in a new log, in the old order. Where a feed goes on after something that is lost, a hole is left, to be asked of peers.
 */

import { DatabaseSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import { type Erasure, gapsOf, isExplained } from '../core/erasure.ts';
import { FEED_KIND, type FeedInfo, feedInfo } from '../core/feed.ts';
import { makeFolder } from '../core/fold.ts';
import type { FeedId, NetworkId } from '../core/ids.ts';
import { messageId } from '../core/ids.ts';
import { KIND } from '../core/op.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { readRow, wholeEntry } from './damage.ts';
import { type EntryRow, readFeeds } from './rows.ts';
import { messageNo, openLog } from './schema.ts';

/** The largest step over places that cannot be read. */
const STEP_MAX = 1 << 20;
/** Places without a row between two rows, at most: positions are dense but for holes. */
const GAP_MAX = 1 << 22;
/** Steps without a row before the rest is given up. */
const STEPS_MAX = 1000;
/** Entries written in one transaction. */
const SLICE_ENTRIES = 500;

/** What was saved. */
export interface Salvaged {
  readonly kept: number;
  readonly damaged: number;
  readonly holes: number;
}

/** The rows that can be read, in the order of the log: over a page that cannot be read in growing steps, then back to where it ends. */
function* readableRows(db: DatabaseSync): Generator<EntryRow> {
  const next = db.prepare('SELECT position, bytes, payloads FROM entry WHERE position > ? ORDER BY position LIMIT 1');
  /** The first row after a place; undefined at the end, null where it cannot be read. */
  const after = (position: number): EntryRow | undefined | null => {
    try {
      const row = next.get(position) as unknown as EntryRow | undefined;
      // A row that says it stands before this place, or far behind it, would lead round in circles, or past everything.
      return row && (row.position <= position || row.position > position + GAP_MAX) ? null : row;
    } catch {
      return null;
    }
  };
  for (let position = 0; ; ) {
    let row = after(position);
    if (row === null) row = after(firstReadable(position, (place) => after(place) !== null));
    if (!row) return;
    position = row.position;
    yield row;
  }
}

/** The first place after one that cannot be read from which reading goes on. */
function firstReadable(unreadable: number, isReadable: (place: number) => boolean): number {
  let [low, high] = [unreadable, unreadable + 1];
  for (let steps = 0; !isReadable(high) && steps < STEPS_MAX; steps++) [low, high] = [high, high + Math.min(2 * (high - low), STEP_MAX)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isReadable(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function readableFeeds(db: DatabaseSync, suite: Suite, network: NetworkId): FeedInfo[] {
  try {
    return readFeeds(db, suite, network).map(({ info }) => info);
  } catch {
    // Then feeds are known by their first entries alone.
    return [];
  }
}

class NewLog {
  readonly #db: DatabaseSync;
  readonly #tips = new Map<FeedId, { no: number; seq: number }>();
  #position = 0;
  kept = 0;
  holes = 0;

  constructor(file: string) {
    this.#db = openLog(file);
    this.#db.exec('BEGIN');
  }

  take(info: FeedInfo, entry: Entry): void {
    const tip = this.#tips.get(info.feed) ?? this.#open(info);
    if (info.kind !== FEED_KIND.governance) this.#rest({ ...info, feed: info.sibling, kind: FEED_KIND.governance }, entry.governance);
    if (entry.seq <= tip.seq) return this.#fill(tip.no, entry);
    for (let seq = tip.seq + 1; seq < entry.seq; seq++) this.#leave(tip.no, seq, seq === entry.seq - 1 ? entry.prevHash : null);
    this.#put(tip.no, ++this.#position, entry);
    tip.seq = entry.seq;
    this.#db.prepare('UPDATE feed SET seq = ?, hash = ?, hlc = ? WHERE no = ?').run(entry.seq, entry.hash, entry.hlc, tip.no);
    if (this.kept % SLICE_ENTRIES === 0) this.#db.exec('COMMIT; BEGIN');
  }

  /** Leaves holes for governance that an entry rests on and that was not saved: it has its place before the entry, whenever it comes. */
  #rest(sibling: FeedInfo, upTo: number): void {
    if (upTo === 0) return;
    const tip = this.#tips.get(sibling.feed) ?? this.#open(sibling);
    if (tip.seq >= upTo) return;
    for (let seq = tip.seq + 1; seq <= upTo; seq++) this.#leave(tip.no, seq, null);
    tip.seq = upTo;
    this.#db.prepare("UPDATE feed SET seq = ?, hash = x'' WHERE no = ?").run(upTo, tip.no);
  }

  #open({ feed, node, kind, incarnation }: FeedInfo): { no: number; seq: number } {
    const add = this.#db.prepare("INSERT INTO feed(id, node, kind, incarnation, seq, hash, hlc) VALUES (?, ?, ?, ?, 0, x'', 0)");
    const tip = { no: Number(add.run(fromHex(feed), fromHex(node), kind, fromHex(incarnation)).lastInsertRowid), seq: 0 };
    this.#tips.set(feed, tip);
    return tip;
  }

  /** A row that stood in a wrong place may be the one that was missed. */
  #fill(no: number, entry: Entry): void {
    const hole = this.#db.prepare('SELECT position FROM hole WHERE feed = ? AND seq = ?').get(no, entry.seq) as
      | { position: number }
      | undefined;
    if (!hole) return;
    this.#db.prepare('DELETE FROM hole WHERE feed = ? AND seq = ?').run(no, entry.seq);
    this.holes--;
    this.#put(no, hole.position, entry);
    this.#db.prepare('UPDATE feed SET hash = ?, hlc = ? WHERE no = ? AND seq = ?').run(entry.hash, entry.hlc, no, entry.seq);
  }

  #leave(no: number, seq: number, hash: Uint8Array | null): void {
    this.#db.prepare('INSERT INTO hole(feed, seq, position, hash) VALUES (?, ?, ?, ?)').run(no, seq, ++this.#position, hash);
    this.holes++;
  }

  #put(no: number, position: number, { seq, bytes, payloads, heads }: Entry): void {
    this.#db
      .prepare('INSERT INTO entry(position, feed, seq, bytes, payloads) VALUES (?, ?, ?, ?, ?)')
      .run(position, no, seq, bytes, payloads);
    const addId = this.#db.prepare('INSERT OR IGNORE INTO message_id(id, no) VALUES (?, ?)');
    for (const [index, head] of heads.entries())
      if (head.kind === KIND.message) addId.run(fromHex(messageId(head.author, head.client)), messageNo(position, index));
    this.kept++;
  }

  close(): void {
    this.#db.exec('COMMIT');
    this.#db.close();
  }
}

/** Writes what is whole in the log `from` into a new log `to`. */
export function salvage(suite: Suite, network: NetworkId, from: string, to: string): Salvaged {
  const db = new DatabaseSync(from, { readOnly: true });
  const log = new NewLog(to);
  const infos = new Map<FeedId, FeedInfo>();
  let damaged = 0;
  let law: Erasure | null = null;
  const isWhole = (entry: Entry): boolean => gapsOf(entry).length === 0 || isExplained((law ??= lawIn(db, suite, network)), entry);
  try {
    for (const info of readableFeeds(db, suite, network)) infos.set(info.feed, info);
    for (const row of readableRows(db)) {
      const found = keptEntry(suite, network, infos, row);
      if (found && isWhole(found.entry)) log.take(found.info, found.entry);
      else damaged++;
    }
  } catch {
    // Not even its tables can be named: everything comes from peers.
  }
  log.close();
  db.close();
  return { kept: log.kept, damaged, holes: log.holes };
}

/** What can be read of the law: it says which payloads may be missing. */
function lawIn(db: DatabaseSync, suite: Suite, network: NetworkId): Erasure {
  const folder = makeFolder(suite);
  const infos = new Map<FeedId, FeedInfo>();
  const seqs = new Map<FeedId, number>();
  for (const row of readableRows(db)) {
    const found = keptEntry(suite, network, infos, row);
    if (found?.info.kind !== FEED_KIND.governance) continue;
    const { entry } = found;
    // What comes behind a hole rests on something that is not known.
    if (entry.seq !== (seqs.get(entry.feed) ?? 0) + 1) continue;
    seqs.set(entry.feed, entry.seq);
    folder.fold(entry);
  }
  return folder;
}

function keptEntry(suite: Suite, network: NetworkId, infos: Map<FeedId, FeedInfo>, row: EntryRow): { info: FeedInfo; entry: Entry } | null {
  const read = readRow(suite, row);
  if (!read || read.network !== network) return null;
  const info = read.header ? feedInfo(suite, network, read.header) : infos.get(read.feed);
  if (!info || info.feed !== read.feed) return null;
  const entry = wholeEntry(suite, info, read.seq, row);
  if (!entry) return null;
  infos.set(info.feed, info);
  return { info, entry };
}
