/**
 * Acknowledgements: a message is acknowledged once as many nodes hold it as are wanted, or after ACK_WAIT_MS with those that do; never before it is durable here.
 */

import type { FeedId } from '../core/ids.ts';
import type { Copies } from '../sync/copies.ts';

/** How long an acknowledgement waits for the wanted number of copies, in ms. */
export const ACK_WAIT_MS = 1000;

interface Waiting<T> {
  readonly item: T;
  readonly feed: FeedId;
  readonly seq: number;
  readonly sinceMs: number;
}

export class Acks<T> {
  #waiting: Waiting<T>[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** The item is durable here, in this entry. Entries of one feed come in their order. */
  add(item: T, feed: FeedId, seq: number, nowMs: number): void {
    this.#waiting.push({ item, feed, seq, sinceMs: nowMs });
  }

  /** Those that are to be acknowledged now, in their order, with how many nodes hold them. */
  due(copies: Copies, wanted: number, nowMs: number): { item: T; held: number }[] {
    if (this.#waiting.length === 0) return [];
    const reached = new Map<FeedId, number>();
    const due: { item: T; held: number }[] = [];
    const rest: Waiting<T>[] = [];
    for (const one of this.#waiting) {
      if (!reached.has(one.feed)) reached.set(one.feed, copies.heldBy(one.feed, wanted - 1));
      if (one.seq <= reached.get(one.feed)!) due.push({ item: one.item, held: wanted });
      else if (nowMs - one.sinceMs >= ACK_WAIT_MS) due.push({ item: one.item, held: Math.min(wanted, 1 + copies.count(one.feed, one.seq)) });
      else rest.push(one);
    }
    this.#waiting = rest;
    return due;
  }
}
