/**
 * What waits for a person: the messages of a room that they have not read, page by page and by number.
 *
 * Whether a message waits is told from its row, so that much can be counted without reading it from the log; pages read what they show. Rows are found feed by feed
 * from where each goes on beyond what was read, so what was read costs nothing.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Folder } from '../core/fold.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import { comparePlaces, type HistoryKey, type Place } from '../core/order.ts';
import { UNREAD_COUNT_MAX, type Unread } from '../core/port.ts';
import type { Shown } from '../core/resolve.ts';
import type { Retention } from '../core/state.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import { compareText } from '../lib/bytes.ts';
import type { Direct } from './direct.ts';
import type { Beyond, MarkReading, Marks, Reach } from './marks.ts';
import { merged } from './merged.ts';
import { messageNo } from './schema.ts';

/** Feeds that are followed side by side; beyond, the room is, whoever wrote there. */
const FEEDS_FEW = 32;

/** What is asked of the views. */
export interface Reading extends MarkReading {
  /** The messages of these places as they show. */
  messagesAt(nos: readonly number[]): (Shown & { readonly no: number })[];
  /** Where ops with this message id are. */
  candidates(id: MessageId): number[];
  /** The number of a room; undefined where nothing is known of it. */
  room(id: RoomId): number | undefined;
  /** Another object whenever what was read before may not hold any more. */
  epoch(): object;
}

/** The row of a message. */
interface Row {
  readonly no: number;
  readonly key: HistoryKey;
  readonly author: number;
  readonly feed: number;
}

/** One room, as somebody comes back to it. */
interface Return {
  readonly person: number;
  readonly no: number;
  readonly reach: Reach;
  /** What does not sort behind this does not wait. */
  readonly begin: Place | null;
  readonly retentions: readonly Retention[];
  readonly hasCopies: boolean;
}

const GENESIS: Place = { key: 0, feed: '' as FeedId, seq: 0, index: 0 };

export class Waiting {
  readonly #db: DatabaseSync;
  readonly #direct: Direct;
  readonly #marks: Marks;
  readonly #reading: Reading;
  /** Messages that were removed by name; null where they have to be looked for anew. */
  #removed: Set<number> | null = null;
  /** Whoever logs in asks for room after room. */
  #last: { readonly person: number; readonly epoch: object; readonly reach: Reach } | null = null;
  readonly #rowsOfFeed: StatementSync[] = [];
  readonly #sql: Record<'last' | 'at' | 'copies' | 'copyOf' | 'copiesOf' | 'placeOf', StatementSync>;

