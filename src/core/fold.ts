/**
 * The fold: entries in, state and changes out. A pure function of the set of entries.
 *
 * It is given every entry once, in an order in which an entry follows its feed's predecessor and its deps. Governance given again changes nothing; content given
 * again is judged again. An
 * op is read whole before anything is changed by it, so one that cannot be read changes nothing. Whatever else is thrown is a bug, and goes up.
 *
 * Everything but the law is a set or a register, judged by its place, its causal past and the law. So entries fold as they come, and only where the law that they
 * were judged by changes (see law/law.ts) is all of governance folded anew.
 *
 * The same id in several ops gives several changes: which of them shows is decided by whoever holds the index of ids, always the first in history order.
 */

import { decoding } from '../lib/codec.ts';
import { type Entry, payloadsOf } from './entry.ts';
import type { Erasure } from './erasure.ts';
import { FEED_KIND, type FeedInfo, feedInfo } from './feed.ts';
import { TIME_MAX } from './hlc.ts';
import { type FeedId, type MessageId, messageId } from './ids.ts';
import * as about from './kinds/about.ts';
import * as account from './kinds/account.ts';
import { end } from './kinds/end.ts';
import * as erase from './kinds/erase.ts';
import { guest } from './kinds/guest.ts';
import { type AnyKind, isOwn, type Reading } from './kinds/kind.ts';
import { message } from './kinds/message.ts';
import * as moderation from './kinds/moderation.ts';
import { addNode, admit, invite, network, news } from './kinds/network.ts';
import * as own from './kinds/own.ts';
import * as owner from './kinds/owner.ts';
import { rename } from './kinds/rename.ts';
import * as rooms from './kinds/room.ts';
import { type Cut, type LawBody, type LawOp, type Proof, tablesOf, UNCOVERED } from './law/body.ts';
import { Law } from './law/law.ts';
import { nameAccounts } from './law/names.ts';
import { CONTENT_KIND_MIN, type Head, KIND } from './op.ts';
import { historyKey, type Place } from './order.ts';
import { type Change, clearState, emptyState, type Retention, type State, type Void } from './state.ts';
import type { Suite } from './suite.ts';
import type { Vector } from './vector.ts';

/** Rises with every change to what the same ops fold to. */
export const FOLD_VERSION = 6;

export interface Folder extends Erasure {
  readonly state: State;
  readonly law: Law;
  /** Folds one entry. */
  fold(entry: Entry): Folded;
  /** Content of this feed up to that entry was folded before, by an earlier folder. */
  resume(info: FeedInfo, seq: number): void;
}

export interface Folded {
  readonly changes: Change[];
  /** Ops without effect, by their place in the entry. */
  readonly voids: Map<number, Void>;
}

const KINDS: ReadonlyMap<number, AnyKind> = new Map<number, AnyKind>([
  [KIND.news, news],
  [KIND.network, network],
  [KIND.admit, admit],
  [KIND.invite, invite],
  [KIND.guest, guest],
  [KIND.rename, rename],
  [KIND.end, end],
  [KIND.room, rooms.room],
  [KIND.join, rooms.join],
  [KIND.part, rooms.part],
  [KIND.topic, rooms.topic],
  [KIND.account, account.account],
  [KIND.device, account.device],
  [KIND.session, account.session],
  [KIND.rekey, account.rekey],
  [KIND.logout, account.logout],
  [KIND.deletion, account.deletion],
  [KIND.role, moderation.role],
  [KIND.kick, moderation.kick],
  [KIND.ban, moderation.ban],
  [KIND.mute, moderation.mute],
  [KIND.undo, moderation.undo],
  [KIND.checkpoint, owner.checkpoint],
  [KIND.settle, owner.settle],
  [KIND.settings, rooms.settings],
  [KIND.privateRoom, rooms.privateRoom],
  [KIND.invitation, moderation.invitation],
  [KIND.revoke, owner.revoke],
  [KIND.fork, owner.fork],
  [KIND.lost, owner.lost],
  [KIND.remove, erase.remove],
  [KIND.retain, erase.retain],
  [KIND.message, message],
  [KIND.edit, about.edit],
  [KIND.reaction, about.reaction],
  [KIND.pin, about.pin],
  [KIND.report, about.report],
  [KIND.read, own.read],
  [KIND.prefer, own.prefer],
]);

