/**
 * Holes: entries that were here and are damaged or gone. Each is withdrawn from what this node is said to hold, and asked for, one peer after the other, until
 * one that holds it sends it and it is verified; or until an owner's `lost` says that no copy is left.
 */

import { type Entry, entrySignatureFault, payloadFault } from '../core/entry.ts';
import { type Erasure, isExplained, NO_ERASURE } from '../core/erasure.ts';
import type { FeedInfo } from '../core/feed.ts';
import type { FeedId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { compareText, equalBytes } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import type { Hole } from './effects.ts';
import { FETCH_AGAIN_MS, FETCH_ENTRIES_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';

/** When and whom to ask next. */
export interface Asked {
  askAtMs: number;
  /** How often it was asked for: the next of the peers that hold it is next. */
  turn: number;
}

interface Open extends Asked {
  readonly hole: Hole;
}

/** Entries to ask a peer for; their numbers rise. */
export interface Fetch {
  readonly link: SyncLink;
  readonly feed: FeedId;
  readonly seqs: readonly number[];
}

export class Holes {
  readonly #suite: Suite;
  readonly #infos: ReadonlyMap<FeedId, FeedInfo>;
  readonly #erasure: Erasure;
  readonly #open = new Map<FeedId, Map<number, Open>>();

  constructor(suite: Suite, infos: ReadonlyMap<FeedId, FeedInfo>, holes: readonly Hole[], erasure: Erasure = NO_ERASURE) {
    this.#suite = suite;
    this.#infos = infos;
    this.#erasure = erasure;
    this.add(holes);
  }

  get size(): number {
    let size = 0;
    for (const holes of this.#open.values()) size += holes.size;
    return size;
  }

  has(feed: FeedId, seq: number): boolean {
    return this.#open.get(feed)?.has(seq) ?? false;
  }

  /** Takes holes; those that are new. */
  add(holes: readonly Hole[]): Hole[] {
    const news = holes.filter(({ feed, seq }) => !this.has(feed, seq));
    for (const hole of news) {
      const ofFeed = this.#open.get(hole.feed) ?? new Map<number, Open>();
      this.#open.set(hole.feed, ofFeed.set(hole.seq, { hole, askAtMs: 0, turn: 0 }));
    }
    return news;
  }

  /** Whether an entry is what a hole waits for. */
  fits(entry: Entry): boolean {
    const hole = this.#open.get(entry.feed)?.get(entry.seq)?.hole;
    const info = this.#infos.get(entry.feed);
    if (!hole || !info) return false;
    const isIt = hole.hash ? equalBytes(hole.hash, entry.hash) : entrySignatureFault(this.#suite, info, entry) === null;
    return isIt && decoding(() => payloadFault(this.#suite, entry)) === null && isExplained(this.#erasure, entry);
  }

  /** The hole is mended, or given up for lost. Whether there was one. */
  close(feed: FeedId, seq: number): boolean {
    const ofFeed = this.#open.get(feed);
    if (!ofFeed?.delete(seq)) return false;
    if (ofFeed.size === 0) this.#open.delete(feed);
    return true;
  }

  /** The numbers of a feed's holes, rising. */
  of(feed: FeedId): number[] {
    return [...(this.#open.get(feed)?.keys() ?? [])].sort((a, b) => a - b);
  }

  feeds(): FeedId[] {
    return [...this.#open.keys()].sort(compareText);
  }

  /** What to ask for now, and whom: of each feed a few at a time, of links that hold it. */
  due(links: Iterable<SyncLink>, holds: Holds, nowMs: number): Fetch[] {
    return fetchesDue(this.#open, links, holds, nowMs, FETCH_AGAIN_MS);
  }
}

/** Whether a peer holds an entry. */
export type Holds = (link: SyncLink, feed: FeedId, seq: number) => boolean;

/** Of entries that are wanted, those to ask for now, of one holder after the other. */
export function fetchesDue(
  open: ReadonlyMap<FeedId, ReadonlyMap<number, Asked>>,
  links: Iterable<SyncLink>,
  holds: Holds,
  nowMs: number,
  againMs: number,
): Fetch[] {
  if (open.size === 0) return [];
  const peers = [...links];
  const wanted = new Map<SyncLink, Map<FeedId, number[]>>();
  for (const [feed, ofFeed] of open) {
    for (const [seq, one] of ofFeed) {
      if (one.askAtMs > nowMs) continue;
      const holders = peers.filter((link) => holds(link, feed, seq));
      if (holders.length === 0) continue;
      const link = holders[one.turn++ % holders.length]!;
      const seqs = listIn(listsIn(wanted, link), feed);
      if (seqs.length >= FETCH_ENTRIES_MAX) continue;
      one.askAtMs = nowMs + againMs;
      seqs.push(seq);
    }
  }
  // They were found in any order; frames have them rising.
  return [...wanted].flatMap(([link, feeds]) => [...feeds].map(([feed, seqs]) => ({ link, feed, seqs: seqs.sort((a, b) => a - b) })));
}

function listsIn(map: Map<SyncLink, Map<FeedId, number[]>>, link: SyncLink): Map<FeedId, number[]> {
  const lists = map.get(link) ?? new Map<FeedId, number[]>();
  map.set(link, lists);
  return lists;
}

function listIn(map: Map<FeedId, number[]>, feed: FeedId): number[] {
  const list = map.get(feed) ?? [];
  map.set(feed, list);
  return list;
}
