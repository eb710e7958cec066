/**
 * Acknowledgements: a message is acknowledged once as many nodes hold it as are wanted, or after ACK_WAIT_MS with those that do; never before it is durable here.
 *
 * Those of one feed stand in its order, which is the order in which they came and in which they are held: only the first ones can be due.
 */

import type { FeedId } from '../core/ids.ts';
import type { Copies } from '../sync/copies.ts';

/** How long an acknowledgement waits for the wanted number of copies, in ms. */
export const ACK_WAIT_MS = 1000;

interface Waiting<T> {
  readonly item: T;
  readonly seq: number;
  readonly sinceMs: number;
}

/** One that is to be acknowledged: where it is, and on how many nodes. */
export interface Due<T> {
  readonly item: T;
  readonly feed: FeedId;
  readonly seq: number;
  readonly held: number;
}

interface Queue<T> {
  readonly waiting: Waiting<T>[];
  /** How many of them are done; they are dropped together. */
  done: number;
}

export class Acks<T> {
  readonly #queues = new Map<FeedId, Queue<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The item is durable here, in this entry. Entries of one feed come in their order. */
  add(item: T, feed: FeedId, seq: number, nowMs: number): void {
    let queue = this.#queues.get(feed);
    if (!queue) this.#queues.set(feed, (queue = { waiting: [], done: 0 }));
    queue.waiting.push({ item, seq, sinceMs: nowMs });
    this.#size++;
  }

  /** Those that are to be acknowledged now, each feed's in its order, with how many nodes hold them. */
  due(copies: Copies, wanted: number, nowMs: number): Due<T>[] {
    const due: Due<T>[] = [];
    for (const [feed, queue] of this.#queues) {
      const reached = copies.heldBy(feed, wanted - 1);
      for (; queue.done < queue.waiting.length; queue.done++) {
        const { item, seq, sinceMs } = queue.waiting[queue.done]!;
        if (seq <= reached) due.push({ item, feed, seq, held: wanted });
        else if (nowMs - sinceMs >= ACK_WAIT_MS) due.push({ item, feed, seq, held: Math.min(wanted, 1 + copies.count(feed, seq)) });
        else break;
      }
      if (queue.done === queue.waiting.length) this.#queues.delete(feed);
      else if (queue.done > queue.waiting.length / 2) compact(queue);
    }
    this.#size -= due.length;
    return due;
  }
}

function compact(queue: Queue<unknown>): void {
  queue.waiting.splice(0, queue.done);
  queue.done = 0;
}
