/**
 * The search index: which messages have which words, in the order of history.
 *
 * A full-text table (FTS5) without texts of its own. The number of a row there is the millisecond of the message's history key times 256 plus a place in it, so rows
 * come newest first by themselves, and a time range and a cursor are ranges of numbers. Where a millisecond is full its messages lie in the next ones; how far at most
 * is kept, and reading puts them back in order.
 *
 * Words are folded and parted before they come here (core/terms.ts). Of a run of letters without spaces every two neighbours are a word, so that any part of it is a
 * phrase, and each of its letters is there once. Room and author are words too, of private letters that no text has: so the table itself does the intersection, and
 * its work follows the rarest of what is asked for. What it finds is a guess that is held against the text as it shows now.
 */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { HLC_PER_MS, hlcMs, TIME_MAX } from '../core/hlc.ts';
import type { AuthorId, FeedId } from '../core/ids.ts';
import { decodeMessage } from '../core/message.ts';
import { comparePlaces, type HistoryKey } from '../core/order.ts';
import type { Shown } from '../core/resolve.ts';
import { type Found, isAsked, SEARCH_LIMIT_MAX, type SearchCursor, type SearchPage, type SearchQuery } from '../core/search.ts';
import { snippetOf, type Term, termsOf, type Unit, unitsOf } from '../core/terms.ts';

export const SEARCH_TABLES = `
  CREATE VIRTUAL TABLE message_text USING fts5(text, content='', contentless_delete=1, tokenize='ascii');
  CREATE TABLE text_of(doc INTEGER PRIMARY KEY, no INTEGER NOT NULL);
  CREATE TABLE spill(buckets INTEGER NOT NULL);
  INSERT INTO spill VALUES (0);
`;

/** Numbers for messages of one millisecond: as many as an entry has. */
const BUCKET = 256;
/** Letters of a word that are asked for; the rest is compared in the text. */
const WORD_LETTERS_MAX = 64;
/** Rooms that are looked for by their words at once; of more, what is found is filtered first. */
const ROOMS_FEW = 3;
/** Rooms that are looked for by their words at all. */
const ROOMS_MANY = 500;
/** Candidates filtered by their rooms before the rooms' words are taken instead. */
const FILTERED_MAX = 2000;
/** Candidates looked at for one page. */
const LOOKED_MAX = 20_000;
/** Messages read from the log for one page that were not what was asked for. */
const MISSED_MAX = 1000;
const ROOM_MARK = '\ue000';
const AUTHOR_MARK = '\ue001';
const EMPTY: SearchPage = { found: [], next: null };

/** A message as it is to be found. */
export interface Indexed {
  readonly no: number;
  readonly room: number;
  readonly author: AuthorId;
  readonly key: HistoryKey;
  readonly text: string;
}

export type Numbered = Shown & { readonly no: number };

interface Row {
  readonly doc: number;
  readonly no: number;
  readonly room: number;
  readonly key: HistoryKey;
}

/** The messages of these numbers as they show; what is gone or damaged is left out. */
type Read = (nos: readonly number[]) => readonly Numbered[];

