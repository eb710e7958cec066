/**
 * One link, as replication sees it: what the peer holds, what was sent to it, and what it wants.
 *
 * `sent` is what the peer holds or was sent on this link, which is reliable while it is up. A feed whose `sent` is where the log is, is *live*: new entries are
 * pushed. Any other is streamed from the store, governance first, one load at a time and only while the link has room.
 */

import { FEED_KIND, type FeedInfo } from '../core/feed.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { type ReadonlyVector, raise, type Vector } from '../core/vector.ts';

import type { Compared } from './comparing.ts';
import { BEHIND_ENTRIES, LOOK_MS } from './limits.ts';
import { Outgoing } from './outgoing.ts';

export type LinkPhase =
  /** Waiting for the peer's hello. */
  | 'greeting'
  /** This side is a newcomer and waits to be let in. */
  | 'joining'
  /** Both are members; vectors are exchanged and entries flow. */
  | 'open'
  /** This side has ended it, or it has ended: nothing counts any more. */
  | 'closing';

/** Entries and bytes of frames that came and went on a link since it is up. */
export interface Flow {
  inEntries: number;
  outEntries: number;
  inBytes: number;
  outBytes: number;
}

export class SyncLink {
  readonly link: number;
  readonly node: NodeId;
  readonly address: string;
  readonly outbound: boolean;
  readonly sinceMs: number;
  phase: LinkPhase = 'greeting';
  name = '';
  /** Whether the peer's vector came: before it, nothing is sent, for all of it might be there. */
  told = false;
  /** Whether this side's vector went, or its answer to a digest. */
  hasTold = false;
  /** The digest that went and is not answered yet. */
  compared: Compared | null = null;
  readonly sent: Vector = new Map();
  /** What the peer said it holds durably. */
  readonly holds: Vector = new Map();
  /** Feeds of which the peer wants no entries pushed. */
  readonly lazy = new Set<FeedId>();
  /** Where others serve the peer: the feeds that it wants from this side as well. */
  eager: ReadonlySet<FeedId> | null = null;
  /** Feeds of which the peer may lack what is held here, by what is streamed first. */
  readonly #behind = { governance: new Set<FeedId>(), content: new Set<FeedId>() };
  /** Feeds that the peer asked for. */
  readonly wanted = new Set<FeedId>();
  /** Feeds that this side asked the peer not to push. */
  readonly pruned = new Set<FeedId>();
  /** The one load under way. */
  loading: FeedId | null = null;
  /** What it asked for by number and was not served yet. */
  readonly asked: { readonly feed: FeedId; readonly seqs: readonly number[] }[] = [];
  /** Whether entries that it asked for by number are being read. */
  fetching = false;
  readonly outgoing = new Outgoing();
  full = false;
  /** The last load gave nothing although there was more to give: the next tick tries again. */
  stalled = false;
  heardMs: number;
  /** Frames that came since they were counted last. */
  frames = 0;
  readonly flow: Flow = { inEntries: 0, outEntries: 0, inBytes: 0, outBytes: 0 };
  pingedMs = 0;
  /** When something was last said on it, in ms. */
  spokenMs: number;
  /** Silence after which no acknowledgement waits for the peer, in ms. */
  quietMs = 0;
  /** The peer takes in a history: what is new now comes to it only after that. */
  isBehind = false;
  /** When it was looked at last how far the peer is. */
  lookedMs = Number.NEGATIVE_INFINITY;
  rttMs: number | null = null;
  suspect = false;
  /** Since when it was asked for entries and gave none, in ms; null where it owes none. */
  owesSinceMs: number | null = null;
  /** One side has links enough and parted from this one. */
  parted = false;

  constructor(link: number, node: NodeId, address: string, outbound: boolean, nowMs: number) {
    this.link = link;
    this.node = node;
    this.address = address;
    this.outbound = outbound;
    this.sinceMs = nowMs;
    this.heardMs = nowMs;
    this.spokenMs = nowMs;
  }

  /** The peer holds this; what it holds need not be sent. */
  learn(vector: ReadonlyVector): void {
    raise(this.holds, vector);
    raise(this.sent, vector);
  }

  /** Whether the entry after what was sent is this one, and may be pushed. */
  takes(feed: FeedId, seq: number): boolean {
    return this.told && !this.full && !this.lazy.has(feed) && this.loading !== feed && (this.sent.get(feed) ?? 0) === seq - 1;
  }

  /** The peer may lack something of this feed: it is to be looked at by `nextFeed`. */
  mayLack(feed: FeedId, infos: ReadonlyMap<FeedId, FeedInfo>): void {
    if (this.lazy.has(feed)) return;
    this.#behind[infos.get(feed)?.kind === FEED_KIND.governance ? 'governance' : 'content'].add(feed);
  }

  /** The next feed to stream, governance before content and one after the other, or null where the peer lacks nothing or the link is busy. */
  nextFeed(durable: ReadonlyVector, isHole: (feed: FeedId, seq: number) => boolean): FeedId | null {
    if (!this.told || this.full || this.stalled || this.loading !== null) return null;
    for (const feeds of [this.#behind.governance, this.#behind.content]) {
      for (const feed of feeds) {
        feeds.delete(feed);
        const sent = this.sent.get(feed) ?? 0;
        if (this.lazy.has(feed) || sent >= (durable.get(feed) ?? 0) || isHole(feed, sent + 1)) continue;
        feeds.add(feed);
        return feed;
      }
    }
    return null;
  }

  /** Sees now and then how far the peer is behind. */
  look(durable: ReadonlyVector, nowMs: number): void {
    if (nowMs - this.lookedMs < LOOK_MS) return;
    this.lookedMs = nowMs;
    this.isBehind = this.lag(durable) > BEHIND_ENTRIES;
  }

  /** Entries that the peer lacks. */
  lag(durable: ReadonlyVector): number {
    let lag = 0;
    for (const [feed, seq] of durable) lag += Math.max(0, seq - (this.holds.get(feed) ?? 0));
    return lag;
  }
}

/** Peers that have said nothing for a moment, or are far behind: no acknowledgement waits for them. */
export function quietNodes(links: Iterable<SyncLink>, nowMs: number): Set<NodeId> {
  const quiet = new Set<NodeId>();
  for (const link of links) if (link.isBehind || nowMs - link.heardMs > link.quietMs) quiet.add(link.node);
  return quiet;
}
