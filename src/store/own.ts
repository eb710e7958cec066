/**
 * What people keep for themselves, and what is kept for moderators: marks, wishes, reports. The part of the views that follows such ops and answers for them.
 *
 * Everything is kept by its place and judged by the law when it is read, as messages are.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import type { AuthorId, RoomId } from '../core/ids.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import { REPORTS_LIMIT_MAX, type Report, type Unread } from '../core/port.ts';
import type { Shown } from '../core/resolve.ts';
import type { About, Change, Message, Wish } from '../core/state.ts';
import { fromHex } from '../lib/bytes.ts';
import { Direct, type DirectRoom } from './direct.ts';
import { ALL_ROOMS, Marks } from './marks.ts';
import { type KeyedRow, newestOf } from './newest.ts';
import { messageNo } from './schema.ts';
import { type Reading, Waiting } from './waiting.ts';

/** What is asked of it; see Store. */
export type OwnQuery =
  | { readonly type: 'unread'; readonly by: AuthorId; readonly rooms: readonly RoomId[] }
  | { readonly type: 'directs'; readonly by: AuthorId }
  | { readonly type: 'wishes'; readonly by: AuthorId }
  | { readonly type: 'reports'; readonly rooms: readonly RoomId[] | null; readonly before: Place | null; readonly limit: number };

/** What is asked of the views, and what numbers they give to rooms. */
export interface OwnReading extends Reading {
  /** The number of a room, given where there is none yet. */
  roomNo(id: RoomId): number;
}

export class Own {
  readonly #db: DatabaseSync;
  readonly #reading: OwnReading;
  readonly #direct: Direct;
  readonly #marks: Marks;
  readonly #waiting: Waiting;
  readonly #sql: Record<'wish' | 'wishes' | 'report' | 'reports' | 'twins', StatementSync>;

  constructor(db: DatabaseSync, reading: OwnReading) {
    this.#db = db;
    this.#reading = reading;
    this.#direct = new Direct(db);
    this.#marks = new Marks(db, this.#direct, reading);
    this.#waiting = new Waiting(db, this.#direct, this.#marks, reading);
    this.#sql = {
      wish: db.prepare('INSERT OR IGNORE INTO wish(person, about, key, no) VALUES (?, ?, ?, ?)'),
      wishes: db.prepare('SELECT about, no, key FROM wish WHERE person = ? ORDER BY about, key DESC'),
      report: db.prepare('INSERT OR REPLACE INTO report(no, key, room, id) VALUES (?, ?, ?, ?)'),
      reports: db.prepare('SELECT no, key FROM report WHERE key <= ? ORDER BY key DESC'),
      twins: db.prepare('SELECT no FROM report WHERE id = ? AND no <> ?'),
    };
  }

  /** Takes in a change by an entry at a position. */
  index(position: number, change: Change): void {
    switch (change.type) {
      case 'read': {
        const { room, place } = change.mark;
        return this.#marks.add(change.mark, room === '' ? ALL_ROOMS : this.#reading.roomNo(room), messageNo(position, place.index));
      }
      case 'prefer': {
        const { author, about, place } = change.wish;
        return void this.#sql.wish.run(this.#direct.person(author), subjectOf(about), place.key, messageNo(position, place.index));
      }
      case 'report': {
        const { id, room, place } = change.about;
        return void this.#sql.report.run(messageNo(position, place.index), place.key, this.#reading.roomNo(room), fromHex(id));
      }
      case 'remove':
        return this.#waiting.look(change.target);
      case 'refolded':
        return this.#waiting.refolded();
      default:
        return;
    }
  }

  /** What the row of a message says of its feed and its author; where it is direct, both are noted. */
  columns({ author, to, place }: Message, room: number): { feed: number; author: number } {
    const person = this.#direct.person(author);
    if (to !== null) this.#direct.add(person, this.#direct.person(to), room);
    return { feed: this.#direct.feed(place.feed), author: person };
  }

  /** A message has its row. */
  placed({ id }: Pick<Message, 'id'>): void {
    this.#waiting.look(id);
  }

  mended({ feed, seq }: Entry): void {
    this.#marks.mended(feed, seq);
  }

  /** Forgets everything. */
  reset(): void {
    this.#direct.reset();
    this.#marks.reset();
    this.#waiting.refolded();
    this.#db.exec('DELETE FROM wish; DELETE FROM report');
  }

  unreadPage(by: AuthorId, room: RoomId, after: Place | null, limit: number): Shown[] {
    return this.#waiting.page(by, room, after, limit);
  }

  /** The direct rooms of a person. */
  directRooms(by: AuthorId): RoomId[] {
    return this.#direct.roomsOf(this.#direct.known(by)).map(({ room }) => room);
  }

  ask(query: OwnQuery): Unread[] | DirectRoom[] | Wish[] | Report[] {
    switch (query.type) {
      case 'directs':
        return this.#direct.roomsOf(this.#direct.known(query.by));
      case 'unread':
        return this.#waiting.counts(query.by, query.rooms);
      case 'wishes':
        return this.#wishes(query.by);
      case 'reports':
        return this.#reports(query.rooms && new Set(query.rooms), query.before, query.limit);
    }
  }

  /** Of each room and each person the last word that counts. */
  #wishes(by: AuthorId): Wish[] {
    const last = new Map<string, Wish>();
    for (const found of this.#sql.wishes.iterate(this.#direct.known(by)) as Iterable<unknown>) {
      const { about, no, key } = found as KeyedRow & { about: string };
      const held = last.get(about);
      if (held && held.place.key > key) continue;
      const change = this.#reading.changeAt(no);
      if (change?.type === 'prefer' && (!held || comparePlaces(change.wish.place, held.place) > 0)) last.set(about, change.wish);
    }
    return [...last.values()].sort((a, b) => comparePlaces(a.place, b.place));
  }

  #reports(rooms: ReadonlySet<RoomId> | null, before: Place | null, limit: number): Report[] {
    const reports: Report[] = [];
    const rows = this.#sql.reports.iterate(before?.key ?? Number.MAX_SAFE_INTEGER) as Iterable<unknown>;
    for (const about of newestOf(rows, (no) => this.#countedAt(no), before)) {
      if (rooms === null || rooms.has(about.room)) reports.push({ about, message: this.#reported(about) });
      if (reports.length >= Math.min(limit, REPORTS_LIMIT_MAX)) break;
    }
    return reports;
  }

  #reportAt(no: number): About | null {
    const change = this.#reading.changeAt(no);
    return change?.type === 'report' ? change.about : null;
  }

  #countedAt(no: number): About | null {
    const about = this.#reportAt(no);
    return about && this.#isFirst(about, no) ? about : null;
  }

  /** Whether no other op of the same id that shows is before it in history. */
  #isFirst({ id, place }: About, no: number): boolean {
    const twins = this.#sql.twins.all(fromHex(id), no) as { no: number }[];
    return twins.every((twin) => {
      const other = this.#reportAt(twin.no);
      return !other || comparePlaces(other.place, place) > 0;
    });
  }

  /** The message, of the room of the report alone: nobody reads in one room what stands in another. */
  #reported({ target, room }: About): Shown | null {
    const found = this.#reading.messagesAt(this.#reading.candidates(target).filter((no) => this.#isRow(no)));
    const message = found.find((one) => one.room === room);
    if (!message) return null;
    const { no: _, ...shown } = message;
    return shown;
  }

  #isRow(no: number): boolean {
    return this.#db.prepare('SELECT 1 FROM message WHERE no = ?').get(no) !== undefined;
  }
}

function subjectOf(about: Wish['about']): string {
  return about.type === 'room' ? about.room : about.person;
}
