/** What the node needs of its storage: the log, kept for ever, and pages of history out of it. Two implementations share one contract suite. */

import type { Entry, FeedTip } from '../core/entry.ts';
import type { FeedInfo } from '../core/feed.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import type { Place } from '../core/order.ts';
import type { HistoryPage, HistoryQuery, PinsPage, Report, Unread } from '../core/port.ts';
import type { Shown } from '../core/resolve.ts';
import type { SearchPage, SearchQuery } from '../core/search.ts';
import type { Wish } from '../core/state.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import type { Batch, Hole, Repeat } from '../sync/effects.ts';
import type { DirectRoom } from './direct.ts';
import type { MessageVersions } from './hanging.ts';

/** What a store holds when it is opened. */
export interface StoredLog {
  readonly feeds: readonly { readonly info: FeedInfo; readonly tip: FeedTip }[];
  /** The entries of the governance feeds, in the order of the log. */
  readonly governance: readonly Entry[];
  /** The highest history key in each room. */
  readonly lastKeys: ReadonlyMap<RoomId, number>;
  /** Where entries are missing until they come again. */
  readonly holes: readonly Hole[];
  /** What came last with a batch to be kept beside the entries. */
  readonly proofs: Uint8Array | null;
}

/** Under what name proofs of forks that are not in the log yet are among the settings. */
export const PROOFS = 'proofs';

/** A commit that ended in an error: nothing is known but what was read back from the reopened store. */
export class CommitError extends Error {
  override name = 'CommitError';
  /** Where the batch is there all the same: its repeats, as a commit returns them. Else null. */
  readonly repeats: readonly Repeat[] | null;

  constructor(message: string, repeats: readonly Repeat[] | null) {
    super(message);
    this.repeats = repeats;
  }
}

export interface Store {
  load(): Promise<StoredLog>;
  /**
   * Writes a batch whole or not at all; when the promise is kept it is on stable storage. One at a time.
   * Rejects with a CommitError; the store has been reopened by then.
   */
  commit(batch: Batch): Promise<Repeat[]>;
  /** Entries of a feed from after `after` on, up to about `bytesMax` but at least one; none where the feed ends there, or goes on with a hole. */
  entries(feed: FeedId, after: number, bytesMax: number): Promise<Entry[]>;
  /** A page of a room's history: everything that was committed before the call is in it. */
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** The first messages of a room, in history order, that sort behind a place and of which no copy lies within the cursor: a version vector of content and imports. */
  beyond(room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Promise<Shown[]>;
  /** These messages as they show, in any order, without those that show nowhere. */
  shown(ids: readonly MessageId[]): Promise<Shown[]>;
  /** Full text search in rooms that the asker may read, newest first; it may lag behind the log by moments. */
  search(query: SearchQuery): Promise<SearchPage>;
  /**
   * Of these rooms, and of all direct rooms of the person, those in which something waits for them, in the order of their ids. Like all that follows it knows of
   * everything that was committed before the call.
   */
  unread(by: AuthorId, rooms: readonly RoomId[]): Promise<Unread[]>;
  /** The direct rooms of a person in which anything was written. */
  directs(by: AuthorId): Promise<DirectRoom[]>;
  /** A person's last word on each room and each person, in history order. */
  wishes(by: AuthorId): Promise<Wish[]>;
  /** What was reported in these rooms, or (null) in all, newest first: at most `limit`, up to REPORTS_LIMIT_MAX, of those that sort before `before`. */
  reports(rooms: readonly RoomId[] | null, before: Place | null, limit: number): Promise<Report[]>;
  /** What is pinned in a room, the newest pin first: at most `limit`, up to PINS_LIMIT_MAX, of those that were pinned before a place. */
  pins(room: RoomId, before: Place | null, limit: number): Promise<PinsPage>;
  /** The last texts that a message had before a place, of which the very last shows; null where there is no such message. Of a removed one there are none. */
  versions(id: MessageId, before: Place | null, limit: number): Promise<MessageVersions | null>;
  /** Where the ops of messages lie that show: one whose client handed it in at several nodes lies in several entries. */
  places(ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, readonly Place[]>>;
  /** Who is told what reading found damaged: entries that became holes, or that the log as a whole cannot be used. */
  onDamage(damaged: (holes: readonly Hole[]) => void, corrupt: (reason: string) => void): void;
  /** Puts the (verified) entry of a hole back, or the payloads of gaps; whether something waited for it. */
  mend(entry: Entry): Promise<boolean>;
  /**
   * Takes out the payloads of everything that is erased by right in what was committed before the call: out of the log, its write-ahead log, and the views. In slices,
   * between which commits and reads go on; what a crash leaves is found by the next call. Tells the entries with gaps that no op in force explains.
   */
  erase(): Promise<Hole[]>;
  /** Small settings of the node: durable when the promise is kept. */
  put(key: string, value: Uint8Array): Promise<void>;
  get(key: string): Uint8Array | null;
  /** Whether a write would go through now; tries one. */
  check(): Promise<boolean>;
  close(): Promise<void>;
}
