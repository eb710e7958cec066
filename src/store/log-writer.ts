/** Appends batches to the log: one batch, one transaction, one fsync. Runs on the writer thread. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { blanked } from '../core/erasure.ts';
import { type FeedId, messageId } from '../core/ids.ts';
import { KIND, readPayloads } from '../core/op.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import type { Earlier, Repeat } from '../sync/effects.ts';
import { writeAnew } from './anew.ts';
import { DamagedLogError, entryIn } from './damage.ts';
import { type PackedEntry, unpackBatch } from './packing.ts';
import type { EntryRow } from './rows.ts';
import { emptyWal, lastPosition, messageNo, openLog } from './schema.ts';
import { PROOFS } from './store.ts';

/** A hole as the database names it. */
export interface PackedHole {
  readonly feed: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array | null;
}

/** Payloads to be taken out of the entry at a position, by the places of their ops; `count`: of all its ops. */
export interface Blank {
  readonly position: number;
  readonly ops: readonly number[];
  readonly count: number;
}

export class LogWriter {
  readonly #file: string;
  readonly #synchronous: 'FULL' | 'NORMAL';
  #db: DatabaseSync;
  #position = 0;
  /** What the write-ahead log says may be in memory alone. */
  #isUnsure = false;
  #addFeed!: StatementSync;
  #moveFeed!: StatementSync;
  #addEntry!: StatementSync;
  #addId!: StatementSync;
  #putMeta!: StatementSync;
  readonly #feeds = new Map<string, number>();

  constructor(file: string, synchronous: 'FULL' | 'NORMAL' = 'FULL') {
    this.#file = file;
    this.#synchronous = synchronous;
    writeAnew(this.#walFile);
    this.#db = this.#open();
  }

  get #walFile(): string {
    return `${this.#file}-wal`;
  }

  #open(): DatabaseSync {
    const db = openLog(this.#file, this.#synchronous);
    this.#addFeed = db.prepare('INSERT INTO feed(id, node, kind, incarnation, seq, hash, hlc) VALUES (?, ?, ?, ?, 0, ?, 0)');
    this.#moveFeed = db.prepare('UPDATE feed SET seq = ?, hash = ?, hlc = ? WHERE no = ?');
    this.#addEntry = db.prepare('INSERT INTO entry(position, feed, seq, bytes, payloads) VALUES (?, ?, ?, ?, ?)');
    this.#addId = db.prepare('INSERT OR IGNORE INTO message_id(id, no) VALUES (?, ?)');
    this.#putMeta = db.prepare('INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value');
    this.#position = lastPosition(db);
    this.#feeds.clear();
    return db;
  }

  /** The position of the last entry. */
  get position(): number {
    return this.#position;
  }

  /** Writes the batch whole, or throws with nothing written as far as is known; then it has to be reopened. */
  append(packed: Uint8Array, proofs: Uint8Array | null = null): Repeat[] {
    const entries = unpackBatch(packed);
    const repeats: Repeat[] = [];
    let position = this.#position;
    this.#db.exec('BEGIN IMMEDIATE');
    for (const [i, entry] of entries.entries()) this.#appendEntry(entry, i, ++position, repeats);
    if (proofs) this.#putMeta.run(PROOFS, proofs);
    this.#db.exec('COMMIT');
    this.#position = position;
    return repeats;
  }

