/**
 * The node without its hands: sessions and their commands, the fold, replication. Told the time and every input; returns effects for the loop.
 *
 * A step only gathers. The loop carries out the effects (append, send, …), then calls `deliver`, which tells the doors: persist before you speak.
 */

import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { type Folder, makeFolder } from '../core/fold.ts';
import { nextHlc } from '../core/hlc.ts';
import { type AuthorId, authorId, type FeedId, type MessageId, messageId, type NodeId, type RoomId } from '../core/ids.ts';
import { endBody } from '../core/kinds/end.ts';
import type { Law } from '../core/law/law.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../core/op.ts';
import type { Answer, Command, Door, Notice, SessionNo } from '../core/port.ts';
import { resolve } from '../core/resolve.ts';
import type { Change, Message, State } from '../core/state.ts';
import type { Vector } from '../core/vector.ts';
import type { Random } from '../lib/prng.ts';
import type { Earlier, Effect, Input, Now, Repeat } from '../sync/effects.ts';
import { WRITE_OPS_MAX } from '../sync/limits.ts';
import { quietNodes } from '../sync/link.ts';
import type { ReplicaOptions } from '../sync/options.ts';
import { Replica } from '../sync/replica.ts';
import { Acks } from './acks.ts';
import { Aftermath, type Ending } from './aftermath.ts';
import { opsOf } from './commands.ts';
import { Desk } from './desk.ts';
import { Duties } from './duties.ts';
import type { EngineOptions } from './engine-options.ts';
import { ERASE_AFTER_MS, Erasing } from './erasing.ts';
import { Floods } from './floods.ts';
import { Marks } from './marks.ts';
import { Members } from './members.ts';
import { settledNames } from './name-settling.ts';
import { Names } from './names.ts';
import { type Overload, type Pending, RETRY_MS, ungranted } from './pending.ts';
import { People } from './people.ts';
import { Repeats } from './repeats.ts';
import { Rights } from './rights.ts';
import { Rises } from './rises.ts';
import { type Session, Sessions } from './sessions.ts';
import { StaleGrants } from './stale.ts';
import { type Outcome, Submissions } from './submissions.ts';
import { Tally } from './tally.ts';
import { Whispering } from './whispering.ts';
import { Wishes } from './wishes.ts';

/** Sessions on one node. */
const SESSIONS_MAX = 20_000;

