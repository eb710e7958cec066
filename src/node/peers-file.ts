/** The addresses of peers as they are remembered over a restart. */

import { NODE_ID_BYTES, type NodeId } from '../core/ids.ts';
import { decoding, Reader, Writer } from '../lib/codec.ts';

const PEERS_MAX = 10_000;
const ADDRESSES_MAX = 32;

export function writePeers(peers: ReadonlyMap<NodeId, readonly string[]>): Uint8Array {
  const writer = new Writer(512).varint(peers.size);
  for (const [node, addresses] of [...peers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    writer.hex(node).varint(addresses.length);
    for (const address of addresses) writer.text(address);
  }
  return writer.done();
}

/** What is remembered; nothing where it cannot be read, as peers are found again by others. */
export function readPeers(bytes: Uint8Array | null): Map<NodeId, string[]> {
  const peers = new Map<NodeId, string[]>();
  if (!bytes) return peers;
  decoding(() => {
    const reader = new Reader(bytes);
    const count = reader.count(PEERS_MAX);
    for (let i = 0; i < count; i++) {
      const node = reader.hex(NODE_ID_BYTES) as NodeId;
      peers.set(
        node,
        Array.from({ length: reader.count(ADDRESSES_MAX) }, () => reader.text(512)),
      );
    }
  });
  return peers;
}
