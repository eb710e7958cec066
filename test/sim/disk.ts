/**
 * A machine's disk: a store that outlives the process, commits that take time, errors, a crash in the middle of a commit, which leaves the batch wholly there or
 * not at all, and what happens to a disk between two starts: it is wiped, or an old copy takes its place.
 */

import type { Chain } from '../../src/core/admission.ts';
import type { Entry } from '../../src/core/entry.ts';
import { makeFolder } from '../../src/core/fold.ts';
import type { FeedId, MessageId, NodeId } from '../../src/core/ids.ts';
import { messageId } from '../../src/core/ids.ts';
import { KIND } from '../../src/core/op.ts';
import { comparePlaces } from '../../src/core/order.ts';
import { resolve, type Shown } from '../../src/core/resolve.ts';
import type { Suite } from '../../src/core/suite.ts';
import { raise, type Vector } from '../../src/core/vector.ts';
import type { Random } from '../../src/lib/prng.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import { PROOFS } from '../../src/store/store.ts';
import type { Batch, Hole, Repeat } from '../../src/sync/effects.ts';
import type { Planted } from './plan.ts';
import type { Timeline } from './timeline.ts';

/** What is wrong with a disk. */
export type DiskState = 'good' | 'slow' | 'full' | 'lying';

export type Outcome =
  | { readonly repeats: readonly Repeat[] }
  | { readonly error: true; readonly written: boolean; readonly repeats: readonly Repeat[] };

/** What springs at the next commit: while the batch is at the disk, or when it is there and nobody has heard of it. */
export interface Trap {
  readonly at: 'commit' | 'written';
  readonly spring: () => void;
}

/** A planted fault: what was acknowledged is on stable storage only at the next checkpoint, as with `synchronous=NORMAL`. */
const CHECKPOINT_MS = 2000;

/** A planted fault: a store that shows a message as often as it holds it. */
class RepeatingStore extends MemoryStore {
  readonly #all: Suite;

  constructor(suite: Suite) {
    super(suite);
    this.#all = suite;
  }

  override messages(): Shown[] {
    const folder = makeFolder(this.#all);
    const changes = this.log.flatMap((entry) => folder.fold(entry).changes);
    const messages = changes.flatMap((change) => (change.type === 'message' ? [change.message] : []));
    const shown = messages.map((message) => resolve(folder, message, []));
    return shown.sort((a, b) => comparePlaces(a.place, b.place));
  }
}

export class Disk {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly #suite: Suite;
  readonly #planted: Planted | null;
  store: MemoryStore;
  state: DiskState = 'good';
  trap: Trap | null = null;
  /** Told once when a commit meets a disk that is not good. */
  felt: (() => void) | null = null;
  /** What the node keeps beside its log. */
  chain: Chain = [];
  remembered: ReadonlyMap<NodeId, readonly string[]> = new Map();
  /** What it held and lost when it was wiped or rolled back: the messages that it has not got back, and how far each feed was. */
  readonly gone = new Set<MessageId>();
  readonly goneVector: Vector = new Map();
  /** The entries that were gone with them, be they back or not. */
  readonly dropped: Entry[] = [];
  /** Entries whose bytes are not what they were: never to be handed out as good. */
  readonly damaged = new Set<string>();
  /** Entries as they were before something of theirs was erased. */
  readonly #old = new Map<string, Entry>();
  #underWay: Batch | null = null;
  #process = 0;
  /** How much of the log was there, at the last checkpoint. */
  #checkpoint = { atMs: 0, length: 0 };
  readonly #byFeed = new Map<FeedId, Entry[]>();
  #indexed = 0;

  constructor(timeline: Timeline, random: Random, suite: Suite, planted: Planted | null) {
    this.#timeline = timeline;
    this.#random = random;
    this.#suite = suite;
    this.#planted = planted;
    this.store = this.#emptyStore();
  }

  #emptyStore(): MemoryStore {
    if (this.#planted === 'noDedup') return new RepeatingStore(this.#suite);
    return new MemoryStore(this.#suite, { cutsIgnored: this.#planted === 'cutsIgnored' });
  }

  get isWriting(): boolean {
    return this.#underWay !== null;
  }

  delayMs(): number {
    return this.state === 'slow' ? 60 + 340 * this.#random.unit() : 0.3 + 3 * this.#random.unit();
  }

  commit(batch: Batch, done: (outcome: Outcome) => void): void {
    if (this.#underWay) throw new Error('two batches at once');
    this.#underWay = batch;
    const process = this.#process;
    const delayMs = this.delayMs();
    if (this.state !== 'good') {
      this.felt?.();
      this.felt = null;
    }
    if (this.trap?.at === 'commit') this.#timeline.after(delayMs / 2, () => process === this.#process && this.#spring());
    this.#timeline.after(delayMs, () => {
      if (process !== this.#process) return;
      this.#underWay = null;
      if (this.state === 'full') return done({ error: true, written: false, repeats: [] });
      const repeats = this.#append(batch);
      if (this.trap?.at === 'written') return this.#spring();
      done(this.state === 'lying' ? { error: true, written: true, repeats } : { repeats });
    });
  }

  #spring(): void {
    const trap = this.trap;
    this.trap = null;
    trap?.spring();
  }

