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
import { isCorruption } from './damage.ts';
import { checkGovernance, readFeedEntries, readFeeds, readGovernance, readHoles } from './rows.ts';
import { lastPosition } from './schema.ts';

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
  try {
    scan.run();
    return { entries: scan.entries, holes: scan.holes, ids: scan.ids, corrupt: null };
  } catch (error) {
    if (!isCorruption(error)) throw error;
    return { entries: scan.entries, holes: scan.holes, ids: false, corrupt: (error as Error).message };
  }
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
    const feeds = readFeeds(this.#db, this.#suite, this.#network);
    checkGovernance(readGovernance(this.#db, this.#suite), feeds, readHoles(this.#db));
    for (const { info, tip } of feeds) this.#feed(info.feed, tip.seq);
    // Holes found here are known: what they were the only ones to hold stays in the index of ids.
    const indexed = (this.#db.prepare('SELECT count(*) AS count FROM message_id').get() as { count: number }).count;
    if (this.holes.length === 0 && indexed !== this.#messages) this.ids = false;
  }

  #feed(feed: FeedId, tip: number): void {
    const known = new Map(readHoles(this.#db).map((hole) => [`${hole.feed}/${hole.seq}`, hole]));
    for (let after = 0; after < tip; ) {
      const { entries, hole } = readFeedEntries(this.#db, this.#suite, this.#network, feed, after, READ_BYTES);
      for (const entry of entries) this.#entry(entry);
      if (hole) this.holes.push(known.get(`${hole.feed}/${hole.seq}`) ?? hole);
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

  #entry(entry: Entry): void {
    if (!this.#isExplained(entry)) return void this.holes.push({ feed: entry.feed, seq: entry.seq, hash: entry.hash });
    const { position } = this.#at.get(fromHex(entry.feed), entry.seq) as { position: number };
    for (const [index, head] of entry.heads.entries()) {
      if (head.kind !== KIND.message) continue;
      const row = this.#find.get(fromHex(messageId(head.author, head.client))) as { no: number } | undefined;
      if (!row) this.ids = false;
      else if (row.no === position * 256 + index) this.#messages++;
    }
    if (++this.entries % 10_000 === 0) this.#progress(this.entries);
  }
}
