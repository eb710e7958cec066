/** What is to be said on a link and waits a moment, so that one frame carries it all: entries, haves, records, prunes. */

import type { Entry } from '../core/entry.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { type ReadonlyVector, raise, type Vector } from '../core/vector.ts';
import type { Have, NodeRecord } from '../wire/frame.ts';

/** `soon`: somebody waits for it. `late`: it may ride with something else, or wait a little longer. */
export type Urgency = 'soon' | 'late';

export class Outgoing {
  entries: Entry[] = [];
  entryBytes = 0;
  /** What became durable here since it was told on this link. */
  news: Vector = new Map();
  /** Haves of others to pass on; of each holder the newest for each feed. */
  haves = new Set<Have>();
  records = new Map<NodeId, NodeRecord>();
  prunes = new Set<FeedId>();
  soon = false;
  /** Since when something waits, in ms; null while nothing does. */
  sinceMs: number | null = null;
  /** When the last of it was sent, in ms. */
  sentMs = Number.NEGATIVE_INFINITY;

  #wait(urgency: Urgency, nowMs: number): void {
    if (urgency === 'soon') this.soon = true;
    this.sinceMs ??= nowMs;
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
    this.records.set(record.node, record);
    this.#wait('late', nowMs);
  }

  prune(feed: FeedId, nowMs: number): void {
    this.prunes.add(feed);
    this.#wait('late', nowMs);
  }

  /** Everything was taken. */
  clear(nowMs: number): void {
    this.entries = [];
    this.entryBytes = 0;
    this.news = new Map();
    this.haves = new Set();
    this.records = new Map();
    this.prunes = new Set();
    this.soon = false;
    this.sinceMs = null;
    this.sentMs = nowMs;
  }
}
