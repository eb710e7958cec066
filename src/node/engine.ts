/**
 * The node without its hands: sessions and their commands, the fold, replication. Told the time and every input; returns effects for the loop.
 *
 * A step only gathers. The loop carries out the effects (append, send, …), then calls `deliver`, which tells the doors: persist before you speak.
 */

import type { Entry } from '../core/entry.ts';
import { type Folder, makeFolder } from '../core/fold.ts';
import { nextHlc } from '../core/hlc.ts';
import { type AuthorId, authorId, type FeedId, messageId, type NodeId, type RoomId } from '../core/ids.ts';
import { endBody } from '../core/kinds/end.ts';
import { guestBody } from '../core/kinds/guest.ts';
import { type Head, KIND, type Op } from '../core/op.ts';
import type { Answer, Command, Door, Notice, Prepared, SessionNo } from '../core/port.ts';
import type { Change, State } from '../core/state.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import { foldName } from '../core/text.ts';
import { uuidV7 } from '../core/uuid.ts';
import type { Random } from '../lib/prng.ts';
import type { Effect, Input, Now, Repeat } from '../sync/effects.ts';
import { WRITE_OPS_MAX } from '../sync/limits.ts';
import { quietNodes } from '../sync/link.ts';
import type { ReplicaOptions } from '../sync/options.ts';
import { Replica } from '../sync/replica.ts';
import { Acks } from './acks.ts';
import { opsOf } from './commands.ts';
import type { EngineOptions } from './engine-options.ts';
import { ERASE_AFTER_MS, Erasing } from './erasing.ts';
import { Members } from './members.ts';
import { People } from './people.ts';
import { StaleGrants } from './stale.ts';

export interface Session {
  readonly no: SessionNo;
  readonly door: Door;
  author: AuthorId | null;
  /** The session's key, from which grants are signed anew when the node opens new feeds. */
  key: KeyPair | null;
  name: string;
  /** Rooms it is in or asked to be in. */
  readonly rooms: Set<RoomId>;
  /** The highest history key it was shown outside its present rooms. */
  shownKey: number;
}

interface Pending {
  readonly session: SessionNo;
  readonly token: number;
  /** What to say once it is durable; null for a message, which waits for its copies. */
  readonly answer: Answer | null;
  readonly heads: readonly Head[];
  /** The name it claims until it is settled. */
  readonly claim: string | null;
}

interface Overload {
  readonly refused: { readonly type: 'busy' | 'not stored'; readonly retryMs: number };
}

/** Sessions on one node. */
const SESSIONS_MAX = 20_000;
/** When a node that is busy, cannot write, or is no member yet (it has no certificate for its first entry) says to try again, in ms. */
const RETRY_MS = 1000;

export class Engine {
  readonly #o: EngineOptions;
  readonly self: NodeId;
  readonly #author: AuthorId;
  readonly #folder: Folder;
  readonly replica: Replica;
  readonly people: People;
  readonly members: Members;
  readonly #erasing: Erasing;
  readonly #sessions = new Map<SessionNo, Session>();
  /** This node's people, with all the sessions of each. */
  readonly #own = new Map<AuthorId, Set<Session>>();
  readonly #pending = new Map<number, Pending>();
  readonly #acks = new Acks<Pending>();
  readonly #lastKeys: Map<RoomId, number>;
  /** Names asked for and not yet durable. */
  readonly #claims = new Map<string, SessionNo>();
  /** What the command at hand claimed. */
  #claimed: string | null = null;
  readonly #stale: StaleGrants;
  /** A copy of this node ended grants to this incarnation: it did not know that it runs. */
  #usurped = false;
  #highestKey = 0;
  /** What the clock says, as a history key. */
  #nowKey = 0;
  #answers: { pending: Pending; answer: Answer }[] = [];
  /** Sessions with a message refused that they have not heard of yet: what they said after it must not come before it, handed in again. */
  readonly #refused = new Map<SessionNo, Overload>();
  #notices: Notice[] = [];
  /** What steps ask for beside what replication does. */
  readonly #said: Effect[] = [];
  #durableTokens: { token: number; feed: FeedId; seq: number }[] = [];
  readonly #doors = new Set<Door>();
  #nextSession = 1;
  #nextToken = 1;
  #grantFeed: FeedId;
  messages = 0;