export class SearchIndex {
  readonly #db: DatabaseSync;
  readonly #sql: Record<'last' | 'doc' | 'note' | 'forget' | 'put' | 'drop' | 'spill' | 'spilt', StatementSync>;
  /** How many buckets beyond its own a message lies, at most. */
  #spill = 0;
  /** The buckets that were found full last, and the next number behind them. */
  #full = { from: 0, next: 0 };
  /** The bucket that was written to last, and its first free number. */
  #end = { bucket: -1, doc: -1 };

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = {
      last: db.prepare('SELECT max(doc) AS doc FROM text_of WHERE doc < ?'),
      doc: db.prepare('SELECT doc FROM text_of WHERE doc >= ? AND doc < ? AND no = ?'),
      note: db.prepare('INSERT OR REPLACE INTO text_of(doc, no) VALUES (?, ?)'),
      forget: db.prepare('DELETE FROM text_of WHERE doc = ?'),
      put: db.prepare('INSERT OR REPLACE INTO message_text(rowid, text) VALUES (?, ?)'),
      drop: db.prepare('DELETE FROM message_text WHERE rowid = ?'),
      spill: db.prepare('SELECT buckets FROM spill'),
      spilt: db.prepare('UPDATE spill SET buckets = ?'),
    };
    this.reread();
  }

  /** After a transaction that failed. */
  reread(): void {
    this.#spill = (this.#sql.spill.get() as { buckets: number }).buckets;
    this.#full = { from: 0, next: 0 };
    this.#end = { bucket: -1, doc: -1 };
  }

  /** Forgets everything. */
  reset(): void {
    this.#db.exec('DELETE FROM message_text; DELETE FROM text_of; UPDATE spill SET buckets = 0');
    this.reread();
  }

  /** Puts in messages that are not there yet, in ascending order: the table would else write a part of its own for each that is not. */
  add(messages: readonly Indexed[]): void {
    const numbered = messages.map((message) => ({ doc: this.#number(message), words: wordsOf(message) }));
    numbered.sort((a, b) => a.doc - b.doc);
    for (const { doc, words } of numbered) this.#sql.put.run(doc, words);
  }

  /** Puts a message in place of what there was of it. */
  put(message: Indexed): void {
    this.#sql.put.run(this.#docOf(message) ?? this.#number(message), wordsOf(message));
  }

  /** Takes a message out. */
  drop(message: Pick<Indexed, 'no' | 'key'>): void {
    const doc = this.#docOf(message);
    if (doc === null) return;
    this.#sql.drop.run(doc);
    this.#sql.forget.run(doc);
  }

  #docOf({ no, key }: Pick<Indexed, 'no' | 'key'>): number | null {
    const bucket = hlcMs(key);
    const row = this.#sql.doc.get(bucket * BUCKET, (bucket + this.#spill + 1) * BUCKET, no) as { doc: number } | undefined;
    return row?.doc ?? null;
  }

  /** Gives a message the next free number from its millisecond on. */
  #number({ no, key }: Pick<Indexed, 'no' | 'key'>): number {
    const own = hlcMs(key) * BUCKET;
    const isFull = own >= this.#full.from && own < this.#full.next;
    let bucket = isFull ? this.#full.next : own;
    let doc = bucket === this.#end.bucket ? this.#end.doc : this.#nextIn(bucket);
    for (; doc === bucket + BUCKET; doc = this.#nextIn(bucket)) bucket += BUCKET;
    this.#end = { bucket, doc: doc + 1 };
    if (bucket > own) this.#spilt(isFull ? this.#full.from : own, bucket, own);
    this.#sql.note.run(doc, no);
    return doc;
  }

  /** The number after the last of the bucket that begins here; the next bucket's first where it is full. */
  #nextIn(bucket: number): number {
    const { doc } = this.#sql.last.get(bucket + BUCKET) as { doc: number | null };
    return doc === null || doc < bucket ? bucket : doc + 1;
  }

  #spilt(from: number, next: number, own: number): void {
    this.#full = { from, next };
    const spill = (next - own) / BUCKET;
    if (spill <= this.#spill) return;
    this.#sql.spilt.run(spill);
    this.#spill = spill;
  }

  /** A page of what is asked for. `rooms`: the numbers of all rooms. */
  search(query: SearchQuery, rooms: ReadonlyMap<string, number>, read: Read): SearchPage {
    const terms = termsOf(query.words);
    const allowed = new Set(query.rooms.flatMap((room) => rooms.get(room) ?? []));
    if (allowed.size === 0 || (terms.length === 0 && query.words.trim() !== '')) return EMPTY;
    return new Search(this.#db, this.#spill, query, terms, allowed, read).page();
  }
}

/** One search. */
class Search {
  readonly #db: DatabaseSync;
  readonly #spill: number;
  readonly #query: SearchQuery;
  readonly #terms: readonly Term[];
  readonly #allowed: ReadonlySet<number>;
  readonly #read: Read;
  readonly #limit: number;
  readonly #found: Found[] = [];
  #looked = 0;
  #missed = 0;

  constructor(db: DatabaseSync, spill: number, query: SearchQuery, terms: readonly Term[], allowed: ReadonlySet<number>, read: Read) {
    this.#db = db;
    this.#spill = spill;
    this.#query = query;
    this.#terms = terms;
    this.#allowed = allowed;
    this.#read = read;
    this.#limit = Math.max(1, Math.min(query.limit, SEARCH_LIMIT_MAX));
  }

  page(): SearchPage {
    const few = this.#allowed.size <= ROOMS_FEW;
    let next = this.#scan(this.#query.before ?? null, few, few ? LOOKED_MAX : FILTERED_MAX);
    if (next && !few && this.#found.length <= this.#limit) next = this.#scan(next, this.#allowed.size <= ROOMS_MANY, LOOKED_MAX);
    // One more than fits says that there is more.
    const found = this.#found.slice(0, this.#limit);
    return { found, next: this.#found.length > this.#limit ? found.at(-1)!.message.place : next };
  }

  /** Goes on from a place, until there is enough of anything; where to go on then, null at the end. */
  #scan(before: SearchCursor | null, byRoom: boolean, lookedMax: number): SearchCursor | null {
    this.#looked = 0;
    const query = before ? { ...this.#query, before } : this.#query;
    for (const rows of groups(this.#rows(before, byRoom))) {
      const isIn = rows[0]!.key <= (before?.key ?? Number.MAX_SAFE_INTEGER);
      if (isIn)
        this.#take(
          rows.filter((row) => this.#allowed.has(row.room)),
          query,
        );
      this.#looked += rows.length;
      if (this.#found.length > this.#limit || this.#looked >= lookedMax || this.#missed >= MISSED_MAX) return beforeAll(rows[0]!.key);
    }
    return null;
  }

  /** Adds those of one key that are what was asked for. */
  #take(rows: readonly Row[], query: SearchQuery): void {
    if (rows.length === 0) return;
    const messages = this.#read(rows.map(({ no }) => no)).filter((message) => isAsked(query, message));
    const found = [...messages].sort((a, b) => comparePlaces(b.place, a.place)).flatMap((message) => this.#foundIn(message) ?? []);
    this.#missed += rows.length - found.length;
    this.#found.push(...found);
  }

  #foundIn({ no: _, ...message }: Numbered): Found | null {
    if (!message.payload) return null;
    const snippet = snippetOf(decodeMessage(message.payload).text, this.#terms);
    return snippet && { message, snippet };
  }

  /** Candidates by descending number. */
  #rows(before: SearchCursor | null, byRoom: boolean): Iterable<Row> {
    const { author, fromMs = 0, toMs = Number.MAX_SAFE_INTEGER } = this.#query;
    const asked = this.#terms.flatMap(askedFor);
    if (author !== undefined) asked.push(`"${AUTHOR_MARK}${author.replaceAll('"', '')}"`);
    if (byRoom) asked.push(`(${[...this.#allowed].map((room) => ROOM_MARK + room).join(' OR ')})`);
    const lastMs = Math.min(toMs, before ? hlcMs(before.key) : Number.MAX_SAFE_INTEGER);
    const range = [numberOf(fromMs), numberOf(lastMs + this.#spill + 1)];
    const columns = 'd.doc AS doc, d.no AS no, m.room AS room, m.key AS key';
    if (asked.length === 0) {
      const sql = `SELECT ${columns} FROM text_of d CROSS JOIN message m ON m.no = d.no WHERE d.doc >= ? AND d.doc < ? ORDER BY d.doc DESC`;
      return this.#db.prepare(sql).iterate(...range) as Iterable<unknown> as Iterable<Row>;
    }
    const sql = `SELECT ${columns} FROM message_text t CROSS JOIN text_of d ON d.doc = t.rowid CROSS JOIN message m ON m.no = d.no
      WHERE message_text MATCH ? AND t.rowid >= ? AND t.rowid < ? ORDER BY t.rowid DESC`;
    return this.#db.prepare(sql).iterate(asked.join(' AND '), ...range) as Iterable<unknown> as Iterable<Row>;
  }
}

/** The first number of a millisecond. Not as a double: of those the full-text table makes no use. */
function numberOf(ms: number): bigint {
  return BigInt(Math.floor(Math.max(0, Math.min(ms, TIME_MAX / HLC_PER_MS + 1_000_000)))) * BigInt(BUCKET);
}

/** Before everything with this key. */
function beforeAll(key: HistoryKey): SearchCursor {
  return { key, feed: '' as FeedId, seq: 0, index: 0 };
}

/** Rows by descending key, those of one key together. They come by descending number, which is that of their millisecond or, where that was full, of a later one. */
function* groups(rows: Iterable<Row>): Generator<Row[]> {
  let waiting: Row[] = [];
  let latestMs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const bucket = Math.floor(row.doc / BUCKET);
    if (latestMs > bucket) {
      yield* byKey(waiting.filter(({ key }) => hlcMs(key) > bucket));
      waiting = waiting.filter(({ key }) => hlcMs(key) <= bucket);
      latestMs = waiting.reduce((latest, { key }) => Math.max(latest, hlcMs(key)), Number.NEGATIVE_INFINITY);
    }
    waiting.push(row);
    latestMs = Math.max(latestMs, hlcMs(row.key));
  }
  yield* byKey(waiting);
}

function* byKey(rows: readonly Row[]): Generator<Row[]> {
  const sorted = [...rows].sort((a, b) => b.key - a.key);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]!.key === sorted[from]!.key) to++;
    yield sorted.slice(from, to);
  }
}

/** A text that the table's own tokenizer parts as core/terms.ts would. */
const SIMPLE = /^[\x01-\x7f]*$/;

/** What the index holds of a message. */
function wordsOf({ room, author, text }: Indexed): string {
  if (SIMPLE.test(text)) return `${ROOM_MARK}${room} ${AUTHOR_MARK}${author} ${text}`;
  const units = unitsOf(text.normalize('NFC'));
  const letters = new Set(units.flatMap((unit) => unit.letters?.map((letter) => letter.text) ?? []));
  return [ROOM_MARK + room, AUTHOR_MARK + author, ...units.flatMap(wordsOfUnit), ...letters].join(' ');
}

/** A word, or each two neighbours in a run; of a run of one letter that one. */
function wordsOfUnit({ text, letters }: Unit): string[] {
  if (!letters) return [text.slice(0, WORD_LETTERS_MAX)];
  if (letters.length === 1) return [text];
  return letters.slice(1).map((letter, i) => letters[i]!.text + letter.text);
}

/**
 * What to ask the index for a term: no less than what has it. Words side by side are a phrase, and so are the pairs of a run. Of a word too long to count whole the
 * beginning is asked for.
 */
function askedFor({ units, prefix }: Term): string[] {
  const phrases: { readonly words: string[]; isPrefix: boolean }[] = [];
  units.forEach((unit, i) => {
    const last = phrases.at(-1);
    const isPrefix = unit.letters === null && (unit.text.length > WORD_LETTERS_MAX || (prefix && i === units.length - 1));
    const follows = last && !last.isPrefix && unit.letters === null && units[i - 1]!.letters === null;
    if (follows) {
      last.words.push(...wordsOfUnit(unit));
      last.isPrefix = isPrefix;
    } else phrases.push({ words: wordsOfUnit(unit), isPrefix });
  });
  return phrases.map(({ words, isPrefix }) => `"${words.join(' ')}"${isPrefix ? '*' : ''}`);
}
