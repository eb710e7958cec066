/**
 * The trees along which entries are pushed, one for each feed (Plumtree): from which neighbour a feed comes, and who was asked not to push it.
 *
 * A repeated entry makes this side prune the link it came by, unless the feed comes by that link. When the neighbour that a feed came from is lost, another one is asked
 * for it at once; what that does not mend, haves and grafts do.
 *
 * The first entry finds the way that was fastest at that moment. From then on each node moves a feed to the neighbour nearest to its writer, as Plumtree does; among equals
 * all choose in the same order, so that trees share links and what goes along them shares frames.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import { compareText } from '../lib/bytes.ts';
import { EXCEPT_MAX } from '../wire/frame.ts';
import { IMPROVE_FEEDS_MAX, IMPROVE_MS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import { distances } from './paths.ts';
import type { Peers } from './peers.ts';

export class Trees {
  readonly #links: Links;
  readonly #log: Log;
  /** For feeds that moved since this process began. */
  readonly #source = new Map<FeedId, NodeId>();

  readonly #peers: Peers;
  readonly #self: NodeId;
  #improvedMs = 0;
  /** Which neighbour is nearest to each member, for these records and links. */
  #nearest: { readonly key: string; readonly to: Map<NodeId, NodeId> } | null = null;

  constructor(links: Links, log: Log, peers: Peers, self: NodeId) {
    this.#links = links;
    this.#log = log;
    this.#peers = peers;
    this.#self = self;
  }

  /** The neighbour that the feed comes from, as far as it moved lately. */
  source(feed: FeedId): NodeId | undefined {
    return this.#source.get(feed);
  }

  /** Something new of the feed came by this link. What comes on a link that was told to stop may be the last that does: the feed's source stays who it was. */
  came(link: SyncLink, feed: FeedId): void {
    if (link.outgoing.prunes.delete(feed)) link.pruned.delete(feed);
    if (!link.pruned.has(feed)) this.#source.set(feed, link.node);
    else if (!this.#links.to(this.#source.get(feed))) this.graft(link, feed);
  }

  /** Something of the feed came that was here. */
  repeated(link: SyncLink, feed: FeedId, nowMs: number): void {
    if (this.#source.get(feed) !== link.node) this.refuse(link, feed, nowMs);
  }

  /** Asks for the feed on this link, and to have it pushed from now on. */
  graft(link: SyncLink, feed: FeedId): void {
    link.pruned.delete(feed);
    link.outgoing.prunes.delete(feed);
    this.#source.set(feed, link.node);
    link.owesSinceMs ??= this.#links.nowMs;
    this.#links.send(link, { type: 'want', feed, after: this.#log.stagedSeq(feed) });
  }

  /** Asks not to be pushed the feed until it is wanted. */
  refuse(link: SyncLink, feed: FeedId, nowMs: number): void {
    if (link.pruned.has(feed)) return;
    link.pruned.add(feed);
    link.outgoing.prune(feed, nowMs);
  }

  /**
   * On a link that is new in a mesh that has others: what comes from another neighbour need not come from this one, too, and would have to be pruned feed by feed.
   * Feeds whose source is lost, or that never moved here, are wanted from everybody.
   */
  serve(link: SyncLink): void {
    if (this.#peers.isFull || [...this.#links.open()].length < 2) return;
    const except: FeedId[] = [];
    for (const feed of this.#log.durable.keys()) {
      const source = this.#links.to(this.#source.get(feed));
      if (source && source !== link && !source.suspect) link.pruned.add(feed);
      else if (this.#isWritten(feed)) except.push(feed);
    }
    if (except.length <= EXCEPT_MAX) this.#links.send(link, { type: 'served', except });
    else link.pruned.clear();
  }

  /** What the peer holds is known: of that nothing is pushed where others serve it. What it lacks of it all the same it will want. */
  told(link: SyncLink): void {
    if (link.eager) for (const feed of link.holds.keys()) if (!link.eager.has(feed)) link.lazy.add(feed);
  }

  #isWritten(feed: FeedId): boolean {
    const info = this.#log.infos.get(feed);
    return info !== undefined && this.#peers.records.get(info.node)?.feed === info.sibling;
  }

  /**
   * A new feed begins with a tree in place of a flood: each peer has it from the one of its neighbours that is nearest to the writer, as all compute alike. Who cannot be
   * placed by the records is pushed it by everybody, and whom they place wrongly a have tells.
   */
  plant(feed: FeedId): void {
    const writer = this.#log.infos.get(feed)?.node;
    if (!writer || writer === this.#self || this.#peers.isFull) return;
    const far = distances(this.#peers.graph, writer);
    const links = [...this.#links.open()];
    far.set(this.#self, 1 + Math.min(...links.map(({ node }) => far.get(node) ?? Number.POSITIVE_INFINITY)));
    for (const link of links) {
      const neighbours = this.#peers.records.get(link.node)?.links ?? [];
      if (far.has(link.node) && neighbours.includes(this.#self) && nearestOf(neighbours, far) !== this.#self) link.lazy.add(feed);
    }
  }

  /** A neighbour is lost: what came from it is asked of another that was told to keep it. */
  lost(node: NodeId): void {
    const nearest = this.#nearestTo();
    for (const [feed, source] of this.#source) {
      if (source !== node) continue;
      // Whoever has a way to the writer past this node does not have the feed from it.
      const link = this.#links.to(nearest.get(this.#log.infos.get(feed)?.node ?? node)) ?? this.#spare(feed);
      if (link) this.graft(link, feed);
    }
  }

  /** Moves feeds to the neighbours nearest to their writers, where those keep up. */
  improve(nowMs: number): void {
    if (this.#peers.isFull || nowMs - this.#improvedMs < IMPROVE_MS) return;
    this.#improvedMs = nowMs;
    const nearest = this.#nearestTo();
    let left = IMPROVE_FEEDS_MAX;
    for (const [feed, source] of this.#source) {
      const node = this.#log.infos.get(feed)?.node;
      const better = node && nearest.get(node);
      const [from, to] = [this.#links.to(source), this.#links.to(better)];
      if (!from || !to || from === to || (to.holds.get(feed) ?? 0) < this.#log.stagedSeq(feed)) continue;
      this.graft(to, feed);
      this.refuse(from, feed, nowMs);
      if (--left === 0) return;
    }
  }

  #nearestTo(): ReadonlyMap<NodeId, NodeId> {
    const links = [...this.#links.open()].filter((link) => !link.suspect).sort((a, b) => compareText(a.node, b.node));
    const key = `${this.#peers.version} ${links.map(({ link }) => link).join()}`;
    if (this.#nearest?.key === key) return this.#nearest.to;
    const best = new Map<NodeId, { distance: number; by: NodeId }>();
    for (const { node: by } of links) {
      for (const [node, distance] of distances(this.#peers.graph, by)) {
        if (distance < (best.get(node)?.distance ?? Number.POSITIVE_INFINITY)) best.set(node, { distance, by });
      }
    }
    this.#nearest = { key, to: new Map([...best].map(([node, { by }]) => [node, by])) };
    return this.#nearest.to;
  }

  #spare(feed: FeedId): SyncLink | null {
    for (const link of this.#links.open()) if (link.pruned.has(feed) && !link.suspect) return link;
    return null;
  }
}

/** The member at the least distance; among equals the first by id. */
function nearestOf(nodes: readonly NodeId[], far: ReadonlyMap<NodeId, number>): NodeId | undefined {
  const distance = (node: NodeId): number => far.get(node) ?? Number.POSITIVE_INFINITY;
  return [...nodes].sort((a, b) => distance(a) - distance(b) || compareText(a, b))[0];
}
