/** The hashes of the last entries of each feed, to notice that a peer has others there. */

import type { FeedTip } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';

/** Entries of a feed whose hashes are kept. */
const RECENT_MAX = 32;

export class Recent {
  readonly #hashes = new Map<FeedId, Map<number, Uint8Array>>();

  /** Keeps the hash of an entry; where it is not known, nothing. */
  note(feed: FeedId, { seq, hash }: Pick<FeedTip, 'seq' | 'hash'>): void {
    if (seq === 0 || hash.length === 0) return;
    const ofFeed = this.#hashes.get(feed) ?? new Map<number, Uint8Array>();
    this.#hashes.set(feed, ofFeed.set(seq, hash));
    ofFeed.delete(seq - RECENT_MAX);
  }

  of(feed: FeedId, seq: number): Uint8Array | undefined {
    return this.#hashes.get(feed)?.get(seq);
  }
}
