/** The first words on a link: hello from both sides, each other's admission judged, a newcomer let in by its token. */

import { type Chain, chainFault } from '../core/admission.ts';
import type { NodeId } from '../core/ids.ts';
import type { Frame } from '../wire/frame.ts';
import type { Now } from './effects.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { ReplicaOptions } from './options.ts';

type Hello = Extract<Frame, { type: 'hello' }>;

export class Greeting {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #opened: (link: SyncLink, now: Now) => void;
  readonly #admittedBy: (chain: Chain) => void;
  /** Nodes that are members no more, and why. */
  revoked: ReadonlyMap<NodeId, string> = new Map();
  /** This node's own admission; empty while it is a newcomer. */
  chain: Chain;

  /** `opened`: both sides of the link are members. `admitted`: this node became one. */
  constructor(options: ReplicaOptions, links: Links, opened: (link: SyncLink, now: Now) => void, admitted: (chain: Chain) => void) {
    this.#o = options;
    this.#links = links;
    this.#opened = opened;
    this.#admittedBy = admitted;
    this.chain = options.chain;
  }

  get #self(): NodeId {
    return this.#o.key.publicKey as NodeId;
  }

  greet(link: SyncLink): void {
    const token = this.chain.length === 0 ? this.#o.token : new Uint8Array(0);
    this.#links.send(link, { type: 'hello', network: this.#o.network, name: this.#o.name, chain: this.chain, token });
  }

  /** Takes a frame on a link that is not open yet. */
  frame(link: SyncLink, frame: Frame, now: Now): void {
    if (frame.type === 'hello' && link.phase === 'greeting') return this.#hello(link, frame, now);
    if (frame.type === 'admitted') return this.#admitted(link, frame.chain, now);
    if (frame.type === 'refused') return this.refused(link, frame.reason);
    if (frame.type !== 'hello' && frame.type !== 'unknown') this.#links.close(link, 'a frame before its time');
  }

  #hello(link: SyncLink, hello: Hello, now: Now): void {
    if (hello.network !== this.#o.network) return this.refuse(link, 'this node is of another network');
    link.name = hello.name;
    if (hello.chain.length === 0) return this.#newcomer(link, hello, now);
    const fault = chainFault(this.#o.suite, this.#o.network, link.node, hello.chain);
    if (fault) return this.refuse(link, fault);
    const revoked = this.revoked.get(link.node);
    if (revoked !== undefined) return this.refuse(link, `this node was revoked: ${revoked}`);
    if (this.chain.length === 0) link.phase = 'joining';
    else this.#open(link, now);
  }

  #newcomer(link: SyncLink, hello: Hello, now: Now): void {
    if (this.chain.length === 0) return this.refuse(link, 'neither node is a member of the network');
    const chain = this.#o.admit(hello.token, link.node, hello.name, now);
    if ('reason' in chain) return this.refuse(link, chain.reason);
    this.#links.send(link, { type: 'admitted', chain });
    this.#open(link, now);
  }

  refuse(link: SyncLink, reason: string): void {
    this.#links.send(link, { type: 'refused', reason });
    this.#links.close(link, reason);
  }

  #admitted(link: SyncLink, chain: Chain, now: Now): void {
    if (link.phase !== 'joining') return;
    if (this.chain.length > 0) return this.#open(link, now);
    const fault = chainFault(this.#o.suite, this.#o.network, this.#self, chain);
    if (fault) return this.#links.close(link, fault);
    this.chain = chain;
    this.#admittedBy(chain);
    this.#links.effect({ type: 'admitted', chain });
    this.#open(link, now);
  }

  /** The peer refuses this node. */
  refused(link: SyncLink, reason: string): void {
    this.#links.effect(
      this.chain.length === 0
        ? { type: 'not admitted', reason }
        : { type: 'warn', warning: `${link.address} refuses this node: ${reason}` },
    );
    this.#links.close(link, reason);
  }

  #open(link: SyncLink, now: Now): void {
    link.phase = 'open';
    this.#opened(link, now);
  }
}
