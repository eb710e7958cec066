/**
 * The store on SQLite: commits on a writer thread, reads and views on another, so that a slow disk stalls neither the loop nor each other.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Entry } from '../core/entry.ts';
import type { AuthorId, FeedId, MessageId, NetworkId, RoomId } from '../core/ids.ts';
import type { Place } from '../core/order.ts';
import type { HistoryPage, HistoryQuery, PinsPage, Report, Unread } from '../core/port.ts';
import type { Shown } from '../core/resolve.ts';
import type { SearchPage, SearchQuery } from '../core/search.ts';
import type { Wish } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import { fromHex } from '../lib/bytes.ts';
import type { Verified } from '../lib/verified.ts';
import type { Batch, Hole, Repeat } from '../sync/effects.ts';
import { writeAnew } from './anew.ts';
import { DAMAGED, DamagedLogError, isCorruption } from './damage.ts';
import type { DirectRoom } from './direct.ts';
import type { MessageVersions } from './hanging.ts';
import { packBatch, unpackRows } from './packing.ts';
import { checkGovernance, checkTips, readFeeds, readGovernance, readHoles } from './rows.ts';
import { lastPosition, openLog, openLogReader } from './schema.ts';
import { CommitError, PROOFS, type Store, type StoredLog } from './store.ts';
import { StoredEntry } from './stored-entry.ts';
import type { Swept } from './sweep.ts';
import type { Findings } from './verify.ts';
import type { ViewsReply, ViewsRequest } from './views-thread.ts';
import type { WriterReply, WriterRequest } from './writer-thread.ts';

export const LOG_FILE = 'log.db';
export const VIEWS_FILE = 'views.db';
const CLOSED = 'the store was closed';

type Settle = { resolve(value: never): void; reject(error: Error): void };
type Unnumbered<T> = T extends { no: number } ? Omit<T, 'no'> : never;

/** Small values kept by the log's database, readable without any thread. */
export function readMeta(file: string): Map<string, Uint8Array> {
  writeAnew(`${file}-wal`);
  const db = openLog(file);
  const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: Uint8Array }[];
  db.close();
  return new Map(rows.map(({ key, value }) => [key, value]));
}

/** A suite that remembers what it verified shares that with the thread that reads. */
export interface WithVerified {
  readonly verified?: Verified | null;
}

export class SqliteStore implements Store {
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly #logFile: string;
  readonly #meta: Map<string, Uint8Array>;
  readonly #writer: Worker;
  readonly #views: Worker;
  /** Requests at the writer, answered in order. */
  readonly #writes: Settle[] = [];
  readonly #reads = new Map<number, Settle>();
  #onDamaged: (holes: readonly Hole[]) => void = () => undefined;
  #onCorrupt: (reason: string) => void = () => undefined;
  #nextRead = 1;
  #position = 0;
  readonly #lastKeys: Promise<Map<RoomId, number>>;