  constructor(options: EngineOptions) {
    this.#o = options;
    this.self = options.key.publicKey as NodeId;
    this.#author = authorId(options.suite, this.self);
    this.#folder = makeFolder(options.suite, options.sabotage);
    for (const { info, tip } of options.loaded.feeds) this.#folder.resume(info, tip.seq);
    for (const entry of options.governance) this.#folder.fold(entry);
    this.#lastKeys = new Map(options.lastKeys);
    for (const key of this.#lastKeys.values()) this.#highestKey = Math.max(this.#highestKey, key);
    const { suite, network, key, random } = options;
    const write = (kind: number, bodyOf: (client: string) => Uint8Array): void => this.#writeOwn(kind, bodyOf);
    this.members = new Members({ suite, network, key, random, folder: this.#folder, author: this.#author, write });
    const admit: ReplicaOptions['admit'] = (token, node, name, now) => this.members.admit(token, node, name, now);
    this.replica = new Replica({ ...options, erasure: this.#folder, admit });
    this.#erasing = new Erasing(this.#folder, options.eraseAfterMs ?? ERASE_AFTER_MS);
    this.members.attach(this.replica);
    this.#grantFeed = this.replica.log.incarnate(hex16(options.random));
    const isLive = (feed: FeedId): boolean => feed === this.#grantFeed || this.replica.peers.incarnations.isLive(this.self, feed);
    this.#stale = new StaleGrants(this.self, isLive);
    this.people = new People(
      this.state,
      this.self,
      (node, feed) => (node === this.self ? !isLive(feed) : this.replica.peers.incarnations.isPast(node, feed)),
      (author) => this.#folder.law.verdicts.isBanned(author, this.#nowKey),
    );
  }

  get state(): State {
    return this.#folder.state;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  /** Looks for grants to incarnations of this node that are gone. */
  start(): void {
    this.#stale.noteAll(this.state, this.#grantFeed);
  }

  // Sessions and commands

  open(door: Door): SessionNo {
    const no = this.#nextSession++ as SessionNo;
    this.#doors.add(door);
    this.#sessions.set(no, { no, door, author: null, key: null, name: '', rooms: new Set(), shownKey: 0 });
    return no;
  }

  /** Takes a command of a session; its answer comes with a later `deliver`. */
  command(no: SessionNo, token: number, command: Command, now: Now): void {
    const session = this.#sessions.get(no);
    if (!session) return;
    if (command.type === 'close') return this.#closeSession(session, command.reason);
    this.#claimed = null;
    const pending = (answer: Answer | null, heads: readonly Head[]): Pending => ({
      session: no,
      token,
      answer,
      heads,
      claim: this.#claimed,
    });
    const refusal = this.#overload(command) ?? (command.type === 'post' ? this.#refused.get(no) : undefined);
    if (refusal && command.type === 'post') this.#refused.set(no, refusal);
    const result = refusal ?? opsOf(this, session, command, now);
    if ('refused' in result) {
      this.#answers.push({ pending: pending(null, []), answer: { type: 'refused', refusal: result.refused } });
      return;
    }
    if (result.ops.length === 0) {
      this.#answers.push({ pending: pending(null, []), answer: result.answer ?? { type: 'done' } });
      return;
    }
    const whole = pending(
      result.answer,
      result.ops.map((op) => op.head),
    );
    if (this.#o.sabotage?.ackBeforeCommit && result.answer === null) this.#acknowledge(whole, 1, 1);
    this.#write(result.ops, whole);
  }

  #overload(command: Command): Overload | null {
    if (!this.replica.writable || this.replica.chain.length === 0 || this.members.isOut)
      return { refused: { type: 'not stored', retryMs: RETRY_MS } };
    const full = this.replica.log.writeOps >= WRITE_OPS_MAX || (command.type === 'open' && this.#sessions.size > SESSIONS_MAX);
    return full ? { refused: { type: 'busy', retryMs: RETRY_MS } } : null;
  }

  #write(ops: readonly Op[], pending: Pending): void {
    const token = this.#nextToken++;
    this.#pending.set(token, pending);
    this.replica.log.write(token, ops, false);
  }

  /** Writes an op of the node's own. */
  #writeOwn(kind: number, body: Uint8Array | ((client: string) => Uint8Array)): void {
    const client = this.clientId(0);
    const bytes = typeof body === 'function' ? body(client) : body;
    const head: Head = { kind, author: this.#author, client, room: '', target: '', after: 0, body: bytes, payloadHash: null };
    this.replica.log.write(0, [{ head, payload: null }], false);
  }

  #closeSession(session: Session, reason: string): void {
    this.#sessions.delete(session.no);
    if (!session.author || !this.#disown(session, session.author)) return;
    this.#writeOwn(KIND.end, endBody(session.author, this.#grantFeed, reason));
  }

  /** Takes a session from its person; whether it was the last one here. */
  #disown(session: Session, author: AuthorId): boolean {
    const sessions = this.#own.get(author);
    sessions?.delete(session);
    if (sessions?.size !== 0) return false;
    return this.#own.delete(author);
  }

  /** A new client id, for a client that makes none itself. */
  clientId(nowMs: number) {
    return uuidV7(nowMs, this.#o.random);
  }

  random(count: number): Uint8Array {
    return this.#o.random.bytes(count);
  }

  /** The highest key that a client names itself as shown. */
  afterOf(prepared: Prepared): number {
    return this.#o.sabotage?.noAfter ? 0 : prepared.after;
  }

  get suite(): Suite {
    return this.#o.suite;
  }

  /** The highest history key the session was shown. */
  shownKey(session: Session): number {
    let key = session.shownKey;
    for (const room of session.rooms) key = Math.max(key, this.#lastKeys.get(room) ?? 0);
    return key;
  }

  /** The highest history key held here, or the present where that is later. */
  highestKey(now: Now): number {
    return Math.max(nextHlc(0, now.wallMs), this.#highestKey);
  }

  lastKey(room: RoomId): number {
    return this.#lastKeys.get(room) ?? 0;
  }

  /** Whether somebody present has the name, or is about to. */
  isTaken(name: string, folded: string, by: Session, author: AuthorId | null): boolean {
    const claimer = this.#claims.get(folded);
    if (claimer !== undefined && claimer !== by.no) return true;
    return this.people.named(name).some((other) => other !== author && this.people.isServed(other));
  }

  claim(folded: string, session: Session): void {
    this.#claims.set(folded, session.no);
    this.#claimed = folded;
  }

  /** The body by which the session grants this node's incarnation to speak for it. */
  grantBody(key: KeyPair, name: string): Uint8Array {
    return guestBody(key, name, this.#o.network, this.self, this.#grantFeed);
  }

  newKey(): KeyPair {
    const seed = this.#o.random.bytes(32);
    const { suite } = this.#o;
    // The native key is some kilobytes, and most sessions sign once: what is kept is the seed.
    return { publicKey: suite.keyPair(seed).publicKey, sign: (tag, message) => suite.keyPair(seed).sign(tag, message) };
  }

  opened(session: Session, author: AuthorId, key: KeyPair, name: string): void {
    session.author = author;
    session.key = key;
    session.name = name;
    const sessions = this.#own.get(author);
    if (sessions) sessions.add(session);
    else this.#own.set(author, new Set([session]));
  }

  // Steps

  /** Advances by one input; without one, only carries out what commands asked for. */
  step(input: Input, now: Now): Effect[] {
    const mine: Effect[] = [];
    this.#nowKey = nextHlc(0, now.wallMs);
    if (input.type === 'writable') this.#reincarnate(now);
    for (const effect of this.replica.step(input, now)) if (!this.#take(effect, now)) mine.push(effect);
    if (input.type === 'tick') this.#tick(now);
    // The law as it was loaded.
    if (input.type === 'addresses') this.#said.push(...this.members.govern(now));
    mine.push(...this.#said.splice(0));
    return mine;
  }

  /** Handles what concerns people; whether it was handled. */
  #take(effect: Effect, now: Now): boolean {
    switch (effect.type) {
      case 'written':
        this.#durableTokens.push({ token: effect.token, feed: effect.feed, seq: effect.lastSeq });
        return true;
      case 'durable':
        this.#durable(effect.entries, effect.repeats, now);
        return true;
      case 'copies':
        this.#acknowledgeDue(now);
        return true;
      case 'unwritten':
        this.#unwritten(effect.token);
        return true;
      case 'reach':
        this.#notices.push(...this.people.reach(this.replica.reachable(), now.monoMs));
        this.#acknowledgeDue(now);
        return true;
      case 'fork':
        this.#said.push(...this.members.prove(effect.node, effect.entries));
        return true;
      default:
        return false;
    }
  }

  #tick(now: Now): void {
    this.#notices.push(...this.people.expire(now.monoMs));
    if (this.#erasing.isDue(now.monoMs)) this.#said.push({ type: 'erase' });
    for (const { author, feed } of this.#stale.due(now.monoMs)) this.#writeOwn(KIND.end, endBody(author, feed, 'the node was restarted'));
    if (this.#usurped && !this.replica.log.writing && this.replica.log.writeOps === 0) this.#reincarnate(now);
    this.#acknowledgeDue(now);
  }

  #durable(entries: readonly Entry[], repeats: readonly Repeat[], now: Now): void {
    const repeated = new Set(this.#o.sabotage?.noRepeats ? [] : repeats.map(({ entry, index }) => `${entry}/${index}`));
    entries.forEach((entry, place) => {
      const { changes } = this.#folder.fold(entry);
      this.#erasing.folded(entry, changes, now.monoMs);
      for (const change of changes) {
        if (change.type === 'message' && repeated.has(`${place}/${change.message.place.index}`))
          this.#notices.push({ type: 'repeated', message: change.message });
        else this.#changed(change);
        if (change.type === 'end' && this.#own.has(change.author) && entry.feed !== this.#grantFeed) this.#usurped = true;
      }
    });
    this.#said.push(...this.members.govern(now));
    this.#settleNames(now);
    for (const { token, feed, seq } of this.#durableTokens) this.#settle(token, feed, seq, now);
    this.#durableTokens = [];
  }

  #changed(change: Change): void {
    if (change.type === 'message') this.#shown(change.message.room, change.message.place.key, change.message.to, change.message.author);
    else if (change.type === 'guest') this.#guest(change.author);
    else if (change.type === 'rename') this.people.rename(change.author);
    else if (change.type === 'end') this.people.remove(change.author);
    else if (change.type === 'account') this.#account(change.author);
    else if (change.type === 'law' && change.op.body.law === 'settle') this.people.account(change.op.body.subject);
    else if (change.type === 'refolded') this.people.refold();
    this.#notices.push(change);
  }

  #shown(room: RoomId, key: number, to: AuthorId | null, author: AuthorId): void {
    this.messages++;
    if ((this.#lastKeys.get(room) ?? 0) < key) this.#lastKeys.set(room, key);
    this.#highestKey = Math.max(this.#highestKey, key);
    if (to === null) return;
    for (const one of [to, author]) {
      for (const session of this.#own.get(one) ?? []) session.shownKey = Math.max(session.shownKey, key);
    }
  }

  #guest(author: AuthorId): void {
    this.people.add(author);
    for (const before of this.people.predecessors(author)) this.#notices.push({ type: 'succeeded', author: before, by: author });
    this.#stale.note(this.state.guests.get(author), this.#grantFeed);
  }

  #account(author: AuthorId): void {
    this.people.account(author);
    this.#stale.note(this.state.accounts.get(author), this.#grantFeed);
  }

  /** Gives this node's people another name where somebody else had it earlier. */
  #settleNames(now: Now): void {
    const touched = this.#notices.flatMap((one) => {
      if (one.type === 'refolded') return [...this.#own.keys()];
      return one.type === 'guest' || one.type === 'rename' || one.type === 'back' || one.type === 'account' ? [one.author] : [];
    });
    for (const author of this.people.clashing(this.#own, touched)) {
      const [session] = this.#own.get(author)!;
      const { value } = this.state.guests.get(author)!.name;
      // Another name is on its way already.
      if (!session || foldName(session.name) !== foldName(value)) continue;
      session.name = this.people.free(value);
      const result = opsOf(this, session, { type: 'rename', name: session.name }, now, true);
      if ('ops' in result) this.replica.log.write(0, result.ops, false);
    }
  }

  #settle(token: number, feed: FeedId, seq: number, now: Now): void {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    if (!pending) return;
    if (pending.answer === null) this.#acks.add(pending, feed, seq, now.monoMs);
    else this.#answers.push({ pending, answer: pending.answer });
    this.#unclaim(pending);
  }

  #unwritten(token: number): void {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    if (!pending) return;
    this.#answers.push({ pending, answer: { type: 'unknown' } });
    this.#unclaim(pending);
    const session = this.#sessions.get(pending.session);
    if (session) for (const head of pending.heads) this.#undo(session, head);
  }

  #unclaim({ claim, session }: Pending): void {
    if (claim !== null && this.#claims.get(claim) === session) this.#claims.delete(claim);
  }

  /** What a session was taken to have done when it asked is not known to be done: it may ask again. */
  #undo(session: Session, head: Head): void {
    if (head.kind === KIND.join) session.rooms.delete(head.room as RoomId);
    if (head.kind === KIND.part) session.rooms.add(head.room as RoomId);
    if (head.kind !== KIND.guest || !session.author) return;
    this.#disown(session, session.author);
    session.author = null;
  }

  /** How many copies are wanted now: never more than the members in reach that answer. */
  #wanted(now: Now): number {
    const answering = this.replica.reachable().difference(quietNodes(this.replica.links.values(), now.monoMs));
    return Math.min(this.#o.copies, answering.size + 1);
  }

  #acknowledgeDue(now: Now): void {
    if (this.#acks.size === 0) return;
    const wanted = this.#wanted(now);
    for (const { item, held } of this.#acks.due(this.replica.copies, wanted, now.monoMs)) this.#acknowledge(item, held, wanted);
  }

  #acknowledge(pending: Pending, held: number, wanted: number): void {
    const { author, client } = pending.heads[0]!;
    this.#answers.push({ pending, answer: { type: 'acknowledged', id: messageId(author, client), held, wanted } });
  }

  /** After a failed commit, before anything is written: new feeds, and every session's grant to them. */
  #reincarnate(now: Now): void {
    this.#grantFeed = this.replica.log.incarnate(hex16(this.#o.random));
    this.#stale.again();
    this.#usurped = false;
    for (const [session] of this.#own.values()) {
      if (!session) continue;
      const result = opsOf(this, session, { type: 'open', name: session.name }, now, true);
      if ('ops' in result) this.replica.log.write(0, result.ops, false);
    }
    this.start();
  }

  /** Tells the doors what the steps since the last call made visible: notices in the order of the log, then answers. */
  deliver(): void {
    if (this.#notices.length === 0 && this.#answers.length === 0) return;
    this.#refused.clear();
    const notices = this.#notices;
    const answers = this.#answers;
    this.#notices = [];
    this.#answers = [];
    if (notices.length > 0) for (const door of this.#doors) door.notices(notices);
    for (const { pending, answer } of answers) {
      this.#sessions.get(pending.session)?.door.answer(pending.session, pending.token, answer);
    }
    for (const door of this.#doors) door.flush();
  }
}

function hex16(random: Random): string {
  return Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