  #appendEntry(entry: PackedEntry, place: number, position: number, repeats: Repeat[]): void {
    const no = this.#feedNo(entry);
    this.#addEntry.run(position, no, entry.seq, entry.bytes, entry.payloads);
    this.#moveFeed.run(entry.seq, entry.hash, entry.hlc, no);
    for (const { index, id } of entry.messages) {
      const { changes } = this.#addId.run(id, messageNo(position, index));
      if (changes === 0) repeats.push({ entry: place, index, before: this.#earlier(id) });
    }
  }

  /** Where the op is that has a message id. Throws a DamagedLogError where the index of ids names no place. */
  #earlier(id: Uint8Array): Earlier {
    const { no } = this.#db.prepare('SELECT no FROM message_id WHERE id = ?').get(id) as { no: number };
    const placed = 'SELECT feed, seq FROM entry WHERE position = :at UNION ALL SELECT feed, seq FROM hole WHERE position = :at';
    const sql = `SELECT lower(hex(f.id)) AS feed, p.seq AS seq FROM (${placed}) p JOIN feed f ON f.no = p.feed`;
    const found = this.#db.prepare(sql).get({ at: Math.floor(no / 256) }) as { feed: FeedId; seq: number } | undefined;
    if (!found) throw new DamagedLogError('the index of message ids names a place where nothing is');
    return { feed: found.feed, seq: found.seq, index: no % 256 };
  }

