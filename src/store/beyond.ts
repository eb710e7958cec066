/**
 * What a cursor does not cover of a room: the messages that lie in entries beyond it, feed by feed, in the order of history.
 *
 * Rows are found by the index of each feed's messages, from where the feed goes on beyond the cursor, so what is covered costs nothing.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CLOCK_WITHIN_BYTES, readClock } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import type { FeedId, RoomId } from '../core/ids.ts';
import { comparePlaces, type HistoryKey, type Place } from '../core/order.ts';
import type { Shown } from '../core/resolve.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import { compareText } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import { merged } from './merged.ts';
import { messageNo } from './schema.ts';

export interface BeyondQuery {
  readonly room: RoomId;
  readonly cursor: ReadonlyVector;
  readonly after: Place | null;
  readonly limit: number;
}

/** Feeds that are followed side by side; beyond, the room is, whoever wrote there. */
const FEEDS_FEW = 32;

interface Row {
  readonly no: number;
  readonly key: HistoryKey;
  readonly feed: number;
}

/** A feed that goes on beyond the cursor: from which row on, and the least history key there. */
interface Tail {
  readonly feed: number;
  readonly id: FeedId;
  readonly from: number;
  readonly key: HistoryKey;
}

export class BeyondCursor {
  readonly #db: DatabaseSync;
  readonly #messagesAt: (nos: readonly number[]) => Shown[];
  readonly #rowsOfFeed: StatementSync[] = [];
  readonly #sql: Record<'feeds' | 'first' | 'copyOf' | 'copiesOf' | 'placeOf', StatementSync>;

  constructor(db: DatabaseSync, messagesAt: (nos: readonly number[]) => Shown[]) {
    this.#db = db;
    this.#messagesAt = messagesAt;
    this.#sql = {
      feeds: db.prepare(`SELECT no, lower(hex(id)) AS id, kind, seq FROM log.feed WHERE kind <> ${FEED_KIND.governance}`),
      first: db.prepare(
        `SELECT position, substr(bytes, 1, ${CLOCK_WITHIN_BYTES}) AS front FROM log.entry WHERE feed = ? AND seq > ? ORDER BY seq LIMIT 1`,
      ),
      copyOf: db.prepare('SELECT first FROM copy WHERE no = ?'),
      copiesOf: db.prepare('SELECT no FROM copy WHERE first = ?'),
      placeOf: db.prepare(
        'SELECT lower(hex(f.id)) AS feed, e.seq AS seq FROM log.entry e JOIN log.feed f ON f.no = e.feed WHERE e.position = ?',
      ),
    };
  }

  /** `room`: its number. */
  page({ cursor, after, limit }: BeyondQuery, room: number): Shown[] {
    const found: Shown[] = [];
    let nos: number[] = [];
    const read = (): void => {
      found.push(...this.#messagesAt(nos).filter(({ place }) => !after || comparePlaces(place, after) > 0));
      nos = [];
    };
    for (const { no } of this.#rows(this.#tails(cursor), room, after?.key ?? 0)) {
      if (!this.#isCoveredElsewhere(no, cursor)) nos.push(no);
      if (found.length + nos.length >= limit) read();
      if (found.length >= limit) break;
    }
    read();
    return found.slice(0, limit);
  }

  #tails(cursor: ReadonlyVector): Tail[] {
    const tails: Tail[] = [];
    type FeedRow = { no: number; id: FeedId; kind: number; seq: number };
    for (const { no, id, kind, seq } of this.#sql.feeds.all() as FeedRow[]) {
      const upTo = cursor.get(id) ?? 0;
      if (seq <= upTo) continue;
      const first = this.#sql.first.get(no, upTo) as { position: number; front: Uint8Array } | undefined;
      if (!first) continue;
      // Keys of content are not below the clock of its entry; an import has the times of long ago.
      const clock = kind === FEED_KIND.content ? decoding(() => readClock(first.front)) : 0;
      tails.push({ feed: no, id, from: messageNo(first.position, 0), key: clock instanceof Error ? 0 : clock });
    }
    return tails;
  }

  *#rows(tails: readonly Tail[], room: number, key: HistoryKey): Generator<Row> {
    if (tails.length > FEEDS_FEW) return yield* this.#ofRoom(tails, room, key);
    const feeds = tails.map((tail, i) => ({ id: tail.id, rows: this.#ofFeed(i, tail, room, key) }));
    yield* merged(feeds);
  }

  *#ofFeed(i: number, { feed, from, key: least }: Tail, room: number, key: HistoryKey): Generator<Row> {
    this.#rowsOfFeed[i] ??= this.#db.prepare(
      'SELECT no, key, feed FROM message WHERE room = ? AND feed = ? AND key >= ? AND no >= ? ORDER BY key, no',
    );
    yield* this.#rowsOfFeed[i].iterate(room, feed, Math.max(key, least), from) as Iterable<unknown> as Iterable<Row>;
  }

  *#ofRoom(tails: readonly Tail[], room: number, key: HistoryKey): Generator<Row> {
    const byFeed = new Map(tails.map((tail) => [tail.feed, tail]));
    const least = Math.max(key, Math.min(...tails.map((tail) => tail.key)));
    const statement = this.#db.prepare('SELECT no, key, feed FROM message WHERE room = ? AND key >= ? ORDER BY key');
    let group: (Row & { readonly id: FeedId })[] = [];
    const sorted = (): Row[] => group.sort((a, b) => compareText(a.id, b.id) || a.no - b.no);
    for (const found of statement.iterate(room, least) as Iterable<unknown>) {
      const row = found as Row;
      const tail = byFeed.get(row.feed);
      if (!tail || row.no < tail.from) continue;
      if (group.length > 0 && group[0]!.key !== row.key) {
        yield* sorted();
        group = [];
      }
      group.push({ ...row, id: tail.id });
    }
    yield* sorted();
  }

  /** Whether the same message stands in another entry, which is covered. */
  #isCoveredElsewhere(no: number, cursor: ReadonlyVector): boolean {
    const first = (this.#sql.copyOf.get(no) as { first: number } | undefined)?.first ?? no;
    const copies = (this.#sql.copiesOf.all(first) as { no: number }[]).map((copy) => copy.no);
    if (copies.length === 0) return false;
    const others = [first, ...copies].filter((other) => other !== no);
    return others.some((other) => {
      const place = this.#sql.placeOf.get(Math.floor(other / 256)) as { feed: FeedId; seq: number } | undefined;
      return place !== undefined && place.seq <= (cursor.get(place.feed) ?? 0) && this.#messagesAt([other]).length > 0;
    });
  }
}
