/**
 * The two databases of a node and their migrations.
 *
 * `log.db` is the truth: append-only, `synchronous=FULL`. `views.db` is made from it and may be thrown away at any time: pages of history and the search
 * index. It follows the log behind the commit, so that neither weighs on an acknowledgement.
 */

import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { DamagedLogError, isCorruption } from './damage.ts';
import { SEARCH_TABLES } from './search.ts';

/** Rises with every change to the tables or the entries; a store of a newer version is refused. */
export const LOG_VERSION = 3;
/** The first whose entries this version reads: before it, signatures were over whole entries. */
const LOG_VERSION_MIN = 3;
export const VIEWS_VERSION = 4;
/** No version of the program will write this: the number itself is damaged. */
const VERSION_MAX = 1000;

const LOG_TABLES = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE feed(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, node BLOB NOT NULL, kind INTEGER NOT NULL, incarnation BLOB NOT NULL,
    seq INTEGER NOT NULL, hash BLOB NOT NULL, hlc INTEGER NOT NULL);
  CREATE TABLE entry(position INTEGER PRIMARY KEY, feed INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, payloads BLOB NOT NULL);
  CREATE UNIQUE INDEX entry_of_feed ON entry(feed, seq);
  CREATE TABLE message_id(id BLOB PRIMARY KEY, no INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('lineage', randomblob(3));
`;

/** What each version of the log adds to the one before. `hole`: where an entry was that is damaged or gone; its row is not in `entry`. */
const LOG_STEPS = [
  LOG_TABLES,
  `CREATE TABLE hole(feed INTEGER NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB, PRIMARY KEY(feed, seq)) WITHOUT ROWID;`,
  '',
];

/** Who wrote to whom; the places of marks, wishes and reports; and what the deps of some feeds add up to (marks.ts). */
const OWN_TABLES = `
  CREATE TABLE person(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
  CREATE TABLE direct(person INTEGER NOT NULL, room INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY(person, room)) WITHOUT ROWID;
  CREATE TABLE mark(person INTEGER NOT NULL, room INTEGER NOT NULL, no INTEGER NOT NULL, PRIMARY KEY(person, room, no)) WITHOUT ROWID;
  CREATE TABLE past(id INTEGER PRIMARY KEY, feed INTEGER NOT NULL, seq INTEGER NOT NULL, vector BLOB NOT NULL);
  CREATE UNIQUE INDEX past_of_feed ON past(feed, seq);
  CREATE TABLE wish(person INTEGER NOT NULL, about TEXT NOT NULL, key INTEGER NOT NULL, no INTEGER NOT NULL,
    PRIMARY KEY(person, about, key, no)) WITHOUT ROWID;
  CREATE TABLE report(no INTEGER PRIMARY KEY, key INTEGER NOT NULL, room INTEGER NOT NULL, id BLOB NOT NULL);
  CREATE INDEX report_by_key ON report(key);
  CREATE INDEX report_of_id ON report(id);
`;

const VIEWS_TABLES = `
  DROP TABLE IF EXISTS cursor; DROP TABLE IF EXISTS room; DROP TABLE IF EXISTS message; DROP TABLE IF EXISTS moved; DROP TABLE IF EXISTS message_text;
  DROP TABLE IF EXISTS copy; DROP TABLE IF EXISTS about; DROP TABLE IF EXISTS person; DROP TABLE IF EXISTS direct; DROP TABLE IF EXISTS mark;
  DROP TABLE IF EXISTS text_of; DROP TABLE IF EXISTS spill; DROP TABLE IF EXISTS past; DROP TABLE IF EXISTS wish; DROP TABLE IF EXISTS report;
  DROP TABLE IF EXISTS erasing; DROP TABLE IF EXISTS pin;
  CREATE TABLE cursor(name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO cursor VALUES ('history', 0), ('search', 0), ('erased', 0);
  CREATE TABLE room(no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
  CREATE TABLE message(no INTEGER PRIMARY KEY, room INTEGER NOT NULL, key INTEGER NOT NULL, feed INTEGER NOT NULL, author INTEGER NOT NULL);
  CREATE INDEX message_of_room ON message(room, key);
  CREATE INDEX message_of_feed ON message(room, feed, key);
  CREATE TABLE copy(first INTEGER NOT NULL, no INTEGER NOT NULL, PRIMARY KEY(first, no)) WITHOUT ROWID;
  CREATE INDEX copy_by_no ON copy(no);
  CREATE TABLE about(target BLOB NOT NULL, no INTEGER NOT NULL, PRIMARY KEY(target, no)) WITHOUT ROWID;
  CREATE TABLE erasing(position INTEGER PRIMARY KEY);
  CREATE TABLE pin(no INTEGER PRIMARY KEY, room INTEGER NOT NULL, key INTEGER NOT NULL);
  CREATE INDEX pin_of_room ON pin(room, key);
  ${SEARCH_TABLES}
  ${OWN_TABLES}
`;

/** The store was written by a version of the program whose format this one does not read. */
export class StoreVersionError extends Error {
  override name = 'StoreVersionError';
}

/** The version of a database's tables; 0 where there are none yet. */
function versionOf(db: DatabaseSync, file: string, version: number, oldest: number): number {
  const found = (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
  if (found > VERSION_MAX || found < 0) throw new DamagedLogError('its format has no number that a format ever had');
  const formats = `(format ${found}, this one reads ${version})`;
  if (found > version) throw new StoreVersionError(`${file} was written by a newer version of Skein ${formats}: upgrade Skein`);
  if (found > 0 && found < oldest)
    throw new StoreVersionError(
      `${file} was written by a version of Skein before the first release ${formats}: begin with an empty directory`,
    );
  return found;
}

function migrate(db: DatabaseSync, file: string, version: number, steps: readonly string[], oldest = 0): void {
  const found = versionOf(db, file, version, oldest);
  if (found === version) return;
  db.exec(`BEGIN IMMEDIATE; ${steps.slice(found).join('\n')} PRAGMA user_version = ${version}; COMMIT`);
}

/** Opens the log for writing. */
export function openLog(file: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): DatabaseSync {
  const db = new DatabaseSync(file);
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 2000; PRAGMA secure_delete = ON`,
  );
  migrate(db, file, LOG_VERSION, LOG_STEPS, LOG_VERSION_MIN);
  return db;
}

/** Opens the log for reading; it may be written to by another connection or process meanwhile. */
export function openLogReader(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    versionOf(db, file, LOG_VERSION, LOG_VERSION_MIN);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the views, with the log attached for reading as `log`. Views that cannot be used, or are of another log or of more of it than there is, are made anew. */
export function openViews(file: string, logFile: string): DatabaseSync {
  try {
    const db = attached(file, logFile);
    if (areOfLog(db)) return db;
    db.close();
  } catch (error) {
    if (!isCorruption(error)) throw error;
  }
  discard(file);
  return attached(file, logFile);
}

function attached(file: string, logFile: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8000; PRAGMA secure_delete = ON',
    );
    migrate(db, file, VIEWS_VERSION, [...Array<string>(VIEWS_VERSION - 1).fill(''), VIEWS_TABLES]);
    db.prepare('ATTACH DATABASE ? AS log').run(logFile);
    if (count(db, 'SELECT position AS value FROM cursor WHERE name = ?', 'history') === 0)
      db.exec(`PRAGMA application_id = ${lineage(db)}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Positions are one log's own, and a log that lost its end, or came from a backup, gives them anew. */
function areOfLog(db: DatabaseSync): boolean {
  const followed = count(db, 'SELECT max(position) AS value FROM cursor');
  const { application_id: of } = db.prepare('PRAGMA application_id').get() as { application_id: number };
  return of === lineage(db) && followed <= lastPosition(db);
}

/** Drawn when a log is made. */
function lineage(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM log.meta WHERE key = 'lineage'").get() as { value: Uint8Array } | undefined;
  return row ? Buffer.from(row.value).readUIntBE(0, 3) : 0;
}

function count(db: DatabaseSync, sql: string, ...values: string[]): number {
  return (db.prepare(sql).get(...values) as { value: number | null } | undefined)?.value ?? 0;
}

/** The position of the last entry, be it a hole; 0 for none. */
export function lastPosition(db: DatabaseSync): number {
  const sql = 'SELECT max(coalesce((SELECT max(position) FROM entry), 0), coalesce((SELECT max(position) FROM hole), 0)) AS position';
  return (db.prepare(sql).get() as { position: number }).position;
}

/** Removes a database that can be made anew. */
export function discard(file: string): void {
  for (const suffix of ['-wal', '-shm', '']) rmSync(file + suffix, { force: true });
}

/** A message's place on this node: the position of its entry and its place in it, in one integer. */
export function messageNo(position: number, index: number): number {
  return position * 256 + index;
}

/** Copies the write-ahead log into the database and empties it, so that nothing is left in it of what was overwritten. Whether it could: readers may be in the way, and are not waited for. */
export function emptyWal(db: DatabaseSync): boolean {
  db.exec('PRAGMA busy_timeout = 0');
  const { busy } = db.prepare('PRAGMA main.wal_checkpoint(TRUNCATE)').get() as { busy: number };
  db.exec('PRAGMA busy_timeout = 5000');
  return busy === 0;
}
