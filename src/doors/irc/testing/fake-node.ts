/** A node without a log, for tests of the door: commands take effect when a turn is run, and answers can be held back. */

import { HLC_PER_MS } from '../../../core/hlc.ts';
import {
  type AuthorId,
  type ClientId,
  directRoomId,
  type FeedId,
  type MessageId,
  messageId,
  type NodeId,
  type RoomId,
} from '../../../core/ids.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import { encodeMessage, type Style } from '../../../core/message.ts';
import { comparePlaces, type Place } from '../../../core/order.ts';
import type { Answer, Command, Door, HistoryPage, HistoryQuery, NodePort, Notice, Refusal, SessionNo, Target } from '../../../core/port.ts';
import { emptyState, type Message, type Room, type State } from '../../../core/state.ts';
import { checkName, checkRoomName, foldName, textFault } from '../../../core/text.ts';
import { makeSuite } from '../../../lib/crypto.ts';

/** 2026-11-20T12:00:00Z. */
const START_MS = 1_795_176_000_000;
const SALT = new Uint8Array(16);

export const hashing = makeSuite();

interface Asked {
  readonly session: SessionNo;
  readonly token: number;
  readonly command: Command;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class FakeNode implements NodePort {
  readonly node = { id: 'aa'.repeat(32) as NodeId, name: 'north' };
  readonly other = { id: 'bb'.repeat(32) as NodeId, name: 'south' };
  readonly feed = 'f1'.repeat(16) as FeedId;
  readonly state: State = emptyState();
  readonly log: Message[] = [];
  readonly queries: HistoryQuery[] = [];
  readonly commands: Command[] = [];
  /** Refuses the next command with this. */
  refuseNext: Refusal | null = null;
  /** Answers the next command with `unknown`, after it took effect. */
  unknownNext = false;
  /** Acknowledgements wait for `acknowledge`. */
  holdsAcks = false;
  /** Pages wait for `serveHistory`. */
  holdsHistory = false;
  failsHistory = false;
  #door: Door | null = null;
  #asked: Asked[] = [];
  #acks: { session: SessionNo; token: number; id: MessageId }[] = [];
  #pages: (() => void)[] = [];
  readonly #authors = new Map<SessionNo, AuthorId>();
  readonly #at = new Map<AuthorId, NodeId>();
  readonly #present = new Set<AuthorId>();
  #sessions = 0;
  #seq = 0;
  #notices: Notice[] = [];

  constructor() {
    this.state.nodes.set(this.node.id, { name: this.node.name, atMs: START_MS });
    this.state.nodes.set(this.other.id, { name: this.other.name, atMs: START_MS });
    this.state.feeds.set(this.feed, { feed: this.feed, node: this.other.id, kind: 2, incarnation: '00'.repeat(16), sibling: this.feed });
  }

  networkName(): string {
    return 'Test Net';
  }

  /** Whether a door has opened a session. */
  get isWatched(): boolean {
    return this.#door !== null;
  }

  session(door: Door): SessionNo {
    this.#door = door;
    return ++this.#sessions as SessionNo;
  }

  command(session: SessionNo, token: number, command: Command): void {
    this.commands.push(command);
    this.#asked.push({ session, token, command });
  }

  async history(query: HistoryQuery): Promise<HistoryPage> {
    this.queries.push(query);
    if (this.failsHistory) throw new Error('cannot read');
    const page = this.#page(query);
    if (this.holdsHistory) await new Promise<void>((resolve) => this.#pages.push(resolve));
    return page;
  }

  serveHistory(): void {
    for (const resolve of this.#pages.splice(0)) resolve();
  }

  #page(query: HistoryQuery): HistoryPage {
    const all = this.log.filter(({ room }) => room === query.room).sort((a, b) => comparePlaces(a.place, b.place));
    const anchor = query.type === 'latest' ? query.after : query.anchor;
    if (anchor && 'id' in anchor && !all.some(({ id }) => id === anchor.id)) return { fault: 'unknown message' };
    const keyed = (message: Message): number => message.place.key;
    const bound = anchor && ('id' in anchor ? keyed(all.find(({ id }) => id === anchor.id)!) : anchor.atMs * HLC_PER_MS);
    if (query.type === 'before') return { messages: all.filter((message) => keyed(message) < bound!).slice(-query.limit) };
    const after = bound === null ? all : all.filter((message) => keyed(message) > bound);
    return { messages: query.type === 'latest' ? after.slice(-query.limit) : after.slice(0, query.limit) };
  }

  isPresent(author: AuthorId): boolean {
    return this.#present.has(author);
  }

  isNameTaken(name: string): boolean {
    return this.presentByName(name) !== null;
  }

  presentByName(name: string): AuthorId | null {
    for (const author of this.#present) if (foldName(this.state.guests.get(author)!.name.value) === foldName(name)) return author;
    return null;
  }

  nodeOf(author: AuthorId): { id: NodeId; name: string } | null {
    if (!this.#present.has(author)) return null;
    return this.#at.get(author) === this.other.id ? this.other : this.node;
  }

  publicRooms(): RoomId[] {
    return [...this.state.rooms.keys()].filter((room) => this.present(room).length > 0).sort();
  }

  present(room: RoomId): AuthorId[] {
    const members = this.state.rooms.get(room)?.members ?? [];
    return [...members].filter(([author, { value }]) => value && this.#present.has(author)).map(([author]) => author);
  }

  // What happens elsewhere

  place(): Place {
    this.#seq++;
    return { key: (START_MS + 1000 * this.#seq) * HLC_PER_MS, feed: this.feed, seq: this.#seq, index: 0 };
  }

  /** Somebody at another node. */
  arrive(name: string): AuthorId {
    return this.#open(name, this.other.id);
  }

  #open(name: string, node: NodeId): AuthorId {
    const author = hashing.name('test', new TextEncoder().encode(`${name}/${this.#seq}`)) as AuthorId;
    this.state.guests.set(author, { author, name: { value: name, at: this.place() }, grants: new Map(), rooms: new Set() });
    this.#present.add(author);
    this.#at.set(author, node);
    this.#notices.push({ type: 'guest', author });
    return author;
  }

  join(author: AuthorId, raw: string): void {
    const id = publicRoomId(raw);
    let room = this.state.rooms.get(id) as Mutable<Room> | undefined;
    if (!room) {
      room = { id, name: { value: raw, at: this.place() }, topic: null, settings: null, members: new Map() };
      this.state.rooms.set(id, room);
      this.#notices.push({ type: 'room', room: id });
    }
    if (room.members.get(author)?.value) return;
    room.members.set(author, { value: true, at: this.place() });
    this.state.guests.get(author)!.rooms.add(id);
    this.#notices.push({ type: 'join', room: id, author });
  }

  part(author: AuthorId, room: RoomId, reason: string): void {
    this.state.rooms.get(room)!.members.set(author, { value: false, at: this.place() });
    this.#notices.push({ type: 'part', room, author, reason });
  }

  topic(author: AuthorId, room: RoomId, text: string): void {
    (this.state.rooms.get(room) as Mutable<Room>).topic = { value: { text, author }, at: this.place() };
    this.#notices.push({ type: 'topic', room, author, text });
  }

  rename(author: AuthorId, name: string): void {
    const guest = this.state.guests.get(author)!;
    const before = guest.name.value;
    guest.name.value = name;
    this.#notices.push({ type: 'rename', author, before, name });
  }

  end(author: AuthorId, reason: string): void {
    this.#present.delete(author);
    this.#notices.push({ type: 'end', author, reason });
  }

  gone(author: AuthorId): void {
    this.#present.delete(author);
    this.#notices.push({ type: 'gone', author, node: this.other.id });
  }

  back(author: AuthorId): void {
    this.#present.add(author);
    this.#notices.push({ type: 'back', author, node: this.other.id });
  }

  /** `silent`: it is in the log, and its notice is yet to come: see `tell`. */
  post(
    author: AuthorId,
    to: Target,
    style: Style,
    text: string,
    options: { silent?: boolean; place?: Place; nick?: string } = {},
  ): Message {
    const place = options.place ?? this.place();
    const id = messageId(author, place.seq.toString(16).padStart(32, '0') as ClientId);
    const room = 'room' in to ? to.room : directRoomId(hashing, author, to.author);
    const payload = encodeMessage(SALT, style, text);
    const message = { id, room, author, to: 'author' in to ? to.author : null, nick: options.nick ?? null, place, payload };
    this.log.push(message);
    if (!options.silent) this.tell(message);
    return message;
  }

  tell(message: Message): void {
    this.#notices.push({ type: 'message', message });
  }

  // The turn

  /** Carries out what was asked for, and tells the door. */
  turn(): void {
    const answers: { session: SessionNo; token: number; answer: Answer }[] = [];
    for (const asked of this.#asked.splice(0)) {
      const answer = this.#run(asked);
      if (answer) answers.push({ ...asked, answer });
    }
    this.#deliver(answers);
  }

  #deliver(answers: { session: SessionNo; token: number; answer: Answer }[]): void {
    const door = this.#door!;
    const notices = this.#notices.splice(0);
    if (notices.length > 0) door.notices(notices);
    for (const { session, token, answer } of answers) door.answer(session, token, answer);
    door.flush();
  }

  acknowledge(): void {
    this.#deliver(
      this.#acks.splice(0).map(({ session, token, id }) => ({ session, token, answer: { type: 'acknowledged', id, held: 2, wanted: 3 } })),
    );
  }

  #run({ session, token, command }: Asked): Answer | null {
    if (command.type === 'close') {
      const author = this.#authors.get(session);
      if (author) this.end(author, command.reason);
      return null;
    }
    const refusal = this.refuseNext ?? this.#refusal(this.#authors.get(session), command);
    this.refuseNext = null;
    if (refusal) return { type: 'refused', refusal };
    const answer = this.#take(session, token, command);
    if (!this.unknownNext) return answer;
    this.unknownNext = false;
    return { type: 'unknown' };
  }

  #refusal(author: AuthorId | undefined, command: Exclude<Command, { type: 'close' }>): Refusal | null {
    if (command.type === 'open' || command.type === 'rename') {
      const checked = checkName(command.name);
      if ('fault' in checked) return { type: 'bad text', fault: checked.fault };
      const taken = this.presentByName(command.name);
      return taken && taken !== author ? { type: 'name in use' } : null;
    }
    if (command.type === 'join') {
      const checked = checkRoomName(command.room);
      return 'fault' in checked ? { type: 'bad text', fault: checked.fault } : null;
    }
    const room = command.type === 'post' ? ('room' in command.to ? command.to.room : null) : command.room;
    if (room && !this.state.rooms.get(room)?.members.get(author!)?.value) return { type: 'not in room' };
    const fault = command.type === 'post' ? textFault(command.text) : null;
    return fault && { type: 'bad text', fault };
  }

  #take(session: SessionNo, token: number, command: Exclude<Command, { type: 'close' }>): Answer | null {
    if (command.type === 'open') {
      const author = this.#open(command.name, this.node.id);
      this.#authors.set(session, author);
      return { type: 'opened', author, name: command.name };
    }
    const author = this.#authors.get(session)!;
    if (command.type === 'post') {
      const { id } = this.post(author, command.to, command.style, command.text);
      if (!this.holdsAcks) return { type: 'acknowledged', id, held: 1, wanted: 1 };
      this.#acks.push({ session, token, id });
      return null;
    }
    if (command.type === 'rename') this.rename(author, command.name);
    else if (command.type === 'join') this.join(author, command.room);
    else if (command.type === 'part') this.part(author, command.room, command.reason);
    else this.topic(author, command.room, command.text);
    return { type: 'done' };
  }
}
