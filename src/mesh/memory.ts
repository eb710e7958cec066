/**
 * Links between nodes of one process, with the guarantees of the real ones and handles to break them. For tests.
 *
 * Nothing is delivered inside the call that caused it: each direction of a link is a queue that is emptied on a later turn.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { equalBytes, toHex } from '../lib/bytes.ts';
import { FLUSH_MS_MAX } from './limits.ts';
import { type LinkHome, MemoryLink } from './memory-link.ts';
import type { LinkEvents, Transport, TransportFactory, TransportOptions } from './transport.ts';

/** A network inside the process. Nodes are named by their public keys, as `Link.node` is. */
export interface MemoryHub {
  readonly transport: TransportFactory;
  /** Takes the link between two nodes down and lets none come up, until `heal`. */
  cut(a: string, b: string): void;
  heal(a: string, b: string): void;
  /** Delivers nothing between two nodes, as if both had stopped reading, until `resume`. */
  stall(a: string, b: string): void;
  resume(a: string, b: string): void;
}

export function memoryHub(): MemoryHub {
  const hub = new Hub();
  return {
    transport: async (options) => hub.join(options),
    cut: (a, b) => hub.cut(a, b),
    heal: (a, b) => void hub.cuts.delete(pair(a, b)),
    stall: (a, b) => void hub.stalls.add(pair(a, b)),
    resume: (a, b) => hub.resume(a, b),
  };
}

/** The Ed25519 public key of a seed, as hexadecimal text. */
function publicKeyOf(seed: Uint8Array): string {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return toHex(key.export({ format: 'der', type: 'spki' }).subarray(-32));
}

function pair(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

class Hub {
  readonly cuts = new Set<string>();
  readonly stalls = new Set<string>();
  /** By the text a node listens at. */
  readonly #listening = new Map<string, MemoryTransport>();
  #lastPort = 0;

  join(options: TransportOptions): MemoryTransport {
    const node = publicKeyOf(options.seed);
    if (options.listen === 'off') return new MemoryTransport(this, node, options, undefined);
    const free = options.listen.endsWith(':0');
    const port = free ? `${++this.#lastPort}` : options.listen;
    if (this.#listening.has(port)) {
      throw Object.assign(new Error(`cannot listen: address already in use ${port}`), { code: 'EADDRINUSE' });
    }
    const transport = new MemoryTransport(this, node, options, port);
    this.#listening.set(port, transport);
    return transport;
  }

  leave(port: string): void {
    this.#listening.delete(port);
  }

  find(address: string): MemoryTransport {
    const [, port, node] = /^\/memory\/([^/]+)\/p2p\/([0-9a-f]{64})$/.exec(address) ?? [];
    if (port === undefined) throw new Error(`${address} is no address of this kind`);
    const transport = this.#listening.get(port);
    if (!transport) throw new Error(`nothing listens at ${address}`);
    if (transport.node !== node) throw new Error(`another node listens at ${address}`);
    return transport;
  }

  cut(a: string, b: string): void {
    this.cuts.add(pair(a, b));
    for (const transport of this.#listening.values()) {
      if (transport.node === a) transport.linkTo(b)?.drop('the connection was cut');
      if (transport.node === b) transport.linkTo(a)?.drop('the connection was cut');
    }
  }

  resume(a: string, b: string): void {
    this.stalls.delete(pair(a, b));
    for (const transport of this.#listening.values()) {
      for (const other of transport.node === a ? [b] : transport.node === b ? [a] : []) {
        transport.linkTo(other)?.deliverSoon();
        transport.linkTo(other)?.peer.deliverSoon();
      }
    }
  }
}

class MemoryTransport implements Transport, LinkHome {
  readonly node: string;
  readonly events: LinkEvents;
  readonly #hub: Hub;
  readonly #networkKey: Uint8Array;
  readonly #port: string | undefined;
  /** By the transport at the other end: of two processes of one node each has a link. */
  readonly #links = new Map<MemoryTransport, MemoryLink>();
  #closed = false;

  constructor(hub: Hub, node: string, { events, networkKey }: TransportOptions, port: string | undefined) {
    this.node = node;
    this.events = events;
    this.#hub = hub;
    this.#networkKey = networkKey;
    this.#port = port;
  }

  addresses(): string[] {
    return this.#port === undefined ? [] : [`/memory/${this.#port}/p2p/${this.node}`];
  }

  async dial(address: string): Promise<void> {
    await turn();
    const other = this.#hub.find(address);
    if (this.#closed || other.#closed) throw new Error(`cannot connect to ${address}: closed`);
    if (other.node === this.node) throw new Error(`cannot connect to ${address}: it is this node`);
    if (!equalBytes(this.#networkKey, other.#networkKey)) {
      throw new Error(`cannot connect to ${address}: another network key`);
    }
    if (this.#hub.cuts.has(pair(this.node, other.node))) throw new Error(`cannot connect to ${address}: cut off`);
    const isLinked = [...this.#links.values()].some((link) => link.node === other.node);
    if (!isLinked) this.#link(other, address);
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#port !== undefined) this.#hub.leave(this.#port);
    for (const link of this.#links.values()) link.close('this node is closing');
    const until = performance.now() + FLUSH_MS_MAX;
    while (this.#links.size > 0 && performance.now() < until) await turn();
    for (const link of this.#links.values()) link.drop('this node is closing');
    await turn();
  }

  linkTo(node: string): MemoryLink | undefined {
    return [...this.#links.values()].find((link) => link.node === node);
  }

  forget(link: MemoryLink): void {
    for (const [other, one] of this.#links) if (one === link) this.#links.delete(other);
  }

  isStalled(node: string): boolean {
    return this.#hub.stalls.has(pair(this.node, node));
  }

  #link(other: MemoryTransport, address: string): void {
    const here = new MemoryLink(this, other.node, address, true);
    const there = new MemoryLink(other, this.node, `/memory/dialled/p2p/${this.node}`, false);
    here.peer = there;
    there.peer = here;
    // A link that is still being closed gives way: its peer has closed it already.
    other.#links.get(this)?.drop('the peer opened another link');
    this.#links.set(other, here);
    other.#links.set(this, there);
    here.up();
    there.up();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