  #feedNo(entry: PackedEntry): number {
    const name = Buffer.from(entry.feed).toString('latin1');
    let no = this.#feeds.get(name);
    if (no !== undefined) return no;
    const row = this.#db.prepare('SELECT no FROM feed WHERE id = ?').get(entry.feed) as { no: number } | undefined;
    no = row?.no ?? this.#newFeed(entry);
    this.#feeds.set(name, no);
    return no;
  }

  #newFeed(entry: PackedEntry): number {
    if (!entry.header) throw new Error('the first entry of a feed has to carry its header');
    const { node, kind, incarnation } = entry.header;
    return Number(this.#addFeed.run(entry.feed, node, kind, incarnation, entry.hash).lastInsertRowid);
  }

  /** Takes damaged entries out of the log; their places stay as holes. Those that have no row, or a hole already, are left. */
  dig(holes: readonly PackedHole[]): void {
    const sql =
      'INSERT OR IGNORE INTO hole(feed, seq, position, hash) SELECT e.feed, e.seq, e.position, ? FROM entry e JOIN feed f ON f.no = e.feed WHERE f.id = ? AND e.seq = ?';
    const add = this.#db.prepare(sql);
    const drop = this.#db.prepare('DELETE FROM entry WHERE seq = ? AND feed = (SELECT no FROM feed WHERE id = ?)');
    this.#whole(() => {
      for (const { feed, seq, hash } of holes) if (add.run(hash, feed, seq).changes > 0) drop.run(seq, feed);
    });
  }

  /**
   * Puts the entry of a hole back where it was, or the payloads of a gap; its position, or null where nothing waits for it. Throws a DamagedLogError where it has no
   * place.
   */
  mend(packed: Uint8Array): number | null {
    const [entry] = unpackBatch(packed);
    const sql = 'SELECT h.feed AS feed, h.position AS position FROM hole h JOIN feed f ON f.no = h.feed WHERE f.id = ? AND h.seq = ?';
    const hole = this.#db.prepare(sql).get(entry!.feed, entry!.seq) as { feed: number; position: number } | undefined;
    if (!hole && this.#positionOf(entry!) !== null) return this.#fill(entry!);
    if (!hole) throw new DamagedLogError(`entry ${entry!.seq} of a feed is gone, and its place with it`);
    this.#whole(() => {
      this.#addEntry.run(hole.position, hole.feed, entry!.seq, entry!.bytes, entry!.payloads);
      for (const { index, id } of entry!.messages) this.#addId.run(id, messageNo(hole.position, index));
      this.#db.prepare('DELETE FROM hole WHERE feed = ? AND seq = ?').run(hole.feed, entry!.seq);
      // The last of its feed names itself.
      this.#db.prepare('UPDATE feed SET hash = ?, hlc = ? WHERE no = ? AND seq = ?').run(entry!.hash, entry!.hlc, hole.feed, entry!.seq);
    });
    return hole.position;
  }

  /** Puts back payloads of an entry that is here without them; its position, or null where it is not, or lacks nothing. */
  #fill({ feed, seq, bytes, payloads }: PackedEntry): number | null {
    const sql =
      'SELECT e.position AS position, e.payloads AS payloads FROM entry e JOIN feed f ON f.no = e.feed WHERE f.id = ? AND e.seq = ? AND e.bytes = ?';
    const row = this.#db.prepare(sql).get(feed, seq, bytes) as { position: number; payloads: Uint8Array } | undefined;
    if (!row || row.payloads.length >= payloads.length) return null;
    this.#whole(() => void this.#db.prepare('UPDATE entry SET payloads = ? WHERE position = ?').run(payloads, row.position));
    return row.position;
  }

  /** Takes payloads out of entries, for good; where an entry is not there any more, nothing. */
  blank(blanks: readonly Blank[]): void {
    const find = this.#db.prepare('SELECT payloads FROM entry WHERE position = ?');
    const put = this.#db.prepare('UPDATE entry SET payloads = ? WHERE position = ?');
    this.#whole(() => {
      for (const { position, ops, count } of blanks) {
        const row = find.get(position) as { payloads: Uint8Array } | undefined;
        const payloads = row && decoding(() => readPayloads(row.payloads, count));
        if (payloads && !(payloads instanceof Error)) put.run(blanked(payloads, ops), position);
      }
    });
  }

  /** Overwrites what was taken out where it lay. Throws while readers are in the way. */
  settle(): void {
    if (!emptyWal(this.#db)) throw new Error('the write-ahead log is being read');
  }

  /** Makes the indexes anew from the entries. Takes about as long as writing the log did. */
  reindex(suite: Suite): void {
    this.#whole(() => {
      this.#db.exec('REINDEX; DELETE FROM message_id');
      const rows = this.#db.prepare('SELECT position, bytes, payloads FROM entry ORDER BY position').iterate();
      for (const row of rows as Iterable<unknown>) {
        const { position } = row as EntryRow;
        for (const [index, head] of entryIn(suite, row as EntryRow).heads.entries())
          if (head.kind === KIND.message) this.#addId.run(fromHex(messageId(head.author, head.client)), messageNo(position, index));
      }
    });
  }

  /** Does it whole or not at all. */
  #whole(change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /**
   * After an error: a fresh connection, and what the disk holds of the batch: null where it is not there, else its repeats. Throws while the disk cannot
   * be read, or what is there cannot be made durable.
   */
  reopen(packed: Uint8Array): Repeat[] | null {
    // Closing may copy it into the database.
    if (this.#isUnsure) writeAnew(this.#walFile);
    this.#isUnsure = false;
    try {
      this.#db.close();
    } catch {
      // The connection may be beyond closing; the next one reads what the disk holds.
    }
    this.#db = this.#open();
    const entries = unpackBatch(packed);
    const positions = entries.map((entry) => this.#positionOf(entry));
    if (positions.includes(null)) return null;
    this.#isUnsure = true;
    writeAnew(this.#walFile);
    this.#isUnsure = false;
    return entries.flatMap((entry, place) => this.#repeatsOf(entry, place, positions[place]!));
  }

  #positionOf(entry: PackedEntry): number | null {
    const row = this.#db
      .prepare('SELECT position FROM entry WHERE feed = (SELECT no FROM feed WHERE id = ?) AND seq = ?')
      .get(entry.feed, entry.seq) as { position: number } | undefined;
    return row?.position ?? null;
  }

  /** The ops whose message id points to another place, which was there before. */
  #repeatsOf(entry: PackedEntry, place: number, position: number): Repeat[] {
    const find = this.#db.prepare('SELECT no FROM message_id WHERE id = ?');
    return entry.messages.flatMap(({ index, id }) => {
      const found = find.get(id) as { no: number } | undefined;
      if (!found) throw new DamagedLogError('the index of message ids lacks one');
      return found.no === messageNo(position, index) ? [] : [{ entry: place, index, before: this.#earlier(id) }];
    });
  }

  put(key: string, value: Uint8Array): void {
    this.#putMeta.run(key, value);
  }

  /** Throws where a write does not go through. */
  check(): void {
    this.put('checked', Uint8Array.of(1));
  }

  close(): void {
    this.#db.close();
  }
}
