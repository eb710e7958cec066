/** `skein verify`: every entry of a log held against its hashes, and the index of message ids against the entries. */

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Entry } from '../core/entry.ts';
import { type Erasure, isExplained, NO_ERASURE } from '../core/erasure.ts';
import { makeFolder } from '../core/fold.ts';
import { type FeedId, messageId, type NetworkId } from '../core/ids.ts';
import { KIND } from '../core/op.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import type { Hole } from '../sync/effects.ts';
import { DamagedLogError, isCorruption } from './damage.ts';
import { checkGovernance, checkTips, readFeedEntries, readFeeds, readGovernance, readHoles } from './rows.ts';
import { lastPosition, openLogReader } from './schema.ts';

const READ_BYTES = 4 * 1024 * 1024;

/** What was found. */
export interface Findings {
  /** Entries that are whole. */
  readonly entries: number;
  /** Damaged ones, and those that were missing before. */
  readonly holes: readonly Hole[];
  /** Whether the index of message ids says what the entries say. */
  readonly ids: boolean;
  /** Why the log cannot be used as it is; null where it can. */
  readonly corrupt: string | null;
}

/** Reads the whole log. Takes about as long as writing it once. */
export function verifyLog(
  db: DatabaseSync,
  suite: Suite,
  network: NetworkId,
  progress: (entries: number) => void = () => undefined,
): Findings {
  const scan = new Scan(db, suite, network, progress);
  // Others may write meanwhile: all is read as it is now.
  db.exec('BEGIN');
  try {
    scan.run();
    return { entries: scan.entries, holes: scan.holes, ids: scan.ids, corrupt: null };
  } catch (error) {
    return { ...corruptBy(error), entries: scan.entries, holes: scan.holes };
  } finally {
    db.exec('ROLLBACK');
  }
}

/** The same of a file, which may be so damaged that nothing can be asked of it. */
export function verifyFile(file: string, suite: Suite, network: NetworkId): Findings {
  try {
    const db = openLogReader(file);
    try {
      return verifyLog(db, suite, network);
    } finally {
      db.close();
    }
  } catch (error) {
    return corruptBy(error);
  }
}

/** What an error says of the log; it is thrown on where it says nothing. */
function corruptBy(error: unknown): Findings {
  if (!isCorruption(error)) throw error;
  return { entries: 0, holes: [], ids: false, corrupt: (error as Error).message };
}

class Scan {
  readonly #db: DatabaseSync;
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly #progress: (entries: number) => void;
  entries = 0;
  #messages = 0;
  ids = true;
  readonly holes: Hole[] = [];
  #lost: ReadonlyMap<FeedId, ReadonlyMap<number, string>> = new Map();
  readonly #find: StatementSync;
  readonly #at: StatementSync;
  /** The law as it was when a gap was met last, and how long the log was. */
  #erasure: Erasure = NO_ERASURE;
  #lawUpTo = -1;

  constructor(db: DatabaseSync, suite: Suite, network: NetworkId, progress: (entries: number) => void) {
    this.#db = db;
    this.#suite = suite;
    this.#network = network;
    this.#progress = progress;
    this.#find = db.prepare('SELECT no FROM message_id WHERE id = ?');
    this.#at = db.prepare('SELECT position FROM entry WHERE feed = (SELECT no FROM feed WHERE id = ?) AND seq = ?');
  }

  run(): void {
    this.#checkPages();
    const [feeds, holes] = [readFeeds(this.#db, this.#suite, this.#network), readHoles(this.#db)];
    const governance = readGovernance(this.#db, this.#suite);
    checkGovernance(governance, feeds, holes);
    checkTips(this.#db, this.#suite, feeds, holes);
    const folder = makeFolder(this.#suite);
    for (const { info, tip } of feeds) folder.resume(info, tip.seq);
    for (const entry of governance) folder.fold(entry);
    this.#lost = folder.state.lost;
    for (const { info, tip } of feeds) this.#feed(info.feed, tip.seq);
    // Holes found here are known: what they were the only ones to hold stays in the index of ids.
    const indexed = (this.#db.prepare('SELECT count(*) AS count FROM message_id').get() as { count: number }).count;
    if (this.holes.length === 0 && indexed !== this.#messages) this.ids = false;
  }

  /** Tables and their indexes have to say the same: what is found by one and kept by the other can neither be taken out nor put back. */
  #checkPages(): void {
    const [first] = this.#db.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
    if (first?.integrity_check !== 'ok') throw new DamagedLogError(first?.integrity_check ?? 'its pages cannot be checked');
    const taken = this.#db.prepare('SELECT 1 FROM hole h JOIN entry e ON e.position = h.position LIMIT 1').get();
    if (taken) throw new DamagedLogError('an entry stands where another is missing');
  }

  #feed(feed: FeedId, tip: number): void {
    const known = new Map(readHoles(this.#db).map((hole) => [`${hole.feed}/${hole.seq}`, hole]));
    for (let after = 0; after < tip; ) {
      const { entries, hole } = readFeedEntries(this.#db, this.#suite, this.#network, feed, after, READ_BYTES);
      for (const entry of entries) this.#entry(entry);
      if (hole && !this.#isLost(hole)) this.holes.push(known.get(`${hole.feed}/${hole.seq}`) ?? this.#kept(hole));
      after = hole?.seq ?? after + entries.length;
    }
  }

  /** Whether the payloads that are missing were erased by right; the log goes on while it is read. */
  #isExplained(entry: Entry): boolean {
    if (isExplained(this.#erasure, entry)) return true;
    const upTo = lastPosition(this.#db);
    if (upTo === this.#lawUpTo) return false;
    this.#lawUpTo = upTo;
    const folder = makeFolder(this.#suite);
    for (const one of readGovernance(this.#db, this.#suite)) folder.fold(one);
    this.#erasure = folder;
    return isExplained(folder, entry);
  }

  /** An owner said that no copy is left: what never came here is not missing. */
  #isLost({ feed, seq }: Hole): boolean {
    return this.#lost.get(feed)?.has(seq) === true && this.#positionOf(feed, seq) === null;
  }

  /** A damaged entry that still has its row, and with it the place to be mended in. */
  #kept(hole: Hole): Hole {
    if (this.#positionOf(hole.feed, hole.seq) === null)
      throw new DamagedLogError(`entry ${hole.seq} of the feed ${hole.feed} is gone, and its place with it`);
    return hole;
  }

  #positionOf(feed: FeedId, seq: number): number | null {
    return (this.#at.get(fromHex(feed), seq) as { position: number } | undefined)?.position ?? null;
  }

  #entry(entry: Entry): void {
    if (!this.#isExplained(entry)) return void this.holes.push({ feed: entry.feed, seq: entry.seq, hash: entry.hash });
    const position = this.#positionOf(entry.feed, entry.seq)!;
    for (const [index, head] of entry.heads.entries()) {
      if (head.kind !== KIND.message) continue;
      const row = this.#find.get(fromHex(messageId(head.author, head.client))) as { no: number } | undefined;
      if (!row) this.ids = false;
      else if (row.no === position * 256 + index) this.#messages++;
    }
    if (++this.entries % 10_000 === 0) this.#progress(this.entries);
  }
}
