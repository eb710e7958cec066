/**
 * What doors ask of a node and are told at once, or from its store: nothing that its session may not read, and nothing that its account does not want to see.
 *
 * Rights may end while the store reads, so they are looked at before and after.
 */

import { FEED_KIND } from '../core/feed.ts';
import type { AuthorId, FeedId, MessageId, NetworkId, NodeId, RoomId } from '../core/ids.ts';
import { encodeKdf, newKdf, SALT_BYTES } from '../core/kdf.ts';
import type { Signer } from '../core/kinds/account.ts';
import type { Role } from '../core/law/body.ts';
import type { Power } from '../core/law/verdicts.ts';
import type { Place } from '../core/order.ts';
import {
  type Act,
  type BeyondPage,
  type Command,
  type CursorPort,
  type Door,
  HISTORY_LIMIT_MAX,
  type HistoryPage,
  type HistoryQuery,
  type NodeInfo,
  type PinsPage,
  REPORTS_LIMIT_MAX,
  type Report,
  type ReportsPage,
  type Sanction,
  type SessionNo,
  UNREAD_COUNT_MAX,
  type Unread,
  type VersionsPage,
} from '../core/port.ts';
import type { Shown } from '../core/resolve.ts';
import type { SearchPage, SearchRequest } from '../core/search.ts';
import type { LabelledDevice, Message, State, Wish } from '../core/state.ts';
import type { KeyPair } from '../core/suite.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import { compareText } from '../lib/bytes.ts';
import type { Store } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { moderationLog } from './moderation-log.ts';
import { nodesOf } from './nodes.ts';
import { mayAll } from './sessions.ts';
import { Wished } from './wishes.ts';

/** Pages that are read for one page, where most of it is by people whom the asker blocks. */
const READS_MAX = 20;
const UNKNOWN: HistoryPage = { fault: 'unknown message' };
const NOTHING_FOUND: SearchPage = { found: [], next: null };
const NO_WISHES = new Wished();

export abstract class EnginePort implements CursorPort {
  readonly engine: Engine;
  readonly node: { readonly id: NodeId; readonly name: string };
  readonly #store: Store;

  constructor(engine: Engine, store: Store, name: string) {
    this.engine = engine;
    this.#store = store;
    this.node = { id: engine.self, name };
  }

  abstract command(session: SessionNo, token: number, command: Command): void;
  abstract derive(
    password: string,
    kdf: Uint8Array | null,
    name: string,
    source: string,
  ): Promise<Uint8Array | null | { readonly retryMs: number }>;

  get state(): State {
    return this.engine.state;
  }

  networkName(): string {
    return this.state.network?.value.name ?? 'skein';
  }

  session(door: Door, source = ''): SessionNo {
    return this.engine.open(door, source);
  }

