/** Exports: the operator's canonical one, and what somebody may read; straight from the log's tables within one read transaction; works on a live node's store and on a stopped one's. */

import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { canonicalHead, canonicalMessage } from '../core/canonical.ts';
import { type Entry, payloadFault, readEntry } from '../core/entry.ts';
import { isExplained } from '../core/erasure.ts';
import { FOLD_VERSION, makeFolder } from '../core/fold.ts';
import type { AuthorId, MessageId, NetworkId } from '../core/ids.ts';
import { mayReadMessage } from '../core/may-read.ts';
import { comparePlaces, type HistoryKey, type Place } from '../core/order.ts';
import { resolve, type Shown } from '../core/resolve.ts';
import type { About, Message, State } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import type { Vector } from '../core/vector.ts';
import { fromHex } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import { DamagedLogError } from './damage.ts';
import { type EntryRow, type NamedRow, namedEntryOf, namedRows, readFeeds } from './rows.ts';
import { messageNo } from './schema.ts';

/** Counts of what an export went through. */
export interface Counts {
  entries: number;
  ops: number;
  messages: number;
  accounts: number;
  rooms: number;
  /** Entries whose bytes or payloads are not what they were. */
  damaged: number;
}

interface Found {
  readonly no: number;
  readonly place: Place;
}

/** The lines of the canonical export; `counts` is filled on the way. */
export class CanonicalExport {
  /** Of what was exported last. */
  vector: Vector = new Map();
  readonly #db: DatabaseSync;
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly counts: Counts = { entries: 0, ops: 0, messages: 0, accounts: 0, rooms: 0, damaged: 0 };
  readonly #folder;
  readonly #places: Found[] = [];
  readonly #repeats = new Map<MessageId, Found[]>();
  /** What hangs on messages. */
  readonly #abouts = new Map<MessageId, About[]>();
  readonly #damaged = new Set<number>();

  constructor(db: DatabaseSync, suite: Suite, network: NetworkId) {
    this.#db = db;
    this.#suite = suite;
    this.#network = network;
    this.#folder = makeFolder(suite);
  }

  get state(): State {
    return this.#folder.state;
  }

