/**
 * What hangs on messages, asked for by itself: what is pinned in a room, what a message said before it was edited, and where the entries lie that carry it.
 *
 * Ops are kept by their places and judged by the law when they are read, as messages are.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Folder } from '../core/fold.ts';
import type { MessageId, RoomId } from '../core/ids.ts';
import { comparePlaces, type HistoryKey, type Place } from '../core/order.ts';
import { PINS_LIMIT_MAX, type Pin, type PinsPage, type VersionsPage } from '../core/port.ts';
import { pinOf, resolve, type Shown, versionsOf } from '../core/resolve.ts';
import type { About, Change, Message } from '../core/state.ts';
import { type KeyedRow, newestOf } from './newest.ts';
import { messageNo } from './schema.ts';

/** What is asked of it; see Store. */
export type HangingQuery =
  | { readonly type: 'pins'; readonly room: RoomId; readonly before: Place | null; readonly limit: number }
  | { readonly type: 'versions'; readonly id: MessageId; readonly before: Place | null; readonly limit: number }
  | { readonly type: 'places'; readonly ids: readonly MessageId[] };

/** The texts of a message, and the message as it shows. */
export interface MessageVersions extends VersionsPage {
  readonly message: Shown;
}

/** A message as it came, and all that is about it. */
export interface Hung {
  readonly message: Message;
  readonly abouts: readonly About[];
}

/** What is asked of the views. */
export interface HangingReading {
  folder(): Folder;
  /** What the op of content at a place changes; read to be served. */
  servedAt(no: number): Change | undefined;
  /** Of the op that has the row of an id; read to be served. */
  hung(id: MessageId): Hung | null;
  /** Where ops with this message id are. */
  candidates(id: MessageId): number[];
  /** The number of a room; undefined where nothing is known of it. */
  room(id: RoomId): number | undefined;
  roomNo(id: RoomId): number;
}

/** Pins and what took them off, looked at for one page. */
const PIN_OPS_MAX = 1000;

/** Rows until so many were given, and then on to the last of their key. */
class Scan {
  readonly #rows: Iterable<KeyedRow>;
  /** The key of the last row, where there are more. */
  endKey: HistoryKey | null = null;

  constructor(rows: Iterable<KeyedRow>) {
    this.#rows = rows;
  }

  *[Symbol.iterator](): Generator<KeyedRow> {
    let count = 0;
    let last = -1;
    for (const row of this.#rows) {
      if (count >= PIN_OPS_MAX && row.key !== last) {
        this.endKey = last;
        return;
      }
      count++;
      last = row.key;
      yield row;
    }
  }
}

export class Hanging {
  readonly #db: DatabaseSync;
  readonly #reading: HangingReading;
  readonly #sql: Record<'pin' | 'pins', StatementSync>;

  constructor(db: DatabaseSync, reading: HangingReading) {
    this.#db = db;
    this.#reading = reading;
    this.#sql = {
      pin: db.prepare('INSERT OR REPLACE INTO pin(no, room, key) VALUES (?, ?, ?)'),
      pins: db.prepare('SELECT no, key FROM pin WHERE room = ? AND key <= ? ORDER BY key DESC'),
    };
  }

  /** Takes in a change by an entry at a position. */
  index(position: number, change: Change): void {
    if (change.type !== 'pin') return;
    const { room, place } = change.about;
    this.#sql.pin.run(messageNo(position, place.index), this.#reading.roomNo(room), place.key);
  }

  /** Forgets everything. */
  reset(): void {
    this.#db.exec('DELETE FROM pin');
  }

  ask(query: HangingQuery): PinsPage | MessageVersions | null | ReadonlyMap<MessageId, readonly Place[]> {
    switch (query.type) {
      case 'pins':
        return this.#pins(query.room, query.before, query.limit);
      case 'versions':
        return this.#versions(query.id, query.before, query.limit);
      case 'places':
        return new Map(query.ids.map((id) => [id, this.#places(id)]));
    }
  }

  #pins(id: RoomId, before: Place | null, limit: number): PinsPage {
    const room = this.#reading.room(id);
    if (room === undefined) return { pins: [], next: null };
    const most = Math.max(1, Math.min(limit, PINS_LIMIT_MAX));
    const scan = new Scan(this.#sql.pins.iterate(room, before?.key ?? Number.MAX_SAFE_INTEGER) as Iterable<unknown> as Iterable<KeyedRow>);
    const pins: Pin[] = [];
    const known = new Map<MessageId, Pin | null>();
    for (const about of newestOf(scan, (no) => this.#aboutAt(no), before)) {
      let pin = known.get(about.target);
      if (pin === undefined) known.set(about.target, (pin = this.#pinOn(about.target, id)));
      if (!pin || comparePlaces(pin.about.place, about.place) !== 0) continue;
      if (pins.length === most) return { pins, next: pins.at(-1)!.about.place };
      pins.push(pin);
    }
    const next = scan.endKey === null ? null : { key: scan.endKey, feed: '0'.repeat(32) as Place['feed'], seq: 0, index: 0 };
    return { pins, next };
  }

  #aboutAt(no: number): About | null {
    const change = this.#reading.servedAt(no);
    return change?.type === 'pin' ? change.about : null;
  }

  /** A message of the room and the op by which it is pinned now; null where it is not. */
  #pinOn(id: MessageId, room: RoomId): Pin | null {
    const hung = this.#reading.hung(id);
    if (hung?.message.room !== room) return null;
    const folder = this.#reading.folder();
    const about = pinOf(folder, hung.message, hung.abouts);
    return about && { about, message: resolve(folder, hung.message, hung.abouts) };
  }

  #versions(id: MessageId, before: Place | null, limit: number): MessageVersions | null {
    const hung = this.#reading.hung(id);
    if (!hung) return null;
    const folder = this.#reading.folder();
    const all = versionsOf(folder, hung.message, hung.abouts).filter(({ place }) => !before || comparePlaces(place, before) < 0);
    const versions = all.slice(-limit);
    return { message: resolve(folder, hung.message, hung.abouts), versions, more: all.length > versions.length };
  }

  /** Where the ops of a message lie that show. */
  #places(id: MessageId): Place[] {
    const changes = this.#reading.candidates(id).map((no) => this.#reading.servedAt(no));
    return changes.flatMap((change) => (change?.type === 'message' ? change.message.place : []));
  }
}