  #authorOf(session: SessionNo): AuthorId | null {
    return this.engine.sessions.get(session)?.author ?? null;
  }

  // From the store

  async #wished(author: AuthorId | null): Promise<Wished> {
    if (author === null || !this.engine.rights.isAccount(author)) return NO_WISHES;
    return this.engine.wishes.of(author, () => this.#store.wishes(author));
  }

  async wishes(session: SessionNo): Promise<readonly Wish[]> {
    return (await this.#wished(this.#authorOf(session))).all;
  }

  async history(session: SessionNo, query: HistoryQuery): Promise<HistoryPage> {
    const author = this.#authorOf(session);
    if (!this.mayRead(author, query.room)) return UNKNOWN;
    const wished = await this.#wished(author);
    const page = await this.#shownPage(query, wished);
    return this.mayRead(author, query.room) ? page : UNKNOWN;
  }

  /** A page without what people say who are blocked: as full as a page would be, where there is as much. */
  async #shownPage(query: HistoryQuery, wished: Wished): Promise<HistoryPage> {
    let shown: Message[] = [];
    for (let next: HistoryQuery | null = query, reads = 0; next && shown.length < query.limit && reads < READS_MAX; reads++) {
      const page: HistoryPage = await this.#store.history(next);
      if ('fault' in page) return page;
      const isBackwards = next.type === 'before' || next.type === 'latest';
      const seen = wished.blocksAny ? page.messages.filter(({ author }) => !wished.blocks(author)) : page.messages;
      shown = isBackwards ? [...seen, ...shown] : [...shown, ...seen];
      next = seen.length === page.messages.length || page.messages.length < next.limit ? null : further(next, page.messages);
    }
    const isBackwards = query.type === 'before' || query.type === 'latest';
    return { messages: isBackwards ? shown.slice(-query.limit) : shown.slice(0, query.limit) };
  }

  async page(session: SessionNo, query: HistoryQuery): Promise<readonly Shown[] | null> {
    const page = await this.history(session, query);
    // Stores give pages of what shows.
    return 'fault' in page ? null : (page.messages as readonly Shown[]);
  }

  async around(session: SessionNo, room: RoomId, id: MessageId, limit: number): Promise<readonly Shown[] | null> {
    const anchor = { id };
    const half = Math.max(1, Math.floor(limit / 2));
    const [before, own, after] = await Promise.all([
      this.page(session, { type: 'before', room, anchor, limit: half }),
      this.refresh(session, room, [id]),
      this.page(session, { type: 'after', room, anchor, late: false, limit: half }),
    ]);
    return before && own && after && this.mayRead(this.#authorOf(session), room) ? [...before, ...own, ...after] : null;
  }

  async beyond(session: SessionNo, room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Promise<BeyondPage | null> {
    const author = this.#authorOf(session);
    if (!this.mayRead(author, room)) return null;
    const wished = await this.#wished(author);
    let next = after;
    for (let reads = 0; reads < READS_MAX; reads++) {
      const page = await this.#store.beyond(room, cursor, next, limit);
      if (!this.mayRead(author, room)) return null;
      const messages = page.filter((message) => !wished.blocks(message.author));
      next = page.length < limit ? null : page.at(-1)!.place;
      if (next === null || messages.length > 0) return { messages, next };
    }
    return { messages: [], next };
  }

  async refresh(session: SessionNo, room: RoomId, ids: readonly MessageId[]): Promise<readonly Shown[] | null> {
    const author = this.#authorOf(session);
    if (!this.mayRead(author, room)) return null;
    const wished = await this.#wished(author);
    const found = await this.#store.shown(ids);
    if (!this.mayRead(author, room)) return null;
    return found.filter((message) => message.room === room && !wished.blocks(message.author));
  }

  async pins(session: SessionNo, room: RoomId, before: Place | null, limit: number): Promise<PinsPage | null> {
    const author = this.#authorOf(session);
    if (!this.mayRead(author, room)) return null;
    const wished = await this.#wished(author);
    const { pins, next } = await this.#store.pins(room, before, limit);
    if (!this.mayRead(author, room)) return null;
    return { pins: pins.filter(({ message }) => !wished.blocks(message.author)), next };
  }

  async versions(session: SessionNo, room: RoomId, id: MessageId, before: Place | null, limit: number): Promise<VersionsPage | null> {
    const author = this.#authorOf(session);
    if (!this.mayRead(author, room)) return null;
    const wished = await this.#wished(author);
    const found = await this.#store.versions(id, before, limit);
    if (!found || found.message.room !== room || wished.blocks(found.message.author) || !this.mayRead(author, room)) return null;
    return { versions: found.versions, more: found.more };
  }

  async holders(session: SessionNo, room: RoomId, ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, readonly NodeId[]> | null> {
    const seen = await this.refresh(session, room, ids);
    if (!seen) return null;
    const places = await this.#store.places(seen.map(({ id }) => id));
    if (!this.mayRead(this.#authorOf(session), room)) return null;
    return new Map([...places].map(([id, all]) => [id, this.#holdersOf(all)]));
  }

  /** Of a message that lies in several entries whoever holds one of them has it. */
  #holdersOf(places: readonly Place[]): NodeId[] {
    const { replica, members } = this.engine;
    const others = places.flatMap(({ feed, seq }) => replica.holders.of(feed, seq));
    const nodes = new Set([...(places.length > 0 ? [this.node.id] : []), ...others]);
    return [...nodes].filter((node) => members.revocation(node) === null).sort(compareText);
  }

  shown(ids: readonly MessageId[]): Promise<readonly Shown[]> {
    return this.#store.shown(ids);
  }

  async directs(session: SessionNo): Promise<readonly { readonly room: RoomId; readonly with: AuthorId }[]> {
    const author = this.#authorOf(session);
    if (author === null) return [];
    const [wished, directs] = await Promise.all([this.#wished(author), this.#store.directs(author)]);
    return directs.filter((one) => !wished.blocks(one.with));
  }

  async unread(session: SessionNo): Promise<readonly Unread[]> {
    const author = this.#authorOf(session);
    if (author === null || !this.engine.rights.isAccount(author)) return [];
    const wished = await this.#wished(author);
    const rooms = this.roomsOf(author).filter((room) => this.mayRead(author, room) && !wished.isMuted(room));
    const waiting = (await this.#store.unread(author, rooms)).filter(({ room }) => !wished.isMuted(room));
    const counted = wished.blocksAny ? await Promise.all(waiting.map((one) => this.#counted(author, one, wished))) : waiting;
    return counted.filter(({ room, count }) => count > 0 && this.mayRead(author, room));
  }

  /** What waits of people who are not blocked. */
  async #counted(by: AuthorId, unread: Unread, wished: Wished): Promise<Unread> {
    if (unread.with !== null) return wished.blocks(unread.with) ? { ...unread, count: 0 } : unread;
    const page = await this.#shownPage({ type: 'unread', room: unread.room, by, after: null, limit: UNREAD_COUNT_MAX }, wished);
    return { ...unread, count: 'messages' in page ? page.messages.length : 0 };
  }

  async search(session: SessionNo, { room, ...asked }: SearchRequest): Promise<SearchPage> {
    const author = this.#authorOf(session);
    if (room !== undefined && !this.mayRead(author, room)) return NOTHING_FOUND;
    const wished = await this.#wished(author);
    const all = (): RoomId[] => [...this.state.rooms.keys()].filter((id) => this.mayRead(author, id));
    const where = room === undefined ? { rooms: all(), ...(author === null ? {} : { directOf: author }) } : { rooms: [room] };
    const { found, next } = await this.#store.search({ ...asked, ...where });
    return { found: found.filter(({ message }) => !wished.blocks(message.author) && this.mayRead(author, message.room)), next };
  }

  moderationLog(session: SessionNo, room: RoomId | '', before: Place | null, limit: number): readonly Act[] | null {
    return this.#moderates(this.#authorOf(session), room) ? this.actsOf(room, before, limit) : null;
  }

  /** The moderation log for whoever may read all of it. */
  actsOf(room: RoomId | '', before: Place | null, limit: number): readonly Act[] {
    return moderationLog(this.engine, room, before, limit);
  }

  #moderates(author: AuthorId | null, room: RoomId | ''): boolean {
    return author !== null && this.power(author, room) >= 2 && (room === '' || this.mayRead(author, room));
  }

  async reports(session: SessionNo, room: RoomId | '', before: Place | null, limit: number): Promise<ReportsPage | null> {
    const author = this.#authorOf(session);
    if (!this.#moderates(author, room)) return null;
    const most = Math.max(1, Math.min(limit, REPORTS_LIMIT_MAX));
    const all = await this.#store.reports(room === '' ? null : [room], before, most);
    if (!this.#moderates(author, room)) return null;
    return { reports: all.flatMap((one) => this.#seenBy(author, one)), next: all.length < most ? null : all.at(-1)!.about.place };
  }

  /** Whoever reports a direct message tells of it, and does not show it. */
  #seenBy(author: AuthorId | null, { about, message }: Report): Report[] {
    if (this.mayRead(author, about.room)) return [{ about, message }];
    return about.room[0] === '@' ? [{ about, message: null }] : [];
  }

  // People and rooms

  isPresent(author: AuthorId): boolean {
    return this.engine.people.presence(author) !== null;
  }

  awayOf(author: AuthorId): string | null {
    return this.engine.whispering.awayOf(author);
  }

  presentByName(name: string): AuthorId | null {
    return this.engine.people.named(name)[0] ?? null;
  }

  isNameTaken(name: string): boolean {
    return this.engine.people.named(name).some((author) => this.engine.people.isServed(author));
  }

  nodeOf(author: AuthorId): { id: NodeId; name: string } | null {
    const grant = this.engine.people.presence(author);
    return grant && { id: grant.node, name: this.state.nodes.get(grant.node)?.name ?? grant.node.slice(0, 8) };
  }

  publicRooms(): RoomId[] {
    return [...this.state.rooms.keys()].filter((id) => id.startsWith('#')).sort();
  }

  present(room: RoomId): AuthorId[] {
    const members = this.state.rooms.get(room)?.members ?? new Map<AuthorId, { value: boolean }>();
    const isOpen = room[0] === '#';
    return [...members]
      .filter(([author, { value }]) => value && this.isPresent(author) && (isOpen || this.mayRead(author, room)))
      .map(([author]) => author);
  }

  accountNamed(name: string): AuthorId | null {
    return this.engine.rights.accountNamed(name);
  }

  ownKey(author: AuthorId): { readonly key: string; readonly kdf: Uint8Array } | null {
    return this.engine.desk.ownKey(author);
  }

  roomsOf(author: AuthorId): RoomId[] {
    return this.engine.desk.roomsOf(author);
  }

  mayRead(author: AuthorId | null, room: RoomId): boolean {
    return this.engine.desk.mayRead(author, room);
  }

  power(author: AuthorId, room: RoomId | ''): Power {
    return this.engine.rights.power(author, room);
  }

  roles(room: RoomId | ''): ReadonlyMap<AuthorId, Role> {
    return this.engine.rights.roles(room);
  }

  administers(session: SessionNo): boolean {
    const one = this.engine.sessions.get(session);
    return one?.author != null && mayAll(one) && this.power(one.author, '') === 4;
  }

  networkRole(author: AuthorId): Role {
    return this.engine.law.verdicts.networkRole(author, null);
  }

  sanctions(room: RoomId | ''): Sanction[] {
    return this.engine.rights.sanctions(room);
  }

  networkId(): NetworkId {
    return this.engine.desk.network;
  }

  devices(author: AuthorId): LabelledDevice[] {
    return this.engine.desk.devices(author);
  }

  signerOf(author: AuthorId, key: KeyPair): Signer | null {
    return this.engine.desk.signerOf(author, key);
  }

  accountOf(key: KeyPair): { readonly author: AuthorId; readonly signer: Signer } | null {
    for (const { author, devices, isDeleted } of this.state.accounts.values()) {
      const signer = !isDeleted && devices.has(key.publicKey) ? this.signerOf(author, key) : null;
      if (signer) return { author, signer };
    }
    return null;
  }

  grantFeed(): FeedId {
    return this.engine.desk.grantFeed;
  }

  held(): ReadonlyVector {
    const { durable } = this.engine.replica.log;
    return new Map([...durable].filter(([feed]) => this.state.feeds.get(feed)?.kind !== FEED_KIND.governance));
  }

  nodes(): readonly NodeInfo[] {
    return nodesOf(this.engine, this.node);
  }

  registration(): 'open' | 'invite' | 'closed' {
    const policy = this.state.network?.value.registration;
    return policy === 'open' || policy === 'closed' ? policy : 'invite';
  }

  keyPair(seed: Uint8Array): KeyPair {
    return this.engine.desk.suite.keyPair(seed);
  }

  newKdf(): Uint8Array {
    return encodeKdf(newKdf(this.engine.desk.random(SALT_BYTES)));
  }
}

/** Where a page goes on; null where that cannot be told. */
function further(query: HistoryQuery, page: readonly Message[]): HistoryQuery | null {
  const { room } = query;
  const limit = Math.min(4 * query.limit, HISTORY_LIMIT_MAX);
  switch (query.type) {
    case 'latest':
      return query.after === null ? { type: 'before', room, anchor: { id: page[0]!.id }, limit } : null;
    case 'before':
      return { ...query, anchor: { id: page[0]!.id }, limit };
    case 'after':
      return { ...query, anchor: { id: page.at(-1)!.id }, late: false, limit };
    case 'unread':
      return { ...query, after: page.at(-1)!.place, limit };
  }
}