  /** Opens the store in a directory that exists. Throws StoreVersionError for a store of a newer version. */
  constructor(suite: Suite & WithVerified, network: NetworkId, directory: string, synchronous: 'FULL' | 'NORMAL' = 'FULL') {
    this.#suite = suite;
    this.#network = network;
    this.#logFile = join(directory, LOG_FILE);
    this.#meta = readMeta(this.#logFile);
    this.#writer = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: { file: this.#logFile, synchronous } });
    const views = { file: join(directory, VIEWS_FILE), logFile: this.#logFile, network, verified: suite.verified?.memory };
    this.#views = new Worker(new URL('./views-thread.ts', import.meta.url), { workerData: views });
    this.#writer.on('message', (reply: WriterReply) => this.#replied(reply));
    this.#views.on('message', (reply: ViewsReply) => this.#read(reply));
    this.#writes.push({ resolve: () => undefined, reject: () => undefined });
    this.#lastKeys = new Promise((resolve, reject) => this.#reads.set(0, { resolve, reject }));
    // Whoever loads hears of it; until then nobody may.
    this.#lastKeys.catch(() => undefined);
    for (const worker of [this.#writer, this.#views]) {
      worker.on('error', (error) => this.#broke(error));
    }
  }

  #replied(reply: WriterReply): void {
    const settle = this.#writes.shift();
    if (reply.type !== 'failed') return settle?.resolve(reply as never);
    this.#reached(reply.position);
    if (reply.corrupt) this.#onCorrupt(reply.message);
    settle?.reject(new CommitError(reply.message, reply.repeats));
  }

  /** A thread ended: for a log that cannot be read everybody who waits is told so; anything else is a bug. */
  #broke(error: unknown): void {
    if (!isCorruption(error)) throw error;
    const { message } = error as Error;
    this.#isBroken = true;
    for (const settle of [...this.#writes.splice(0), ...this.#reads.values()]) settle.reject(new DamagedLogError(message));
    this.#reads.clear();
    this.#onCorrupt(message);
  }

  #reached(position: number): void {
    this.#position = position;
    this.#views.postMessage({ type: 'wake', position } satisfies ViewsRequest);
  }

  #read(reply: ViewsReply): void {
    // What cannot be dug now is found again when it is read again.
    if (reply.no === DAMAGED)
      return 'value' in reply ? void this.#dig(reply.value as Hole[]).catch(() => undefined) : this.#onCorrupt(reply.error);
    const settle = this.#reads.get(reply.no)!;
    this.#reads.delete(reply.no);
    if ('value' in reply) return settle.resolve(reply.value as never);
    if (reply.corrupt) this.#onCorrupt(reply.error);
    settle.reject(reply.corrupt ? new DamagedLogError(reply.error) : new Error(reply.error));
  }

  #write(request: WriterRequest, transfer: ArrayBuffer[] = []): Promise<WriterReply> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new CommitError(CLOSED, null));
      this.#writes.push({ resolve, reject });
      this.#writer.postMessage(request, transfer);
    });
  }

  #ask<T>(request: Unnumbered<ViewsRequest>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(new Error(CLOSED));
      const no = this.#nextRead++;
      this.#reads.set(no, { resolve, reject });
      this.#views.postMessage({ ...request, no });
    });
  }

  async load(): Promise<StoredLog> {
    const db = openLogReader(this.#logFile);
    const known = readFeeds(db, this.#suite, this.#network);
    const governance = readGovernance(db, this.#suite);
    const holes = readHoles(db);
    checkGovernance(governance, known, holes);
    const feeds = checkTips(db, this.#suite, known, holes);
    this.#position = lastPosition(db);
    db.close();
    return { feeds, governance, lastKeys: await this.#lastKeys, holes, proofs: this.get(PROOFS) };
  }

  onDamage(damaged: (holes: readonly Hole[]) => void, corrupt: (reason: string) => void): void {
    this.#onDamaged = damaged;
    this.#onCorrupt = corrupt;
  }

  /** Holds the whole log against its hashes, on a thread of its own; makes anew what is derived from it. What is damaged becomes holes. */
  verify(): Promise<Findings> {
    return Promise.race([this.#verify(), this.#ended.promise]);
  }

  async #verify(): Promise<Findings> {
    const worker = new Worker(new URL('./verify-thread.ts', import.meta.url), {
      workerData: { logFile: this.#logFile, network: this.#network },
    });
    this.#verifiers.add(worker);
    const findings = await new Promise<Findings>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error(CLOSED)));
    }).finally(() => this.#verifiers.delete(worker));
    if (findings.corrupt !== null) {
      this.#onCorrupt(findings.corrupt);
      return findings;
    }
    if (findings.holes.length > 0) await this.#dig(findings.holes);
    if (!findings.ids) await this.#write({ type: 'reindex' });
    await this.#ask({ type: 'reset' });
    return findings;
  }

  /** Takes damaged entries out of the log, and says so. */
  async #dig(holes: readonly Hole[]): Promise<void> {
    await this.#write({ type: 'dig', holes: holes.map(({ feed, seq, hash }) => ({ feed: fromHex(feed), seq, hash })) });
    this.#onDamaged(holes);
  }

  async mend(entry: Entry): Promise<boolean> {
    const reply = await this.#write({ type: 'mend', packed: packBatch([entry]) });
    if (reply.type !== 'mended' || reply.position === null) return false;
    this.#views.postMessage({ type: 'mended', position: reply.position } satisfies ViewsRequest);
    return true;
  }

  /** Slice by slice, one after the other: each gives way to whatever else the threads are asked for. */
  erase(): Promise<Hole[]> {
    this.#erasing = Promise.race([this.#erasing.catch(() => []).then(() => this.#erase()), this.#ended.promise]);
    return this.#erasing;
  }

  async #erase(): Promise<Hole[]> {
    const orphans: Hole[] = [];
    let erased = this.#unsettled;
    for (let isLast = false; !isLast; ) {
      const swept = await this.#ask<Swept>({ type: 'erasable', position: this.#position });
      if (swept.blanks.length > 0) await this.#write({ type: 'blank', blanks: swept.blanks });
      await this.#ask({ type: 'erased', swept });
      erased ||= swept.blanks.length > 0;
      this.#unsettled = erased;
      orphans.push(...swept.orphans);
      isLast = swept.isLast;
    }
    if (erased) await this.#settle();
    return orphans;
  }

  async #settle(): Promise<void> {
    for (let isFirst = true; await this.#ask<boolean>({ type: 'settle', isFirst }); isFirst = false);
    await this.#write({ type: 'settle' });
    this.#unsettled = false;
  }

  async commit(batch: Batch): Promise<Repeat[]> {
    const packed = packBatch(batch.entries);
    const reply = await this.#write({ type: 'append', packed, proofs: batch.proofs ?? null }, [packed.buffer as ArrayBuffer]);
    if (reply.type !== 'appended') throw new CommitError('the writer answered something else', null);
    this.#reached(reply.position);
    return [...reply.repeats];
  }

  async entries(feed: FeedId, after: number, bytesMax: number): Promise<Entry[]> {
    type Found = { packed: Uint8Array; hole: Hole | null };
    const { packed, hole } = await this.#ask<Found>({ type: 'entries', feed, after, bytesMax });
    if (hole) await this.#dig([hole]);
    return unpackRows(packed).map((row) => new StoredEntry(this.#suite, feed, row));
  }

  history(query: HistoryQuery): Promise<HistoryPage> {
    return this.#ask({ type: 'history', position: this.#position, query });
  }

  beyond(room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Promise<Shown[]> {
    return this.#ask({ type: 'beyond', position: this.#position, room, cursor, after, limit });
  }

  shown(ids: readonly MessageId[]): Promise<Shown[]> {
    return this.#ask({ type: 'shown', position: this.#position, ids });
  }

  unread(by: AuthorId, rooms: readonly RoomId[]): Promise<Unread[]> {
    return this.#ask({ type: 'own', position: this.#position, query: { type: 'unread', by, rooms } });
  }

  directs(by: AuthorId): Promise<DirectRoom[]> {
    return this.#ask({ type: 'own', position: this.#position, query: { type: 'directs', by } });
  }

  wishes(by: AuthorId): Promise<Wish[]> {
    return this.#ask({ type: 'own', position: this.#position, query: { type: 'wishes', by } });
  }

  reports(rooms: readonly RoomId[] | null, before: Place | null, limit: number): Promise<Report[]> {
    return this.#ask({ type: 'own', position: this.#position, query: { type: 'reports', rooms, before, limit } });
  }

  pins(room: RoomId, before: Place | null, limit: number): Promise<PinsPage> {
    return this.#ask({ type: 'hanging', position: this.#position, query: { type: 'pins', room, before, limit } });
  }

  versions(id: MessageId, before: Place | null, limit: number): Promise<MessageVersions | null> {
    return this.#ask({ type: 'hanging', position: this.#position, query: { type: 'versions', id, before, limit } });
  }

  places(ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, readonly Place[]>> {
    return this.#ask({ type: 'hanging', position: this.#position, query: { type: 'places', ids } });
  }

  search(query: SearchQuery): Promise<SearchPage> {
    return this.#ask({ type: 'search', query });
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.#meta.set(key, value);
    await this.#write({ type: 'put', key, value });
  }

  get(key: string): Uint8Array | null {
    return this.#meta.get(key) ?? null;
  }

  async check(): Promise<boolean> {
    return this.#write({ type: 'check' }).then(
      () => true,
      () => false,
    );
  }

  #erasing: Promise<Hole[]> = Promise.resolve([]);
  /** Whether what was taken out may still be read where it lay: after a start nobody knows. */
  #unsettled = true;
  /** Ends what takes long and is asked for by somebody who waits, where the store is closed meanwhile. */
  readonly #ended = Promise.withResolvers<never>();
  #closing: Promise<void> | null = null;
  #isBroken = false;
  /** The threads are gone: nobody answers any more. */
  #isOver = false;
  readonly #verifiers = new Set<Worker>();

  close(): Promise<void> {
    this.#ended.promise.catch(() => undefined);
    this.#ended.reject(new Error('the store was closed'));
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (!this.#isBroken) {
      this.#views.postMessage({ type: 'close' } satisfies ViewsRequest);
      await this.#write({ type: 'close' }).catch(() => undefined);
    }
    this.#isOver = true;
    await Promise.all([this.#writer, this.#views, ...this.#verifiers].map((worker) => worker.terminate()));
    for (const { reject } of this.#writes.splice(0)) reject(new CommitError(CLOSED, null));
    for (const { reject } of this.#reads.values()) reject(new Error(CLOSED));
    this.#reads.clear();
  }
}
