/**
 * How far people have read, out of their marks (see Mark in state.ts).
 *
 * A mark is kept as the place of its op and nothing else: what it covers is in the log, as the deps of the feed that carries it, summed up to its entry. So that this
 * sum need not be made from the feed's beginning, it is kept at some entries that carry marks, and goes on from there.
 *
 * A log holds everything that an entry rests on before the entry. So a mark that lies before all that newer ones leave unread adds nothing to them, and the newest
 * few say it all, however many there are. Every one keeps its row, as a change of the law may withhold any, and give it back.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CLOCK_WITHIN_BYTES, readClock, readDeps } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import type { Folder } from '../core/fold.ts';
import type { FeedId } from '../core/ids.ts';
import type { HistoryKey } from '../core/order.ts';
import type { Change, Mark } from '../core/state.ts';
import { raise, readVector, type Vector, writeVector } from '../core/vector.ts';
import { decoding, Reader, Writer } from '../lib/codec.ts';
import type { Direct } from './direct.ts';
import { messageNo } from './schema.ts';

/** In place of a room's number: all rooms. */
export const ALL_ROOMS = 0;
/** Entries of a feed between two sums of its deps that are kept, at least. */
const PAST_STEP = 128;

/** A content feed with entries beyond what somebody read. */
export interface Beyond {
  readonly feed: number;
  readonly id: FeedId;
  /** The first of them: where its messages are from, and its clock, which no history key of them is below. */
  readonly position: number;
  readonly clock: HistoryKey;
}

/** What a person read, and what is beyond it. */
export interface Reach {
  readonly read: Vector;
  readonly beyond: readonly Beyond[];
}

/** What the index of marks reads the log by. */
export interface MarkReading {
  folder(): Folder;
  /** What the op of content at a place changes, as the law is now. */
  changeAt(no: number): Change | undefined;
}

export class Marks {
  readonly #db: DatabaseSync;
  readonly #direct: Direct;
  readonly #reading: MarkReading;
  readonly #sql: Record<'add' | 'marks' | 'past' | 'keep' | 'drop' | 'deps' | 'feeds' | 'first', StatementSync>;

  constructor(db: DatabaseSync, direct: Direct, reading: MarkReading) {
    this.#db = db;
    this.#direct = direct;
    this.#reading = reading;
    this.#sql = {
      add: db.prepare('INSERT OR IGNORE INTO mark(person, room, no) VALUES (?, ?, ?)'),
      marks: db.prepare('SELECT no FROM mark WHERE person = ? AND room = ? ORDER BY no DESC'),
      past: db.prepare('SELECT seq, vector FROM past WHERE feed = ? AND seq <= ? ORDER BY seq DESC LIMIT 1'),
      keep: db.prepare('INSERT OR REPLACE INTO past(feed, seq, vector) VALUES (?, ?, ?)'),
      drop: db.prepare('DELETE FROM past WHERE feed = ? AND seq >= ?'),
      deps: db.prepare('SELECT bytes FROM log.entry WHERE feed = ? AND seq > ? AND seq <= ? ORDER BY seq'),
      feeds: db.prepare(`SELECT no, lower(hex(id)) AS id, seq FROM log.feed WHERE kind = ${FEED_KIND.content}`),
      first: db.prepare(
        `SELECT position, substr(bytes, 1, ${CLOCK_WITHIN_BYTES}) AS front FROM log.entry WHERE feed = ? AND seq > ? ORDER BY seq LIMIT 1`,
      ),
    };
  }

  /** Takes in a mark; `room`: its number. Taking it in again changes nothing. */
  add({ author, place }: Mark, room: number, no: number): void {
    this.#sql.add.run(this.#direct.person(author), room, no);
    const feed = this.#direct.feed(place.feed);
    const { from, past } = this.#past(feed, place.seq);
    if (place.seq - from < PAST_STEP) return;
    const writer = new Writer(256);
    writeVector(writer, past);
    this.#sql.keep.run(feed, place.seq, writer.done());
  }

  /** An entry of a feed is where a hole was: sums that were made without it are made anew. */
  mended(feed: FeedId, seq: number): void {
    this.#sql.drop.run(this.#direct.feed(feed), seq);
  }

  /** Forgets everything. */
  reset(): void {
    this.#db.exec('DELETE FROM mark; DELETE FROM past');
  }

  /** What the deps of a feed add up to at one of its entries, and from where on they had to be added. */
  #past(feed: number, seq: number): { from: number; past: Vector } {
    const kept = this.#sql.past.get(feed, seq) as { seq: number; vector: Uint8Array } | undefined;
    const past: Vector = kept ? readVector(new Reader(kept.vector)) : new Map();
    for (const row of this.#sql.deps.all(feed, kept?.seq ?? 0, seq) as { bytes: Uint8Array }[]) {
      const found = decoding(() => readDeps(row.bytes));
      if (!(found instanceof Error)) raise(past, found.deps);
    }
    return { from: kept?.seq ?? 0, past };
  }

  /** All that a mark says was read. */
  #covered({ place, upTo }: Mark): Vector {
    const feed = this.#direct.feed(place.feed);
    const { past } = this.#past(feed, place.seq);
    const [own] = this.#sql.deps.all(feed, place.seq - 1, place.seq) as { bytes: Uint8Array }[];
    const info = this.#reading.folder().state.feeds.get(place.feed);
    raise(past, new Map([[place.feed, place.seq - 1]]));
    if (own && info) raise(past, new Map([[info.sibling, readDeps(own.bytes).governance]]));
    for (const [other, seq] of upTo) if ((past.get(other) ?? 0) > seq) past.set(other, seq);
    return past;
  }

  /** What a person read in all rooms. */
  everywhere(person: number): Reach {
    const read: Vector = new Map();
    return this.#read(person, ALL_ROOMS, { read, beyond: this.#beyond(read) });
  }

  /** What they read in one room, given what they read in all. */
  inRoom(person: number, room: number, everywhere: Reach): Reach {
    return this.#read(person, room, everywhere);
  }

  /** Adds what the marks of one scope say, from the newest on, for as long as one may add something. */
  #read(person: number, room: number, before: Reach): Reach {
    let reach = before;
    for (const row of this.#sql.marks.iterate(person, room) as Iterable<unknown>) {
      const { no } = row as { no: number };
      if (reach.beyond.every(({ position }) => no < messageNo(position, 0))) break;
      const change = this.#reading.changeAt(no);
      if (change?.type !== 'read') continue;
      const read = new Map(reach.read);
      if (raise(read, this.#covered(change.mark))) reach = { read, beyond: this.#beyond(read) };
    }
    return reach;
  }

  /** The content feeds that go on beyond what was read. Of somebody who never read anything it is all, and nobody looks at where they begin. */
  #beyond(read: Vector): Beyond[] {
    const beyond: Beyond[] = [];
    for (const { no, id, seq } of this.#sql.feeds.all() as { no: number; id: FeedId; seq: number }[]) {
      const upTo = read.get(id) ?? 0;
      if (seq <= upTo) continue;
      const first = read.size === 0 ? NOTHING_READ : (this.#sql.first.get(no, upTo) as typeof NOTHING_READ | undefined);
      if (!first) continue;
      const clock = first.front ? decoding(() => readClock(first.front!)) : 0;
      beyond.push({ feed: no, id, position: first.position, clock: clock instanceof Error ? 0 : clock });
    }
    return beyond;
  }
}

const NOTHING_READ: { position: number; front: Uint8Array | null } = { position: 0, front: null };
