/**
 * Which connection to each peer carries the link. A peer is a process: two processes of one node have a link each.
 *
 * Two processes that dial each other at once have two connections, and both must settle on one without asking. The rule: the
 * one with the smaller key opens the protocol stream, on whichever connection it has first; where the stream opens is the
 * link. It closes the connections it does not need. The other side only waits, and takes a new stream as word that the old
 * link is over.
 */
import type { Connection, MessageStream, Stream } from '@libp2p/interface';
import { introduction, type NodeKey } from './introduction.ts';
import { CROSSING_MS_MAX, DIAL_MS_MAX } from './limits.ts';
import { StreamLink } from './stream-link.ts';
import type { LinkEvents } from './transport.ts';

export const PROTOCOL = '/skein/1';
const PEER_CLOSED = 'the peer closed the connection';

interface Peer {
  /** Its key, which is not the node's. */
  readonly process: string;
  readonly connections: Set<Connection>;
  link: StreamLink | undefined;
  opening: boolean;
  readonly waiting: Set<PromiseWithResolvers<StreamLink>>;
  /** Why there was no link, where that is known. */
  reason: string;
}

export class LinkTable {
  readonly #node: NodeKey;
  readonly #self: string;
  readonly #events: LinkEvents;
  readonly #rawOf: (connection: Connection) => MessageStream | undefined;
  readonly #peers = new Map<string, Peer>();
  readonly #expected = new WeakMap<Connection, string>();
  #closed = false;

  /** `self` is this process's key. */
  constructor(node: NodeKey, self: string, events: LinkEvents, rawOf: (connection: Connection) => MessageStream | undefined) {
    this.#node = node;
    this.#self = self;
    this.#events = events;
    this.#rawOf = rawOf;
  }

