/** Feeds: the append-only, hash-chained sequences of entries. Every start of a node opens new ones, so a copied data directory forks none. */

import { type Reader, Writer } from '../lib/codec.ts';
import { type Chain, readChain, writeChain } from './admission.ts';
import { type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from './ids.ts';
import type { Hashing } from './suite.ts';

/** What a feed carries. An import feed carries messages of another time and place, and nothing else. */
export const FEED_KIND = { governance: 0, content: 1, import: 2 } as const;
export type FeedKind = 0 | 1 | 2;

export const INCARNATION_BYTES = 16;

/** The beginning of a feed's first entry. */
export interface FeedHeader {
  readonly node: NodeId;
  readonly kind: FeedKind;
  /** Random, one for each start of a node (and one for each import), 16 bytes as hexadecimal text. */
  readonly incarnation: string;
  readonly chain: Chain;
}

/** What everybody remembers of a feed. */
export interface FeedInfo {
  readonly feed: FeedId;
  readonly node: NodeId;
  readonly kind: FeedKind;
  readonly incarnation: string;
  /** The governance feed of the same incarnation: where the grants are that its content rests on. */
  readonly sibling: FeedId;
}

/** A feed's id binds the node, the incarnation and the kind; nobody can open a feed under somebody else's id. */
export function feedId(hashing: Hashing, network: NetworkId, node: NodeId, kind: FeedKind, incarnation: string): FeedId {
  const bytes = new Writer(80).hex(network).hex(node).u8(kind).hex(incarnation).view();
  return hashing.name('skein/feed/1', bytes) as FeedId;
}

export function feedInfo(hashing: Hashing, network: NetworkId, header: Omit<FeedHeader, 'chain'>): FeedInfo {
  const { node, kind, incarnation } = header;
  const id = (of: FeedKind): FeedId => feedId(hashing, network, node, of, incarnation);
  return { feed: id(kind), node, kind, incarnation, sibling: id(FEED_KIND.governance) };
}

export function writeFeedHeader(writer: Writer, header: FeedHeader): void {
  writer.hex(header.node).u8(header.kind).hex(header.incarnation);
  writeChain(writer, header.chain);
}

export function readFeedHeader(reader: Reader): FeedHeader {
  const node = reader.hex(NODE_ID_BYTES) as NodeId;
  const kind = reader.count(FEED_KIND.import) as FeedKind;
  return { node, kind, incarnation: reader.hex(INCARNATION_BYTES), chain: readChain(reader) };
}
