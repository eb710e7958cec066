/**
 * Haves: what this node says it holds durably, what others say, and what is passed on towards the writers.
 *
 * A have tells the writer that there is one copy more, and everybody else that something can be had here. The first is urgent, the second rides with whatever goes next.
 * Passed on is only what the writer of a feed may want to count, along the way that the feed comes: no more holders than copies are wanted, and nothing where the
 * writer has neighbours enough of its own.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import { equalVectors, type Vector } from '../core/vector.ts';
import { HAVE_TAG, type Have, haveBytes } from '../wire/frame.ts';
import { Copies } from './copies.ts';
import type { Now } from './effects.ts';
import { HAVE_FEEDS_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import type { Urgency } from './outgoing.ts';
import type { Peers } from './peers.ts';
import type { Trees } from './trees.ts';

export class Haves {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #peers: Peers;
  readonly #log: Log;
  readonly #trees: Trees;
  readonly #missing: Missing;
  readonly copies = new Copies();
  /** What was signed last: links often tell the same. */
  #signed: Have | null = null;

  constructor(options: ReplicaOptions, links: Links, peers: Peers, log: Log, trees: Trees, missing: Missing) {
    this.#o = options;
    this.#links = links;
    this.#peers = peers;
    this.#log = log;
    this.#trees = trees;
    this.#missing = missing;
  }

  get #self(): NodeId {
    return this.#o.key.publicKey as NodeId;
  }

  /** Tells on a new link what is held of the feeds that are written now, and what the peer's feeds, or those that come from it, have for copies. */
  open(link: SyncLink): void {
    const own: Vector = new Map();
    const known = new Set<Have>();
    for (const [feed, seq] of this.#log.durable) {
      const isPeers = this.#writer(feed) === link.node;
      if (own.size >= HAVE_FEEDS_MAX || !(isPeers || this.isWritten(feed))) continue;
      own.set(feed, seq);
      if (!isPeers && this.#trees.source(feed) !== link.node) continue;
      for (const have of this.copies.newest(feed, this.#o.copies)) if (have.holder !== link.node) known.add(have);
    }
    if (own.size > 0) this.#links.send(link, { type: 'have', have: this.sign(own) });
    for (const have of known) this.#links.send(link, { type: 'have', have });
  }

  #writer(feed: FeedId): NodeId | undefined {
    return this.#log.infos.get(feed)?.node;
  }

  /** Whether the feed's incarnation lives, as far as its node's record tells. */
  isWritten(feed: FeedId): boolean {
    const info = this.#log.infos.get(feed);
    if (!info) return false;
    return (info.node === this.#self ? this.#log.governanceInfo.feed : this.#peers.records.get(info.node)?.feed) === info.sibling;
  }

  learn(link: SyncLink, have: Have, now: Now): void {
    if (have.holder === this.#self) return;
    const direct = have.holder === link.node;
    if (direct) {
      link.learn(have.vector);
      this.#missing.noteAll(link, have.vector, now.monoMs);
    }
    if (!this.copies.isNews(have)) return;
    const bytes = haveBytes(this.#o.network, have);
    if (!direct && !this.#o.suite.verify(have.holder, HAVE_TAG, bytes, have.signature)) return;
    this.copies.learn(have);
    this.#links.effect({ type: 'copies' });
    this.#pass(link, have, now);
  }

  #pass(from: SyncLink, have: Have, now: Now): void {
    for (const [feed, seq] of have.vector) {
      const writer = this.#writer(feed);
      if (!writer || writer === this.#self || writer === have.holder) continue;
      const link = this.#towards(feed, writer);
      if (!link || link === from || link.node === have.holder) continue;
      // The holder tells those who are linked with it itself.
      if (this.#peers.records.get(link.node)?.links.includes(have.holder)) continue;
      if (!this.#needsOthers(writer)) continue;
      if (this.copies.count(feed, seq) <= this.#o.copies) link.outgoing.pass(have, 'awaited', now.monoMs);
    }
  }

  /** The link by which a feed's writer is nearest. */
  #towards(feed: FeedId, writer: NodeId): SyncLink | null {
    return this.#links.to(writer) ?? this.#links.to(this.#trees.source(feed)) ?? null;
  }

  /** Whether the writer may want word from others than its neighbours: one with a neighbour more than it needs counts these. */
  #needsOthers(writer: NodeId): boolean {
    return (this.#peers.records.get(writer)?.links.length ?? 0) < this.#o.copies;
  }

  /** Whether this node is among the neighbours whose word the writer waits for: as many as it wants copies, the first in its own record. */
  #isAwaited(writer: NodeId): boolean {
    const neighbours = this.#peers.records.get(writer)?.links ?? [];
    return neighbours.length <= this.#o.copies || neighbours.slice(0, this.#o.copies).includes(this.#self);
  }

  sign(vector: Vector): Have {
    if (this.#signed && equalVectors(this.#signed.vector, vector)) return this.#signed;
    const body = { holder: this.#self, vector };
    this.#signed = { ...body, signature: this.#o.key.sign(HAVE_TAG, haveBytes(this.#o.network, body)) };
    return this.#signed;
  }

  /** Tells everybody that this much is durable here: first those on the way to the writer. */
  say(news: Vector, now: Now): void {
    for (const link of this.#links.open()) {
      const isAwaited = [...news.keys()].some((feed) => this.#urgencyOn(link, feed) === 'awaited');
      link.outgoing.tell(news, isAwaited ? 'awaited' : 'late', now.monoMs);
    }
  }

  #urgencyOn(link: SyncLink, feed: FeedId): Urgency {
    if (!this.#o.push) return 'awaited';
    const writer = this.#writer(feed);
    if (!writer || writer === this.#self) return 'late';
    if (link.node === writer) return this.#isAwaited(writer) ? 'awaited' : 'late';
    return this.#trees.source(feed) === link.node && this.#needsOthers(writer) ? 'awaited' : 'late';
  }
}
