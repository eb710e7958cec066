/**
 * The replication state machine: inputs and the time in, effects out (see effects.ts for all of both).
 *
 * Epidemic broadcast trees over version vectors: Plumtree (Leitão, Pereira, Rodrigues 2007) joined with vector comparison. On a new link both sides tell their vectors and
 * each streams what the other lacks. A new entry is pushed on every link that takes its feed; a repeated one makes the receiver prune, after which only haves come that
 * way; a have for something that does not come within GRAFT_MS is asked for (graft). Comparison alone converges: with pushing switched off everything arrives by grafts.
 *
 * Invariants: (1) nothing is told to anybody before it is durable here; (2) an entry is durable only after its predecessor and deps;
 * (3) `have` is said only of the durable, so it is an acknowledgement.
 */

import { type Chain, chainFault } from '../core/admission.ts';
import { type Entry, readEntry } from '../core/entry.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { beyond, raise, type Vector } from '../core/vector.ts';
import { decoding } from '../lib/codec.ts';
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  HAVE_TAG,
  type Have,
  haveBytes,
  type NodeRecord,
  RECORD_TAG,
  recordBytes,
  type SealedEntry,
} from '../wire/frame.ts';
import { Copies } from './copies.ts';
import type { Effect, Input, Now, Repeat } from './effects.ts';
import { GREETING_MS, LOAD_BYTES_MAX, PING_MS, RECORD_MS, RESET_MS, SUSPECT_MS } from './limits.ts';
import { SyncLink } from './link.ts';
import { Log } from './log.ts';
import { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import { partsOf } from './parts.ts';
import { Peers } from './peers.ts';

export class Replica {
  readonly #o: ReplicaOptions;
  readonly #self: NodeId;
  readonly log: Log;
  readonly copies = new Copies();
  readonly peers: Peers;
  readonly links = new Map<number, SyncLink>();
  #effects: Effect[] = [];
  #batch = 0;
  #chain: Chain;
  #addresses: readonly string[] = [];
  #record: NodeRecord | null = null;
  #recordDue = true;
  #recordMs = 0;
  #told: Vector = new Map();
  readonly #missing: Missing;
  #writable = true;

  constructor(options: ReplicaOptions) {
    this.#o = options;
    this.#self = options.key.publicKey as NodeId;
    this.#chain = options.chain;
    this.log = new Log(options.suite, options.network, options.key, options.loaded);
    this.log.chain = options.chain;
    this.#missing = new Missing(this.links, (feed) => this.log.stagedSeq(feed));
    this.log.noDeps = options.sabotage?.noDeps ?? false;
    this.peers = new Peers(this.#self, options.random, options.fullUpTo, options.remembered, options.seeds);
  }

  /** Whether the store takes writes. */
  get writable(): boolean {
    return this.#writable;
  }

  get chain(): Chain {
    return this.#chain;
  }

  /** Advances by one input. Effects are to be carried out in their order: append, send, and so on. */
  step(input: Input, now: Now): Effect[] {
    this.#effects = [];
    this.#take(input, now);
    this.#append(now);
    return this.#effects;
  }

  #take(input: Input, now: Now): void {
    switch (input.type) {
      case 'link up':
        return this.#linkUp(input.link, input.node, input.address, input.outbound, now);
      case 'link down':
        return this.#linkDown(input.link);
      case 'frame':
        return this.#frame(input.link, input.bytes, now);
      case 'drained':
        return this.#drained(input.link);
      case 'loaded':
        return this.#loaded(input.link, input.feed, input.entries);
      case 'write':
        return this.log.write(input.token, input.ops, false);
      case 'import':
        return this.log.write(input.token, input.ops, true);
      case 'committed':
        return this.#committed(input.repeats, now);
      case 'commit failed':
        return this.#failed(input.written, input.repeats ?? [], now);
      case 'writable':
        this.#writable = true;
        return;
      case 'addresses':
        this.#addresses = input.addresses;
        this.#recordDue = true;
        return;
      case 'dial failed':
      case 'turn':
        return;
      case 'tick':
        return this.#tick(now);
    }
  }

  #send(link: SyncLink, frame: Exclude<Frame, { type: 'unknown' }>): void {
    this.#effects.push({ type: 'send', link: link.link, bytes: encodeFrame(this.#o.network, frame) });
  }

  #close(link: SyncLink, reason: string): void {
    if (link.phase === 'closing') return;
    if (link.phase === 'open') this.#lost(link);
    link.phase = 'closing';
    this.#effects.push({ type: 'close', link: link.link, reason });
  }

  // Links

  #linkUp(id: number, node: NodeId, address: string, outbound: boolean, now: Now): void {
    const link = new SyncLink(id, node, address, outbound, now.monoMs);
    this.links.set(id, link);
    const token = this.#chain.length === 0 ? this.#o.token : new Uint8Array(0);
    this.#send(link, { type: 'hello', network: this.#o.network, name: this.#o.name, chain: this.#chain, token });
  }

  #linkDown(id: number): void {
    const link = this.links.get(id);
    this.links.delete(id);
    if (link?.phase === 'open') this.#lost(link);
  }

  #lost(link: SyncLink): void {
    link.phase = 'closing';
    this.peers.lost(link.node);
    this.#recordDue = true;
    this.#effects.push({ type: 'reach' }, { type: 'copies' });
  }

  #drained(id: number): void {
    const link = this.links.get(id);
    if (!link) return;
    link.full = false;
    this.#stream(link);
  }

  /** Tells the driver's word that a send found the link full. */
  filled(id: number): void {
    const link = this.links.get(id);
    if (link) link.full = true;
  }

  #hello(link: SyncLink, hello: Extract<Frame, { type: 'hello' }>, now: Now): void {
    if (hello.network !== this.#o.network) return this.#refuse(link, 'this node is of another network');
    link.name = hello.name;
    if (hello.chain.length === 0) return this.#newcomer(link, hello, now);
    const fault = chainFault(this.#o.suite, this.#o.network, link.node, hello.chain);
    if (fault) return this.#refuse(link, fault);
    if (this.#chain.length === 0) link.phase = 'joining';
    else this.#open(link, now);
  }

  #newcomer(link: SyncLink, hello: Extract<Frame, { type: 'hello' }>, now: Now): void {
    if (this.#chain.length === 0) return this.#refuse(link, 'neither node is a member of the network');
    const chain = this.#o.admit(hello.token, link.node, hello.name, now);
    if ('reason' in chain) return this.#refuse(link, chain.reason);
    this.#send(link, { type: 'admitted', chain });
    this.#open(link, now);
  }

  #refuse(link: SyncLink, reason: string): void {
    this.#send(link, { type: 'refused', reason });
    this.#close(link, reason);
  }

  #admitted(link: SyncLink, chain: Chain, now: Now): void {
    if (link.phase !== 'joining') return;
    if (this.#chain.length > 0) return this.#open(link, now);
    const fault = chainFault(this.#o.suite, this.#o.network, this.#self, chain);
    if (fault) return this.#close(link, fault);
    this.#chain = chain;
    this.log.chain = chain;
    this.#effects.push({ type: 'admitted', chain });
    this.#open(link, now);
  }

  #open(link: SyncLink, now: Now): void {
    link.phase = 'open';
    this.peers.linked(link.node, link.address, link.outbound);
    this.#recordDue = true;
    this.#send(link, { type: 'vector', vector: this.log.durable });
    for (const record of this.peers.records.values()) this.#send(link, { type: 'record', record });
    if (this.#record) this.#send(link, { type: 'record', record: this.#record });
    for (const have of this.copies.all()) if (have.holder !== link.node) this.#send(link, { type: 'have', have });
    if (this.log.durable.size > 0) this.#send(link, { type: 'have', have: this.#signHave(new Map(this.log.durable)) });
    this.#effects.push({ type: 'reach' });
    this.#tellRecord(now);
  }

  /** Members linked here, without those that are silent. */
  linked(): Set<NodeId> {
    const nodes = new Set<NodeId>();
    for (const link of this.links.values()) if (link.phase === 'open' && !link.suspect) nodes.add(link.node);
    return nodes;
  }

  /** Members in reach, over however many links. */
  reachable(): Set<NodeId> {
    return this.peers.reachable(this.linked());
  }

  // Frames

  #frame(id: number, bytes: Uint8Array, now: Now): void {
    const link = this.links.get(id);
    if (!link || link.phase === 'closing') return;
    link.heardMs = now.monoMs;
    this.#hears(link);
    const frame = decodeFrame(this.#o.network, bytes);
    if (frame instanceof Error) return this.#close(link, `a frame that cannot be read: ${frame.message}`);
    if (link.phase === 'open') return this.#openFrame(link, frame, now);
    if (frame.type === 'hello' && link.phase === 'greeting') return this.#hello(link, frame, now);
    if (frame.type === 'admitted') return this.#admitted(link, frame.chain, now);
    if (frame.type === 'refused') return this.#refused(link, frame.reason);
    if (frame.type !== 'hello' && frame.type !== 'unknown') this.#close(link, 'a frame before its time');
  }

  #hears(link: SyncLink): void {
    if (!link.suspect) return;
    link.suspect = false;
    this.#recordDue = true;
    this.#effects.push({ type: 'reach' });
  }

  #refused(link: SyncLink, reason: string): void {
    this.#effects.push(
      this.#chain.length === 0
        ? { type: 'not admitted', reason }
        : { type: 'warn', warning: `${link.address} refuses this node: ${reason}` },
    );
    this.#close(link, reason);
  }

  #openFrame(link: SyncLink, frame: Frame, now: Now): void {
    switch (frame.type) {
      case 'vector':
        link.learn(frame.vector);
        link.told = true;
        this.#noteMissing(link, frame.vector, now);
        return this.#stream(link);
      case 'have':
        return this.#have(link, frame.have, now);
      case 'entries':
        return this.#entries(link, frame.entries, now);
      case 'want':
        link.lazy.delete(frame.feed);
        link.wanted.add(frame.feed);
        link.sent.set(frame.feed, frame.after);
        return this.#stream(link);
      case 'prune':
        link.lazy.add(frame.feed);
        return;
      case 'record':
        return this.#learnRecord(link, frame.record);
      case 'ping':
        return this.#send(link, { type: 'pong', atMs: frame.atMs });
      case 'pong':
        link.rttMs = Math.max(0, now.monoMs - frame.atMs);
        return;
      case 'refused':
        return this.#refused(link, frame.reason);
      default:
        return;
    }
  }

  #entries(link: SyncLink, sealed: readonly SealedEntry[], now: Now): void {
    for (const { bytes, payloads } of sealed) {
      const entry = decoding(() => readEntry(this.#o.suite, bytes, payloads));
      if (entry instanceof Error) return this.#close(link, `an entry that cannot be read: ${entry.message}`);
      raise(link.sent, new Map([[entry.feed, entry.seq]]));
      const offered = decoding(() => this.log.offer(entry));
      if (offered instanceof Error) return this.#close(link, offered.message);
      if (typeof offered === 'object') return this.#close(link, offered.fault);
      if (offered === 'repeated') this.#prune(link, entry.feed);
      if (offered === 'waiting' || offered === 'dropped') this.#missing.note(link, entry.feed, entry.seq, now.monoMs);
    }
  }

  #prune(link: SyncLink, feed: FeedId): void {
    if (link.pruned.has(feed)) return;
    link.pruned.add(feed);
    this.#send(link, { type: 'prune', feed });
  }

  // What others hold

  #have(link: SyncLink, have: Have, now: Now): void {
    const direct = have.holder === link.node;
    if (have.holder === this.#self) return;
    const bytes = haveBytes(this.#o.network, have);
    if (!direct && !this.#o.suite.verify(have.holder, HAVE_TAG, bytes, have.signature)) return;
    if (direct) {
      link.learn(have.vector);
      this.#noteMissing(link, have.vector, now);
    }
    if (!this.copies.learn(have)) return;
    this.#effects.push({ type: 'copies' });
    this.#passHave(link, have);
  }

  /** Passes a have on to peers that are not linked with its holder themselves, as far as the records tell. */
  #passHave(from: SyncLink, have: Have): void {
    for (const link of this.links.values()) {
      if (link === from || link.phase !== 'open' || link.node === have.holder) continue;
      if (this.peers.records.get(link.node)?.links.includes(have.holder)) continue;
      this.#send(link, { type: 'have', have });
    }
  }

  #signHave(vector: Vector): Have {
    const body = { holder: this.#self, vector };
    return { ...body, signature: this.#o.key.sign(HAVE_TAG, haveBytes(this.#o.network, body)) };
  }

  #noteMissing(link: SyncLink, vector: ReadonlyMap<FeedId, number>, now: Now): void {
    for (const [feed, seq] of vector) this.#missing.note(link, feed, seq, now.monoMs);
  }

  /** Asks for what did not come by itself. */
  #graft(now: Now): void {
    for (const { link, feed, after } of this.#missing.due(now.monoMs)) {
      link.pruned.delete(feed);
      this.#send(link, { type: 'want', feed, after });
    }
  }

  // The log

  #append(now: Now): void {
    if (!this.#writable) return;
    const entries = this.log.nextBatch(now.wallMs);
    if (!entries) return;
    this.#effects.unshift({ type: 'append', batch: { id: ++this.#batch, entries } });
    if (this.#o.sabotage?.haveBeforeDurable) this.#sayHave(new Map(entries.map((entry) => [entry.feed, entry.seq])));
  }

  #committed(repeats: readonly Repeat[], now: Now): void {
    const { entries, written } = this.log.committed(now.wallMs);
    for (const write of written) this.#effects.push({ type: 'written', ...write });
    this.#pushAll(entries);
    this.#sayHave(beyond(this.log.durable, this.#told));
    this.#effects.push({ type: 'durable', entries, repeats }, { type: 'copies' });
  }

  #sayHave(news: Vector): void {
    raise(this.#told, news);
    const open = [...this.links.values()].filter((link) => link.phase === 'open');
    if (open.length === 0) return;
    const have = this.#signHave(news);
    for (const link of open) this.#send(link, { type: 'have', have });
  }

  #failed(written: boolean, repeats: readonly Repeat[], now: Now): void {
    if (written) return this.#committed(repeats, now);
    this.#writable = false;
    for (const token of this.log.failed()) this.#effects.push({ type: 'unwritten', token });
    for (const link of this.links.values()) this.#noteMissing(link, link.holds, now);
  }

  /** Pushes new entries on every link that takes them, gathered into few frames. */
  #pushAll(entries: readonly Entry[]): void {
    for (const link of this.links.values()) {
      if (link.phase !== 'open') continue;
      const pushed = this.#o.push ? entries.filter((entry) => this.#marksSent(link, entry)) : [];
      this.#pushTo(link, pushed);
      this.#stream(link);
    }
  }

  #marksSent(link: SyncLink, entry: Entry): boolean {
    if (!link.takes(entry.feed, entry.seq)) return false;
    link.sent.set(entry.feed, entry.seq);
    return true;
  }

  #pushTo(link: SyncLink, entries: readonly Entry[]): void {
    for (const part of partsOf(entries)) this.#send(link, { type: 'entries', entries: part });
  }

  /** Asks for the next entries that the peer lacks, where the link has room. */
  #stream(link: SyncLink): void {
    if (link.phase !== 'open' || !this.#o.push) return this.#streamWanted(link);
    const feed = link.nextFeed(this.log.durable, this.log.infos);
    if (feed) this.#load(link, feed);
  }

  /** With pushing off, only what was asked for is sent. */
  #streamWanted(link: SyncLink): void {
    if (link.phase !== 'open' || link.loading !== null || link.full) return;
    for (const feed of link.wanted) {
      if ((link.sent.get(feed) ?? 0) < (this.log.durable.get(feed) ?? 0)) return this.#load(link, feed);
      link.wanted.delete(feed);
    }
  }

  #load(link: SyncLink, feed: FeedId): void {
    link.loading = feed;
    this.#effects.push({ type: 'load', link: link.link, feed, after: link.sent.get(feed) ?? 0, bytesMax: LOAD_BYTES_MAX });
  }

  #loaded(id: number, feed: FeedId, entries: readonly Entry[]): void {
    const link = this.links.get(id);
    if (!link || link.loading !== feed) return;
    link.loading = null;
    let after = link.sent.get(feed) ?? 0;
    const part = entries.filter((entry) => entry.seq > after && entry.seq === ++after);
    this.#pushTo(link, part);
    if (part.length > 0) link.sent.set(feed, part.at(-1)!.seq);
    if (entries.length > 0) this.#stream(link);
    else link.stalled = true;
  }

  // Time

  #tick(now: Now): void {
    for (const link of this.links.values()) this.#watch(link, now);
    this.#graft(now);
    if (this.#recordDue || now.monoMs - this.#recordMs > RECORD_MS) this.#tellRecord(now);
    const busy = new Set([...this.links.values()].map((link) => link.node));
    for (const address of this.peers.due(busy, this.reachable(), now.monoMs)) this.#effects.push({ type: 'dial', address });
  }

  #watch(link: SyncLink, now: Now): void {
    if (link.phase === 'closing') return;
    if (link.phase !== 'open') {
      if (now.monoMs - link.sinceMs > GREETING_MS) this.#close(link, 'the peer said no good hello in time');
      return;
    }
    if (link.stalled) {
      link.stalled = false;
      this.#stream(link);
    }
    const silentMs = now.monoMs - link.heardMs;
    if (silentMs > RESET_MS) return this.#close(link, 'the peer is silent');
    if (silentMs > SUSPECT_MS && !link.suspect) {
      link.suspect = true;
      this.#recordDue = true;
      this.#effects.push({ type: 'reach' }, { type: 'copies' });
    }
    if (now.monoMs - link.pingedMs < PING_MS) return;
    link.pingedMs = now.monoMs;
    this.#send(link, { type: 'ping', atMs: Math.floor(now.monoMs) });
  }

  // Records

  #tellRecord(now: Now): void {
    this.#recordDue = false;
    this.#recordMs = now.monoMs;
    if (this.#chain.length === 0) return;
    const atMs = Math.max(Math.floor(now.wallMs), (this.#record?.atMs ?? 0) + 1);
    const links = [...this.linked()];
    const { governanceFeed: feed } = this.log;
    const body = { node: this.#self, name: this.#o.name, atMs, feed, addresses: this.#addresses.slice(0, 16), links };
    this.#record = { ...body, signature: this.#o.key.sign(RECORD_TAG, recordBytes(this.#o.network, body)) };
    for (const link of this.links.values()) if (link.phase === 'open') this.#send(link, { type: 'record', record: this.#record });
    this.#effects.push({ type: 'remember', peers: this.peers.addresses });
  }

  /** This node's clock was ahead once: peers keep its record of then until a later one comes. */
  #outdoOwn(record: NodeRecord): void {
    this.#record = record;
    this.#recordDue = true;
  }

  #learnRecord(from: SyncLink, record: NodeRecord): void {
    const known = record.node === this.#self ? this.#record : this.peers.records.get(record.node);
    if ((known?.atMs ?? -1) >= record.atMs) return;
    if (!this.#o.suite.verify(record.node, RECORD_TAG, recordBytes(this.#o.network, record), record.signature)) return;
    if (record.node === this.#self) return this.#outdoOwn(record);
    this.peers.learn(record);
    this.#effects.push({ type: 'reach' }, { type: 'remember', peers: this.peers.addresses });
    for (const link of this.links.values()) if (link !== from && link.phase === 'open') this.#send(link, { type: 'record', record });
  }
}
