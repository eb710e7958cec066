/**
 * A person's client: what a client library does, over the Door interface. It keeps its own view, an outbox in order, and the last message shown in each room;
 * it fails over, hands in again what was not acknowledged, and resumes by history from what it was shown last.
 */

import { type AuthorId, authorId, directRoomId, messageId, type RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { comparePlaces } from '../../src/core/order.ts';
import type { Answer, Command, Door, Notice, Prepared, Refusal, SessionNo } from '../../src/core/port.ts';
import type { Message } from '../../src/core/state.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import { EPOCH_MS, isFarAhead } from './clock.ts';
import type { Machine } from './machine.ts';
import { NO_ANSWER, type Seen } from './record.ts';
import { BY_LAW, FINAL, NAME_REFUSED, TAKEN_CALMLY } from './refusals.ts';
import { toldOfTyping, typingOf } from './typing.ts';
import type { World } from './world.ts';

/** How long a client waits for an answer before it goes elsewhere: an acknowledgement may take a second. */
const ANSWER_MS = 1700;
const OPEN_MS = 600;
const PAGE = 7;
/** Before the epoch: a backdated message may stand at its very beginning. */
const FROM_THE_START = { atMs: -1 };
/** How often somebody scrolls through a whole room, among the times they do anything. */
const BROWSE_SHARE = 0.03;

const nowMs = (world: World): number => world.timeline.nowMs;

interface Outgoing {
  readonly room: RoomId;
  readonly to: AuthorId | null;
  readonly text: string;
  readonly prepared: Prepared;
  readonly id: Seen['id'];
  /** Connections it was handed in on. */
  attempts: number;
  sentOn: number;
}

interface Connection {
  readonly no: number;
  readonly machine: Machine;
  readonly session: SessionNo;
  /** The machine's process it is with. */
  readonly process: number;
  readonly waiting: Map<number, { readonly sinceMs: number; readonly limitMs: number; readonly then: (answer: Answer) => void }>;
  /** Rooms of which all that was there has been read. */
  readonly resumed: Set<RoomId>;
  readonly live: Set<Seen['id']>;
  ready: boolean;
  opened: boolean;
  /** Nothing gets through any more, either way, and nobody was told. */
  deaf: boolean;
}

export class Client {
  readonly world: World;
  readonly index: number;
  readonly key: KeyPair;
  readonly author: AuthorId;
  name: string;
  readonly rooms = new Set<RoomId>();
  readonly view = new Map<Seen['id'], Seen>();
  /** In each room the last message shown, all before it having been shown too. */
  readonly anchors = new Map<RoomId, Seen>();
  outbox: Outgoing[] = [];
  /** Machines that it cannot reach now. */
  readonly cut = new Set<number>();
  /** What it was shown and the law withheld since. */
  readonly #hidden = new Set<Seen['id']>();
  #after = 0;
  #connection: Connection | null = null;
  #isBarred = false;
  #connections = 0;
  /** The machine it left last, which it tries last. */
  #avoid: Machine | null = null;
  #waitMs = 0;
  #because = '';
  #token = 1;
  #texts = 0;

  constructor(world: World, index: number) {
    this.world = world;
    this.index = index;
    this.key = world.suite.keyPair(world.random.bytes(32));
    this.author = authorId(world.suite, this.key.publicKey);
    this.name = world.plan.sameNames && index < 2 ? 'twin' : `guest${index}`;
    for (const room of world.roomNames) if (world.random.unit() < 0.7) this.rooms.add(room);
    this.rooms.add(world.roomNames[0]!);
  }

  get machine(): Machine | null {
    return this.#connection?.machine ?? null;
  }

  /** Whether nothing is under way: all it said was answered, and it has read its rooms, or the law keeps it out. */
  get isAtRest(): boolean {
    const connection = this.#connection;
    const isReady = connection?.ready === true && connection.machine.runs(connection.process);
    return this.outbox.length === 0 && (isReady || this.#isBarred);
  }

  /** Does whatever is due; called often. */
  act(talking: boolean): void {
    const connection = this.#connection;
    if (!connection) return nowMs(this.world) < this.#waitMs ? undefined : this.#connect();
    if (!connection.machine.runs(connection.process)) return this.#fail('the connection ended');
    for (const { sinceMs, limitMs } of connection.waiting.values()) if (nowMs(this.world) - sinceMs > limitMs) return this.#fail(NO_ANSWER);
    if (!connection.ready) return;
    if (talking && this.world.dice.unit() < BROWSE_SHARE) this.#browse(connection);
    const typing = talking ? typingOf(this.world, this) : null;
    if (typing) this.#ask(typing, ANSWER_MS, () => undefined);
    if (talking) this.#talk();
  }

  /** Loses its ways to some machines. Whether it was with one of them. */
  cutOff(machines: Iterable<number>): boolean {
    for (const machine of machines) this.cut.add(machine);
    const connection = this.#connection;
    if (!connection || !this.cut.has(connection.machine.index)) return false;
    connection.deaf = true;
    return true;
  }

  /** The ways are open again; a connection that nothing came through ends. */
  reconnect(): void {
    this.cut.clear();
    if (this.#connection?.deaf) this.#fail('cut off');
  }

  /** Looks through a whole room at its machine. */
  #browse({ machine, resumed }: Connection): void {
    const rooms = [...resumed];
    const room = rooms[this.world.dice.below(rooms.length)];
    if (!room || machine.state !== 'up') return;
    const page = machine.disk.store.historyNow({ type: 'latest', room, after: null, limit: Number.MAX_SAFE_INTEGER });
    const ids = 'messages' in page ? page.messages.map(({ id }) => id) : [];
    this.world.event({ type: 'page', atMs: nowMs(this.world), client: this.index, from: machine.index, room, ids });
  }

  /** Drops the connection, for no reason of the node's. */
  drop(): boolean {
    if (!this.#connection) return false;
    this.#fail('dropped');
    return true;
  }

  #fail(reason: string): void {
    const connection = this.#connection!;
    this.#connection = null;
    this.#because = reason;
    this.world.note(`client ${this.index} leaves ${connection.machine.index}: ${reason}`);
    const lateMs = this.world.random.unit() < 0.5 ? 0 : 3000 * this.world.random.unit();
    this.world.timeline.after(lateMs, () => {
      connection.machine.command(connection.session, connection.process, 0, { type: 'close', reason });
    });
    this.#avoid = reason === 'dropped' ? null : connection.machine;
    this.#waitMs = nowMs(this.world) + 20 + 60 * this.world.random.unit();
    this.world.timeline.after(this.#waitMs - nowMs(this.world), () => this.#connection ?? this.#connect());
  }

  #connect(): void {
    const not = this.#avoid;
    const { random } = this.world;
    const candidates = this.world.servers().filter((machine) => machine !== not && !this.cut.has(machine.index));
    const machine = candidates[random.below(candidates.length)] ?? (not && !this.cut.has(not.index) ? not : null);
    const no = ++this.#connections;
    const door: Door = {
      answer: (session, token, answer) => this.#answer(no, session, token, answer),
      notices: (notices) => this.#notices(no, notices),
      ended: () => this.#ended(no),
      flush: () => undefined,
    };
    const session = machine?.session(door) ?? null;
    if (!machine || session === null) {
      // Whom it left last is tried again when nobody else is there.
      if (this.world.era > 1) this.#avoid = null;
      return;
    }
    this.world.event({ type: 'failover', atMs: this.world.timeline.nowMs, client: this.index, to: machine.index, because: this.#because });
    const { no: number, process } = session;
    const fresh = { waiting: new Map(), resumed: new Set<RoomId>(), live: new Set<Seen['id']>() };
    this.#connection = { no, machine, session: number, process, ...fresh, ready: false, opened: false, deaf: false };
    this.#open();
  }

  #ask(command: Command, limitMs: number, then: (answer: Answer) => void): void {
    const { machine, session, process, waiting, deaf } = this.#connection!;
    const token = this.#token++;
    waiting.set(token, { sinceMs: this.world.timeline.nowMs, limitMs, then });
    if (!deaf) machine.command(session, process, token, command);
  }

  #answer(no: number, _session: SessionNo, token: number, answer: Answer): void {
    const connection = this.#connection;
    if (connection?.no !== no || connection.deaf) return;
    const waiting = connection.waiting.get(token);
    if (!waiting) return this.world.event({ type: 'answered twice', atMs: nowMs(this.world), client: this.index });
    connection.waiting.delete(token);
    this.world.note(`client ${this.index} ${answer.type}`);
    waiting.then(answer);
  }

  #open(): void {
    this.#ask({ type: 'open', name: this.name, key: this.key }, OPEN_MS, (answer) => {
      if (answer.type === 'refused' && NAME_REFUSED.has(answer.refusal.type)) {
        this.name = `guest${this.index}x${this.world.random.below(1e6)}`;
        return this.#open();
      }
      this.#isBarred = answer.type === 'refused' && answer.refusal.type === 'silenced';
      if (this.#isBarred) for (const one of [...this.outbox]) this.#drop(one, 'silenced', one.attempts === 0);
      if (answer.type !== 'opened') return this.#fail(`open: ${answer.type}`);
      this.#connection!.opened = true;
      for (const room of this.rooms) this.#join(room);
      for (const room of this.directRooms()) this.#resume(room);
      this.#settle();
    });
  }

  #join(room: RoomId): void {
    this.#ask({ type: 'join', room }, ANSWER_MS, (answer) => {
      if (answer.type === 'refused' && answer.refusal.type === 'silenced') this.#giveUp(room);
      else if (answer.type !== 'done') return this.#fail(`join: ${answer.type}`);
      else this.#resume(room);
      this.#settle();
    });
  }

  /** It was banned from a room, and is not in it any more. */
  #giveUp(room: RoomId): void {
    this.rooms.delete(room);
    this.world.sometimes('law: a ban kept somebody out of a room');
    for (const outgoing of this.outbox) if (outgoing.room === room) this.#drop(outgoing, 'silenced', outgoing.attempts === 0);
  }

  /** The law ended the session: its node tells it so. */
  #ended(no: number): void {
    if (this.#connection?.no !== no) return;
    this.world.sometimes('law: a session was ended');
    this.#fail('ended');
  }

  /** Everything that is wanted was joined and read: hands in again what was not acknowledged. */
  #settle(): void {
    const connection = this.#connection;
    if (!connection?.opened || connection.ready) return;
    for (const room of this.rooms) if (!connection.resumed.has(room)) return;
    connection.ready = true;
    for (const outgoing of [...this.outbox]) if (this.#connection === connection) this.#submit(outgoing);
  }

  #resume(room: RoomId): void {
    const connection = this.#connection!;
    const { store } = connection.machine.disk;
    const anchor = this.anchors.get(room);
    let page = store.historyNow({ type: 'after', room, anchor: this.#anchor(anchor), late: true, limit: PAGE });
    if ('fault' in page) {
      // The node does not hold what was shown last: it is behind. Everything it has is read, what is known is kept.
      page = store.historyNow({ type: 'after', room, anchor: FROM_THE_START, late: true, limit: Number.MAX_SAFE_INTEGER });
      this.world.sometimes('behind');
    }
    while ('messages' in page && page.messages.length > 0) {
      for (const message of page.messages) this.#show(message, false);
      const last = page.messages.at(-1)!;
      if (page.messages.length < PAGE || page.messages.length > PAGE) break;
      page = store.historyNow({ type: 'after', room, anchor: { id: last.id }, late: false, limit: PAGE });
    }
    connection.resumed.add(room);
    // What the law withheld or gave back meanwhile is nothing new.
    if (this.world.plan.citizens > 0) this.#readWhole(connection.machine, room);
    const latest = this.#latest(room);
    if (latest) this.anchors.set(room, latest);
  }

  /** The law changed: anything may show that did not, and the other way round. */
  #readAgain({ machine, resumed }: Connection): void {
    for (const room of resumed) {
      this.#readWhole(machine, room);
      const latest = this.#latest(room);
      if (latest) this.anchors.set(room, latest);
    }
  }

  /** Takes out of its view what its machine holds and does not show any more, and in what it shows again. */
  #readWhole({ index, disk: { store } }: Machine, room: RoomId): void {
    const page = store.historyNow({ type: 'after', room, anchor: FROM_THE_START, late: false, limit: Number.MAX_SAFE_INTEGER });
    const shown = new Map('messages' in page ? page.messages.map((message) => [message.id, message]) : []);
    for (const seen of [...this.view.values()]) {
      if (seen.room !== room || shown.has(seen.id) || !store.has(seen.id)) continue;
      this.view.delete(seen.id);
      this.#hidden.add(seen.id);
      this.world.event({ type: 'hid', atMs: nowMs(this.world), client: this.index, id: seen.id, from: index });
      this.world.sometimes('a message went from a view');
    }
    for (const message of shown.values()) {
      if (this.#hidden.delete(message.id)) this.world.sometimes('a message came back to a view');
      if (!this.view.has(message.id)) this.#show(message, false);
    }
  }

  #anchor(seen: Seen | undefined) {
    return seen ? { id: seen.id, feed: seen.place.feed, seq: seen.place.seq } : FROM_THE_START;
  }

  /** The last in history order of what was shown. */
  #latest(room: RoomId): Seen | null {
    let last: Seen | null = null;
    for (const seen of this.view.values()) if (seen.room === room && (!last || comparePlaces(seen.place, last.place) > 0)) last = seen;
    return last;
  }

  #notices(no: number, notices: readonly Notice[]): void {
    const connection = this.#connection;
    if (connection?.no !== no || connection.deaf) return;
    for (const notice of notices) {
      if (notice.type === 'message') this.#heard(notice.message, connection);
      else if (notice.type === 'repeated') this.#moved(notice.message, connection);
      else if (notice.type === 'typing') toldOfTyping(this.world, this, no, notice);
      else if (notice.type === 'refolded') this.#readAgain(connection);
    }
  }

  #heard(message: Message, connection: Connection, live = true): void {
    const isDirect = message.room.startsWith('@');
    const isMine = isDirect
      ? message.to === this.author || message.author === this.author
      : connection.resumed.has(message.room) && this.rooms.has(message.room);
    if (!isMine) return;
    const seen = this.#show(message, live);
    const anchor = this.anchors.get(message.room);
    if (connection.resumed.has(message.room) && (!anchor || comparePlaces(seen.place, anchor.place) > 0))
      this.anchors.set(message.room, seen);
  }

  #moved(again: Message, connection: Connection): void {
    const { id, place } = again;
    const known = this.view.get(id);
    // What came before may have been withheld: then this is the first that shows.
    if (!known && this.world.plan.citizens > 0) return this.#heard(again, connection, false);
    if (!known || comparePlaces(place, known.place) >= 0) return;
    const message = { ...known, place };
    this.view.set(id, message);
    this.world.event({ type: 'moved', atMs: nowMs(this.world), client: this.index, message });
  }

  #show(message: Message, live: boolean): Seen {
    const { id, room, author, place } = message;
    const seen: Seen = { id, room, author, place, text: message.payload ? decodeMessage(message.payload).text : '' };
    const connection = this.#connection!;
    if (live && connection.live.has(id)) this.world.duplicate(this.index, id);
    if (live) connection.live.add(id);
    if (live || !this.view.has(id)) {
      this.world.event({
        type: 'recv',
        atMs: this.world.timeline.nowMs,
        client: this.index,
        message: seen,
        from: connection.machine.index,
        session: connection.no,
        live,
      });
    }
    const known = this.view.get(id);
    if (!known || comparePlaces(place, known.place) < 0) this.view.set(id, seen);
    if (!isFarAhead(place.key, this.world.timeline.nowMs)) this.#after = Math.max(this.#after, place.key);
    return seen;
  }

  // Talking

  #talk(): void {
    const { random } = this.world;
    const dice = random.unit();
    const rooms = [...this.rooms];
    const room = rooms[random.below(rooms.length)];
    if (dice < 0.04) this.#rename();
    else if (dice < 0.07 && room && rooms.length > 1) this.#part(room);
    else if (dice < 0.1) this.#enter();
    else if (dice < 0.13 && room) this.#command({ type: 'topic', room, text: `topic ${random.below(1000)}` });
    else if (dice < 0.25) this.#direct();
    else if (room) for (let n = random.unit() < 0.1 ? 5 : 1; n > 0; n--) this.#post(room, null);
  }

  #command(command: Command): void {
    this.#ask(command, ANSWER_MS, (answer) => {
      if (answer.type === 'unknown' || (answer.type === 'refused' && !TAKEN_CALMLY.has(answer.refusal.type)))
        this.#fail(`${command.type}: ${answer.type}`);
    });
  }

  #rename(): void {
    this.name = `guest${this.index}n${this.world.random.below(1000)}`;
    this.#command({ type: 'rename', name: this.name });
  }

  #part(room: RoomId): void {
    if (this.outbox.some((one) => one.room === room)) return;
    this.rooms.delete(room);
    this.#connection!.resumed.delete(room);
    this.#command({ type: 'part', room, reason: 'enough' });
  }

  #enter(): void {
    const room = this.world.roomNames[this.world.random.below(this.world.roomNames.length)]!;
    if (this.rooms.has(room)) return;
    this.rooms.add(room);
    this.#join(room);
  }

  #direct(): void {
    const others = this.world.clients.filter((one) => one !== this);
    const other = others[this.world.random.below(others.length)];
    if (other) this.#post(directRoomId(this.world.suite, this.author, other.author), other.author);
  }

  #post(room: RoomId, to: AuthorId | null): void {
    if (to === null && !this.#connection?.resumed.has(room)) return;
    // What a node may refuse goes alone: refused at one and taken at another, it would stand behind what was sent after it.
    if (to !== null ? this.outbox.length > 0 : this.outbox.some((one) => one.to !== null)) return;
    if (this.outbox.length >= 12 || !this.#connection?.ready) return;
    const { random, timeline } = this.world;
    const client = uuidV7(EPOCH_MS + timeline.nowMs, random);
    const text = `c${this.index} says ${this.#texts++} ${'é'.repeat(random.below(40))}`;
    const outgoing: Outgoing = {
      room,
      to,
      text,
      prepared: { client, salt: random.bytes(16), after: this.#after },
      id: messageId(this.author, client),
      attempts: 0,
      sentOn: 0,
    };
    this.outbox.push(outgoing);
    this.world.event({ type: 'send', atMs: timeline.nowMs, client: this.index, id: outgoing.id, room, author: this.author, text });
    this.#submit(outgoing);
  }

  #submit(outgoing: Outgoing): void {
    const connection = this.#connection!;
    outgoing.attempts++;
    if (outgoing.attempts > 1) this.world.sometimes('resubmitted');
    outgoing.sentOn = connection.no;
    // Handed in again, it comes after all that was shown meanwhile: what was sent before it may have been acknowledged by a node whose clock was ahead.
    const to = outgoing.to ? { author: outgoing.to } : { room: outgoing.room };
    this.#ask(
      { type: 'post', to, style: 'text', text: outgoing.text, prepared: { ...outgoing.prepared, after: this.#after } },
      ANSWER_MS,
      (answer) => this.#posted(outgoing, answer),
    );
  }

  #posted(outgoing: Outgoing, answer: Answer): void {
    const machine = this.#connection!.machine;
    const { nowMs: atMs } = this.world.timeline;
    const fields = { atMs, client: this.index, id: outgoing.id };
    if (answer.type === 'acknowledged') {
      this.#forget(outgoing);
      return this.world.acknowledged(machine, { ...fields, held: answer.held, wanted: answer.wanted });
    }
    if (answer.type !== 'refused') return this.#fail(`post: ${answer.type}`);
    const reason = answer.refusal.type;
    if (!FINAL.has(reason)) return this.#fail(`post: ${reason}`);
    this.#drop(outgoing, reason, outgoing.attempts === 1);
  }

  /** Gives a message up: no node will take it. `isRefused`: nor did one before, for all that is known. */
  #drop(outgoing: Outgoing, reason: Refusal['type'], isRefused: boolean): void {
    const fields = { atMs: nowMs(this.world), client: this.index, id: outgoing.id };
    this.#forget(outgoing);
    if (BY_LAW.has(reason)) this.world.sometimes('law: a message was refused');
    if (!isRefused) this.world.event({ type: 'unknown', ...fields });
    else this.world.event({ type: 'refused', ...fields, reason, final: true });
  }

  #forget(outgoing: Outgoing): void {
    this.outbox = this.outbox.filter((one) => one !== outgoing);
  }

  /** The rooms that it shares with one other each. */
  directRooms(): RoomId[] {
    const { clients, suite } = this.world;
    return clients.filter((other) => other !== this).map((other) => directRoomId(suite, this.author, other.author));
  }

  /** Rooms that it is in and has read to the end: its view of them is whole. */
  complete(): RoomId[] {
    return this.#connection?.ready ? [...this.#connection.resumed].filter((room) => room.startsWith('@') || this.rooms.has(room)) : [];
  }

  /** Tells its merged view, in history order. */
  tellView(): void {
    const view = [...this.view.values()].sort((a, b) => comparePlaces(a.place, b.place)).map(({ id }) => id);
    this.world.event({ type: 'read', atMs: nowMs(this.world), client: this.index, view, rooms: this.complete() });
  }
}
