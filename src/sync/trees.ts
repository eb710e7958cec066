/**
 * The trees along which entries are pushed, one for each feed (Plumtree): from which neighbour a feed comes, and who was asked not to push it.
 *
 * A repeated entry makes this side prune the link it came by, unless the feed comes by that link. When the neighbour that a feed came from is lost, another one is asked
 * for it at once; what that does not mend, haves and grafts do.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';

export class Trees {
  readonly #links: Links;
  readonly #log: Log;
  /** For feeds that moved since this process began. */
  readonly #source = new Map<FeedId, NodeId>();

  constructor(links: Links, log: Log) {
    this.#links = links;
    this.#log = log;
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
    if (link.pruned.has(feed) || this.#source.get(feed) === link.node) return;
    link.pruned.add(feed);
    link.outgoing.prune(feed, nowMs);
  }

  /** Asks for the feed on this link, and to have it pushed from now on. */
  graft(link: SyncLink, feed: FeedId): void {
    link.pruned.delete(feed);
    link.outgoing.prunes.delete(feed);
    this.#source.set(feed, link.node);
    this.#links.send(link, { type: 'want', feed, after: this.#log.stagedSeq(feed) });
  }

  /** A neighbour is lost: what came from it is asked of another that was told to keep it. */
  lost(node: NodeId): void {
    for (const [feed, source] of this.#source) {
      if (source !== node) continue;
      const link = this.#spare(feed);
      if (link) this.graft(link, feed);
    }
  }

  #spare(feed: FeedId): SyncLink | null {
    for (const link of this.#links.open()) if (link.pruned.has(feed) && !link.suspect) return link;
    return null;
  }
}