/** An op that was read: ready to be folded, now and whenever the law changes. */
interface Read {
  readonly reading: Reading;
  readonly kind: AnyKind;
  readonly body: unknown;
  readonly op: LawOp | null;
}

/** An entry of governance, kept. */
interface Kept {
  readonly entry: Entry;
  readonly ops: readonly (Read | Void)[];
}

/** Planted faults for the tests of the simulator: registers are won by the wall clock of their entry; bans and revocations withhold nothing. */
export interface FoldSabotage {
  readonly clockOrder?: boolean;
  readonly cutsIgnored?: boolean;
}

export function makeFolder(suite: Suite, sabotage: FoldSabotage = {}): Folder {
  return new GovernedFolder(suite, sabotage);
}

class GovernedFolder implements Folder {
  readonly #suite: Suite;
  readonly #sabotage: FoldSabotage;
  readonly state = emptyState();
  readonly law: Law;
  readonly #kept: Kept[] = [];
  /** What was folded, content too. */
  readonly #folded: Vector = new Map();
  /** All that ever said that something is to be erased, by what it is about, in force or not; and whether it was in force as far as its past knew. */
  readonly #erasing = new Map<string, Read[]>();
  readonly #wereRight = new Map<Read, boolean>();
  epoch = 0;

  constructor(suite: Suite, sabotage: FoldSabotage) {
    this.#suite = suite;
    this.#sabotage = sabotage;
    this.law = new Law(sabotage.cutsIgnored ?? false);
  }

  resume(info: FeedInfo, seq: number): void {
    this.state.feeds.set(info.feed, info);
    if (info.kind !== FEED_KIND.governance) this.#folded.set(info.feed, seq);
  }