  /** All lines; the state is whole when the first has come. */
  *lines(wanted: (message: Message) => boolean = () => true): Generator<string> {
    this.#db.exec('BEGIN');
    try {
      const vector = this.#fold();
      this.vector = vector;
      yield* canonicalHead(this.#folder, vector);
      for (const { message, damaged } of this.messages()) if (wanted(message)) yield canonicalMessage(this.state, message, damaged);
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  /** The messages that somebody may read now (null: that anybody may); who that is, is asked when the state is whole. */
  *readable(asker: (state: State) => AuthorId | null, now: HistoryKey): Generator<{ message: Shown; damaged: boolean }> {
    this.#db.exec('BEGIN');
    try {
      this.#fold();
      const author = asker(this.state);
      for (const one of this.messages()) {
        const { message } = one;
        const isPublic = message.room[0] === '#';
        if (isPublic || (author !== null && mayReadMessage(this.#folder, author, message, now))) yield one;
      }
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  /** Folds the whole log, governance first, and notes the places of its messages. */
  #fold(): Vector {
    const vector: Vector = new Map();
    for (const { info, tip } of readFeeds(this.#db, this.#suite, this.#network)) {
      vector.set(info.feed, tip.seq);
      // Its first entry, which says so, may be a hole.
      this.#folder.resume(info, 0);
    }
    const first = this.#db.prepare('SELECT no FROM message_id WHERE id = ?');
    for (const { entry } of this.#entries('governance')) this.#folder.fold(entry);
    for (const { entry, position } of this.#entries('content')) {
      for (const change of this.#folder.fold(entry).changes) {
        if (change.type === 'message') this.#note(change.message, position, first);
        else if ('about' in change) this.#abouts.set(change.about.target, [...(this.#abouts.get(change.about.target) ?? []), change.about]);
      }
    }
    this.#resolve(first);
    this.#places.sort((a, b) => comparePlaces(a.place, b.place));
    const { accounts, guests, rooms } = this.state;
    Object.assign(this.counts, { accounts: accounts.size + guests.size, rooms: rooms.size, messages: this.#places.length });
    return vector;
  }

  /** The entries that can be read, in the order of the log. */
  *#entries(of: 'governance' | 'content'): Generator<{ entry: Entry; position: number }> {
    for (const row of namedRows(this.#db, of)) {
      const entry = this.#read(row);
      if (entry) yield { entry, position: row.position };
    }
  }

  #note(message: Message, position: number, first: { get(id: Uint8Array): unknown }): void {
    const found = { no: messageNo(position, message.place.index), place: message.place };
    const known = first.get(fromHex(message.id)) as { no: number } | undefined;
    if (known?.no === found.no) this.#places.push(found);
    else this.#repeats.set(message.id, [...(this.#repeats.get(message.id) ?? []), found]);
  }

  #read(row: NamedRow): Entry | null {
    this.counts.entries++;
    const entry = decoding(() => namedEntryOf(this.#suite, row));
    const fault = entry instanceof Error ? entry.message : decoding(() => payloadFault(this.#suite, entry));
    const isWhole = !fault && !(entry instanceof Error) && isExplained(this.#folder, entry);
    if (!isWhole) {
      this.counts.damaged++;
      this.#damaged.add(row.position);
    }
    if (entry instanceof Error || fault instanceof Error) return null;
    this.counts.ops += entry.heads.length;
    return entry;
  }

  /** Of the ops that repeat an id, the first in history order takes the place. */
  #resolve(first: { get(id: Uint8Array): unknown }): void {
    if (this.#repeats.size === 0) return;
    const index = new Map(this.#places.map((found, i) => [found.no, i]));
    for (const [id, repeats] of this.#repeats) {
      const known = first.get(fromHex(id)) as { no: number } | undefined;
      const at = known && index.get(known.no);
      const best = repeats.reduce((a, b) => (comparePlaces(a.place, b.place) <= 0 ? a : b));
      if (at === undefined) this.#places.push(best);
      else if (comparePlaces(best.place, this.#places[at]!.place) < 0) this.#places[at] = best;
    }
  }

  /** The messages in history order; each run of one entry's messages reads the entry once. */
  *messages(): Generator<{ message: Shown; damaged: boolean }> {
    const read = this.#db.prepare('SELECT position, bytes, payloads FROM entry WHERE position = ?');
    const cache = new Map<number, Message[]>();
    for (const { no } of this.#places) {
      const position = Math.floor(no / 256);
      let messages = cache.get(position);
      if (!messages) {
        const row = read.get(position) as unknown as EntryRow | undefined;
        if (!row) throw new DamagedLogError('an entry is not found in the place where it was read');
        messages = [];
        for (const change of this.#folder.fold(readEntry(this.#suite, row.bytes, row.payloads)).changes) {
          if (change.type === 'message') messages[change.message.place.index] = change.message;
        }
        if (cache.size >= 64) cache.delete(cache.keys().next().value!);
        cache.set(position, messages);
      }
      const message = messages[no % 256];
      if (!message) continue;
      const shown = resolve(this.#folder, message, this.#abouts.get(message.id) ?? []);
      yield { message: shown, damaged: this.#damaged.has(position) };
    }
  }
}

/** The SHA-256 of the canonical export, its counts, and the vector that it is of: the log may have grown since it was asked for. */
export function stateHash(db: DatabaseSync, suite: Suite, network: NetworkId): { hash: string; fold: number; vector: Vector } & Counts {
  const exporter = new CanonicalExport(db, suite, network);
  const hash = createHash('sha256');
  for (const line of exporter.lines()) hash.update(`${line}\n`);
  return { hash: hash.digest('hex'), fold: FOLD_VERSION, vector: exporter.vector, ...exporter.counts };
}
