/** People and feeds by short numbers, for the tables of the views; and who has direct rooms with whom. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuthorId, FeedId, RoomId } from '../core/ids.ts';
import { fromHex, toHex } from '../lib/bytes.ts';
import { DamagedLogError } from './damage.ts';

/** No person has this number. */
const NOBODY = 0;

/** A direct room, as one of its two people sees it. */
export interface DirectRoom {
  readonly room: RoomId;
  readonly with: AuthorId;
}

export class Direct {
  readonly #db: DatabaseSync;
  readonly #feeds = new Map<FeedId, number>();
  readonly #sql: Record<'person' | 'name' | 'known' | 'feed' | 'add' | 'rooms' | 'other', StatementSync>;

  /** Over the views, with the log attached as `log`. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#sql = {
      person: db.prepare('INSERT INTO person(id) VALUES (?)'),
      known: db.prepare('SELECT no FROM person WHERE id = ?'),
      name: db.prepare('SELECT id FROM person WHERE no = ?'),
      feed: db.prepare('SELECT no FROM log.feed WHERE id = ?'),
      add: db.prepare('INSERT OR IGNORE INTO direct(person, room, other) VALUES (?, ?, ?)'),
      rooms: db.prepare(
        'SELECT r.id AS room, p.id AS other FROM direct d JOIN room r ON r.no = d.room JOIN person p ON p.no = d.other WHERE d.person = ?',
      ),
      other: db.prepare('SELECT p.id AS other FROM direct d JOIN person p ON p.no = d.other WHERE d.person = ? AND d.room = ?'),
    };
  }

  /** The number of a person, given where there is none yet. */
  person(id: AuthorId): number {
    return this.known(id) || Number(this.#sql.person.run(fromHex(id)).lastInsertRowid);
  }

  /** The number of a person; that of nobody where there is none. */
  known(id: AuthorId): number {
    return (this.#sql.known.get(fromHex(id)) as { no: number } | undefined)?.no ?? NOBODY;
  }

  nameOf(person: number): AuthorId {
    const row = this.#sql.name.get(person) as { id: Uint8Array } | undefined;
    if (!row) throw new DamagedLogError('the views name a person whom they do not know');
    return toHex(row.id) as AuthorId;
  }

  /** The number that the log gave a feed. */
  feed(id: FeedId): number {
    let no = this.#feeds.get(id);
    if (no !== undefined) return no;
    no = (this.#sql.feed.get(fromHex(id)) as { no: number } | undefined)?.no;
    if (no === undefined) throw new DamagedLogError(`the feed ${id} is not found by its name`);
    this.#feeds.set(id, no);
    return no;
  }

  /** Somebody wrote to somebody. */
  add(author: number, to: number, room: number): void {
    this.#sql.add.run(author, room, to);
    this.#sql.add.run(to, room, author);
  }

  /** The direct rooms of a person in which anything was ever written. */
  roomsOf(person: number): DirectRoom[] {
    const rows = this.#sql.rooms.all(person) as { room: RoomId; other: Uint8Array }[];
    return rows.map(({ room, other }) => ({ room, with: toHex(other) as AuthorId }));
  }

  /** The other one of a person's direct room; null where it is not theirs. */
  otherIn(person: number, room: number): AuthorId | null {
    const row = this.#sql.other.get(person, room) as { other: Uint8Array } | undefined;
    return row ? (toHex(row.other) as AuthorId) : null;
  }

  /** Forgets everything. */
  reset(): void {
    this.#db.exec('DELETE FROM direct; DELETE FROM person');
    this.#feeds.clear();
  }
}
