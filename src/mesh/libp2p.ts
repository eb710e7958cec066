/**
 * Links over the network: libp2p with TCP, the private-network key, Noise and yamux; one protocol stream to each peer.
 *
 * libp2p proves who the other side is and carries bytes. Which of several connections counts is settled in `link-table.ts`,
 * frames and back-pressure are in `stream-link.ts`.
 */
import { randomBytes } from 'node:crypto';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Connection, Libp2p, MessageStream, PeerId } from '@libp2p/interface';
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { toHex } from '../lib/bytes.ts';
import { nodeKey } from './introduction.ts';
import { createNode, startNode } from './libp2p-node.ts';
import { DIAL_MS_MAX, FLUSH_MS_MAX } from './limits.ts';
import { LinkTable, PROTOCOL } from './link-table.ts';
import type { Transport, TransportFactory } from './transport.ts';

export const libp2pTransport: TransportFactory = async ({ events, seed, ...options }) => {
  // A connection and the raw one below it share this object, and nothing else that is public.
  const raws = new WeakMap<object, MessageStream>();
  const node = await createNode({ ...options, seed: options.processSeed ?? randomBytes(32) }, (raw) => raws.set(raw.timeline, raw));
  const identity = await generateKeyPairFromSeed('Ed25519', seed);
  const table = new LinkTable(nodeKey(seed), nodeOf(node.peerId), events, (connection) => raws.get(connection.timeline));
  node.addEventListener('connection:open', ({ detail }) => table.connectionOpened(peerOf(detail), detail));
  node.addEventListener('connection:close', ({ detail }) => table.connectionClosed(peerOf(detail), detail));
  await node.handle(PROTOCOL, (stream, connection) => table.streamArrived(peerOf(connection), connection, stream), {
    maxInboundStreams: 1,
    maxOutboundStreams: 1,
  });
  await startNode(node);
  return new Libp2pTransport(node, table, peerIdFromPrivateKey(identity));
};

class Libp2pTransport implements Transport {
  readonly #node: Libp2p;
  readonly #table: LinkTable;
  /** Of the node, in place of the process's: addresses outlive processes. */
  readonly #name: PeerId;

  constructor(node: Libp2p, table: LinkTable, name: PeerId) {
    this.#node = node;
    this.#table = table;
    this.#name = name;
  }

  addresses(): string[] {
    return this.#node.getMultiaddrs().map((address) => `${placeOf(address.toString())}/p2p/${this.#name}`);
  }

  async dial(address: string): Promise<void> {
    const until = performance.now() + DIAL_MS_MAX;
    try {
      const known = nodeIn(address);
      if (known === nodeOf(this.#name)) throw new Error('it is this node');
      if (known !== undefined && this.#table.hasLink(known)) return;
      await this.#link(multiaddr(placeOf(address)), known, until).catch(async (error: unknown) => {
        // The peer may have dialled at the same time and closed ours as the one too many.
        if (known === undefined || !(await this.#linkedMeanwhile(known, until))) throw error;
      });
    } catch (error) {
      throw new Error(`cannot connect to ${address}: ${reasonOf(error)}`);
    }
  }

  async #link(place: Multiaddr, known: string | undefined, until: number): Promise<void> {
    const connection = await this.#node.dial(place, { signal: AbortSignal.timeout(DIAL_MS_MAX) });
    if (known !== undefined) this.#table.expect(connection, known);
    const { node } = await this.#table.whenLinked(peerOf(connection), until - performance.now());
    if (known !== undefined && node !== known) throw new Error('another node is there');
  }

  /** Whether a link to the node comes up from connections that are there. */
  async #linkedMeanwhile(known: string, until: number): Promise<boolean> {
    while (!this.#table.hasLink(known) && this.#table.settling && performance.now() < until)
      await new Promise((again) => setTimeout(again, 5));
    return this.#table.hasLink(known);
  }

  async close(): Promise<void> {
    this.#table.close('this node is closing');
    const until = performance.now() + FLUSH_MS_MAX;
    while (this.#table.links > 0 && performance.now() < until) await new Promise((again) => setTimeout(again, 5));
    this.#table.cut('this node is closing');
    await this.#node.stop();
  }
}

/** An address without the name of the node there. */
function placeOf(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, '');
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
