/** What is to be said on a link and waits a moment, so that one frame carries it all: entries, haves, records, prunes. */

import type { Entry } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';
import { covers, type ReadonlyVector, raise, type Vector } from '../core/vector.ts';
import type { Have, NodeRecord, SaidFrame } from '../wire/frame.ts';
import { FULL_PACE, type Pace } from './pace.ts';

/** `soon`: it is to be passed on. `awaited`: a writer counts it. `late`: it may look for something to ride with. */
export type Urgency = 'soon' | 'awaited' | 'late';

export class Outgoing {
  entries: Entry[] = [];
  entryBytes = 0;
  /** What became durable here since it was told on this link. */
  news: Vector = new Map();
  /** Haves of others to pass on; of each holder the newest for each feed. */
  haves = new Set<Have>();
  /** Of each incarnation the latest. */
  records = new Map<string, NodeRecord>();
  prunes = new Set<FeedId>();
  /** What waits for company for as long as it takes. */
  extras: SaidFrame[] = [];
  /** How long things wait; see there. */
  pace: Pace = FULL_PACE;
  /** Somebody waits for some of it. */
  #isAwaited = false;
  /** When it is to be sent, in ms. */
  dueMs = Number.POSITIVE_INFINITY;
  /** When the last of it was sent, in ms. */
  sentMs = Number.NEGATIVE_INFINITY;

  #wait(urgency: Urgency, nowMs: number): void {
    const { gatherMs, awaitedMs, lateMs } = this.pace;
    const dueMs = urgency === 'soon' ? this.sentMs + gatherMs : nowMs + (urgency === 'awaited' ? awaitedMs : lateMs);
    this.dueMs = Math.min(this.dueMs, dueMs);
    if (urgency !== 'late') this.#isAwaited = true;
  }

  push(entry: Entry, nowMs: number): void {
    this.entries.push(entry);
    this.entryBytes += entry.bytes.length + entry.payloads.length;
    this.#wait('soon', nowMs);
  }

  /** Entries of a feed that the peer asked for anew: they come with the answer. */
  withdraw(feed: FeedId): void {
    this.entries = this.entries.filter((entry) => entry.feed !== feed);
  }

  tell(news: ReadonlyVector, urgency: Urgency, nowMs: number): void {
    raise(this.news, news);
    this.#wait(urgency, nowMs);
  }

  pass(have: Have, urgency: Urgency, nowMs: number): void {
    this.haves.add(have);
    this.#wait(urgency, nowMs);
  }

  record(record: NodeRecord, nowMs: number): void {
    this.records.set(record.node + record.feed, record);
    this.#wait('late', nowMs);
  }

  /** It goes at once where nothing waits for company, else with what goes next. */
  whisper(frame: SaidFrame, nowMs: number): void {
    this.extras.push(frame);
    this.#wait('soon', nowMs);
  }

  /** The peer has this record: neither it nor an older one of that incarnation need be told. */
  knows({ node, feed, atMs }: NodeRecord): void {
    const waiting = this.records.get(node + feed);
    if (waiting && waiting.atMs <= atMs) this.records.delete(node + feed);
  }

  prune(feed: FeedId, nowMs: number): void {
    this.prunes.add(feed);
    this.#wait('awaited', nowMs);
  }

  /** Whether there is anything to send. */
  get isEmpty(): boolean {
    return this.dueMs === Number.POSITIVE_INFINITY;
  }

  /** Whether all that waits is word of what the peer holds already: it keeps until something else is said, or the link was silent for long. */
  isKnown(holds: ReadonlyVector): boolean {
    if (this.#isAwaited || this.haves.size + this.records.size + this.prunes.size > 0) return false;
    return covers(holds, this.news);
  }

  /** Everything was taken. */
  clear(nowMs: number): void {
    this.entries = [];
    this.entryBytes = 0;
    this.news = new Map();
    this.haves = new Set();
    this.records = new Map();
    this.prunes = new Set();
    this.extras = [];
    this.dueMs = Number.POSITIVE_INFINITY;
    this.#isAwaited = false;
    this.sentMs = nowMs;
  }
}
