/** Records: what every node signs of its addresses and links, and everybody passes on, the newest of each. */

import type { NodeId } from '../core/ids.ts';
import { type NodeRecord, RECORD_TAG, recordBytes } from '../wire/frame.ts';
import type { Now } from './effects.ts';
import { RECORD_MS, RECORD_SPACING_MS_MAX, RECORDS_WHOLE, REDIAL_MEMBERS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { ReplicaOptions } from './options.ts';
import type { Peers } from './peers.ts';

export class Records {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #peers: Peers;
  readonly #log: Log;
  #own: NodeRecord | null = null;
  #addresses: readonly string[] = [];
  #isDue = true;
  #toldMs = 0;

  constructor(options: ReplicaOptions, links: Links, peers: Peers, log: Log) {
    this.#o = options;
    this.#links = links;
    this.#peers = peers;
    this.#log = log;
  }

  /** Something that this node's record says has changed. */
  changed(): void {
    this.#isDue = true;
  }

  setAddresses(addresses: readonly string[]): void {
    this.#addresses = addresses;
    this.#isDue = true;
  }

  tick(now: Now): void {
    const sinceMs = now.monoMs - this.#toldMs;
    if (this.#isDue ? sinceMs >= this.#spacingMs : sinceMs > this.#againMs) this.tell(now);
    if (this.#peers.takeAddressesChanged()) this.#links.effect({ type: 'remember', peers: this.#peers.addresses });
  }

  /** Between two records of this node, in ms, where something changed. */
  get #spacingMs(): number {
    return this.#peers.isFull ? 0 : Math.min(RECORD_SPACING_MS_MAX, this.#peers.count * 20);
  }

  /** And where nothing did: the more members, the rarer, so that no node hears more for it. */
  get #againMs(): number {
    return RECORD_MS * Math.max(1, this.#peers.count / REDIAL_MEMBERS);
  }

  /** Tells on a new link what is known of all: whole, or only how new it is, where that is much. */
  open(link: SyncLink, now: Now): void {
    if (this.#peers.isFull) this.tell(now);
    else this.changed();
    const addresses = this.#peers.unheard();
    addresses.delete(link.node);
    if (addresses.size > 0) this.#links.send(link, { type: 'heard', addresses });
    const records = [...this.#peers.records.values()];
    if (this.#own) records.push(this.#own);
    if (records.length > RECORDS_WHOLE)
      return this.#links.send(link, { type: 'known', records: new Map(records.map(({ node, atMs }) => [node, atMs])) });
    for (const record of records) this.#links.send(link, { type: 'record', record });
  }

  /** The peer knows these, so new: it is told what is newer here. */
  known(link: SyncLink, theirs: ReadonlyMap<NodeId, number>, now: Now): void {
    const records = [...this.#peers.records.values()];
    if (this.#own) records.push(this.#own);
    for (const record of records) if (record.atMs > (theirs.get(record.node) ?? -1)) link.outgoing.record(record, now.monoMs);
  }

  /** Signs a new record of this node and tells it to everybody. */
  tell(now: Now): void {
    this.#isDue = false;
    this.#toldMs = now.monoMs;
    if (this.#log.chain.length === 0) return;
    const atMs = Math.max(Math.floor(now.wallMs), (this.#own?.atMs ?? 0) + 1);
    const links = [...this.#links.linked()];
    const { governanceFeed: feed } = this.#log;
    const node = this.#o.key.publicKey as NodeId;
    const body = { node, name: this.#o.name, atMs, feed, addresses: this.#addresses.slice(0, 16), links };
    this.#own = { ...body, signature: this.#o.key.sign(RECORD_TAG, recordBytes(this.#o.network, body)) };
    for (const link of this.#links.open()) link.outgoing.record(this.#own, now.monoMs);
  }

  learn(from: SyncLink, record: NodeRecord, now: Now): void {
    const isOwn = record.node === this.#o.key.publicKey;
    // What the peer has need not go to it.
    if ((from.outgoing.records.get(record.node)?.atMs ?? Number.POSITIVE_INFINITY) <= record.atMs)
      from.outgoing.records.delete(record.node);
    const known = isOwn ? this.#own : this.#peers.records.get(record.node);
    if ((known?.atMs ?? -1) >= record.atMs) return;
    if (!this.#o.suite.verify(record.node, RECORD_TAG, recordBytes(this.#o.network, record), record.signature)) return;
    if (isOwn) return this.#outdo(record);
    this.#peers.learn(record);
    this.#links.effect({ type: 'reach' });
    for (const link of this.#links.open()) if (link !== from) link.outgoing.record(record, now.monoMs);
  }

  /** This node's clock was ahead once: peers keep its record of then until a later one comes. */
  #outdo(record: NodeRecord): void {
    this.#own = record;
    this.#isDue = true;
  }
}