  fold(entry: Entry): Folded {
    if (entry.header) {
      this.state.feeds.set(entry.feed, feedInfo(this.#suite, entry.network, entry.header));
      addNode(this.state, entry.header.chain);
    }
    const feed = this.state.feeds.get(entry.feed)!;
    if (feed.kind === FEED_KIND.governance && entry.seq <= (this.#folded.get(entry.feed) ?? 0)) return { changes: [], voids: new Map() };
    const folded = feed.kind === FEED_KIND.governance ? this.#governance(entry, feed) : this.#content(entry, feed);
    if ((this.#folded.get(entry.feed) ?? 0) < entry.seq) this.#folded.set(entry.feed, entry.seq);
    return folded;
  }

  #content(entry: Entry, feed: FeedInfo): Folded {
    const payloads = payloadsOf(entry);
    const folded: Folded = { changes: [], voids: new Map() };
    for (let i = 0; i < entry.heads.length; i++) this.#apply(this.#read(entry, feed, i, payloads[i]!), i, folded);
    return folded;
  }

  #governance(entry: Entry, feed: FeedInfo): Folded {
    this.law.begin(entry);
    const payloads = payloadsOf(entry);
    const kept: Kept = { entry, ops: entry.heads.map((_, i) => this.#read(entry, feed, i, payloads[i]!)) };
    for (const read of kept.ops) if (typeof read !== 'string') this.#noteErasing(read);
    return this.#take(kept);
  }

  /** The same of an entry that another folder has read. */
  #again({ entry, ops }: Kept): Folded {
    this.law.begin(entry);
    // Without what the other's law has made of it.
    return this.#take({
      entry,
      ops: ops.map((read) => (typeof read === 'string' || !read.op ? read : { ...read, op: { ...read.op, rank: UNCOVERED } })),
    });
  }

  #take(kept: Kept): Folded {
    this.#kept.push(kept);
    const from: Vector = new Map();
    let isStale = false;
    for (const read of kept.ops) {
      if (typeof read !== 'string') isStale = this.#enact(read, from) || isStale;
    }
    if (!isStale) return this.#foldKept(kept);
    const folded = this.#refold();
    return { changes: [{ type: 'refolded', from }, ...folded.changes], voids: folded.voids };
  }

  /** Tells the law of an op: whether what was folded before has to be folded anew. */
  #enact(read: Read, from: Vector): boolean {
    const { body, op } = read;
    const { head, place } = read.reading;
    const proof = typeof body === 'object' && body !== null && 'proof' in body ? (body.proof as Proof | null) : null;
    if (head.kind === KIND.guest || head.kind === KIND.session) this.law.grants.add(head.author, { ...place, proof, by: read.reading });
    if (head.kind === KIND.device) this.law.addDevice(head.author, proof!.keys[0]!, place);
    if (!op) return false;
    const { changed, cuts, subjects, everybody } = this.law.add(op);
    let isStale = changed;
    for (const cut of cuts) isStale = this.#uncover(cut, from) || isStale;
    for (const subject of subjects) for (const feed of this.law.grants.feeds(subject)) this.#uncoverContent(feed, from);
    if (everybody)
      for (const { feed, kind } of this.state.feeds.values()) if (kind === FEED_KIND.governance) this.#uncoverContent(feed, from);
    return isStale;
  }

  /** Notes what a cut reaches of what was folded; whether it reaches anything. */
  #uncover(cut: Cut, from: Vector): boolean {
    let reaches = false;
    for (const info of this.state.feeds.values()) {
      const folded = this.#folded.get(info.feed) ?? 0;
      const upTo = cut.vector.get(info.feed) ?? 0;
      if (folded <= upTo || !this.#concerns(cut, info)) continue;
      reaches = true;
      if (info.kind !== FEED_KIND.governance) from.set(info.feed, Math.min(from.get(info.feed) ?? Number.MAX_SAFE_INTEGER, upTo + 1));
      else if (this.law.grants.isBeyond(info.feed, upTo, cut.author)) this.#uncoverContent(info.feed, from);
    }
    return reaches;
  }

  /** Content is judged by other law, or its grant is: by a cut that names the content but not the grant, for one. Where it begins to be is not known. */
  #uncoverContent(sibling: FeedId, from: Vector): void {
    for (const info of this.state.feeds.values()) {
      if (info.sibling === sibling && info.kind === FEED_KIND.content && this.#folded.has(info.feed)) from.set(info.feed, 1);
    }
  }

  #concerns(cut: Cut, info: FeedInfo): boolean {
    if (cut.of === 'node') return cut.subjects.includes(info.node);
    return this.law.grants.get(cut.author!, info.sibling) !== undefined || this.law.hasDevices(cut.author!, info.feed);
  }

  /** Folds all of governance anew; returns what the last entry changed. */
  #refold(): Folded {
    clearState(this.state);
    this.epoch++;
    let last: Folded | null = null;
    for (const kept of this.#kept) last = this.#foldKept(kept);
    return last!;
  }