export class Engine {
  readonly #o: EngineOptions;
  readonly self: NodeId;
  readonly #author: AuthorId;
  readonly #folder: Folder;
  readonly replica: Replica;
  readonly people: People;
  readonly members: Members;
  readonly #erasing: Erasing;
  readonly rights: Rights;
  readonly desk: Desk;
  readonly whispering: Whispering;
  readonly sessions = new Sessions();
  readonly tally = new Tally();
  readonly #marks = new Marks();
  readonly wishes = new Wishes();
  readonly #aftermath: Aftermath;
  readonly #duties: Duties;
  readonly #floods: Floods | null;
  readonly #submissions = new Submissions();
  readonly #pending = new Map<number, Pending>();
  readonly #acks = new Acks<Pending>();
  readonly #rises = new Rises();
  readonly #stale: StaleGrants;
  readonly #repeats: Repeats;
  /** A copy of this node ended grants to this incarnation: it did not know that it runs. */
  #usurped = false;
  #answers: { pending: Pending; answer: Answer }[] = [];
  /** Sessions with a message refused that they have not heard of yet: what they said after it must not come before it, handed in again. */
  readonly #refused = new Map<SessionNo, Overload>();
  #notices: Notice[] = [];
  /** How far content came that doors are not told of yet. */
  #at: Vector = new Map();
  #isIncarnated = false;
  /** What steps ask for beside what replication does. */
  readonly #said: Effect[] = [];
  #durableTokens: { token: number; feed: FeedId; seq: number }[] = [];
  readonly #doors = new Set<Door>();
  #endings: Ending[] = [];
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
    const { suite, network, key, random } = options;
    const write = (kind: number, bodyOf: (client: string) => Uint8Array): void => this.#writeOwn(kind, bodyOf);
    this.members = new Members({ suite, network, key, random, folder: this.#folder, author: this.#author, write });
    const admit: ReplicaOptions['admit'] = (token, node, name, now) => this.members.admit(token, node, name, now);
    this.replica = new Replica({ ...options, erasure: this.#folder, admit });
    this.#erasing = new Erasing(this.#folder, options.eraseAfterMs ?? ERASE_AFTER_MS);
    this.members.attach(this.replica);
    this.#repeats = new Repeats(this.#folder, this.replica.log.durable);
    this.#grantFeed = this.replica.log.incarnate(hex16(options.random));
    const isLive = (feed: FeedId): boolean => feed === this.#grantFeed || this.replica.peers.incarnations.isLive(this.self, feed);
    this.#stale = new StaleGrants(this.self, isLive);
    this.people = new People(
      this.state,
      this.self,
      (node, feed) => (node === this.self ? !isLive(feed) : this.replica.peers.incarnations.isPast(node, feed)),
      (author) => this.#folder.law.verdicts.isBanned(author, this.desk.nowKey),
      ({ feed, seq }) => this.#folder.law.rank(feed, seq),
    );
    this.rights = new Rights(this.#folder, () => this.desk.nowKey);
    const names = new Names(this.state, this.people, this.rights);
    const { people, rights, sessions } = this;
    this.desk = new Desk({
      ...{ suite, network, random, people, rights, names, sessions, lastKeys: options.lastKeys },
      ...{ self: this.self, folder: this.#folder, log: this.replica.log, marks: this.#marks, noAfter: options.sabotage?.noAfter ?? false },
    });
    this.whispering = new Whispering({ hashing: suite, state: this.state, people, rights, sessions });
    this.#aftermath = new Aftermath(this.desk, this.#folder);
    this.#floods = options.floods ? new Floods() : null;
    const { root = () => null, checkpoints = null } = options;
    this.#duties = new Duties({
      network,
      self: this.self,
      folder: this.#folder,
      desk: this.desk,
      log: this.replica.log,
      random,
      root,
      checkpoints,
    });
  }

  get state(): State {
    return this.#folder.state;
  }

  get law(): Law {
    return this.#folder.law;
  }

  /** Writes ops that were made and signed elsewhere; what became of them is told once it is durable. */
  submit(ops: readonly Op[], told: (outcome: Outcome) => void): void {
    const token = this.#nextToken++;
    this.#submissions.add(token, ops, told);
    this.replica.log.write(token, ops, false);
  }

  /** Looks for grants to incarnations of this node that are gone. */
  start(): void {
    this.#stale.noteAll(this.state, this.#grantFeed);
  }

  // Sessions and commands

  open(door: Door, source = ''): SessionNo {
    this.#doors.add(door);
    return this.sessions.open(door, source);
  }

  /** Takes a command of a session; its answer comes with a later `deliver`. */
  command(no: SessionNo, token: number, command: Command, now: Now): void {
    const session = this.sessions.get(no);
    if (!session) return;
    if (command.type === 'close') return this.#closeSession(session, command.reason);
    this.desk.claimed = null;
    this.desk.redeemed = null;
    this.desk.nowKey = nextHlc(0, now.wallMs);
    const pending = (answer: Answer | null, heads: readonly Head[]): Pending => ({
      session: no,
      token,
      answer,
      heads,
      claim: this.desk.claimed,
      invitation: this.desk.redeemed,
    });
    const refusal =
      this.#overload(command) ??
      ungranted(session, command) ??
      (command.type === 'post' ? this.#refused.get(no) : undefined) ??
      this.#flood(session, command, now);
    if (refusal && command.type === 'post') this.#refused.set(no, refusal);
    const result = refusal ?? opsOf(this.desk, session, command, now);
    if ('refused' in result) {
      this.#answers.push({ pending: pending(null, []), answer: { type: 'refused', refusal: result.refused } });
      return;
    }
    if (result.whisper) this.whispering.say(session, result.whisper, now.monoMs);
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
    const full = this.replica.log.writeOps >= WRITE_OPS_MAX || (command.type.startsWith('open') && this.sessions.size > SESSIONS_MAX);
    return full ? { refused: { type: 'busy', retryMs: RETRY_MS } } : null;
  }

  #flood(session: Session, command: Command, now: Now): Overload | undefined {
    const retryMs = this.#floods?.take(session, command, now.monoMs) ?? 0;
    return retryMs > 0 ? { refused: { type: 'flood', retryMs } } : undefined;
  }

  #write(ops: readonly Op[], pending: Pending): void {
    const token = this.#nextToken++;
    this.#pending.set(token, pending);
    this.replica.log.write(token, ops, false);
  }

  #writeOwn(kind: number, body: Uint8Array | ((client: string) => Uint8Array), room: RoomId | '' = ''): void {
    this.replica.log.write(0, [this.desk.ownOp(kind, body, { wallMs: 0 }, room)], false);
  }

  #closeSession(session: Session, reason: string): void {
    const { author } = session;
    this.sessions.remove(session);
    if (author === null) return;
    if (this.sessions.leave(session)) this.#writeOwn(KIND.end, endBody(author, this.#grantFeed, reason));
    this.whispering.closed(session, author);
  }

