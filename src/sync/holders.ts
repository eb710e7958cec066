/**
 * Which other nodes hold an entry, as far as this one knows: for people who ask where a message is. Acknowledgements count signed haves alone (copies.ts); those are told of
 * feeds that are written now, so of what is older the vectors count that linked peers told.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import type { Copies } from './copies.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';

/** Peers whose vector is remembered when their link is gone: what is on a disk does not go with the link. */
const LOST_MAX = 32;

export class Holders {
  readonly #links: Links;
  readonly #copies: Copies;
  readonly #lost = new Map<NodeId, ReadonlyVector>();

  constructor(links: Links, copies: Copies) {
    this.#links = links;
    this.#copies = copies;
  }

  /** The link to a peer is gone. */
  lost({ node, told, holds }: SyncLink): void {
    if (!told) return;
    this.#lost.delete(node);
    this.#lost.set(node, holds);
    if (this.#lost.size > LOST_MAX) this.#lost.delete(this.#lost.keys().next().value!);
  }

  /** Who of the others holds the entry. A peer that is linked, and said what it holds, is believed about itself: it may hold less than it once did. */
  of(feed: FeedId, seq: number): NodeId[] {
    const told = new Map([...this.#links.open()].filter((link) => link.told).map((link) => [link.node, link.holds]));
    const remembered = [...this.#lost].filter(([node]) => !told.has(node));
    const nodes = new Set(this.#copies.holders(feed, seq).filter((node) => !told.has(node)));
    for (const [node, holds] of [...told, ...remembered])
      if ((holds.get(feed) ?? 0) >= seq && !this.#copies.hasHole(node, feed, seq)) nodes.add(node);
    return [...nodes];
  }
}