  /** Whether connections are there of which nobody knows yet whose they are. */
  get settling(): boolean {
    return [...this.#peers.values()].some((peer) => !isMet(peer.link) && peer.connections.size > 0);
  }

  /** Whether a link to a process of this node is up. */
  hasLink(node: string): boolean {
    return [...this.#peers.values()].some(({ link }) => isMet(link) && link.node === node);
  }

  /** The link to this process, once it is up. Rejects when the time is over, or every connection to it ended. */
  async whenLinked(process: string, timeoutMs: number): Promise<StreamLink> {
    const peer = this.#peers.get(process);
    if (isMet(peer?.link)) return peer.link;
    if (!peer) throw new Error(PEER_CLOSED);
    const waiter = Promise.withResolvers<StreamLink>();
    peer.waiting.add(waiter);
    const timer = setTimeout(() => waiter.reject(new Error('the peer opened no link in time')), timeoutMs);
    return waiter.promise.finally(() => {
      clearTimeout(timer);
      peer.waiting.delete(waiter);
    });
  }

  /** Lets the connection be of use only for a link with this node. */
  expect(connection: Connection, node: string): void {
    this.#expected.set(connection, node);
  }

  connectionOpened(process: string, connection: Connection): void {
    if (this.#closed) {
      connection.abort(new Error('this node is closing'));
      return;
    }
    const peer = this.#peer(process);
    peer.connections.add(connection);
    if (this.#opens(process)) this.#settle(peer, connection);
    else this.#awaitStream(peer, connection);
  }

  connectionClosed(process: string, connection: Connection): void {
    const peer = this.#peers.get(process);
    if (!peer?.connections.delete(connection) || peer.link?.connection === connection) return;
    if (this.#opens(process)) this.#settle(peer);
    this.#forget(peer);
  }

  /** The peer opened the protocol stream: this connection is the link now. */
  streamArrived(process: string, connection: Connection, stream: Stream): void {
    const peer = this.#peers.get(process);
    const expected = !this.#closed && !this.#opens(process) && peer !== undefined;
    // On a turn of its own: libp2p would swallow what the user of a link throws.
    if (expected) queueMicrotask(() => this.#accept(peer, connection, stream));
    else stream.abort(new Error('no stream was expected'));
  }

  /** Closes every link, in order, and refuses what comes. */
  close(reason: string): void {
    this.#closed = true;
    for (const peer of this.#peers.values()) {
      if (peer.link?.node === '') peer.link.end(reason);
      else peer.link?.close(reason);
    }
  }

  /** Cuts whatever is left. */
  cut(reason: string): void {
    for (const peer of this.#peers.values()) {
      peer.link?.end(reason);
      for (const connection of peer.connections) connection.abort(new Error(reason));
    }
  }

  get links(): number {
    let count = 0;
    for (const peer of this.#peers.values()) if (isMet(peer.link)) count += 1;
    return count;
  }

  #opens(process: string): boolean {
    return this.#self < process;
  }

  #peer(process: string): Peer {
    let peer = this.#peers.get(process);
    if (!peer) {
      peer = { process, connections: new Set(), link: undefined, opening: false, waiting: new Set(), reason: PEER_CLOSED };
      this.#peers.set(process, peer);
    }
    return peer;
  }

  /** As the opening side: makes sure of one link while there is a connection, and of no connection beside it. */
  #settle(peer: Peer, fresh?: Connection): void {
    if (this.#closed || peer.opening) return;
    if (fresh && peer.link && isLost(peer.link, fresh)) peer.link.end('the peer connected again');
    if (peer.link) this.#closeSpares(peer);
    const [connection] = peer.connections;
    if (!peer.link && connection) void this.#open(peer, connection);
  }

  async #open(peer: Peer, connection: Connection): Promise<void> {
    peer.opening = true;
    const stream = await openStream(connection);
    peer.opening = false;
    if (stream && peer.connections.has(connection) && !this.#closed) {
      this.#linkUp(peer, connection, stream);
      return;
    }
    peer.connections.delete(connection);
    connection.abort(new Error('no stream could be opened'));
    this.#settle(peer);
    this.#forget(peer);
  }

  /** As the other side: a connection on which no stream comes is of no use. */
  #awaitStream(peer: Peer, connection: Connection): void {
    const timer = setTimeout(() => {
      if (peer.link?.connection !== connection) connection.abort(new Error('the peer opened no link in time'));
    }, DIAL_MS_MAX);
    timer.unref();
    connection.addEventListener('close', () => clearTimeout(timer), { once: true });
  }

  #accept(peer: Peer, connection: Connection, stream: Stream): void {
    if (!peer.connections.has(connection)) return;
    peer.link?.end('the peer opened another link');
    this.#linkUp(peer, connection, stream);
  }

  #linkUp(peer: Peer, connection: Connection, stream: Stream): void {
    const link = new StreamLink({
      process: peer.process,
      introduction: introduction(this.#node, this.#self),
      fault: (node) => this.#fault(connection, node),
      met: (met) => {
        for (const waiter of peer.waiting) waiter.resolve(met);
      },
      connection,
      stream,
      raw: this.#rawOf(connection),
      events: this.#events,
      ended: (ended, wanted, reason) => this.#linkEnded(peer, ended, wanted, reason),
    });
    peer.link = link;
    if (this.#opens(peer.process)) this.#closeSpares(peer);
    link.start();
  }

  /** Why this node at the end of the connection is of no use. */
  #fault(connection: Connection, node: string): string | null {
    const expected = this.#expected.get(connection);
    if (expected !== undefined && node !== expected) return 'another node is there';
    return node === this.#node.publicKey ? 'a process of this same node is there' : null;
  }

  #linkEnded(peer: Peer, link: StreamLink, wanted: boolean, reason: string): void {
    if (!isMet(link)) peer.reason = reason;
    if (peer.link === link) peer.link = undefined;
    peer.connections.delete(link.connection);
    if (wanted) this.#closeSpares(peer);
    else if (this.#opens(peer.process)) queueMicrotask(() => this.#settle(peer));
    this.#forget(peer);
  }

  #closeSpares(peer: Peer): void {
    for (const connection of peer.connections) {
      if (connection === peer.link?.connection) continue;
      peer.connections.delete(connection);
      connection.close().catch((error: Error) => connection.abort(error));
    }
  }

  #forget(peer: Peer): void {
    if (peer.link || peer.connections.size > 0) return;
    if (this.#peers.get(peer.process) === peer) this.#peers.delete(peer.process);
    for (const waiter of peer.waiting) waiter.reject(new Error(peer.reason));
  }
}

/** Whether the other side of a link has said who it is. */
function isMet(link: StreamLink | undefined): link is StreamLink {
  return link !== undefined && link.node !== '';
}

/** The protocol stream on this connection; undefined where it cannot be opened in time. */
async function openStream(connection: Connection): Promise<Stream | undefined> {
  try {
    const stream = await connection.newStream(PROTOCOL, { signal: AbortSignal.timeout(DIAL_MS_MAX) });
    return connection.status === 'open' ? stream : undefined;
  } catch {
    return undefined;
  }
}

/** A peer dials only while it knows of no link. Past the time in which dials may cross, it lost ours without our noticing. */
function isLost(link: StreamLink, fresh: Connection): boolean {
  if (link.connection.status !== 'open') return true;
  return fresh.direction === 'inbound' && performance.now() - link.upSince > CROSSING_MS_MAX;
}
