/** A node without a log, for tests of the door: commands take effect when a turn is run, and answers can be held back. */

import { HLC_PER_MS } from '../../../core/hlc.ts';
import {
  type AuthorId,
  type ClientId,
  directRoomId,
  type FeedId,
  type MessageId,
  messageId,
  type NetworkId,
  type NodeId,
  type RoomId,
} from '../../../core/ids.ts';
import type { Signer } from '../../../core/kinds/account.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import type { Role } from '../../../core/law/body.ts';
import type { Power } from '../../../core/law/verdicts.ts';
import { encodeMessage, type Style } from '../../../core/message.ts';
import type { Place } from '../../../core/order.ts';
import type {
  Act,
  Answer,
  Command,
  Door,
  HistoryPage,
  HistoryQuery,
  NodePort,
  Notice,
  Refusal,
  ReportsPage,
  Sanction,
  SessionNo,
  Target,
  Unread,
} from '../../../core/port.ts';
import type { SearchPage, SearchRequest } from '../../../core/search.ts';
import { type About, emptyState, type Message, personOf, type Room, type State, type Wish } from '../../../core/state.ts';
import type { KeyPair } from '../../../core/suite.ts';
import { foldName } from '../../../core/text.ts';
import { makeSuite } from '../../../lib/crypto.ts';
import { FakeAccounts } from './fake-accounts.ts';
import { FakeBoard, pageOf } from './fake-board.ts';
import { type Asking, refusalOf, take } from './fake-commands.ts';
import { FakeLaw } from './fake-law.ts';

/** 2026-11-20T12:00:00Z. */
const START_MS = 1_795_176_000_000;
const SALT = new Uint8Array(16);

