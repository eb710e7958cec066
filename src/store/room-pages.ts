/** Pages of a room's history, in history order: before and after a message or a time, with what may be late for whoever was shown it. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HLC_PER_MS } from '../core/hlc.ts';
import type { FeedId, MessageId } from '../core/ids.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import type { Anchor, HistoryPage, HistoryQuery } from '../core/port.ts';
import type { Message } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { lateIn } from './late.ts';
import type { Numbered } from './search.ts';

interface MessageRow {
  readonly no: number;
  readonly key: number;
}

/** How messages are read: those at these numbers as they show, and the one that has the row of an id. */
export interface Shelf {
  messagesAt(nos: readonly number[]): Numbered[];
  shownBy(id: MessageId): Numbered | null;
}

export class RoomPages {
  readonly #db: DatabaseSync;
  readonly #suite: Suite;
  readonly #shelf: Shelf;
  readonly #ofFeed: StatementSync;

  /** Over views that have the log attached as `log`. */
  constructor(db: DatabaseSync, suite: Suite, shelf: Shelf) {
    this.#db = db;
    this.#suite = suite;
    this.#shelf = shelf;
    this.#ofFeed = db.prepare(
      'SELECT position, bytes, payloads FROM log.entry WHERE feed = (SELECT no FROM log.feed WHERE id = ?) AND seq <= ? ORDER BY seq DESC',
    );
  }

  /** `room`: its number; undefined where nothing was said there. */
  page(query: Exclude<HistoryQuery, { type: 'unread' }>, room: number | undefined): HistoryPage {
    if (room === undefined) return 'anchor' in query && 'id' in query.anchor ? { fault: 'unknown message' } : { messages: [] };
    if (query.type === 'latest')
      return query.after ? this.#latestAfter(room, query.after, query.limit) : { messages: this.#before(room, null, query.limit) };
    const anchor = this.#anchor(query.anchor, query.type === 'before');
    if (!anchor) return { fault: 'unknown message' };
    if (query.type === 'before') return { messages: this.#before(room, anchor, query.limit) };
    const late = query.late && anchor.no !== null ? this.#late(room, anchor.place) : [];
    if (late.length >= query.limit) return { messages: late.slice(0, query.limit) };
    return { messages: [...late, ...this.#after(room, anchor.place, query.limit - late.length)] };
  }

  #latestAfter(room: number, after: Anchor, limit: number): HistoryPage {
    const anchor = this.#anchor(after, false);
    if (!anchor) return { fault: 'unknown message' };
    return { messages: this.#before(room, null, limit).filter((message) => comparePlaces(message.place, anchor.place) > 0) };
  }

  /** The place of an anchor; for a time, before or after everything of its millisecond. */
  #anchor(anchor: Anchor, before: boolean): { no: number | null; place: Place } | null {
    if ('place' in anchor) return { no: null, place: anchor.place };
    if ('atMs' in anchor) {
      const ms = before ? anchor.atMs : anchor.atMs + 1;
      return { no: null, place: { key: ms * HLC_PER_MS - (before ? 0 : 1), feed: (before ? '' : 'g') as FeedId, seq: 0, index: 0 } };
    }
    const message = this.#shelf.shownBy(anchor.id);
    return message && { no: message.no, place: message.place };
  }

  #before(room: number, anchor: { place: Place } | null, limit: number): Message[] {
    const key = anchor?.place.key ?? Number.MAX_SAFE_INTEGER;
    const found = this.#page(room, 'key <= ?', key, 'DESC', limit, (place) => anchor === null || comparePlaces(place, anchor.place) < 0);
    return found.reverse();
  }

  #after(room: number, place: Place, limit: number): Message[] {
    return this.#page(room, 'key >= ?', place.key, 'ASC', limit, (one) => comparePlaces(one, place) > 0);
  }

  /** Messages of a room by key; those that share a key are read together and put in the order of their places. */
  #page(room: number, where: string, key: number, direction: 'ASC' | 'DESC', limit: number, wanted: (place: Place) => boolean): Message[] {
    const found: Message[] = [];
    let group: number[] = [];
    let groupKey = -1;
    const flush = (): void => {
      const messages = this.#shelf.messagesAt(group).filter((message) => wanted(message.place));
      messages.sort((a, b) => (direction === 'ASC' ? 1 : -1) * comparePlaces(a.place, b.place));
      found.push(...messages);
      group = [];
    };
    const sql = `SELECT no, key FROM message WHERE room = ? AND ${where} ORDER BY key ${direction}`;
    for (const row of this.#db.prepare(sql).iterate(room, key) as Iterable<unknown>) {
      const { no, key: rowKey } = row as MessageRow;
      if (rowKey !== groupKey) {
        flush();
        if (found.length >= limit) break;
      }
      groupKey = rowKey;
      group.push(no);
    }
    flush();
    return found.slice(0, limit);
  }

  /** Messages that sort before the anchor and that whoever had been shown it may not have been shown. */
  #late(room: number, anchor: Place): Message[] {
    const late = lateIn(this.#db, this.#suite, this.#ofFeed.iterate(fromHex(anchor.feed), anchor.seq), room, anchor);
    return this.#shelf
      .messagesAt(late)
      .filter((message) => comparePlaces(message.place, anchor) < 0)
      .sort((a, b) => comparePlaces(a.place, b.place));
  }
}
