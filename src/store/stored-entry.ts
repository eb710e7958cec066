/** An entry that another thread read and checked, to be sent on as it lies there: what is in it is decoded when somebody asks, which is hardly ever. */

import { type Entry, readEntry } from '../core/entry.ts';
import type { FeedHeader } from '../core/feed.ts';
import type { FeedId, NetworkId } from '../core/ids.ts';
import type { Head } from '../core/op.ts';
import type { Suite } from '../core/suite.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import type { FeedRow } from './damage.ts';

export class StoredEntry implements Entry {
  readonly feed: FeedId;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
  readonly #suite: Suite;
  #read: Entry | null = null;

  constructor(suite: Suite, feed: FeedId, { seq, bytes, payloads }: FeedRow) {
    this.#suite = suite;
    this.feed = feed;
    this.seq = seq;
    this.bytes = bytes;
    this.payloads = payloads;
  }

  get #whole(): Entry {
    this.#read ??= readEntry(this.#suite, this.bytes, this.payloads);
    return this.#read;
  }

  get network(): NetworkId {
    return this.#whole.network;
  }

  get prevHash(): Uint8Array {
    return this.#whole.prevHash;
  }

  get hlc(): number {
    return this.#whole.hlc;
  }

  get governance(): number {
    return this.#whole.governance;
  }

  get deps(): ReadonlyVector {
    return this.#whole.deps;
  }

  get header(): FeedHeader | null {
    return this.#whole.header;
  }

  get heads(): readonly Head[] {
    return this.#whole.heads;
  }

  get summary(): Uint8Array {
    return this.#whole.summary;
  }

  get hash(): Uint8Array {
    return this.#whole.hash;
  }
}
