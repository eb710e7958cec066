/** Haves: what this node says it holds durably, what others say, and what is passed on towards the writers. */

import type { NodeId } from '../core/ids.ts';
import type { ReadonlyVector, Vector } from '../core/vector.ts';
import { HAVE_TAG, type Have, haveBytes } from '../wire/frame.ts';
import { Copies } from './copies.ts';
import type { Now } from './effects.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import type { Peers } from './peers.ts';

export class Haves {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #peers: Peers;
  readonly #missing: Missing;
  readonly copies = new Copies();

  constructor(options: ReplicaOptions, links: Links, peers: Peers, missing: Missing) {
    this.#o = options;
    this.#links = links;
    this.#peers = peers;
    this.#missing = missing;
  }

  /** Tells on a new link what is known of everybody. */
  open(link: SyncLink, durable: ReadonlyVector): void {
    for (const have of this.copies.all()) if (have.holder !== link.node) this.#links.send(link, { type: 'have', have });
    if (durable.size > 0) this.#links.send(link, { type: 'have', have: this.#sign(new Map(durable)) });
  }

  learn(link: SyncLink, have: Have, now: Now): void {
    const direct = have.holder === link.node;
    if (have.holder === this.#o.key.publicKey) return;
    const bytes = haveBytes(this.#o.network, have);
    if (!direct && !this.#o.suite.verify(have.holder, HAVE_TAG, bytes, have.signature)) return;
    if (direct) {
      link.learn(have.vector);
      this.#missing.noteAll(link, have.vector, now.monoMs);
    }
    if (!this.copies.learn(have)) return;
    this.#links.effect({ type: 'copies' });
    this.#pass(link, have);
  }

  /** Passes a have on to peers that are not linked with its holder themselves, as far as the records tell. */
  #pass(from: SyncLink, have: Have): void {
    for (const link of this.#links.open()) {
      if (link === from || link.node === have.holder) continue;
      if (this.#peers.records.get(link.node)?.links.includes(have.holder)) continue;
      this.#links.send(link, { type: 'have', have });
    }
  }

  #sign(vector: Vector): Have {
    const body = { holder: this.#o.key.publicKey as NodeId, vector };
    return { ...body, signature: this.#o.key.sign(HAVE_TAG, haveBytes(this.#o.network, body)) };
  }

  /** Tells everybody that this much is durable here. */
  say(news: Vector): void {
    const open = [...this.#links.open()];
    if (open.length === 0) return;
    const have = this.#sign(news);
    for (const link of open) this.#links.send(link, { type: 'have', have });
  }
}
