/** Records: what every node signs of its addresses and links, and everybody passes on, the newest of each. */

import type { NodeId } from '../core/ids.ts';
import { type NodeRecord, RECORD_TAG, recordBytes } from '../wire/frame.ts';
import type { Now } from './effects.ts';
import type { Incarnations } from './incarnations.ts';
import { OUTDO_MS, RECORD_MS, RECORD_SPACING_MS_MAX, RECORDS_WHOLE, REDIAL_MEMBERS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { ReplicaOptions } from './options.ts';
import type { Peers } from './peers.ts';
import { URLS_MAX } from './urls.ts';

export class Records {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #peers: Peers;
  readonly #log: Log;
  readonly #incarnations: Incarnations;
  #own: NodeRecord | null = null;
  /** The latest of this node that another incarnation signed: one before this, or a copy that runs. */
  #other: NodeRecord | null = null;
  /** Nodes of whose copies people were warned. */
  #copied = new Set<NodeId>();
  #addresses: readonly string[] = [];
  #urls: readonly string[] = [];
  #vitals: Uint8Array = new Uint8Array(0);
  #isDue = true;
  #toldMs = 0;

  constructor(options: ReplicaOptions, links: Links, peers: Peers, log: Log) {
    this.#incarnations = peers.incarnations;
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

  /** Where this node's API answers. */
  get urls(): readonly string[] {
    return this.#urls;
  }

  setUrls(urls: readonly string[]): void {
    this.#urls = urls.slice(0, URLS_MAX);
    this.#isDue = true;
  }

  /** How this node is: told with the next record, and (`isNews`) at once. */
  setVitals(vitals: Uint8Array, isNews: boolean): void {
    this.#vitals = vitals;
    this.#isDue ||= isNews;
  }

  tick(now: Now): void {
    this.#incarnations.expire(now.monoMs);
    this.#warnOfCopies();
    this.#isDue ||= this.#own?.feed !== this.#log.governanceInfo.feed;
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
    const records = this.#all();
    if (records.length > RECORDS_WHOLE)
      return this.#links.send(link, { type: 'known', records: new Map(records.map(({ node, atMs }) => [node, atMs])) });
    for (const record of records) this.#links.send(link, { type: 'record', record });
  }

  #all(): NodeRecord[] {
    return [...this.#peers.records.values(), ...[this.#other, this.#own].filter((record) => record !== null)];
  }

  /** The peer knows these, so new: it is told what is newer here. */
  known(link: SyncLink, theirs: ReadonlyMap<NodeId, number>, now: Now): void {
    const records = this.#all();
    for (const record of records) if (record.atMs > (theirs.get(record.node) ?? -1)) link.outgoing.record(record, now.monoMs);
  }

  /** Signs a new record of this node and tells it to everybody. */
  tell(now: Now): void {
    this.#isDue = false;
    this.#toldMs = now.monoMs;
    if (this.#log.chain.length === 0) return;
    const atMs = Math.max(Math.floor(now.wallMs), this.#latestMs + 1);
    const links = [...this.#links.linked()];
    const { feed } = this.#log.governanceInfo;
    const node = this.#o.key.publicKey as NodeId;
    const body = {
      node,
      name: this.#o.name,
      atMs,
      feed,
      addresses: [...this.#addresses.slice(0, 16 - this.#urls.length), ...this.#urls],
      links,
      vitals: this.#vitals,
    };
    this.#incarnations.learn(node, feed, atMs, now.monoMs);
    this.#own = { ...body, signature: this.#o.key.sign(RECORD_TAG, recordBytes(this.#o.network, body)) };
    for (const link of this.#links.open()) link.outgoing.record(this.#own, now.monoMs);
  }

  /** The time of the latest record of this node that was signed or heard. */
  get #latestMs(): number {
    return Math.max(this.#own?.atMs ?? 0, this.#other?.atMs ?? 0);
  }

  learn(from: SyncLink, record: NodeRecord, now: Now): void {
    const isOwn = record.node === this.#o.key.publicKey;
    // What the peer has need not go to it.
    from.outgoing.knows(record);
    const knownMs = isOwn ? this.#latestMs : (this.#peers.records.get(record.node)?.atMs ?? -1);
    if (knownMs >= record.atMs) return;
    if (!this.#o.suite.verify(record.node, RECORD_TAG, recordBytes(this.#o.network, record), record.signature)) return;
    if (isOwn) this.#outdo(record, now);
    else this.#peers.learn(record);
    this.#incarnations.learn(record.node, record.feed, record.atMs, now.monoMs);
    this.#links.effect({ type: 'reach' });
    for (const link of this.#links.open()) if (link !== from) link.outgoing.record(record, now.monoMs);
  }

  /** This node's clock was ahead once, or a copy of it runs: peers have to hear that this incarnation does. */
  #outdo(record: NodeRecord, now: Now): void {
    this.#other = record;
    this.#isDue ||= !this.#incarnations.has(record.node, record.feed) || now.monoMs - this.#toldMs > OUTDO_MS;
  }

  #warnOfCopies(): void {
    const copied = this.#incarnations.copied();
    for (const node of copied) if (!this.#copied.has(node)) this.#warn(node, copyWarning(this.#nameOf(node)));
    for (const node of this.#copied) if (!copied.has(node)) this.#warn(node, '');
    this.#copied = copied;
  }

  #warn(node: NodeId, warning: string): void {
    this.#links.effect({ type: 'warn', about: `copies of ${node}`, warning });
  }

  #nameOf(node: NodeId): string {
    return node === this.#o.key.publicKey ? this.#o.name : (this.#peers.records.get(node)?.name ?? node.slice(0, 8));
  }
}

function copyWarning(name: string): string {
  return (
    `two running copies of node ${name}: nothing is lost, but they count as one copy of every message; stop one of them, ` +
    'or empty its data directory and let it join with an invitation of its own'
  );
}
