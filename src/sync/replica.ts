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

import type { Chain } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import type { ForkProof } from '../core/fork-proof.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import type { Vector } from '../core/vector.ts';
import { decodeFrame, type Frame } from '../wire/frame.ts';
import { ALLOWANCE, Budgets } from './budgets.ts';
import { Clocks } from './clocks.ts';
import { Comparing } from './comparing.ts';
import type { Copies } from './copies.ts';
import type { Effect, Input, Now, Repeat } from './effects.ts';
import { Flooding } from './flooding.ts';
import { Flushing } from './flushing.ts';
import { Forks } from './forks.ts';
import { Greeting } from './greeting.ts';
import { Haves } from './haves.ts';
import { heights } from './heights.ts';
import { Holders } from './holders.ts';
import { Intake } from './intake.ts';
import { GRAFT_MS } from './limits.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';
import { Mending } from './mending.ts';
import { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import { type Pace, paceOf } from './pace.ts';
import { Peers } from './peers.ts';
import { Proofs } from './proofs.ts';
import { Records } from './records.ts';
import { Streaming } from './streaming.ts';
import { Trees } from './trees.ts';
import { Watching } from './watching.ts';
import { Whispers } from './whispers.ts';

export class Replica {
  readonly #o: ReplicaOptions;
  readonly log: Log;
  readonly peers: Peers;
  readonly #links: Links;
  readonly #greeting: Greeting;
  readonly records: Records;
  readonly #trees: Trees;
  readonly #haves: Haves;
  readonly holders: Holders;
  readonly #streaming: Streaming;
  readonly #mending: Mending;
  readonly #forks: Forks;
  readonly #proofs: Proofs;
  readonly #flushing: Flushing;
  readonly #clocks = new Clocks();
  readonly #comparing: Comparing;
  readonly #missing: Missing;
  readonly #flooding: Flooding;
  readonly #intake: Intake;
  readonly #watching: Watching;
  readonly #whispers: Whispers;
  #batch = 0;
  #writable = true;

  constructor(options: ReplicaOptions) {
    this.#o = options;
    const { suite, network, key, random, fullUpTo, remembered, seeds } = options;
    this.log = new Log(suite, network, key, options.loaded, options.erasure);
    this.log.chain = options.chain;
    this.log.noDeps = options.sabotage?.noDeps ?? false;
    this.peers = new Peers(key.publicKey as NodeId, random, fullUpTo, remembered, seeds);
    this.#links = new Links(network, (link) => this.#lost(link));
    const budgets = new Budgets(options.allowance);
    this.#flooding = new Flooding(this.#links, this.peers, options.allowance ?? ALLOWANCE);
    this.#missing = new Missing(
      this.#links.all,
      (feed) => this.log.heldSeq(feed),
      (origin, nowMs) => budgets.hasRoom(origin, nowMs),
    );
    this.records = new Records(options, this.#links, this.peers, this.log);
    this.#trees = new Trees(this.#links, this.log, this.peers, key.publicKey as NodeId);
    this.#haves = new Haves(options, this.#links, this.peers, this.log, this.#trees, this.#missing);
    this.holders = new Holders(this.#links, this.#haves.copies);
    this.#mending = new Mending(options, this.#links, this.log, this.#haves.copies);
    this.#flushing = new Flushing(this.#links, this.#haves);
    this.#forks = new Forks(suite, this.#links, this.log);
    this.#proofs = new Proofs(options, this.#links, this.log, this.#missing, budgets);
    const parts = {
      budgets,
      flooding: this.#flooding,
      missing: this.#missing,
      trees: this.#trees,
      mending: this.#mending,
      forks: this.#forks,
    };
    this.#intake = new Intake(options, this.#links, this.log, parts);
    this.#streaming = new Streaming(this.#links, this.log, this.#mending.holes, options.push);
    this.#watching = new Watching(this.#links, this.log, this.#streaming, this.records);
    this.#whispers = new Whispers(options, this.#links, this.log, this.peers);
    this.#comparing = new Comparing(
      suite,
      this.#links,
      this.log.durable,
      this.#missing,
      (feed) => this.#haves.isWritten(feed),
      (link) => {
        this.#trees.told(link);
        this.#streaming.told(link);
      },
    );
    this.#greeting = new Greeting(
      options,
      this.#links,
      (link, now) => this.#opened(link, now),
      (chain) => void (this.log.chain = chain),
    );
  }

  /** Entries that came, and how many of them were here before. */
  get seen(): Intake['seen'] {
    return this.#intake.seen;
  }

  /** Whether the store takes writes. */
  get writable(): boolean {
    return this.#writable;
  }

  get chain(): Chain {
    return this.#greeting.chain;
  }

  /**
   * Nodes that were revoked, how far their feeds count, and entries of which no copy is left: in place of what was said of that before. Links with the revoked end.
   */
  govern(revoked: ReadonlyMap<NodeId, string>, caps: ReadonlyMap<FeedId, number>, now: Now): void {
    const before = new Map(this.log.durable);
    this.log.cap(caps);
    this.#greeting.revoked = revoked;
    this.#whispers.revoked = revoked;
    for (const link of this.links.values()) {
      const reason = revoked.get(link.node);
      if (reason !== undefined) this.#greeting.refuse(link, `this node was revoked: ${reason}`);
    }
    for (const node of revoked.keys()) {
      this.peers.forget(node);
      this.#flooding.forget(node);
    }
    const risen: Vector = new Map();
    for (const [feed, seq] of this.log.durable) if ((before.get(feed) ?? 0) < seq) risen.set(feed, seq);
    if (risen.size > 0) this.#haves.say(risen, now);
    for (const feed of risen.keys()) this.#streaming.mended(feed);
    for (const link of this.#links.open()) this.#missing.noteAll(link, link.holds, now.monoMs);
    this.#links.effect({ type: 'reach' }, { type: 'copies' });
  }

  /** The law has proofs of forks. */
  proved(proofs: readonly ForkProof[]): void {
    this.#proofs.written(proofs);
  }

  /** No copy of an entry is left: what follows it may come. */
  lose(feed: FeedId, seq: number, hash: Uint8Array, now: Now): void {
    this.log.lose(feed, seq, hash);
    this.#mending.closed(feed, seq, now);
    this.#streaming.mended(feed);
  }

  get links(): ReadonlyMap<number, SyncLink> {
    return this.#links.all;
  }

  get copies(): Copies {
    return this.#haves.copies;
  }

  /** Entries that were here and are damaged or gone. */
  get holes(): number {
    return this.#mending.holes.size;
  }

  /** Rises whenever entries are found damaged, or are here again: what the log says may be other than it was. */
  get repairs(): number {
    return this.#mending.changes;
  }

  /** Those of governance: what was folded rests on less than it should. */
  get governanceHoles(): number {
    const feeds = this.#mending.holes.feeds().filter((feed) => this.log.infos.get(feed)?.kind === FEED_KIND.governance);
    return feeds.reduce((sum, feed) => sum + this.#mending.holes.of(feed).length, 0);
  }

  /** Members linked here, without those that are silent. */
  linked(): Set<NodeId> {
    return this.#links.linked();
  }

  /** Members in reach, over however many links. */
  reachable(): Set<NodeId> {
    return this.peers.reachable(this.linked());
  }

  get #pace(): Pace {
    return paceOf(this.peers.count, this.peers.isFull);
  }

  /** Advances by one input. Effects are to be carried out in their order: append, send, and so on. */
  step(input: Input, now: Now): Effect[] {
    this.#links.begin(now.monoMs);
    this.#take(input, now);
    this.#append(now);
    this.#flushing.flush(this.#pace, now);
    return this.#links.takeEffects();
  }

  #take(input: Input, now: Now): void {
    switch (input.type) {
      case 'link up':
        return this.#linkUp(new SyncLink(input.link, input.node, input.address, input.outbound, now.monoMs));
      case 'link down':
        return this.#links.down(input.link);
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
      case 'whisper':
        return this.#whispers.say(input.author, input.said, now);
      case 'committed':
        return this.#committed(input.repeats, now);
      case 'commit failed':
        return this.#failed(input.written, input.repeats ?? [], now);
      case 'fetched':
        return this.#fetched(input.link, input.entries);
      case 'compared':
        return this.#forks.compared(this.links.get(input.link), input.own, input.other);
      case 'damaged':
        return this.#mending.damaged(
          input.holes.filter(({ feed, seq }) => !this.log.isLost(feed, seq)),
          now,
        );
      case 'mended':
        return this.#mended(input.entry, now);
      case 'gaps':
        return this.#mending.gaps.note(input.holes);
      case 'writable':
        this.#writable = true;
        return;
      case 'addresses':
        return this.records.setAddresses(input.addresses);
      case 'dial failed':
      case 'turn':
        return;
      case 'tick':
        return this.#tick(now);
    }
  }

  // Links

  #linkUp(link: SyncLink): void {
    this.#links.all.set(link.link, link);
    this.#greeting.greet(link);
  }

  #opened(link: SyncLink, now: Now): void {
    this.peers.linked(link.node, link.address, link.outbound);
    this.#trees.serve(link);
    this.#comparing.open(link);
    this.records.open(link, now);
    this.#mending.open(link, now);
    this.#forks.open(link);
    this.#haves.open(link);
    this.#links.effect({ type: 'reach' });
  }

  #lost(link: SyncLink): void {
    if (!link.parted) this.peers.lost(link.node);
    this.#trees.lost(link.node);
    this.holders.lost(link);
    this.#clocks.forget(link.node);
    this.records.changed();
    this.#links.effect({ type: 'reach' }, { type: 'copies' });
  }

  #drained(id: number): void {
    const link = this.links.get(id);
    if (!link) return;
    link.full = false;
    this.#streaming.stream(link);
  }

  /** Tells the driver's word that a send found the link full. */
  filled(id: number): void {
    const link = this.links.get(id);
    if (link) link.full = true;
  }

  // Frames

  #frame(id: number, bytes: Uint8Array, now: Now): void {
    const link = this.links.get(id);
    if (!link || link.phase === 'closing') return;
    link.heardMs = now.monoMs;
    link.frames++;
    link.flow.inBytes += bytes.length;
    this.#hears(link);
    const frame = decodeFrame(this.#o.network, bytes);
    if (frame instanceof Error) return this.#links.close(link, `a frame that cannot be read: ${frame.message}`);
    if (link.phase === 'open') return this.#openFrame(link, frame, now);
    this.#greeting.frame(link, frame, now);
  }

  #hears(link: SyncLink): void {
    if (!link.suspect) return;
    link.suspect = false;
    this.records.changed();
    this.#links.effect({ type: 'reach' });
  }

  #openFrame(link: SyncLink, frame: Frame, now: Now): void {
    switch (frame.type) {
      case 'vector':
        return this.#comparing.vector(link, frame.vector, now);
      case 'vector part':
        return this.#comparing.part(link, frame.vector, now);
      case 'digest':
        return this.#comparing.digest(link, frame, now);
      case 'unlike':
        return this.#comparing.unlike(link, frame, now);
      case 'have':
        return this.#haves.learn(link, frame.have, now);
      case 'entries':
        return this.#intake.entries(link, frame.entries, now);
      case 'want':
        return this.#streaming.want(link, frame.feed, frame.after);
      case 'prune':
        link.lazy.add(frame.feed);
        return;
      case 'record':
        return this.records.learn(link, frame.record, now);
      case 'ping':
        return this.#links.send(link, { type: 'pong', atMs: frame.atMs, wallMs: Math.max(0, Math.floor(now.wallMs)) });
      case 'pong':
        link.rttMs = Math.max(0, now.monoMs - frame.atMs);
        this.#clocks.note(link.node, link.name, frame.wallMs + link.rttMs / 2, now);
        return;
      case 'holes':
        return this.#mending.learn(link, frame.word);
      case 'tips':
        return this.#forks.compareTips(link, frame.tips);
      case 'awaited':
        return this.#proofs.asked(link, frame.feeds);
      case 'proofs':
        return this.#proofs.learn(link, frame.proofs, now);
      case 'fetch':
        return this.#mending.asked(link, frame.feed, frame.seqs);
      case 'refused':
        return this.#greeting.refused(link, frame.reason);
      case 'known':
        return this.records.known(link, frame.records, now);
      case 'served':
        link.eager = new Set(frame.except);
        return;
      case 'whisper':
        return this.#whispers.learn(link, frame.whisper, frame.hops, now);
      case 'heard':
        return this.peers.hear(frame.addresses);
      case 'part':
        return this.#part(link, now);
      case 'several':
        link.frames += frame.frames.length;
        for (const one of frame.frames) if (link.phase === 'open') this.#openFrame(link, one, now);
        return;
      default:
        return;
    }
  }

  /** Asks for what did not come by itself. */
  #graft(now: Now): void {
    this.#missing.graftMs = this.#o.push ? this.#pace.graftMs : GRAFT_MS;
    for (const { link, feed } of this.#missing.due(now.monoMs)) this.#trees.graft(link, feed);
  }

  #fetched(id: number, entries: readonly Entry[]): void {
    const link = this.links.get(id);
    if (link) this.#mending.fetched(link, entries);
  }

  #mended(entry: Entry, now: Now): void {
    this.log.mended(entry);
    this.#mending.closed(entry.feed, entry.seq, now);
    this.#streaming.mended(entry.feed);
  }

  #loaded(id: number, feed: FeedId, entries: readonly Entry[]): void {
    const link = this.links.get(id);
    if (link) this.#streaming.loaded(link, feed, entries);
  }

  // The log

  #append(now: Now): void {
    if (!this.#writable) return;
    const entries = this.log.nextBatch(this.#clocks.timeMs(now));
    if (!entries) return;
    const proofs = this.#proofs.toKeep();
    this.#links.append({ id: ++this.#batch, entries, ...(proofs && { proofs }) });
    if (this.#o.sabotage?.haveBeforeDurable) this.#haves.say(heights(entries), now);
  }

  #committed(repeats: readonly Repeat[], now: Now): void {
    const { entries, written } = this.log.committed(this.#clocks.timeMs(now));
    this.#proofs.settled(true);
    for (const write of written) this.#links.effect({ type: 'written', ...write });
    for (const { feed, header } of entries) if (header) this.#trees.plant(feed);
    this.#streaming.pushAll(entries, now);
    this.#haves.say(this.log.counted(heights(entries)), now);
    this.#forks.rose(entries);
    this.#links.effect({ type: 'durable', entries, repeats }, { type: 'copies' });
  }

  #failed(written: boolean, repeats: readonly Repeat[], now: Now): void {
    if (written) return this.#committed(repeats, now);
    this.#writable = false;
    this.#proofs.settled(false);
    for (const token of this.log.failed()) this.#links.effect({ type: 'unwritten', token });
    for (const link of this.links.values()) this.#missing.noteAll(link, link.holds, now.monoMs);
  }

  #tick(now: Now): void {
    this.#watching.tick({ pace: this.#pace, isFull: this.peers.isFull, writable: this.#writable }, now);
    this.#flooding.tick(now.monoMs);
    this.#graft(now);
    this.#mending.tick(now);
    this.#forks.tick(this.peers.isFull, now);
    this.#proofs.tick(now);
    this.#clocks.tick(this.#links);
    this.records.tick(now);
    this.#shed(now);
    this.#trees.improve(now.monoMs);
    const busy = new Set([...this.links.values()].map((link) => link.node));
    for (const address of this.peers.due(busy, this.reachable(), now.monoMs)) this.#links.effect({ type: 'dial', address });
  }

  /** Parts from one link where there are too many. */
  #shed(now: Now): void {
    const node = this.peers.surplus(this.linked(), now.monoMs);
    const link = node === null ? undefined : this.#links.to(node);
    if (!link) return;
    this.#links.send(link, { type: 'part' });
    this.#part(link, now);
  }

  #part(link: SyncLink, now: Now): void {
    link.parted = true;
    this.peers.overlay.parted(link.node, now.monoMs);
    this.#links.close(link, 'there are links enough');
  }
}