  // Steps

  /** Advances by one input; without one, only carries out what commands asked for. */
  step(input: Input, now: Now): Effect[] {
    const mine: Effect[] = [];
    this.desk.nowKey = nextHlc(0, now.wallMs);
    if (input.type === 'writable') this.#reincarnate(now);
    const inputs: Input[] = [input, ...this.whispering.takeOut().map((one) => ({ type: 'whisper', ...one }) as const)];
    for (const one of inputs) for (const effect of this.replica.step(one, now)) if (!this.#take(effect, now)) mine.push(effect);
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
        this.#rises.rose();
        this.#acknowledgeDue(now);
        return true;
      case 'unwritten':
        this.#unwritten(effect.token);
        return true;
      case 'reach':
        this.#notices.push(...this.people.reach(this.replica.reachable(), now.monoMs));
        this.#acknowledgeDue(now);
        return true;
      case 'whispered':
        this.#notices.push(...this.whispering.hear(effect.whisper, now.monoMs));
        return true;
      case 'fork':
        this.members.prove(effect.proof);
        return true;
      default:
        return false;
    }
  }

  #tick(now: Now): void {
    this.#notices.push(...this.people.expire(now.monoMs), ...this.whispering.tick(now.monoMs));
    if (this.#erasing.isDue(now.monoMs)) this.#said.push({ type: 'erase' });
    for (const { author, feed } of this.#stale.due(now.monoMs)) this.#writeOwn(KIND.end, endBody(author, feed, 'the node was restarted'));
    if (!this.#overload({ type: 'read', room: '' })) this.#duties.tick(now);
    if (this.#usurped && this.replica.log.committing.length === 0 && this.replica.log.writeOps === 0) this.#reincarnate(now);
    this.#acknowledgeDue(now);
  }

  #durable(entries: readonly Entry[], repeats: readonly Repeat[], now: Now): void {
    const repeated = new Map(this.#o.sabotage?.noRepeats ? [] : repeats.map(({ entry, index, before }) => [`${entry}/${index}`, before]));
    entries.forEach((entry, place) => {
      const { changes, voids } = this.#folder.fold(entry);
      if (this.state.feeds.get(entry.feed)?.kind !== FEED_KIND.governance) this.#at.set(entry.feed, entry.seq);
      this.#submissions.folded(entry, voids);
      this.#erasing.folded(entry, changes, now.monoMs);
      for (const folded of changes) {
        const change = this.#asShown(folded);
        this.wishes.note(change);
        this.#duties.note(change, now);
        const before = change.type === 'message' && repeated.get(`${place}/${change.message.place.index}`);
        if (before) this.#repeated(change.message, entry.heads[change.message.place.index]!, before);
        else this.#changed(change);
        if (change.type === 'end' && this.sessions.isOwn(change.author) && entry.feed !== this.#grantFeed) this.#usurped = true;
        this.#aftermath.note(change, entry.feed);
      }
    });
    this.#marks.arrive(entries);
    this.#said.push(...this.members.govern(now));
    for (const op of settledNames(this.desk, this.#notices, now)) this.replica.log.write(0, [op], false);
    if (this.#notices.some(({ type }) => type === 'refolded')) this.#settleRooms();
    if (this.#aftermath.takeNews() && this.sessions.own.size > 0) this.#writeOwn(KIND.news, NO_BYTES);
    for (const ending of this.#aftermath.take()) {
      this.#endings.push(ending);
      this.#closeSession(ending.session, ending.reason);
    }
    for (const { token, feed, seq } of this.#durableTokens) this.#settle(token, feed, seq, now);
    this.#durableTokens = [];
  }

  #repeated(message: Message, head: Head, before: Earlier): void {
    const showsAlone = this.#repeats.showsAlone(message.id, head, before);
    if (showsAlone) this.#shown(message);
    this.#notices.push({ type: 'repeated', message, showsAlone });
  }

  /** A message that was removed before it came is told of without its text. */
  #asShown(change: Change): Change {
    if (change.type !== 'message' || !resolve(this.#folder, change.message, []).removed) return change;
    return { ...change, message: { ...change.message, payload: null } };
  }

  #changed(change: Change): void {
    if (change.type === 'message') this.#shown(change.message);
    else if (change.type === 'guest') this.#guest(change.author);
    else if (change.type === 'rename') this.people.rename(change.author);
    else if (change.type === 'end') this.people.remove(change.author);
    else if (change.type === 'account') return this.#account(change.author, change);
    else if (change.type === 'law' && change.op.body.law === 'settle') this.#named(change.op.body.subject);
    else if (change.type === 'refolded') this.people.refold();
    this.#notices.push(change);
  }

  #shown({ room, place: { key }, to, author }: Message): void {
    this.messages++;
    this.#notices.push(...this.whispering.stops(author, room));
    this.desk.shown(room, key, to, author);
  }

  #guest(author: AuthorId): void {
    this.people.add(author);
    for (const before of this.people.predecessors(author)) this.#notices.push({ type: 'succeeded', author: before, by: author });
    this.#stale.note(this.state.guests.get(author), this.#grantFeed);
  }

  /** An account has its name, whatever it had before; others of that name may have another one. */
  #named(author: AuthorId): void {
    for (const other of this.people.account(author)) this.#notices.push({ type: 'account', author: other });
  }

  #account(author: AuthorId, change: Change): void {
    this.#named(author);
    this.#stale.note(this.state.accounts.get(author), this.#grantFeed);
    this.#notices.push(change);
    const guest = this.people.presence(author) ? this.desk.takeIdentified(author) : null;
    if (guest !== null) this.#notices.push({ type: 'identified', author: guest, by: author });
  }

  /** The law counts otherwise: this node's people are in the rooms that it has them in, and in those they asked for meanwhile. */
  #settleRooms(): void {
    for (const author of this.sessions.authors()) this.sessions.setRooms(author, this.desk.roomsOf(author));
    for (const { author, kind, room } of [...this.#pending.values()].flatMap(({ heads }) => heads)) {
      if (kind === KIND.join || kind === KIND.part) this.sessions.move(author, room as RoomId, kind === KIND.join);
    }
  }

  #settle(token: number, feed: FeedId, seq: number, now: Now): void {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    if (!pending) return this.#submissions.settle(token, true);
    const session = this.sessions.get(pending.session);
    if (session && pending.heads.some(({ kind }) => kind === KIND.guest || kind === KIND.session)) session.isGranted = true;
    if (pending.answer === null) this.#acks.add(pending, feed, seq, now.monoMs);
    else this.#answers.push({ pending, answer: pending.answer });
    this.#unclaim(pending);
  }

  #unwritten(token: number): void {
    const pending = this.#pending.get(token);
    this.#pending.delete(token);
    if (!pending) return this.#submissions.settle(token, false);
    this.#answers.push({ pending, answer: { type: 'unknown' } });
    this.#unclaim(pending);
    const session = this.sessions.get(pending.session);
    // Whoever was to grant this incarnation is open, and will be asked to grant the next.
    if (session && !(session.grant && pending.answer?.type === 'done')) for (const head of pending.heads) this.#undo(session, head);
  }

  #unclaim({ claim, invitation, session }: Pending): void {
    if (claim !== null) this.desk.names.unclaim(claim, session);
    if (invitation !== null) this.desk.unredeem(invitation);
  }

  /** What a session was taken to have done when it asked is not known to be done: it may ask again. */
  #undo(session: Session, head: Head): void {
    if (head.kind === KIND.join) session.rooms.delete(head.room as RoomId);
    if (head.kind === KIND.part) session.rooms.add(head.room as RoomId);
    if (head.kind === KIND.guest || head.kind === KIND.session) this.desk.leave(session);
  }