  constructor(db: DatabaseSync, direct: Direct, marks: Marks, reading: Reading) {
    this.#db = db;
    this.#direct = direct;
    this.#marks = marks;
    this.#reading = reading;
    this.#sql = {
      last: db.prepare('SELECT max(key) AS key FROM message WHERE room = ?'),
      at: db.prepare('SELECT room FROM message WHERE no = ?'),
      copies: db.prepare('SELECT EXISTS(SELECT 1 FROM copy) AS any'),
      copyOf: db.prepare('SELECT first FROM copy WHERE no = ?'),
      copiesOf: db.prepare('SELECT no FROM copy WHERE first = ?'),
      placeOf: db.prepare(
        'SELECT lower(hex(f.id)) AS feed, e.seq AS seq FROM log.entry e JOIN log.feed f ON f.no = e.feed WHERE e.position = ?',
      ),
    };
  }

  // What changes

  /** The law changed: anything may have been removed, or not. */
  refolded(): void {
    this.#removed = null;
  }

  /** A message was removed, or came, or has another place. */
  look(id: MessageId): void {
    const removals = this.#state.removals.get(id);
    if (!this.#removed || !removals) return;
    for (const no of this.#reading.candidates(id)) {
      const row = this.#sql.at.get(no) as { room: number } | undefined;
      if (row && removals.some(({ room }) => this.#reading.room(room) === row.room)) this.#removed.add(no);
    }
  }

  get #state(): Folder['state'] {
    return this.#reading.folder().state;
  }

  #isRemoved(no: number): boolean {
    if (!this.#removed) {
      this.#removed = new Set();
      for (const id of this.#state.removals.keys()) this.look(id);
    }
    return this.#removed.has(no);
  }

  // What is asked

  /** The first messages of a room that wait for a person, of those that sort behind `after`. */
  page(by: AuthorId, room: RoomId, after: Place | null, limit: number): Shown[] {
    const person = this.#direct.known(by);
    const at = this.#isDeleted(by) ? null : this.#return(by, person, room, this.#everywhere(person));
    const found: Shown[] = [];
    let nos: number[] = [];
    const read = (): void => {
      const messages = this.#reading.messagesAt(nos);
      found.push(...messages.filter((message) => !message.removed && (!after || comparePlaces(message.place, after) > 0)));
      nos = [];
    };
    if (!at) return found;
    for (const row of this.#rows(at, Math.max(at.begin?.key ?? 0, after?.key ?? 0))) {
      if (this.#waits(row, at)) nos.push(row.no);
      if (found.length + nos.length >= limit) read();
      if (found.length >= limit) break;
    }
    read();
    return found.slice(0, limit);
  }

  /** Of these rooms and the person's direct ones, those in which something waits. */
  counts(by: AuthorId, rooms: readonly RoomId[]): Unread[] {
    if (this.#isDeleted(by)) return [];
    const person = this.#direct.known(by);
    const everywhere = this.#everywhere(person);
    const others = new Map<RoomId, AuthorId | null>(rooms.map((room) => [room, null]));
    for (const { room, with: other } of this.#direct.roomsOf(person)) others.set(room, other);
    const unread: Unread[] = [];
    for (const [room, other] of [...others].sort(([a], [b]) => compareText(a, b))) {
      const at = this.#return(by, person, room, everywhere);
      const count = at ? this.#count(at) : 0;
      if (count > 0) unread.push({ room, with: other, count });
    }
    return unread;
  }

  #everywhere(person: number): Reach {
    const epoch = this.#reading.epoch();
    if (this.#last?.person !== person || this.#last.epoch !== epoch) this.#last = { person, epoch, reach: this.#marks.everywhere(person) };
    return this.#last.reach;
  }

  #isDeleted(author: AuthorId): boolean {
    return this.#state.accounts.get(author)?.isDeleted ?? false;
  }

  /** How somebody comes back to a room; null where nothing can wait for them. */
  #return(by: AuthorId, person: number, room: RoomId, everywhere: Reach): Return | null {
    const no = this.#reading.room(room);
    if (no === undefined) return null;
    const other = room[0] === '@' ? this.#direct.otherIn(person, no) : null;
    const joined = this.#state.rooms.get(room)?.joined.get(by);
    if (room[0] === '@' ? other === null || this.#isDeleted(other) : !joined) return null;
    const reach = this.#marks.inRoom(person, no, everywhere);
    const isKnown = joined !== undefined && (reach.read.get(joined.feed) ?? 0) >= joined.seq;
    const retentions = this.#state.retentions.get(room) ?? [];
    return { person, no, reach, begin: joined && !isKnown ? joined : null, retentions, hasCopies: this.#hasCopies };
  }

  get #hasCopies(): boolean {
    return (this.#sql.copies.get() as { any: number }).any === 1;
  }

  #count(at: Return): number {
    const { key } = this.#sql.last.get(at.no) as { key: HistoryKey | null };
    const from = at.begin?.key ?? 0;
    if (key === null || key < from || at.reach.beyond.every(({ clock }) => clock > key)) return 0;
    let count = 0;
    for (const row of this.#unordered(at, from)) {
      if (this.#waits(row, at)) count++;
      if (count === UNREAD_COUNT_MAX) break;
    }
    return count;
  }

  // Rows that others wrote beyond what was read, and whether they wait

  *#unordered(at: Return, key: HistoryKey): Generator<Row> {
    if (at.reach.beyond.length > FEEDS_FEW) return yield* this.#ofRoom(at, key);
    for (const one of at.reach.beyond) yield* this.#ofFeed(this.#statement(0), at, one, key);
  }

  /** In the order of history. */
  *#rows(at: Return, key: HistoryKey): Generator<Row> {
    const { beyond } = at.reach;
    if (beyond.length > FEEDS_FEW) return yield* this.#ofRoom(at, key);
    yield* merged(beyond.map((one, i) => ({ id: one.id, rows: this.#ofFeed(this.#statement(i), at, one, key) })));
  }

  /** One for each feed that is followed at a time. */
  #statement(i: number): StatementSync {
    this.#rowsOfFeed[i] ??= this.#db.prepare(ROWS_OF_FEED);
    return this.#rowsOfFeed[i];
  }

  *#ofFeed(statement: StatementSync, { no: room, person }: Return, { feed, position, clock }: Beyond, key: HistoryKey): Generator<Row> {
    yield* statement.iterate(room, feed, Math.max(key, clock), messageNo(position, 0), person) as Iterable<unknown> as Iterable<Row>;
  }

  /** Whoever wrote there: what many feeds brought, or all of it, is looked through by the room. */
  *#ofRoom({ no: room, person, reach }: Return, from: HistoryKey): Generator<Row> {
    const beyond = new Map(reach.beyond.map((one) => [one.feed, one]));
    const first = Math.min(...reach.beyond.map(({ clock }) => clock));
    const idOf = ({ feed }: Row): FeedId => beyond.get(feed)!.id;
    let group: Row[] = [];
    const statement = this.#db.prepare(
      'SELECT no, key, author, feed FROM message WHERE room = ? AND key >= ? AND author <> ? ORDER BY key',
    );
    for (const found of statement.iterate(room, Math.max(from, first), person) as Iterable<unknown>) {
      const row = found as Row;
      const one = beyond.get(row.feed);
      if (!one || row.no < messageNo(one.position, 0)) continue;
      if (group.length > 0 && group[0]!.key !== row.key) {
        yield* group.sort((a, b) => compareText(idOf(a), idOf(b)) || a.no - b.no);
        group = [];
      }
      group.push(row);
    }
    yield* group.sort((a, b) => compareText(idOf(a), idOf(b)) || a.no - b.no);
  }

  #waits(row: Row, at: Return): boolean {
    if (this.#isRemoved(row.no) || this.#isErased(row, at.retentions) || !isBehind(row, at)) return false;
    return !at.hasCopies || !this.#wasReadElsewhere(row.no, at.reach.read);
  }

  /** By its age, or with all that its author wrote. */
  #isErased({ no, key, author }: Row, retentions: readonly Retention[]): boolean {
    const { verdicts } = this.#reading.folder().law;
    const deletions = verdicts.table(`deletion ${this.#direct.nameOf(author)}`);
    if (deletions.some(({ body }) => body.law === 'deletion' && body.erase)) return true;
    const old = retentions.filter(({ before }) => key < before);
    if (old.length === 0) return false;
    const place = this.#placeOf(no);
    return place !== null && old.some(({ cut }) => place.seq <= (cut.get(place.feed) ?? 0));
  }

  /** Whether the same message stands in another entry that was read. */
  #wasReadElsewhere(no: number, read: ReadonlyVector): boolean {
    const first = (this.#sql.copyOf.get(no) as { first: number } | undefined)?.first ?? no;
    const copies = (this.#sql.copiesOf.all(first) as { no: number }[]).map((copy) => copy.no);
    return [first, ...copies].some((other) => {
      const place = other === no ? null : this.#placeOf(other);
      return place !== null && place.seq <= (read.get(place.feed) ?? 0) && this.#reading.changeAt(other)?.type === 'message';
    });
  }

  #placeOf(no: number): { feed: FeedId; seq: number } | null {
    return (this.#sql.placeOf.get(Math.floor(no / 256)) as { feed: FeedId; seq: number } | undefined) ?? null;
  }
}

/** Of one feed, what others than a person wrote in a room, in the order of history. */
const ROWS_OF_FEED =
  'SELECT no, key, author, feed FROM message WHERE room = ? AND feed = ? AND key >= ? AND no >= ? AND author <> ? ORDER BY key, no';

/** Whether a message sorts behind where waiting begins. */
function isBehind({ key, feed }: Row, { begin, reach }: Return): boolean {
  const { key: from, feed: of } = begin ?? GENESIS;
  if (key !== from) return key > from;
  return (reach.beyond.find((one) => one.feed === feed)?.id ?? '') > of;
}
