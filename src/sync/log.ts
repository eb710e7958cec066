/**
 * The log of one node: what is durable, what is on its way to the disk, and what waits.
 *
 * An entry goes through three sets. It *waits* while its predecessor or one of its deps is missing; it is *staged* when both are held or staged
 * before it, and it was verified; it is *durable* when its batch was committed. Only the durable is told to anybody.
 */

import type { Chain } from '../core/admission.ts';
import {
  type Draft,
  ENTRY_BYTES_MAX,
  ENTRY_OPS_MAX,
  type Entry,
  entryFault,
  entrySignatureFault,
  type FeedTip,
  NO_TIP,
  sealEntry,
} from '../core/entry.ts';
import { type Erasure, isExplained, NO_ERASURE, stripped } from '../core/erasure.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../core/feed.ts';
import { nextHlc, observeHlc } from '../core/hlc.ts';
import { FEED_ID_BYTES, type FeedId, type NetworkId, type NodeId } from '../core/ids.ts';
import { CONTENT_KIND_MIN, type Op } from '../core/op.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import type { ReadonlyVector, Vector } from '../core/vector.ts';
import { compareText, equalBytes } from '../lib/bytes.ts';
import { decoding } from '../lib/codec.ts';
import { fairly } from '../lib/fairly.ts';
import { Ends } from './ends.ts';
import { BATCH_BYTES_MAX } from './limits.ts';
import { Recent } from './recent.ts';
import { opBytes, opsBytes } from './sizes.ts';
import { type Origin, Waiting } from './waiting.ts';
import type { Loaded, Offered, Write, Written } from './written.ts';

interface OwnFeed {
  readonly info: FeedInfo;
  /** What the entries' deps add up to. */
  readonly named: Vector;
  /** Feeds that may have risen since they were named. */
  readonly unnamed: Set<FeedId>;
}

/** Why an entry is not taken that is good in itself. */
const STRIPPED = 'a payload is missing that nothing known here erased';
/** An entry's own fields and signature, in bytes. */
const SPARE_BYTES = 512;
/** A certificate of the chain in a feed's header, and a feed among the deps, in bytes at most. */
const CERTIFICATE_BYTES = 320;
const DEP_BYTES = FEED_ID_BYTES + 8;
/** Feeds that one entry names as deps; what is beyond is named by entries without ops before it. */
const DEPS_MAX = 1000;

export class Log {
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly #key: KeyPair;
  readonly #erasure: Erasure;
  readonly infos = new Map<FeedId, FeedInfo>();
  /** What is on the disk and counts: what this node says it holds. */
  readonly durable: Vector = new Map();
  readonly #written: Vector = new Map();
  readonly #tips = new Map<FeedId, FeedTip>();
  readonly #waiting: Waiting;
  #staged: Entry[] = [];
  #stagedBytes = 0;
  #writes: Write[] = [];
  #writeOps = 0;
  #inFlight: { entries: Entry[]; written: Written[]; writes: Write[] } | null = null;
  #own = new Map<FeedKind, OwnFeed>();
  #hlc = 0;
  chain: Chain = [];
  readonly recent = new Recent();
  readonly #ends = new Ends();
  /** Entries of which no copy is left, by feed and number, with their hashes. */
  readonly #lost = new Map<FeedId, Map<number, Uint8Array>>();
  /** A planted fault: entries name no deps. */
  noDeps = false;

