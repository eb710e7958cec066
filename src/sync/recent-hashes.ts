/** The hashes of the last entries of each feed that came since the start: to notice that a peer has others. */

import type { FeedId } from '../core/ids.ts';

/** Entries of a feed whose hashes are kept. */
const RECENT_MAX = 32;

export class RecentHashes {
  readonly #feeds = new Map<FeedId, Map<number, Uint8Array>>();

  get(feed: FeedId, seq: number): Uint8Array | undefined {
    return this.#feeds.get(feed)?.get(seq);
  }

  add({ feed, seq, hash }: { readonly feed: FeedId; readonly seq: number; readonly hash: Uint8Array }): void {
    const recent = this.#feeds.get(feed) ?? new Map<number, Uint8Array>();
    this.#feeds.set(feed, recent.set(seq, hash));
    recent.delete(seq - RECENT_MAX);
  }
}
