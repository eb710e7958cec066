/**
 * The views: pages of history and the search index, made by following the log, and made anew from it whenever they are missing.
 *
 * Two cursors: history runs right behind the commit; search follows it when there is nothing else to do. A message id that was there before is resolved here:
 * of all ops that carry it and show, the first in history order has the row. What hangs on a message is found by its target and resolved when it is read, so
 * that what became withheld since shows no more; what a change of the law touched is placed again.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { type Folded, type Folder, makeFolder } from '../core/fold.ts';
import { type FeedId, type MessageId, messageId, type NetworkId, type RoomId } from '../core/ids.ts';
import { decodeMessage } from '../core/message.ts';
import { type Head, KIND } from '../core/op.ts';
import { comparePlaces } from '../core/order.ts';
import type { HistoryPage, HistoryQuery } from '../core/port.ts';
import { resolve, type Shown } from '../core/resolve.ts';
import type { SearchPage, SearchQuery } from '../core/search.ts';
import { type About, type Change, type Message, placeOf } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import type { Hole } from '../sync/effects.ts';
import { BeyondCursor, type BeyondQuery } from './beyond.ts';
import type { Checked } from './damage.ts';
import { Hanging, type HangingQuery, type HangingReading, type Hung } from './hanging.ts';
import { Own, type OwnQuery, type OwnReading } from './own.ts';
import { PlacedEntries } from './placed.ts';
import { RoomNumbers } from './room-numbers.ts';
import { RoomPages } from './room-pages.ts';
import { type NamedRow, namedEntryOf, readFeedEntries, readFeeds, readGovernance } from './rows.ts';
import { emptyWal, lastPosition, messageNo, openViews } from './schema.ts';
import { type Indexed, type Numbered, SearchIndex } from './search.ts';
import { Sweep, type Swept } from './sweep.ts';

/** Entries folded in one transaction. */
const SLICE_ENTRIES = 64;
/** Messages indexed for search in one transaction. */
const SLICE_TEXTS = 500;

/** Entries and what they changed, until that is written. */
interface Slice {
  readonly entries: readonly { readonly position: number; readonly changes: readonly Change[]; readonly hidden: readonly Hidden[] }[];
  /** Whether what was there before may be erased now, or not any more. */
  readonly isSweptAgain: boolean;
  /** The position they reach to. */
  readonly last: number;
}

/** An op of content that shows nowhere. */
interface Hidden {
  readonly head: Head;
  readonly index: number;
}

interface MessageRow {
  no: number;
  key: number;
}

export class Views {
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly #entries: PlacedEntries;
  readonly #sweep: Sweep;
  readonly #history: RoomPages;
  readonly #beyond: BeyondCursor;
  readonly #db: DatabaseSync;
  readonly #own: Own;
  readonly #hanging: Hanging;
  /** What entries that were read last change, until the law may have changed. */
  #changes = new WeakMap<Entry, readonly Change[]>();
  #folder: Folder;
  readonly #rooms: RoomNumbers;
  #slice: Slice | null = null;
  #position: number;
  #searched: number;
  readonly #search: SearchIndex;
  readonly #sql: Record<'after' | 'id' | 'add' | 'drop' | 'copy' | 'copies' | 'about' | 'abouts' | 'at' | 'cursor', StatementSync>;