  /** How many copies are wanted now: never more than the members in reach that answer. */
  #wanted(now: Now): number {
    const answering = this.replica.reachable().difference(quietNodes(this.replica.links.values(), now.monoMs));
    return Math.min(this.#o.copies, answering.size + 1);
  }

  #acknowledgeDue(now: Now): void {
    if (this.#acks.size === 0) return;
    const wanted = this.#wanted(now);
    for (const { item, feed, seq, held } of this.#acks.due(this.replica.copies, wanted, now.monoMs)) {
      const id = this.#acknowledge(item, held, wanted);
      this.#rises.follow(this.sessions.get(item.session), id, { feed, seq, held }, now.monoMs);
    }
    this.#rises.rose();
  }

  #acknowledge(pending: Pending, held: number, wanted: number): MessageId {
    const { author, client } = pending.heads[0]!;
    const id = messageId(author, client);
    this.#answers.push({ pending, answer: { type: 'acknowledged', id, held, wanted } });
    return id;
  }

  /** After a failed commit, before anything is written: new feeds, and every session's grant to them. */
  #reincarnate(now: Now): void {
    this.#grantFeed = this.replica.log.incarnate(hex16(this.#o.random));
    this.#stale.again();
    this.#duties.again();
    this.#usurped = false;
    this.#isIncarnated = true;
    for (const author of this.sessions.authors()) {
      for (const session of this.sessions.of(author)) {
        // Only its client can sign for it.
        if (session.grant) session.awaitsGrant = true;
        else this.replica.log.write(0, [this.desk.grantOp(session, now)], false);
      }
    }
    this.start();
  }

  /** Tells the doors what the steps since the last call made visible: notices in the order of the log, then answers. */
  deliver(now: Now): void {
    this.#marks.tell(now.monoMs);
    if (this.#isIncarnated) for (const door of this.#doors) door.incarnated?.(this.#grantFeed);
    this.#isIncarnated = false;
    const isQuiet = this.#notices.length === 0 && this.#answers.length === 0 && this.#endings.length === 0;
    if (isQuiet) return this.#tellCopies(now) ? this.#flush() : undefined;
    this.#refused.clear();
    const [notices, answers, at] = [this.#notices, this.#answers, this.#at];
    [this.#notices, this.#answers, this.#at] = [[], [], new Map()];
    if (notices.length > 0 || at.size > 0) for (const door of this.#doors) door.notices(notices, at);
    const endings = this.#endings.splice(0);
    // The word by which a session ended may have been its own.
    const ended = new Map(endings.map(({ session }) => [session.no, session]));
    for (const { pending, answer } of answers) {
      const session = this.sessions.get(pending.session) ?? ended.get(pending.session);
      this.tally.answered(answer);
      session?.door.answer(session.no, pending.token, answer);
    }
    this.#tellCopies(now);
    for (const { session, reason } of endings) session.door.ended(session.no, reason);
    this.#flush();
  }

  #tellCopies(now: Now): boolean {
    return this.#rises.tell(
      this.replica.copies,
      () => this.#wanted(now),
      () => this.members.count,
      now.monoMs,
    );
  }

  #flush(): void {
    for (const door of this.#doors) door.flush();
  }
}

function hex16(random: Random): string {
  return Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