  #foldKept(kept: Kept): Folded {
    const folded: Folded = { changes: [], voids: new Map() };
    kept.ops.forEach((read, i) => {
      this.#apply(read, i, folded);
    });
    return folded;
  }

  #apply(read: Read | Void, index: number, { changes, voids }: Folded): void {
    const result = typeof read === 'string' ? read : this.#foldOp(read);
    if (typeof result === 'string') voids.set(index, result);
    else if (result) changes.push(result);
  }

  #foldOp({ reading, kind, body, op }: Read): Change | null | Void {
    const fault = op && this.law.voidOf(op);
    if (fault) return fault;
    const { entry, feed, head, place, payload } = reading;
    const result = kind.fold({ hashing: this.#suite, state: this.state, law: this.law, entry, feed, head, place, payload, op }, body);
    if (op && NAMING.has(op.body.law) && typeof result !== 'string') nameAccounts(this.state, this.law, op);
    return result;
  }

  /** Reads an op whole, or says why it is void. */
  #read(entry: Entry, feed: FeedInfo, index: number, payload: Uint8Array | null): Read | Void {
    const head = entry.heads[index]!;
    if (head.kind >= CONTENT_KIND_MIN !== (feed.kind !== FEED_KIND.governance)) return 'wrong feed';
    const kind = KINDS.get(head.kind);
    if (!kind) return 'unknown kind';
    const after = this.#sabotage.clockOrder && head.kind < CONTENT_KIND_MIN ? 0 : head.after;
    const place = { key: historyKey(entry.hlc, after), feed: entry.feed, seq: entry.seq, index };
    if (place.key > TIME_MAX) return 'beyond time';
    const reading = { entry, feed, head, place, payload };
    const body = decoding(() => kind.read(this.#suite, reading));
    if (body instanceof Error) return 'bad body';
    if (typeof body === 'string') return body as Void;
    return { reading, kind, body, op: isLaw(body) ? this.#lawOp(reading, body) : null };
  }

  #lawOp(reading: Reading, body: LawBody): LawOp {
    const { entry, feed, head, place } = reading;
    const id = messageId(head.author, head.client);
    const key = this.law.pasts.key(entry.feed, entry.seq);
    return { entry, feed, head, place, id, body, own: isOwn(this.#suite, reading), key, tables: tablesOf(body, head), rank: UNCOVERED };
  }

  get erases(): boolean {
    return this.#erasing.size > 0;
  }

  isErased(head: Head, place: Place): boolean {
    const { removals, retentions } = this.state;
    if (removals.get(aboutOf(head))?.some((removal) => removal.room === head.room)) return true;
    if (this.law.verdicts.table(`deletion ${head.author}`).some(({ body }) => body.law === 'deletion' && body.erase)) return true;
    return (retentions.get(head.room as never) ?? []).some((retention) => reaches(retention, place));
  }

  mayLack(head: Head, place: Place): boolean {
    if (this.isErased(head, place)) return true;
    const about = [`remove ${head.room} ${aboutOf(head)}`, `retain ${head.room}`, `deletion ${head.author}`];
    return about.some((key) =>
      this.#erasing
        .get(key)
        ?.some((read) => (read.reading.head.kind !== KIND.retain || reaches(read.body as Reach, place)) && this.#wasRight(read)),
    );
  }

  #noteErasing(read: Read): void {
    const { head } = read.reading;
    const { body } = read.op ?? {};
    let key = '';
    if (head.kind === KIND.remove) key = `remove ${head.room} ${head.target}`;
    if (head.kind === KIND.retain) key = `retain ${head.room}`;
    if (body?.law === 'deletion' && body.erase) key = `deletion ${body.subject}`;
    if (key === '') return;
    if (head.kind !== KIND.remove) this.epoch++;
    this.#erasing.set(key, [...(this.#erasing.get(key) ?? []), read]);
  }

  /** Whether an op was in force as far as its own past knew, which nothing that comes later changes. Folds that past: it is asked of what is not in force now alone. */
  #wasRight(read: Read): boolean {
    const known = this.#wereRight.get(read);
    if (known !== undefined) return known;
    const { place, entry } = read.reading;
    const past = new GovernedFolder(this.#suite, this.#sabotage);
    for (const info of this.state.feeds.values()) past.state.feeds.set(info.feed, info);
    for (const kept of this.#kept) if (kept.entry !== entry && this.law.pasts.has({ ...kept.entry, index: 0 }, place)) past.#again(kept);
    const own = this.#kept.find((kept) => kept.entry === entry)!;
    const isRight = !past.#again({ entry, ops: own.ops.slice(0, place.index + 1) }).voids.has(place.index);
    this.#wereRight.set(read, isRight);
    return isRight;
  }
}

/** The message that an op is, or is another text of. */
function aboutOf({ author, client, target, kind }: Head): MessageId {
  return kind === KIND.edit && target ? target : messageId(author, client);
}

type Reach = Pick<Retention, 'before' | 'cut'>;

function reaches({ before, cut }: Reach, place: Place): boolean {
  return place.key < before && place.seq <= (cut.get(place.feed) ?? 0);
}

const NAMING: ReadonlySet<string> = new Set(['account', 'settle', 'deletion']);

function isLaw(body: unknown): body is LawBody {
  return typeof body === 'object' && body !== null && 'law' in body;
}
