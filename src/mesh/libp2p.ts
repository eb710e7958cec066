/**
 * Links over the network: libp2p with TCP, the private-network key, Noise and yamux; one protocol stream to each peer.
 *
 * libp2p proves who the other side is and carries bytes. Which of several connections counts is settled in `link-table.ts`,
 * frames and back-pressure are in `stream-link.ts`.
 */
import type { Connection, Libp2p, MessageStream, PeerId } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import { toHex } from '../lib/bytes.ts';
import { createNode, startNode } from './libp2p-node.ts';
import { DIAL_MS_MAX, FLUSH_MS_MAX } from './limits.ts';
import { LinkTable, PROTOCOL } from './link-table.ts';
import type { Transport, TransportFactory } from './transport.ts';

export const libp2pTransport: TransportFactory = async ({ events, ...options }) => {
  // A connection and the raw one below it share this object, and nothing else that is public.
  const raws = new WeakMap<object, MessageStream>();
  const node = await createNode(options, (raw) => raws.set(raw.timeline, raw));
  const table = new LinkTable(nodeOf(node.peerId), events, (connection) => raws.get(connection.timeline));
  node.addEventListener('connection:open', ({ detail }) => table.connectionOpened(peerOf(detail), detail));
  node.addEventListener('connection:close', ({ detail }) => table.connectionClosed(peerOf(detail), detail));
  await node.handle(PROTOCOL, (stream, connection) => table.streamArrived(peerOf(connection), connection, stream), {
    maxInboundStreams: 1,
    maxOutboundStreams: 1,
  });
  await startNode(node);
  return new Libp2pTransport(node, table);
};

class Libp2pTransport implements Transport {
  readonly #node: Libp2p;
  readonly #table: LinkTable;

  constructor(node: Libp2p, table: LinkTable) {
    this.#node = node;
    this.#table = table;
  }

  addresses(): string[] {
    return this.#node.getMultiaddrs().map((address) => address.toString());
  }

  async dial(address: string): Promise<void> {
    const until = performance.now() + DIAL_MS_MAX;
    try {
      const known = nodeIn(address);
      if (known !== undefined && this.#table.hasLink(known)) return;
      const node = await this.#connect(address, known);
      await this.#table.whenLinked(node, until - performance.now());
    } catch (error) {
      throw new Error(`cannot connect to ${address}: ${reasonOf(error)}`);
    }
  }

  async close(): Promise<void> {
    this.#table.close('this node is closing');
    const until = performance.now() + FLUSH_MS_MAX;
    while (this.#table.links > 0 && performance.now() < until) await new Promise((again) => setTimeout(again, 5));
    this.#table.cut('this node is closing');
    await this.#node.stop();
  }

  /** Makes sure of a connection; the key of the node at its other end. */
  async #connect(address: string, known: string | undefined): Promise<string> {
    try {
      return peerOf(await this.#node.dial(multiaddr(address), { signal: AbortSignal.timeout(DIAL_MS_MAX) }));
    } catch (error) {
      // The peer may have dialled at the same time and closed ours as the one too many.
      if (known !== undefined && this.#table.expects(known)) return known;
      throw error;
    }
  }
}

/** The Ed25519 public key in a peer id. */
function nodeOf(peer: PeerId): string {
  if (peer.type !== 'Ed25519') throw new Error(`${peer} is no Ed25519 key`);
  return toHex(peer.publicKey.raw);
}

function peerOf(connection: Connection): string {
  return nodeOf(connection.remotePeer);
}

/** The key of the node an address names at its end; undefined where it names none. */
function nodeIn(address: string): string | undefined {
  const name = multiaddr(address)
    .getComponents()
    .findLast((component) => component.name === 'p2p')?.value;
  return name === undefined ? undefined : nodeOf(peerIdFromString(name));
}

/** What went wrong, in words. libp2p cannot tell another network's key from a garbled handshake. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time, or another network key';
  if (error.name === 'EncryptionFailedError') return `${error.message} (another node or network key?)`;
  return error.message;
}