export const hashing = makeSuite();

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class FakeNode implements NodePort {
  readonly node = { id: 'aa'.repeat(32) as NodeId, name: 'north' };
  readonly other = { id: 'bb'.repeat(32) as NodeId, name: 'south' };
  readonly feed = 'f1'.repeat(16) as FeedId;
  readonly ownFeed = 'f2'.repeat(16) as FeedId;
  readonly state: State = emptyState();
  readonly accounts = new FakeAccounts(this.state, hashing);
  readonly law = new FakeLaw();
  readonly board = new FakeBoard();
  readonly log: Message[] = [];
  readonly queries: HistoryQuery[] = [];
  readonly commands: Command[] = [];
  readonly passwords: string[] = [];
  /** Refuses the next command with this. */
  refuseNext: Refusal | null = null;
  /** Answers the next command with `unknown`, after it took effect. */
  unknownNext = false;
  /** Acknowledgements wait for `acknowledge`. */
  holdsAcks = false;
  /** Pages wait for `serveHistory`. */
  holdsHistory = false;
  failsHistory = false;
  /** Keys wait for `serveKeys`. */
  holdsKeys = false;
  /** What `derive` says instead of a seed. */
  derivesLater: { readonly retryMs: number } | null = null;
  registration: 'open' | 'invite' | 'closed' = 'open';
  readonly invitations = new Set<string>();
  readonly aways = new Map<AuthorId, string>();
  #door: Door | null = null;
  #asked: Asking[] = [];
  #acks: { session: SessionNo; token: number; id: MessageId }[] = [];
  #pages: (() => void)[] = [];
  #keys: (() => void)[] = [];
  readonly authors = new Map<SessionNo, AuthorId>();
  readonly #at = new Map<AuthorId, NodeId>();
  /** Guests, and accounts at the other node. */
  readonly #present = new Set<AuthorId>();
  readonly #told = new Set<MessageId>();
  readonly #read = new Map<AuthorId, Set<MessageId>>();
  #sessions = 0;
  #seq = 0;
  #notices: Notice[] = [];

  constructor() {
    this.state.nodes.set(this.node.id, { name: this.node.name, atMs: START_MS });
    this.state.nodes.set(this.other.id, { name: this.other.name, atMs: START_MS });
    for (const [feed, node] of [
      [this.feed, this.other.id],
      [this.ownFeed, this.node.id],
    ] as const)
      this.state.feeds.set(feed, { feed, node, kind: 2, incarnation: '00'.repeat(16), sibling: feed });
  }

  networkId(): NetworkId {
    return '0e'.repeat(16) as NetworkId;
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

  async history(session: SessionNo, query: HistoryQuery): Promise<HistoryPage> {
    this.queries.push(query);
    if (this.failsHistory) throw new Error('cannot read');
    const author = this.authors.get(session) ?? null;
    const page: HistoryPage = this.mayRead(author, query.room)
      ? pageOf(this.log, query, (one) => this.#isUnread(author!, one))
      : { fault: 'unknown message' };
    if (this.holdsHistory) await new Promise<void>((resolve) => this.#pages.push(resolve));
    return page;
  }

  serveHistory(): void {
    for (const resolve of this.#pages.splice(0)) resolve();
  }

  #isUnread(author: AuthorId, message: Message): boolean {
    return message.author !== author && !this.#read.get(author)?.has(message.id);
  }

  async unread(session: SessionNo): Promise<readonly Unread[]> {
    if (this.failsHistory) throw new Error('cannot read');
    const author = this.authors.get(session)!;
    const found = new Map<RoomId, Unread>();
    for (const message of this.log) {
      const { room, to } = message;
      if (!this.#isUnread(author, message)) continue;
      if (to === null ? !this.roomsOf(author).includes(room) : to !== author) continue;
      found.set(room, { room, with: to && message.author, count: (found.get(room)?.count ?? 0) + 1 });
    }
    if (this.holdsHistory) await new Promise<void>((resolve) => this.#pages.push(resolve));
    return [...found.values()];
  }

  async search(session: SessionNo, asked: SearchRequest): Promise<SearchPage> {
    if (this.failsHistory) throw new Error('cannot read');
    const by = this.authors.get(session)!;
    const readable = this.log.filter(({ room, author, to }) => (to === null ? this.mayRead(by, room) : author === by || to === by));
    return this.board.search(by, readable, asked);
  }

  async wishes(session: SessionNo): Promise<readonly Wish[]> {
    return this.board.wishesOf(this.authors.get(session)!);
  }

  moderationLog(session: SessionNo, room: RoomId | ''): readonly Act[] | null {
    return this.power(this.authors.get(session)!, room) < 2 ? null : this.board.actsOf(room);
  }

  async reports(session: SessionNo, room: RoomId | ''): Promise<ReportsPage | null> {
    return this.power(this.authors.get(session)!, room) < 2 ? null : this.board.reportsOf(room);
  }

  /** All that was told so far, or (`all`) all there is in a room, counts as read. */
  markRead(author: AuthorId, room: RoomId | '', all = false): void {
    const read = this.#read.get(author) ?? new Set();
    this.#read.set(author, read);
    for (const message of this.log) if ((all || this.#told.has(message.id)) && (room === '' || message.room === room)) read.add(message.id);
  }

  // People

  isPresent(author: AuthorId): boolean {
    if (this.law.isBanned(author) || this.state.accounts.get(author)?.isDeleted) return false;
    if (this.#present.has(author)) return true;
    return this.state.accounts.has(author) && [...this.authors.values()].includes(author);
  }

  isNameTaken(name: string): boolean {
    return this.presentByName(name) !== null;
  }

  nameOf(author: AuthorId): string {
    return this.state.accounts.get(author)?.name ?? this.state.guests.get(author)!.name.value;
  }

  #presentOnes(): AuthorId[] {
    return [...this.state.guests.keys(), ...this.state.accounts.keys()].filter((author) => this.isPresent(author));
  }

  presentByName(name: string): AuthorId | null {
    return this.#presentOnes().find((author) => foldName(this.nameOf(author)) === foldName(name)) ?? null;
  }

  accountNamed(name: string): AuthorId | null {
    return this.accounts.named(name);
  }

  readonly awayOf = (author: AuthorId): string | null => this.aways.get(author) ?? null;

  nodeOf(author: AuthorId): { id: NodeId; name: string } | null {
    if (!this.isPresent(author)) return null;
    return this.#at.get(author) === this.other.id ? this.other : this.node;
  }

  // Rooms

  publicRooms(): RoomId[] {
    return [...this.state.rooms.keys()].filter((room) => room[0] === '#' && this.present(room).length > 0).sort();
  }

  present(room: RoomId): AuthorId[] {
    const members = this.state.rooms.get(room)?.members ?? [];
    return [...members].filter(([author, { value }]) => value && this.isPresent(author)).map(([author]) => author);
  }

  roomsOf(author: AuthorId): RoomId[] {
    const rooms = [...(personOf(this.state, author)?.rooms ?? [])].filter((room) => this.isMember(author, room));
    return rooms.filter((room) => this.mayRead(author, room)).sort();
  }

  isMember(author: AuthorId, room: RoomId): boolean {
    return this.state.rooms.get(room)?.members.get(author)?.value ?? false;
  }

  mayRead(author: AuthorId | null, room: RoomId): boolean {
    if (room[0] === '#') return true;
    if (room[0] === '!') return author !== null && this.law.isInside(author, room);
    const people = [...this.state.guests.keys(), ...this.state.accounts.keys()];
    return author !== null && people.some((other) => directRoomId(hashing, author, other) === room);
  }

  power(author: AuthorId, room: RoomId | ''): Power {
    return this.law.power(author, room);
  }

  roles(room: RoomId | ''): ReadonlyMap<AuthorId, Role> {
    return this.law.roles(room);
  }

  sanctions(room: RoomId | ''): Sanction[] {
    return this.law.sanctions(room);
  }

  // Keys

  keyPair(seed: Uint8Array): KeyPair {
    return hashing.keyPair(seed);
  }

  newKdf(): Uint8Array {
    return this.accounts.newKdf();
  }

  ownKey(author: AuthorId): { key: string; kdf: Uint8Array } | null {
    return this.accounts.ownKey(author);
  }

  devices(author: AuthorId): ReturnType<NodePort['devices']> {
    return this.accounts.devices(author);
  }

  signerOf(author: AuthorId, key: KeyPair): Signer | null {
    return this.accounts.signerOf(author, key);
  }

  async derive(password: string, kdf: Uint8Array | null): Promise<Uint8Array | null | { readonly retryMs: number }> {
    this.passwords.push(password);
    if (this.holdsKeys) await new Promise<void>((resolve) => this.#keys.push(resolve));
    return this.derivesLater ?? (kdf && this.accounts.seed(password, kdf));
  }

  serveKeys(): void {
    for (const resolve of this.#keys.splice(0)) resolve();
  }

  // What happens, here or elsewhere

  notify(notice: Notice): void {
    this.#notices.push(notice);
  }

  place(feed: FeedId = this.feed): Place {
    this.#seq++;
    return { key: (START_MS + 1000 * this.#seq) * HLC_PER_MS, feed, seq: this.#seq, index: 0 };
  }

  /** An account with this password, of nobody who is here. */
  register(name: string, password: string): AuthorId {
    const kdf = this.newKdf();
    return this.accounts.make(name, hashing.keyPair(this.accounts.seed(password, kdf)), kdf);
  }

  /** Somebody at another node: a guest, or where there is an account of that name, that one. */
  arrive(name: string): AuthorId {
    const author = this.accountNamed(name);
    if (!author) return this.open(name, this.other.id);
    this.#at.set(author, this.other.id);
    this.#present.add(author);
    this.notify({ type: 'account', author });
    return author;
  }

  open(name: string, node: NodeId): AuthorId {
    const author = hashing.name('test', new TextEncoder().encode(`${name}/${this.#seq}`)) as AuthorId;
    this.state.guests.set(author, { author, name: { value: name, at: this.place() }, grants: new Map(), rooms: new Set() });
    this.#present.add(author);
    this.#at.set(author, node);
    this.notify({ type: 'guest', author });
    return author;
  }

  room(id: RoomId, name: string, founder: AuthorId): Mutable<Room> {
    let room = this.state.rooms.get(id) as Mutable<Room> | undefined;
    if (room) return room;
    room = { id, name: { value: name, at: this.place() }, topic: null, settings: null, members: new Map(), joined: new Map() };
    this.state.rooms.set(id, room);
    this.law.founders.set(id, founder);
    if (id[0] === '!') this.law.letIn(id, founder);
    this.notify({ type: 'room', room: id });
    return room;
  }

  /** A private room; its founder is in it. */
  found(author: AuthorId, name: string): RoomId {
    const id = `!${hashing.name('test', new TextEncoder().encode(`${name}!${this.#seq}`))}` as RoomId;
    this.room(id, `#${name}`, author);
    this.join(author, id);
    return id;
  }

  join(author: AuthorId, raw: string): void {
    const id = raw[0] === '!' ? (raw as RoomId) : publicRoomId(raw);
    const room = this.room(id, raw, author);
    if (room.members.get(author)?.value) return;
    room.members.set(author, { value: true, at: this.place() });
    personOf(this.state, author)!.rooms.add(id);
    this.markRead(author, id, true);
    this.notify({ type: 'join', room: id, author });
  }

  part(author: AuthorId, room: RoomId, reason: string): void {
    this.leave(author, room);
    this.notify({ type: 'part', room, author, reason });
  }

  leave(author: AuthorId, room: RoomId): void {
    this.state.rooms.get(room)!.members.set(author, { value: false, at: this.place() });
  }

  topic(author: AuthorId, room: RoomId, text: string): void {
    (this.state.rooms.get(room) as Mutable<Room>).topic = { value: { text, author }, at: this.place() };
    this.notify({ type: 'topic', room, author, text });
  }

  rename(author: AuthorId, name: string): void {
    const before = this.nameOf(author);
    const account = this.state.accounts.get(author);
    if (account) account.name = name;
    else this.state.guests.get(author)!.name.value = name;
    this.notify({ type: 'rename', author, before, name });
  }

  end(author: AuthorId, reason: string): void {
    this.#present.delete(author);
    this.notify({ type: 'end', author, reason });
  }

  gone(author: AuthorId): void {
    this.#present.delete(author);
    this.notify({ type: 'gone', author, node: this.other.id });
  }

  back(author: AuthorId): void {
    this.#present.add(author);
    this.notify({ type: 'back', author, node: this.other.id });
  }

  /** The node ends sessions of somebody by the law. */
  expel(author: AuthorId, reason: string): void {
    for (const [session, one] of [...this.authors]) {
      if (one !== author) continue;
      this.authors.delete(session);
      this.#door!.ended(session, reason);
    }
  }

  /** `silent`: it is in the log, and its notice is yet to come: see `tell`. */
  post(
    author: AuthorId,
    to: Target,
    style: Style,
    text: string,
    options: { silent?: boolean; place?: Place; nick?: string; target?: MessageId } = {},
  ): Message {
    const place = options.place ?? this.place();
    const id = messageId(author, place.seq.toString(16).padStart(32, '0') as ClientId);
    const room = 'room' in to ? to.room : directRoomId(hashing, author, to.author);
    const payload = encodeMessage(SALT, style, text);
    const about = options.target ? { target: options.target } : {};
    const message = { id, room, author, to: 'author' in to ? to.author : null, nick: options.nick ?? null, ...about, place, payload };
    this.log.push(message);
    if (!options.silent) this.tell(message);
    return message;
  }

  tell(message: Message): void {
    this.notify({ type: 'message', message });
  }

  about(type: 'edit' | 'reaction', author: AuthorId, target: Message, does: About['does']): void {
    const place = this.place();
    const id = messageId(author, `ab${place.seq.toString(16).padStart(30, '0')}` as ClientId);
    if (does.type === 'edit') (target as Mutable<Message>).payload = does.payload;
    this.notify({ type, about: { id, target: target.id, room: target.room, author, place, does } });
  }

  edit(author: AuthorId, target: Message, text: string): void {
    this.about('edit', author, target, { type: 'edit', payload: encodeMessage(SALT, 'text', text) });
  }

  remove(by: AuthorId, target: Message, reason: string): void {
    const place = this.place();
    const removal = { by, op: messageId(by, place.seq.toString(16).padStart(32, '0') as ClientId), reason, room: target.room, at: place };
    (target as Mutable<Message>).payload = null;
    this.notify({ type: 'remove', target: target.id, removal });
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
    for (const notice of notices) if (notice.type === 'message') this.#told.add(notice.message.id);
    if (notices.length > 0) door.notices(notices);
    for (const { session, token, answer } of answers) door.answer(session, token, answer);
    door.flush();
  }

  acknowledge(): void {
    this.#deliver(
      this.#acks.splice(0).map(({ session, token, id }) => ({ session, token, answer: { type: 'acknowledged', id, held: 2, wanted: 3 } })),
    );
  }

  /** Whether acknowledgements are held back; keeps this one where they are. */
  holdsAck(session: SessionNo, token: number, id: MessageId): boolean {
    if (this.holdsAcks) this.#acks.push({ session, token, id });
    return this.holdsAcks;
  }

  #run(asked: Asking): Answer | null {
    const { session, command } = asked;
    const author = this.authors.get(session);
    if (command.type === 'close') {
      this.authors.delete(session);
      if (author && (this.state.guests.has(author) || !this.isPresent(author))) this.end(author, command.reason);
      return null;
    }
    const refusal = this.refuseNext ?? refusalOf(this, author, command);
    this.refuseNext = null;
    if (refusal) return { type: 'refused', refusal };
    const answer = take(this, { ...asked, command });
    if (!this.unknownNext) return answer;
    this.unknownNext = false;
    return { type: 'unknown' };
  }
}