  constructor(suite: Suite, network: NetworkId, key: KeyPair, loaded: Loaded, erasure: Erasure = NO_ERASURE) {
    this.#suite = suite;
    this.#erasure = erasure;
    this.#network = network;
    this.#key = key;
    this.#waiting = new Waiting({
      stagedSeq: (feed) => this.stagedSeq(feed),
      blocker: (entry) => this.#blocker(entry),
      stage: (entry) => this.#stage(entry) === null,
    });
    for (const { info, tip } of loaded.feeds) {
      this.infos.set(info.feed, info);
      this.durable.set(info.feed, tip.seq);
      this.#written.set(info.feed, tip.seq);
      this.#tips.set(info.feed, tip);
      this.recent.note(info.feed, tip);
      if (info.node === key.publicKey) this.#hlc = Math.max(this.#hlc, info.kind === FEED_KIND.import ? 0 : tip.hlc);
    }
  }

  get writeOps(): number {
    return this.#writeOps;
  }

  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  /** Begins a new incarnation: the next write opens new feeds. Its governance feed, for grants to be made to. */
  incarnate(incarnation: string): FeedId {
    this.#own.clear();
    const node = this.#key.publicKey as NodeId;
    for (const kind of [FEED_KIND.governance, FEED_KIND.content]) {
      const info = feedInfo(this.#suite, this.#network, { node, kind, incarnation });
      this.#own.set(kind, this.#unnamed(info));
    }
    return this.#own.get(FEED_KIND.governance)!.info.feed;
  }

  /** A feed of this node whose next entry names all that is durable. */
  #unnamed(info: FeedInfo): OwnFeed {
    return { info, named: new Map(), unnamed: new Set([...this.durable.keys()].filter((feed) => this.#restsOn(info, feed))) };
  }

  /** The governance feed of the present incarnation, opened or not. */
  get governanceInfo(): FeedInfo {
    return this.#own.get(FEED_KIND.governance)!.info;
  }

  /** Opens a feed of its own for the imports that follow. */
  openImport(incarnation: string): void {
    const node = this.#key.publicKey as NodeId;
    const info = feedInfo(this.#suite, this.#network, { node, kind: FEED_KIND.import, incarnation });
    this.#own.set(FEED_KIND.import, { info, named: new Map(), unnamed: new Set() });
  }

  /** The highest number of the feed that is durable or on its way. */
  stagedSeq(feed: FeedId): number {
    return this.#tips.get(feed)?.seq ?? 0;
  }

  /** The same; where nothing more of the feed is wanted, beyond all numbers. */
  heldSeq(feed: FeedId): number {
    const seq = this.stagedSeq(feed);
    return seq >= this.endOf(feed) ? Number.MAX_SAFE_INTEGER : seq;
  }

  /** A feed of which the entry needs more than is durable or on its way; null where it needs none. */
  #blocker(entry: Entry): FeedId | null {
    if (this.stagedSeq(entry.feed) !== entry.seq - 1 || this.#isBlind(entry.feed)) return entry.feed;
    const sibling = entry.governance === 0 ? entry.feed : (this.#infoOf(entry)?.sibling ?? entry.feed);
    for (const [feed, seq] of this.#ends.needs(entry, sibling)) if (this.stagedSeq(feed) < seq) return feed;
    return null;
  }

  /** Feeds for which entries wait; at most so many, for each member's entries as many as for any other's. */
  awaited(count: number): Set<FeedId> {
    return fairly(count, this.#waiting.blockers());
  }

  awaits(feed: FeedId): boolean {
    return this.#waiting.isBlocking(feed);
  }

  #infoOf(entry: Entry): FeedInfo | undefined {
    return entry.header ? feedInfo(this.#suite, this.#network, entry.header) : this.infos.get(entry.feed);
  }

  /** Takes an entry that came from a peer. */
  offer(entry: Entry): Offered {
    if (entry.seq <= this.stagedSeq(entry.feed)) return 'repeated';
    if (entry.seq > this.endOf(entry.feed)) return 'withheld';
    if (this.#blocker(entry) !== null) return this.#waiting.add(entry, this.originOf(entry));
    if (this.#forks(entry)) return 'forked';
    const fault = this.#stage(entry);
    if (fault) return fault === STRIPPED ? 'stripped' : { fault };
    this.#waiting.wake(entry.feed);
    return 'staged';
  }

  /** Behind a hole at the end of a feed nobody knows yet what the next entry has to follow. */
  #isBlind(feed: FeedId): boolean {
    return this.#tips.get(feed)?.hash.length === 0;
  }

  /** An entry is where a hole was: at the end of its feed it says what has to follow it. */
  mended({ feed, seq, hash, hlc }: Entry): void {
    if (!this.#isBlind(feed) || this.stagedSeq(feed) !== seq) return;
    this.#tips.set(feed, { seq, hash, hlc });
    this.recent.note(feed, { seq, hash });
    this.#waiting.wake(feed);
  }

  /** Whether the node signed an entry that follows another one. */
  #forks(entry: Entry): boolean {
    const tip = this.#tips.get(entry.feed);
    const info = this.infos.get(entry.feed);
    if (!tip || !info || equalBytes(entry.prevHash, tip.hash)) return false;
    return entrySignatureFault(this.#suite, info, entry) === null;
  }

  /** How far a feed counts: beyond all numbers, unless its node was revoked. */
  capOf(feed: FeedId): number {
    return this.#ends.capOf(feed);
  }

  /** How far a feed is wanted: no further than it counts, and behind a fork that is proved nothing. */
  endOf(feed: FeedId): number {
    return this.#ends.endOf(feed);
  }

  /** Feeds of revoked nodes count up to their cuts, and all others whole. */
  cap(caps: ReadonlyMap<FeedId, number>): void {
    for (const feed of this.#ends.cap(caps)) this.#count(feed, this.#written.get(feed) ?? 0);
    for (const [feed, cap] of caps) this.#ended(feed, cap);
  }

  /** A feed is proved to be forked: beyond its entry `end` nothing more of it is taken or waited for. */
  fork(feed: FeedId, end: number): void {
    if (this.#ends.fork(feed, end)) this.#ended(feed, end);
  }

  #ended(feed: FeedId, end: number): void {
    this.#waiting.forgetBeyond(feed, end);
    this.#waiting.wake(feed);
  }

  /** Whether a node has a feed here, which it was admitted to write. */
  isWriter(node: NodeId): boolean {
    for (const info of this.infos.values()) if (info.node === node) return true;
    return false;
  }

  /** So much of a feed is on the disk: what of it counts is what may be told. */
  #count(feed: FeedId, seq: number): void {
    const counted = Math.min(seq, this.capOf(feed));
    if (counted > 0) this.durable.set(feed, counted);
    else this.durable.delete(feed);
  }

  /** What of a vector counts: nothing beyond the cut of a revoked node. */
  counted(vector: Vector): Vector {
    for (const [feed, seq] of vector) {
      const counted = Math.min(seq, this.durable.get(feed) ?? 0);
      if (counted > 0) vector.set(feed, counted);
      else vector.delete(feed);
    }
    return vector;
  }

  /** No copy of an entry is left: what follows it may come. */
  lose(feed: FeedId, seq: number, hash: Uint8Array): void {
    this.#lost.set(feed, (this.#lost.get(feed) ?? new Map<number, Uint8Array>()).set(seq, hash));
    this.#passLost(feed);
    this.#waiting.wake(feed);
  }

  isLost(feed: FeedId, seq: number): boolean {
    return this.#lost.get(feed)?.has(seq) ?? false;
  }

  /** Lost entries count as held once everything before them is. */
  #passLost(feed: FeedId): void {
    const [lost, tip] = [this.#lost.get(feed), this.#tips.get(feed)];
    if (!lost || !tip) return;
    let { seq, hash } = tip;
    if (this.#isBlind(feed)) hash = lost.get(seq) ?? hash;
    for (let next = lost.get(seq + 1); next; next = lost.get(seq + 1)) [seq, hash] = [seq + 1, next];
    this.#tips.set(feed, { seq, hash, hlc: tip.hlc });
    let written = this.#written.get(feed) ?? 0;
    while (written < seq && lost.has(written + 1)) written++;
    this.#written.set(feed, written);
    this.#count(feed, written);
  }

  /** Whose entry it is; nobody's, where the feed's header has not come. */
  originOf(entry: Entry): Origin {
    return (entry.header ?? this.infos.get(entry.feed))?.node ?? '';
  }

  #stage(entry: Entry): string | null {
    const { feed } = entry;
    // It may be an entry that waited: whoever sent the one that woke it must not answer for its payloads.
    const fault = decoding(() => entryFault(this.#suite, this.#network, this.infos.get(feed), this.#tips.get(feed) ?? NO_TIP, entry));
    if (fault) return typeof fault === 'string' ? fault : fault.message;
    if (!isExplained(this.#erasure, entry)) return STRIPPED;
    if (entry.header) this.infos.set(entry.feed, this.#infoOf(entry)!);
    this.#put(stripped(this.#erasure, entry));
    this.#passLost(entry.feed);
    return null;
  }

  /** The feeds that were written last, by their own clocks; at most so many. */
  latestFeeds(count: number): FeedId[] {
    const feeds = [...this.#tips].sort(([a, one], [b, other]) => other.hlc - one.hlc || compareText(a, b)).slice(0, count);
    return feeds.map(([feed]) => feed);
  }

  #put(entry: Entry): void {
    this.recent.note(entry.feed, entry);
    this.#tips.set(entry.feed, { seq: entry.seq, hash: entry.hash, hlc: entry.hlc });
    this.#staged.push(entry);
    this.#stagedBytes += entry.bytes.length + entry.payloads.length;
  }

  /** Takes ops of this node's own sessions; they keep their order. */
  write(token: number, ops: readonly Op[], isImport: boolean): void {
    const kind = isImport ? FEED_KIND.import : ops[0]!.head.kind >= CONTENT_KIND_MIN ? FEED_KIND.content : FEED_KIND.governance;
    this.#writes.push({ token, ops, kind });
    this.#writeOps += ops.length;
  }

  /** The entries that are at the disk. */
  get committing(): readonly Entry[] {
    return this.#inFlight?.entries ?? [];
  }

  /** The next batch, or null where one is at the disk or there is nothing to write. */
  nextBatch(nowMs: number): readonly Entry[] | null {
    if (this.#inFlight || (this.#staged.length === 0 && this.#writes.length === 0)) return null;
    const entries = this.#takeStaged();
    const written: Written[] = [];
    const writes = this.#takeWrites();
    this.#sealWrites(writes, entries, written, nowMs);
    this.#inFlight = { entries, written, writes };
    return entries;
  }

  #takeStaged(): Entry[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#staged.length && bytes < BATCH_BYTES_MAX) {
      const entry = this.#staged[count++]!;
      bytes += entry.bytes.length + entry.payloads.length;
    }
    this.#stagedBytes -= bytes;
    return this.#staged.splice(0, count);
  }

  #takeWrites(): Write[] {
    let bytes = 0;
    let count = 0;
    let content = false;
    while (count < this.#writes.length && bytes < BATCH_BYTES_MAX) {
      const write = this.#writes[count]!;
      // What governs comes first in a batch, so whoever leaves after a last word must not be seen to leave before it.
      if (content && write.kind === FEED_KIND.governance) break;
      content ||= write.kind === FEED_KIND.content;
      bytes += opsBytes(write.ops);
      count++;
    }
    const taken = this.#writes.splice(0, count);
    for (const write of taken) this.#writeOps -= write.ops.length;
    return taken;
  }

  #sealWrites(taken: readonly Write[], entries: Entry[], written: Written[], nowMs: number): void {
    for (const kind of [FEED_KIND.governance, FEED_KIND.content, FEED_KIND.import]) {
      const writes = taken.filter((write) => write.kind === kind);
      if (writes.length > 0) this.#sealAll(this.#own.get(kind)!, writes, entries, written, nowMs);
    }
  }

  /** Packs writes into as few entries as the limits allow. */
  #sealAll(own: OwnFeed, writes: readonly Write[], entries: Entry[], written: Written[], nowMs: number): void {
    this.#sealDeps(own, entries, nowMs);
    let ops: Op[] = [];
    let bytes = this.#spareBytes(own);
    const seal = (): void => {
      if (ops.length > 0) entries.push(this.#seal(own, ops, nowMs));
      ops = [];
      bytes = this.#spareBytes(own);
    };
    for (const write of writes) {
      let seq = 0;
      for (const op of write.ops) {
        const size = opBytes(op);
        if (ops.length >= ENTRY_OPS_MAX || bytes + size > ENTRY_BYTES_MAX) seal();
        ops.push(op);
        bytes += size;
        seq ||= this.stagedSeq(own.info.feed) + 1;
      }
      written.push({ token: write.token, feed: own.info.feed, seq, lastSeq: this.stagedSeq(own.info.feed) + 1 });
    }
    seal();
  }

  /** The room that an entry needs beside its ops. */
  #spareBytes(own: OwnFeed): number {
    const header = this.stagedSeq(own.info.feed) === 0 ? this.chain.length * CERTIFICATE_BYTES : 0;
    return SPARE_BYTES + header + this.#depsOf(own).size * DEP_BYTES;
  }

  /** Names deps in entries of their own while one entry could not name them all. */
  #sealDeps(own: OwnFeed, entries: Entry[], nowMs: number): void {
    for (;;) {
      const deps = [...this.#depsOf(own)];
      if (deps.length <= DEPS_MAX) return;
      entries.push(this.#seal(own, [], nowMs, new Map(deps.slice(0, DEPS_MAX))));
    }
  }

  #seal(own: OwnFeed, ops: readonly Op[], nowMs: number, deps: ReadonlyVector = this.#depsOf(own)): Entry {
    const { info } = own;
    const tip = this.#tips.get(info.feed) ?? NO_TIP;
    this.#hlc = info.kind === FEED_KIND.import ? this.#hlc : nextHlc(this.#hlc, nowMs);
    const draft: Draft = {
      network: this.#network,
      feed: info.feed,
      tip,
      hlc: info.kind === FEED_KIND.import ? tip.hlc + 1 : this.#hlc,
      governance: info.kind === FEED_KIND.governance ? 0 : this.stagedSeq(info.sibling),
      deps,
      header: tip.seq === 0 ? { node: info.node, kind: info.kind, incarnation: info.incarnation, chain: this.chain } : null,
      ops,
    };
    const entry = sealEntry(this.#suite, this.#key, draft);
    this.recent.note(entry.feed, entry);
    for (const [feed, seq] of deps) {
      own.named.set(feed, seq);
      own.unnamed.delete(feed);
    }
    this.infos.set(info.feed, info);
    this.#tips.set(info.feed, { seq: entry.seq, hash: entry.hash, hlc: entry.hlc });
    return entry;
  }

  /** Whether entries of this node's feed rest on another: governance on governance, content on all, an import on nothing. */
  #restsOn(own: FeedInfo, feed: FeedId): boolean {
    if (own.kind === FEED_KIND.import || feed === own.feed || feed === own.sibling) return false;
    return own.kind === FEED_KIND.content || this.infos.get(feed)?.kind === FEED_KIND.governance;
  }

  /** What the next entry of the feed is to name: what became durable and was not named yet. */
  #depsOf(own: OwnFeed): ReadonlyVector {
    const deps: Vector = new Map();
    if (this.noDeps) return deps;
    for (const feed of own.unnamed) {
      const seq = this.durable.get(feed) ?? 0;
      if (seq > (own.named.get(feed) ?? 0)) deps.set(feed, seq);
    }
    return deps;
  }

  /** The batch is durable. */
  committed(nowMs: number): { entries: readonly Entry[]; written: readonly Written[] } {
    const flight = this.#inFlight!;
    this.#inFlight = null;
    for (const entry of flight.entries) {
      this.#written.set(entry.feed, entry.seq);
      this.#count(entry.feed, entry.seq);
      this.#passLost(entry.feed);
      for (const own of this.#own.values()) if (this.#restsOn(own.info, entry.feed)) own.unnamed.add(entry.feed);
      if (this.infos.get(entry.feed)?.kind !== FEED_KIND.import) this.#hlc = observeHlc(this.#hlc, entry.hlc, nowMs);
    }
    return flight;
  }

  /**
   * The batch is not known to be durable: everything that was on its way is forgotten, and peers are asked for theirs again. What the node says of itself (token 0;
   * saying it twice does no harm) is said again. Returns the tokens of the other writes, whose outcome is unknown. A new incarnation has to follow.
   */
  failed(): number[] {
    const flight = this.#inFlight!;
    const writes = [...flight.writes, ...this.#writes];
    const dropped = [...flight.entries, ...this.#staged];
    this.#inFlight = null;
    this.#staged = [];
    this.#stagedBytes = 0;
    this.#writes = writes.filter((write) => write.token === 0 && write.kind === FEED_KIND.governance);
    this.#writeOps = this.#writes.reduce((sum, write) => sum + write.ops.length, 0);
    for (const entry of dropped.reverse()) this.#rewind(entry);
    // What the lost entries named, nobody has heard: before the next incarnation begins, a word may still go into this one's feed.
    for (const [kind, { info }] of this.#own) this.#own.set(kind, this.#unnamed(info));
    return writes.filter((write) => write.token !== 0).map((write) => write.token);
  }

  #rewind(entry: Entry): void {
    const seq = this.#written.get(entry.feed) ?? 0;
    if (seq >= entry.seq) return;
    if (entry.seq === 1) {
      this.#tips.delete(entry.feed);
      this.infos.delete(entry.feed);
      return;
    }
    this.#tips.set(entry.feed, { seq: entry.seq - 1, hash: entry.prevHash, hlc: entry.hlc - 1 });
  }
}
