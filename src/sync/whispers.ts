/**
 * Whispers on the mesh: signed words that go around the log, from the node at which somebody's session is to all others. They are flooded along links, not to peers
 * that are linked with their origin themselves, each passed on once by its number. They are never stored, and may be lost: nothing rests on them.
 *
 * 1. Each is told at most once here: of an incarnation only what is newer than all that came of it before.
 * 2. One is believed of a member whose incarnation runs; whether it may speak for that person is for the node to judge, which knows the log.
 * 3. Whatever is beyond the limits of a link, an origin or a person is dropped, here as at its origin.
 */

import { FEED_KIND } from '../core/feed.ts';
import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import { Buckets } from '../lib/buckets.ts';
import { type Said, WHISPER_TAG, type Whisper, whisperBytes } from '../wire/whisper.ts';
import type { Now } from './effects.ts';
import { WHISPER_HOPS_MAX, WHISPERS_OF_AUTHOR, WHISPERS_OF_LINK, WHISPERS_OF_NODE } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { ReplicaOptions } from './options.ts';
import type { Peers } from './peers.ts';

export class Whispers {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #log: Log;
  readonly #peers: Peers;
  /** The highest number of each incarnation that runs. */
  readonly #heard = new Map<NodeId, Map<FeedId, number>>();
  readonly #ofLink = new Buckets(WHISPERS_OF_LINK);
  readonly #ofNode = new Buckets(WHISPERS_OF_NODE);
  readonly #ofAuthor = new Buckets(WHISPERS_OF_AUTHOR);
  #number = 0;
  /** Nodes that are members no more. */
  revoked: ReadonlyMap<NodeId, string> = new Map();

  constructor(options: ReplicaOptions, links: Links, log: Log, peers: Peers) {
    this.#o = options;
    this.#links = links;
    this.#log = log;
    this.#peers = peers;
  }

  get #self(): NodeId {
    return this.#o.key.publicKey as NodeId;
  }

  /** Tells all nodes, this one too, unless this one has said too much of late. */
  say(author: AuthorId, said: Said, now: Now): void {
    if (this.#log.chain.length === 0 || !this.#hasRoom(this.#self, author, now)) return;
    const body = { node: this.#self, feed: this.#log.governanceInfo.feed, number: ++this.#number, author, said };
    const whisper = { ...body, signature: this.#o.key.sign(WHISPER_TAG, whisperBytes(this.#o.network, body)) };
    this.#links.effect({ type: 'whispered', whisper });
    this.#pass(whisper, 0, null, now);
  }

  learn(from: SyncLink, whisper: Whisper, hops: number, now: Now): void {
    if (!this.#isNews(whisper) || this.#ofLink.take(`${from.link}`, 1, now.monoMs) > 0) return;
    const { node, feed, number, author } = whisper;
    if (!this.#o.suite.verify(node, WHISPER_TAG, whisperBytes(this.#o.network, whisper), whisper.signature)) return;
    this.#note(node, feed, number);
    if (!this.#hasRoom(node, author, now)) return;
    this.#links.effect({ type: 'whispered', whisper });
    if (hops < WHISPER_HOPS_MAX) this.#pass(whisper, hops + 1, from, now);
  }

  /** Whether it is of a member's incarnation that runs, not this one, and newer than what came of it. */
  #isNews({ node, feed, number }: Whisper): boolean {
    const info = this.#log.infos.get(feed);
    if (info?.node !== node || info.kind !== FEED_KIND.governance || feed === this.#log.governanceInfo.feed) return false;
    if (this.revoked.has(node) || !this.#peers.incarnations.isLive(node, feed)) return false;
    return number > (this.#heard.get(node)?.get(feed) ?? 0);
  }

  #note(node: NodeId, feed: FeedId, number: number): void {
    let heard = this.#heard.get(node);
    if (!heard) this.#heard.set(node, (heard = new Map()));
    // As many are kept as run.
    if (!heard.has(feed)) for (const other of heard.keys()) if (!this.#peers.incarnations.isLive(node, other)) heard.delete(other);
    heard.set(feed, number);
  }

  #hasRoom(node: NodeId, author: AuthorId, now: Now): boolean {
    const [ofNode, ofAuthor] = [this.#ofNode, this.#ofAuthor];
    const key = node + author;
    if (ofNode.waitMs(node, 1, now.monoMs) > 0 || ofAuthor.take(key, 1, now.monoMs) > 0) return false;
    return ofNode.take(node, 1, now.monoMs) === 0;
  }

  #pass(whisper: Whisper, hops: number, from: SyncLink | null, now: Now): void {
    const linked = this.#peers.graph.get(whisper.node);
    for (const link of this.#links.open()) {
      if (link === from || link.full || link.node === whisper.node || linked?.includes(link.node)) continue;
      link.outgoing.whisper({ type: 'whisper', whisper, hops }, now.monoMs);
    }
  }
}
