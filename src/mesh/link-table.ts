/**
 * Which connection to each peer carries the link.
 *
 * Two nodes that dial each other at once have two connections, and both must settle on one without asking. The rule: the
 * node with the smaller key opens the protocol stream, on whichever connection it has first; where the stream opens is the
 * link. It closes the connections it does not need. The other side only waits, and takes a new stream as word that the old
 * link is over.
 */
import type { Connection, MessageStream, Stream } from '@libp2p/interface';
import { CROSSING_MS_MAX, DIAL_MS_MAX } from './limits.ts';
import { StreamLink } from './stream-link.ts';
import type { LinkEvents } from './transport.ts';

export const PROTOCOL = '/skein/1';

interface Peer {
  readonly node: string;
  readonly connections: Set<Connection>;
  link: StreamLink | undefined;
  opening: boolean;
  readonly waiting: Set<PromiseWithResolvers<void>>;
}

export class LinkTable {
  readonly #self: string;
  readonly #events: LinkEvents;
  readonly #rawOf: (connection: Connection) => MessageStream | undefined;
  readonly #peers = new Map<string, Peer>();
  #closed = false;

  constructor(self: string, events: LinkEvents, rawOf: (connection: Connection) => MessageStream | undefined) {
    this.#self = self;
    this.#events = events;
    this.#rawOf = rawOf;
  }

  /** Whether a link to this node is up, or may come without a further dial. */
  expects(node: string): boolean {
    const peer = this.#peers.get(node);
    return peer !== undefined && (peer.link !== undefined || peer.connections.size > 0);
  }

  hasLink(node: string): boolean {
    return this.#peers.get(node)?.link !== undefined;
  }

  /** Resolves once a link to this node is up. Rejects when the time is over, or every connection to it ended. */
  async whenLinked(node: string, timeoutMs: number): Promise<void> {
    const peer = this.#peers.get(node);
    if (peer?.link) return;
    if (!peer) throw new Error('the peer closed the connection');
    const waiter = Promise.withResolvers<void>();
    peer.waiting.add(waiter);
    const timer = setTimeout(() => waiter.reject(new Error('the peer opened no link in time')), timeoutMs);
    await waiter.promise.finally(() => {
      clearTimeout(timer);
      peer.waiting.delete(waiter);
    });
  }

  connectionOpened(node: string, connection: Connection): void {
    if (this.#closed) {
      connection.abort(new Error('this node is closing'));
      return;
    }
    const peer = this.#peer(node);
    peer.connections.add(connection);
    if (this.#opens(node)) this.#settle(peer, connection);
    else this.#awaitStream(peer, connection);
  }

  connectionClosed(node: string, connection: Connection): void {
    const peer = this.#peers.get(node);
    if (!peer?.connections.delete(connection) || peer.link?.connection === connection) return;
    if (this.#opens(node)) this.#settle(peer);
    this.#forget(peer);
  }

  /** The peer opened the protocol stream: this connection is the link now. */
  streamArrived(node: string, connection: Connection, stream: Stream): void {
    const peer = this.#peers.get(node);
    const expected = !this.#closed && !this.#opens(node) && peer !== undefined;
    // On a turn of its own: libp2p would swallow what the user of a link throws.
    if (expected) queueMicrotask(() => this.#accept(peer, connection, stream));
    else stream.abort(new Error('no stream was expected'));
  }

  /** Closes every link, in order, and refuses what comes. */
  close(reason: string): void {
    this.#closed = true;
    for (const peer of this.#peers.values()) peer.link?.close(reason);
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
    for (const peer of this.#peers.values()) if (peer.link) count += 1;
    return count;
  }

  #opens(node: string): boolean {
    return this.#self < node;
  }

  #peer(node: string): Peer {
    let peer = this.#peers.get(node);
    if (!peer) {
      peer = { node, connections: new Set(), link: undefined, opening: false, waiting: new Set() };
      this.#peers.set(node, peer);
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
      node: peer.node,
      connection,
      stream,
      raw: this.#rawOf(connection),
      events: this.#events,
      ended: (ended, wanted) => this.#linkEnded(peer, ended, wanted),
    });
    peer.link = link;
    for (const waiter of peer.waiting) waiter.resolve();
    if (this.#opens(peer.node)) this.#closeSpares(peer);
    link.start();
  }

  #linkEnded(peer: Peer, link: StreamLink, wanted: boolean): void {
    if (peer.link === link) peer.link = undefined;
    peer.connections.delete(link.connection);
    if (wanted) this.#closeSpares(peer);
    else if (this.#opens(peer.node)) queueMicrotask(() => this.#settle(peer));
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
    if (this.#peers.get(peer.node) === peer) this.#peers.delete(peer.node);
    for (const waiter of peer.waiting) waiter.reject(new Error('the peer closed the connection'));
  }
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
