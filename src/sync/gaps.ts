/**
 * Gaps: payloads that were erased here by an op that was withheld later. Unlike a hole, a gap is no damage: the entry is held, served and counted as it is. Its payloads
 * are asked for, of one peer after the other, for some have not erased them; where nobody has, the gap stays.
 */

import { type Entry, payloadFault } from '../core/entry.ts';
import { type Erasure, isOrphaned, NO_ERASURE } from '../core/erasure.ts';
import type { FeedId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { equalBytes } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import type { Hole } from './effects.ts';
import { type Asked, type Fetch, fetchesDue, type Holds } from './holes.ts';
import { GAP_AGAIN_MS } from './limits.ts';
import type { SyncLink } from './link.ts';

/** Peers that are asked one right after the other: as many as a node has links, mostly. */
const ASKED_AT_ONCE = 8;

interface Open extends Asked {
  readonly hash: Uint8Array;
}

export class Gaps {
  readonly #suite: Suite;
  readonly #erasure: Erasure;
  readonly #open = new Map<FeedId, Map<number, Open>>();

  constructor(suite: Suite, erasure: Erasure = NO_ERASURE) {
    this.#suite = suite;
    this.#erasure = erasure;
  }

  /** Entries with gaps, in place of what was said before: those that are erased by now are wanted no more. */
  note(entries: readonly Hole[]): void {
    const before = new Map(this.#open);
    this.#open.clear();
    for (const { feed, seq, hash } of entries) {
      const ofFeed = this.#open.get(feed) ?? new Map<number, Open>();
      const open = before.get(feed)?.get(seq) ?? { hash: hash!, askAtMs: 0, turn: 0 };
      this.#open.set(feed, ofFeed.set(seq, open));
    }
  }

  has(feed: FeedId, seq: number): boolean {
    return this.#open.get(feed)?.has(seq) ?? false;
  }

  /** Whether an entry is what a gap waits for: with all its payloads but those that are erased. */
  fits(entry: Entry): boolean {
    const open = this.#open.get(entry.feed)?.get(entry.seq);
    if (!open || !equalBytes(open.hash, entry.hash)) return false;
    return decoding(() => payloadFault(this.#suite, entry)) === null && !isOrphaned(this.#erasure, entry);
  }

  /** A peer has no more of an entry than is here: the next is asked at once, and after some of them there is a pause. */
  inVain(feed: FeedId, seq: number): void {
    const open = this.#open.get(feed)?.get(seq);
    if (open && open.turn % ASKED_AT_ONCE !== 0) open.askAtMs = 0;
  }

  close(feed: FeedId, seq: number): void {
    const ofFeed = this.#open.get(feed);
    if (ofFeed?.delete(seq) && ofFeed.size === 0) this.#open.delete(feed);
  }

  due(links: Iterable<SyncLink>, holds: Holds, nowMs: number): Fetch[] {
    return fetchesDue(this.#open, links, holds, nowMs, GAP_AGAIN_MS);
  }
}