  #append(batch: Batch): readonly Repeat[] {
    const repeats = this.store.append(batch);
    if (this.gone.size > 0) for (const id of idsOf(batch.entries)) this.gone.delete(id);
    if (this.#timeline.nowMs - this.#checkpoint.atMs > CHECKPOINT_MS) {
      this.#checkpoint = { atMs: this.#timeline.nowMs, length: this.store.log.length };
    }
    return this.#planted === 'noDedup' ? [] : repeats;
  }

  /** The process dies; `tail`: what becomes of a batch that is under way. Whether there was one, and it was lost. */
  crash(tail: 'either' | 'lost', isPowerCut: boolean): { underWay: boolean; lost: boolean } {
    this.#process++;
    this.trap = null;
    const batch = this.#underWay;
    this.#underWay = null;
    const isKept = batch !== null && tail === 'either' && this.#random.unit() < 0.5 && this.state !== 'full';
    if (isKept) this.#append(batch);
    if (isPowerCut && this.#planted === 'synchronousNormal') this.#cutTo(Math.min(this.#checkpoint.length, this.store.log.length));
    return { underWay: batch !== null, lost: batch !== null && !isKept };
  }

  /** Of the log only its beginning is left, as where an old copy was put back. The messages that are gone with the rest. */
  rollBack(length: number): MessageId[] {
    raise(this.goneVector, this.store.vector);
    const entries = this.store.log.slice(length);
    this.dropped.push(...entries);
    const dropped = idsOf(entries);
    this.#cutTo(length);
    const lost = [...new Set(dropped)].filter((id) => !this.store.has(id));
    for (const id of lost) this.gone.add(id);
    return lost;
  }

  #cutTo(length: number): void {
    const entries = this.store.log.slice(0, length).map((entry) => this.#old.get(`${entry.feed}/${entry.seq}`) ?? entry);
    const proofs = this.store.get(PROOFS);
    this.store = this.#emptyStore();
    this.store.append({ id: 0, entries, ...(proofs && { proofs }) });
    this.#forgetIndex();
    this.#checkpoint = { atMs: this.#timeline.nowMs, length };
  }

  /** A copy of another machine's disk, as it is now. */
  copyFrom(other: Disk): void {
    this.chain = other.chain;
    this.remembered = other.remembered;
    const proofs = other.store.get(PROOFS);
    this.store.append({ id: 0, entries: other.store.log, ...(proofs && { proofs }) });
  }

  /** Puts an entry back where it was damaged, or payloads that it lacks; whether there was something to put. */
  mend(entry: Entry): boolean {
    const isMended = this.damaged.delete(`${entry.feed}/${entry.seq}`);
    const isFilled = this.store.fillNow(entry);
    if (isFilled) this.#forgetIndex();
    return isMended || isFilled;
  }

  /** Takes out what is erased by right; what the log had there before is in old copies still. Entries with gaps that nothing in force explains. */
  erase(): { erased: number; orphans: Hole[] } {
    const { erased, orphans } = this.store.eraseNow();
    for (const entry of erased) this.#old.set(`${entry.feed}/${entry.seq}`, entry);
    if (erased.length > 0) this.#forgetIndex();
    return { erased: erased.length, orphans };
  }

  #forgetIndex(): void {
    this.#byFeed.clear();
    this.#indexed = 0;
  }

  damagedEntries(): Entry[] {
    return this.damaged.size === 0 ? [] : this.store.log.filter(({ feed, seq }) => this.damaged.has(`${feed}/${seq}`));
  }

  holdsWhole({ feed, seq }: Entry): boolean {
    return (this.store.vector.get(feed) ?? 0) >= seq && !this.damaged.has(`${feed}/${seq}`);
  }

  damage(entry: Entry): void {
    this.damaged.add(`${entry.feed}/${entry.seq}`);
  }

  /** Entries of a feed, as a store gives them that knows a damaged one when it reads it: up to the first that is. */
  read(feed: FeedId, after: number, bytesMax: number): { entries: Entry[]; damaged: Entry | null } {
    this.#index();
    const entries: Entry[] = [];
    let bytes = 0;
    for (const entry of (this.#byFeed.get(feed) ?? []).slice(after)) {
      if (this.damaged.has(`${feed}/${entry.seq}`)) return { entries, damaged: entry };
      bytes += entry.bytes.length + entry.payloads.length;
      if (entries.length > 0 && bytes > bytesMax) break;
      entries.push(entry);
    }
    return { entries, damaged: null };
  }

  /** A feed's entries in their order; the log holds each feed without gaps. */
  #index(): void {
    const { log } = this.store;
    for (; this.#indexed < log.length; this.#indexed++) {
      const entry = log[this.#indexed]!;
      const feed = this.#byFeed.get(entry.feed);
      if (feed) feed.push(entry);
      else this.#byFeed.set(entry.feed, [entry]);
    }
  }
}

function idsOf(entries: readonly Entry[]): MessageId[] {
  return entries.flatMap(({ heads }) =>
    heads.filter(({ kind }) => kind === KIND.message).map((head) => messageId(head.author, head.client)),
  );
}