  constructor(suite: Suite, network: NetworkId, file: string, logFile: string) {
    this.#suite = suite;
    this.#network = network;
    this.#db = openViews(file, logFile);
    const db = this.#db;
    this.#sql = {
      id: db.prepare('SELECT no FROM log.message_id WHERE id = ?'),
      add: db.prepare('INSERT OR REPLACE INTO message(no, room, key, feed, author) VALUES (?, ?, ?, ?, ?)'),
      drop: db.prepare('DELETE FROM message WHERE no = ?'),
      after: db.prepare(
        'SELECT position, seq, bytes, payloads FROM log.entry WHERE feed = (SELECT no FROM log.feed WHERE id = ?) AND seq >= ? AND position <= ? ORDER BY seq',
      ),
      copy: db.prepare('INSERT OR IGNORE INTO copy(first, no) VALUES (?, ?)'),
      copies: db.prepare('SELECT no FROM copy WHERE first = ? ORDER BY no'),
      about: db.prepare('INSERT OR IGNORE INTO about(target, no) VALUES (?, ?)'),
      abouts: db.prepare('SELECT no FROM about WHERE target = ? ORDER BY no'),
      at: db.prepare('SELECT no, key FROM message WHERE no = ?'),
      cursor: db.prepare('UPDATE cursor SET position = ? WHERE name = ?'),
    };
    this.#rooms = new RoomNumbers(db);
    this.#search = new SearchIndex(db);
    this.#entries = new PlacedEntries(db, suite, (feed) => this.#folder.state.feeds.get(feed));
    const reading: OwnReading & HangingReading = {
      folder: () => this.#folder,
      changeAt: (no) => this.#changeAt(no, new Map(), (position) => this.#entries.at(position)),
      messagesAt: (nos) => this.#messagesAt(nos),
      candidates: (id) => this.#candidates(id),
      epoch: () => this.#changes,
      room: (id) => this.#rooms.known(id),
      roomNo: (id) => this.#rooms.of(id),
      servedAt: (no) => this.#changeAt(no, new Map(), (position) => this.#entries.wholeAt(position)),
      hung: (id) => this.#hung(id),
    };
    this.#own = new Own(db, reading);
    this.#hanging = new Hanging(db, reading);
    this.#sweep = new Sweep(db, this.#entries);
    this.#history = new RoomPages(db, suite, { messagesAt: (nos) => this.#messagesAt(nos), shownBy: (id) => this.#shownBy(id) });
    this.#beyond = new BeyondCursor(db, (nos) => this.#messagesAt(nos));
    this.#position = this.#cursor('history');
    this.#searched = this.#cursor('search');
    this.#folder = this.#newFolder();
  }

  /** A folder that holds the governance up to where the views are. */
  #newFolder(): Folder {
    const folder = makeFolder(this.#suite);
    this.#resume(folder);
    for (const entry of readGovernance(this.#db, this.#suite, this.#position)) folder.fold(entry);
    return folder;
  }

  #cursor(name: string): number {
    return (this.#db.prepare('SELECT position FROM cursor WHERE name = ?').get(name) as { position: number }).position;
  }

  /** The position up to which history is there. */
  get position(): number {
    return this.#position;
  }

  /** Follows the log by one slice. Whether there was something to do. Throws where the views cannot be written; the same slice is tried again then. */
  follow(): boolean {
    this.#slice ??= this.#foldSlice();
    const slice = this.#slice;
    const { last } = slice;
    if (last <= this.#position) {
      this.#slice = null;
      return false;
    }
    this.#write(() => {
      if (slice.isSweptAgain) this.#sweep.again();
      for (const { position, changes, hidden } of slice.entries) {
        for (const change of changes) this.#index(position, change);
        for (const { head, index } of hidden) this.#note(head, messageNo(position, index));
      }
      this.#sql.cursor.run(last, 'history');
    });
    this.#slice = null;
    this.#position = last;
    return true;
  }

  #foldSlice(): Slice {
    // The end of the log may be holes, which have no rows. Read first, as the log grows meanwhile.
    const end = lastPosition(this.#db);
    const { epoch } = this.#folder;
    const rows = this.#entries.after(this.#position, SLICE_ENTRIES);
    if (rows.length > 0) this.#changes = new WeakMap();
    const entries = rows.flatMap((row) => {
      const entry = this.#entries.of(row);
      if (!entry) return [];
      const { changes, voids } = this.#fold(entry);
      return [{ position: row.position, changes, hidden: [...voids.keys()].map((index) => ({ head: entry.heads[index]!, index })) }];
    });
    const last = rows.at(-1)?.position ?? 0;
    return { entries, isSweptAgain: this.#folder.epoch !== epoch, last: rows.length < SLICE_ENTRIES ? Math.max(end, last) : last };
  }

  /** Where the first entry of a feed is a hole since before it was followed, the log itself says whose feed it is. */
  #fold(entry: Entry): Folded {
    if (!entry.header && !this.#folder.state.feeds.has(entry.feed)) this.#resume(this.#folder);
    return this.#folder.fold(entry);
  }

  #resume(folder: Folder): void {
    for (const { info, tip } of readFeeds(this.#db, this.#suite, this.#network)) folder.resume(info, tip.seq);
  }

  /** Does it whole or not at all. */
  #write(change: () => void): void {
    this.#db.exec('BEGIN');
    try {
      change();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      this.#rooms.reread();
      this.#search.reread();
      throw error;
    }
  }

  #index(position: number, change: Change): void {
    this.#own.index(position, change);
    this.#hanging.index(position, change);
    switch (change.type) {
      case 'message':
        return this.#addMessage(change.message, messageNo(position, change.message.place.index));
      case 'edit':
      case 'reaction':
      case 'pin':
        this.#sql.about.run(fromHex(change.about.target), messageNo(position, change.about.place.index));
        return change.type === 'edit' ? this.#indexText(change.about.target) : undefined;
      case 'remove':
        for (const no of this.#opsAbout(change.target)) this.#sweep.queue(Math.floor(no / 256));
        return;
      case 'refolded':
        for (const [feed, seq] of change.from) this.#placeAgain(feed, seq, position);
        return;
      default:
        return;
    }
  }

  /** Notes where an op lies that shows nowhere, so that it is found when it is to be erased. */
  #note({ kind, author, client, target }: Head, no: number): void {
    if (kind === KIND.edit && target) this.#sql.about.run(fromHex(target), no);
    const first = kind === KIND.message ? this.#firstNo(messageId(author, client)) : null;
    if (first !== null && first !== no) this.#sql.copy.run(first, no);
  }

  /** Where the ops of a message, and what hangs on it, lie. */
  #opsAbout(id: MessageId): number[] {
    return [...this.#candidates(id), ...(this.#sql.abouts.all(fromHex(id)) as { no: number }[]).map(({ no }) => no)];
  }

  #addMessage(message: Message, no: number): void {
    const first = this.#firstNo(message.id);
    if (first === null || first === no) return this.#add(message, no);
    this.#sql.copy.run(first, no);
    this.#place(message.id);
  }

  /** Gives the row of a message id to the first in history order of those that show. */
  #place(id: MessageId): void {
    const candidates = this.#candidates(id);
    for (const no of candidates) this.#drop(no);
    const [best] = this.#messagesAt(candidates, (position) => this.#entries.at(position)).sort((a, b) => comparePlaces(a.place, b.place));
    if (!best) return;
    this.#add(best, best.no);
    this.#indexText(id);
  }

  #add(message: Message, no: number): void {
    const room = this.#rooms.of(message.room);
    const { feed, author } = this.#own.columns(message, room);
    this.#sql.add.run(no, room, message.place.key, feed, author);
    this.#own.placed(message);
  }

  #drop(no: number): void {
    const row = this.#sql.at.get(no) as MessageRow | undefined;
    if (row) this.#search.drop(row);
    this.#sql.drop.run(no);
  }

  /** What the entries of a feed from `seq` on show may be other than it was. */
  #placeAgain(feed: FeedId, seq: number, upTo: number): void {
    for (const row of this.#sql.after.all(fromHex(feed), seq, upTo) as unknown as Omit<NamedRow, 'feed'>[]) {
      const entry = decoding(() => namedEntryOf(this.#suite, { ...row, feed }));
      // What is damaged comes again, and is placed then.
      if (entry instanceof Error) continue;
      for (const change of this.#fold(entry).changes) if (change.type !== 'message') this.#index(row.position, change);
      entry.heads.forEach(({ kind, author, client }, index) => {
        if (kind !== KIND.message) return;
        const id = messageId(author, client);
        const first = this.#firstNo(id);
        const no = messageNo(row.position, index);
        if (first !== null && first !== no) this.#sql.copy.run(first, no);
        this.#place(id);
      });
    }
  }

  /** Puts the text that a message shows now in place of the one it was found by. */
  #indexText(id: MessageId): void {
    const message = this.#shownBy(id);
    if (!message || Math.floor(message.no / 256) > this.#searched) return;
    if (message.payload) this.#search.put(this.#indexed(message));
    else this.#search.drop({ no: message.no, key: message.place.key });
  }

  #indexed({ no, room, author, place, payload }: Numbered): Indexed {
    return { no, room: this.#rooms.of(room), author, key: place.key, text: decodeMessage(payload!).text };
  }

  /** Where the op is that was the first here with this id. */
  #firstNo(id: MessageId): number | null {
    return (this.#sql.id.get(fromHex(id)) as { no: number } | undefined)?.no ?? null;
  }

  /** Where ops with this id are. */
  #candidates(id: MessageId): number[] {
    const first = this.#firstNo(id);
    if (first === null) return [];
    return [first, ...(this.#sql.copies.all(first) as { no: number }[]).map(({ no }) => no)];
  }

  /** The message that has the row of an id. */
  #shownBy(id: MessageId): Numbered | null {
    const held = this.#candidates(id).find((no) => this.#sql.at.get(no) !== undefined);
    return held === undefined ? null : (this.#messagesAt([held])[0] ?? null);
  }

  /** Indexes a slice of messages for search. Whether there was something to do. */
  followSearch(): boolean {
    if (this.#searched >= this.#position) return false;
    const limit = messageNo(this.#position + 1, 0);
    const sql = 'SELECT no, key FROM message WHERE no >= ? AND no < ? ORDER BY no LIMIT ?';
    const rows = this.#db.prepare(sql).all(messageNo(this.#searched + 1, 0), limit, SLICE_TEXTS) as unknown as MessageRow[];
    const last = rows.length < SLICE_TEXTS ? this.#position : Math.floor(rows.at(-1)!.no / 256) - 1;
    const upTo = messageNo(last + 1, 0);
    const nos = rows.filter((row) => row.no < upTo).map((row) => row.no);
    const texts = this.#messagesAt(nos, (position) => this.#entries.at(position));
    const searched = Math.max(last, this.#searched);
    this.#write(() => {
      this.#search.add(texts.filter(({ payload }) => payload).map((message) => this.#indexed(message)));
      this.#sql.cursor.run(searched, 'search');
    });
    this.#searched = searched;
    return true;
  }

  // Reading

  /** The messages of these places as they show, each entry read once: whole entries to be served, unless told otherwise. */
  #messagesAt(nos: readonly number[], read = (position: number) => this.#entries.wholeAt(position)): Numbered[] {
    const known = new Map<number, readonly Change[]>();
    const messages: Numbered[] = [];
    for (const no of nos) {
      const change = this.#changeAt(no, known, read);
      if (change?.type !== 'message') continue;
      messages.push({ ...resolve(this.#folder, change.message, this.#aboutsOf(change.message.id, known, read)), no });
    }
    return messages;
  }

  #aboutsOf(id: MessageId, known: Map<number, readonly Change[]>, read: (position: number) => Entry | null): About[] {
    return (this.#sql.abouts.all(fromHex(id)) as { no: number }[]).flatMap(({ no }) => {
      const change = this.#changeAt(no, known, read);
      return change && 'about' in change ? change.about : [];
    });
  }

  /** A message as it came, and what is about it. */
  #hung(id: MessageId): Hung | null {
    const known = new Map<number, readonly Change[]>();
    const read = (position: number) => this.#entries.wholeAt(position);
    const held = this.#candidates(id).find((no) => this.#sql.at.get(no) !== undefined);
    const change = held === undefined ? undefined : this.#changeAt(held, known, read);
    return change?.type === 'message' ? { message: change.message, abouts: this.#aboutsOf(id, known, read) } : null;
  }

  /** What the op of content at a place changes, as the law is now. */
  #changeAt(no: number, known: Map<number, readonly Change[]>, read: (position: number) => Entry | null): Change | undefined {
    const position = Math.floor(no / 256);
    let changes = known.get(position);
    if (!changes) {
      const entry = read(position);
      changes = entry ? this.#changesOf(entry) : [];
      known.set(position, changes);
    }
    return changes.find((change) => placeOf(change)?.index === no % 256);
  }

  #changesOf(entry: Entry): readonly Change[] {
    let changes = this.#changes.get(entry);
    if (!changes) this.#changes.set(entry, (changes = this.#folder.fold(entry).changes));
    return changes;
  }

  /** A page of history, in history order. */
  history(query: HistoryQuery): HistoryPage {
    if (query.type === 'unread') return { messages: this.#own.unreadPage(query.by, query.room, query.after, query.limit) };
    return this.#history.page(query, this.#rooms.known(query.room));
  }

  /** What a cursor does not cover of a room, in history order. */
  beyond(query: BeyondQuery): Shown[] {
    const room = this.#rooms.known(query.room);
    return room === undefined ? [] : this.#beyond.page(query, room);
  }

  /** Messages as they show. */
  shown(ids: readonly MessageId[]): Shown[] {
    return ids.flatMap((id) => this.#shownBy(id) ?? []);
  }

  /** What people keep for themselves, and what was reported. */
  own(query: OwnQuery): ReturnType<Own['ask']> {
    return this.#own.ask(query);
  }

  /** What hangs on messages. */
  hanging(query: HangingQuery): ReturnType<Hanging['ask']> {
    return this.#hanging.ask(query);
  }

  /** Entries of a feed to be served, and the first that is damaged. */
  entries(feed: FeedId, after: number, bytesMax: number): Checked {
    return readFeedEntries(this.#db, this.#suite, this.#network, feed, after, bytesMax);
  }

  /** An entry is where a hole was: what follows from it is made up for. */
  mended(position: number): void {
    const entry = this.#entries.at(position);
    if (!entry || position > this.#position) return;
    // What was judged without it may count otherwise.
    if (this.#folder.state.feeds.get(entry.feed)?.kind === FEED_KIND.governance) return this.reset();
    const { changes } = this.#fold(entry);
    this.#write(() => {
      this.#own.mended(entry);
      for (const change of changes) this.#index(position, change);
      for (const change of changes) if (change.type === 'message') this.#indexText(change.message.id);
    });
  }

  /** What is to be erased next, of the entries that the views have followed. */
  erasable(): Swept {
    return this.#sweep.next(this.#folder, this.#position);
  }

  /** It was taken out of the log: its words are taken out of the search index. */
  erased(swept: Swept): void {
    this.#write(() => {
      this.#sweep.done(swept);
      for (const { position, ops } of swept.blanks) {
        const heads = this.#entries.at(position)?.heads ?? [];
        for (const op of ops) if (heads[op]) this.#unindex(heads[op], messageNo(position, op));
      }
    });
  }

  #unindex({ kind, author, client, target }: Head, no: number): void {
    const id = kind === KIND.edit && target ? target : messageId(author, client);
    for (const one of [no, ...this.#candidates(id)]) {
      const row = this.#sql.at.get(one) as MessageRow | undefined;
      if (row) this.#search.drop(row);
    }
    this.#indexText(id);
  }

  /** Overwrites what was taken out where it lay; one step of it. Whether there is more. Throws while readers are in the way. */
  settle(isFirst: boolean): boolean {
    if (this.#sweep.merge(isFirst)) return true;
    if (!emptyWal(this.#db)) throw new Error('the views’ write-ahead log is being read');
    return false;
  }

  /** Forgets everything: it is made anew by following the log from its beginning. */
  reset(): void {
    this.#write(() => {
      this.#db.exec(
        'DELETE FROM message; DELETE FROM copy; DELETE FROM about; DELETE FROM room; DELETE FROM erasing; UPDATE cursor SET position = 0',
      );
      this.#search.reset();
      this.#own.reset();
      this.#hanging.reset();
    });
    this.#rooms.reread();
    this.#slice = null;
    this.#position = 0;
    this.#searched = 0;
    this.#folder = this.#newFolder();
    this.#changes = new WeakMap();
  }

  /** What reading found damaged since the last call. */
  takeDamaged(): Hole[] {
    return this.#entries.takeDamaged();
  }

  /** A page of what is asked for, as it shows now. */
  search(query: SearchQuery): SearchPage {
    const direct = query.directOf === undefined ? [] : this.#own.directRooms(query.directOf);
    return this.#search.search({ ...query, rooms: [...query.rooms, ...direct] }, this.#rooms.all, (nos) => this.#messagesAt(nos));
  }

  /** The highest history key of every room. */
  lastKeys(): Map<RoomId, number> {
    const rows = this.#db.prepare('SELECT r.id AS id, (SELECT max(key) FROM message m WHERE m.room = r.no) AS key FROM room r').all();
    return new Map((rows as { id: RoomId; key: number | null }[]).map(({ id, key }) => [id, key ?? 0]));
  }

  close(): void {
    this.#db.close();
  }
}
