/** The store's twin in memory: slow, obvious, and durable for as long as its object lives, so that a simulated crash can open it again. */

import type { Entry, FeedTip } from '../core/entry.ts';
import { isOrphaned, stripped } from '../core/erasure.ts';
import { FEED_KIND, type FeedInfo, feedInfo } from '../core/feed.ts';
import { type Folder, type FoldSabotage, makeFolder } from '../core/fold.ts';
import { hlcMs } from '../core/hlc.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../core/ids.ts';
import { messageId } from '../core/ids.ts';
import { decodeMessage } from '../core/message.ts';
import { KIND } from '../core/op.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import {
  type Anchor,
  type HistoryPage,
  type HistoryQuery,
  PINS_LIMIT_MAX,
  type PinsPage,
  REPORTS_LIMIT_MAX,
  type Report,
  UNREAD_COUNT_MAX,
  type Unread,
} from '../core/port.ts';
import { pinOf, resolve, type Shown, versionsOf } from '../core/resolve.ts';
import { isAsked, SEARCH_LIMIT_MAX, type SearchPage, type SearchQuery } from '../core/search.ts';
import type { About, Mark, Message, Wish } from '../core/state.ts';
import type { Suite } from '../core/suite.ts';
import { snippetOf, termsOf } from '../core/terms.ts';
import { type ReadonlyVector, raise, type Vector } from '../core/vector.ts';
import { equalBytes } from '../lib/bytes.ts';
import type { Batch, Earlier, Hole, Repeat } from '../sync/effects.ts';
import type { DirectRoom } from './direct.ts';
import type { MessageVersions } from './hanging.ts';
import { causalPast, wasShown } from './history.ts';
import { CommitError, PROOFS, type Store, type StoredLog } from './store.ts';

export class MemoryStore implements Store {
  readonly #suite: Suite;
  readonly log: Entry[] = [];
  /** What the log holds, by feed. */
  readonly vector: Vector = new Map();
  /** Where each message id came first. */
  readonly #ids = new Map<MessageId, Earlier>();
  readonly folder: Folder;
  #folded = 0;
  /** Of each message id the first in history order. */
  readonly #first = new Map<MessageId, Message>();
  /** What hangs on messages. */
  readonly #abouts = new Map<MessageId, About[]>();
  /** Of each message id every op that shows. */
  readonly #copies = new Map<MessageId, Place[]>();
  readonly #marks: Mark[] = [];
  readonly #wishes: Wish[] = [];
  readonly #meta = new Map<string, Uint8Array>();
  readonly #spoilt = new Set<Entry>();
  #onDamaged: (holes: readonly Hole[]) => void = () => undefined;

  constructor(suite: Suite, sabotage: FoldSabotage = {}) {
    this.#suite = suite;
    this.folder = makeFolder(suite, sabotage);
  }

  /** What is in the log, at once. */
  loadNow(): StoredLog {
    const feeds = new Map<FeedId, { info: FeedInfo; tip: FeedTip }>();
    for (const entry of this.log) {
      const info = entry.header ? feedInfo(this.#suite, entry.network, entry.header) : feeds.get(entry.feed)!.info;
      feeds.set(entry.feed, { info, tip: { seq: entry.seq, hash: entry.hash, hlc: entry.hlc } });
    }
    const governance = this.log.filter((entry) => feeds.get(entry.feed)!.info.kind === FEED_KIND.governance);
    const lastKeys = new Map<RoomId, number>();
    for (const message of this.messages()) lastKeys.set(message.room, message.place.key);
    return { feeds: [...feeds.values()], governance, lastKeys, holes: this.holes, proofs: this.get(PROOFS) };
  }

  /** Appends a batch, at once. */
  append(batch: Batch): Repeat[] {
    const repeats: Repeat[] = [];
    if (batch.proofs) this.#meta.set(PROOFS, batch.proofs);
    batch.entries.forEach((entry, place) => {
      this.log.push(entry);
      this.vector.set(entry.feed, entry.seq);
      entry.heads.forEach((head, index) => {
        if (head.kind !== KIND.message) return;
        const id = messageId(head.author, head.client);
        const before = this.#ids.get(id);
        if (before) repeats.push({ entry: place, index, before });
        else this.#ids.set(id, { feed: entry.feed, seq: entry.seq, index });
      });
    });
    return repeats;
  }

  /** Whether an op with this message id is in the log, and not in a damaged entry alone. */
  has(id: MessageId): boolean {
    if (this.#spoilt.size === 0 || !this.#ids.has(id)) return this.#ids.has(id);
    const holds = (entry: Entry): boolean => entry.heads.some((head) => messageId(head.author, head.client) === id);
    return this.log.some((entry) => !this.#spoilt.has(entry) && holds(entry));
  }

  /** Bits of an entry flip, unseen until it is read. */
  spoil(entry: Entry): void {
    this.#spoilt.add(entry);
  }

  /** Where reading found, or would find, damage. */
  get holes(): Hole[] {
    return [...this.#spoilt].map(({ feed, seq, hash }) => ({ feed, seq, hash }));
  }

  /** Puts the entry of a hole back, at once; whether a hole waited for it. */
  mendNow(entry: Entry): boolean {
    for (const spoilt of this.#spoilt) {
      if (spoilt.feed === entry.feed && spoilt.seq === entry.seq) return this.#spoilt.delete(spoilt);
    }
    return false;
  }

  async mend(entry: Entry): Promise<boolean> {
    return this.mendNow(entry) || this.fillNow(entry);
  }

  /** Puts payloads back into an entry that lacks them, at once; whether it did. */
  fillNow(entry: Entry): boolean {
    const at = this.log.findIndex(({ feed, seq }) => feed === entry.feed && seq === entry.seq);
    const held = this.log[at];
    if (!held || !equalBytes(held.hash, entry.hash) || held.payloads.length >= entry.payloads.length) return false;
    this.log[at] = entry;
    this.#judgeAnew();
    return true;
  }

  /** Takes out what is erased, at once: the entries as they were, and those with gaps that no op in force explains. */
  eraseNow(): { erased: Entry[]; orphans: Hole[] } {
    this.messages();
    const { folder, log } = this;
    const erased: Entry[] = [];
    const orphans: Hole[] = [];
    if (!folder.erases) return { erased, orphans };
    for (const [i, entry] of log.entries()) {
      if (this.#spoilt.has(entry)) continue;
      log[i] = stripped(folder, entry);
      if (log[i] !== entry) erased.push(entry);
      if (isOrphaned(folder, entry)) orphans.push({ feed: entry.feed, seq: entry.seq, hash: entry.hash });
    }
    if (erased.length > 0) this.#judgeAnew();
    return { erased, orphans };
  }

  async erase(): Promise<Hole[]> {
    return this.eraseNow().orphans;
  }

  onDamage(damaged: (holes: readonly Hole[]) => void): void {
    this.#onDamaged = damaged;
  }

  /** All messages that show, in the order of history, as they show now. */
  messages(): Shown[] {
    for (; this.#folded < this.log.length; this.#folded++) this.#fold(this.log[this.#folded]!);
    const spoilt = new Set(this.holes.map(({ feed, seq }) => `${feed}/${seq}`));
    const whole = [...this.#first.values()].filter(({ place }) => !spoilt.has(`${place.feed}/${place.seq}`));
    const shown = whole.map((message) => resolve(this.folder, message, this.#abouts.get(message.id) ?? []));
    return shown.sort((a, b) => comparePlaces(a.place, b.place));
  }

  #fold(entry: Entry): void {
    for (const change of this.folder.fold(entry).changes) {
      if (change.type === 'message') this.#show(change.message);
      else if (change.type === 'refolded') this.#judgeAnew();
      else if (change.type === 'read') this.#marks.push(change.mark);
      else if (change.type === 'prefer') this.#wishes.push(change.wish);
      else if ('about' in change) {
        const { about } = change;
        this.#abouts.set(about.target, [...(this.#abouts.get(about.target) ?? []), about]);
      }
    }
  }

  #show(message: Message): void {
    this.#copies.set(message.id, [...(this.#copies.get(message.id) ?? []), message.place]);
    const known = this.#first.get(message.id);
    if (!known || comparePlaces(message.place, known.place) < 0) this.#first.set(message.id, message);
  }

  /** What content shows may be other than it was. */
  #judgeAnew(): void {
    this.#first.clear();
    this.#abouts.clear();
    this.#copies.clear();
    this.#marks.length = 0;
    this.#wishes.length = 0;
    for (const entry of this.log.slice(0, this.#folded)) {
      if (this.folder.state.feeds.get(entry.feed)!.kind !== FEED_KIND.governance) this.#fold(entry);
    }
  }

  /** Entries of a feed, at once. */
  entriesNow(feed: FeedId, after: number, bytesMax: number): Entry[] {
    let bytes = 0;
    const entries: Entry[] = [];
    for (const entry of this.log) {
      if (entry.feed !== feed || entry.seq <= after) continue;
      if (this.#spoilt.has(entry)) {
        this.#onDamaged([{ feed, seq: entry.seq, hash: entry.hash }]);
        break;
      }
      bytes += entry.bytes.length + entry.payloads.length;
      if (entries.length > 0 && bytes > bytesMax) break;
      entries.push(entry);
    }
    return entries;
  }

  /** A page of history, at once. */
  historyNow(query: HistoryQuery): HistoryPage {
    if (query.type === 'unread') return { messages: this.#waiting(query.by, query.room, query.after).slice(0, query.limit) };
    const room = this.messages().filter((message) => message.room === query.room);
    if (query.type === 'latest') {
      const from = query.after ? this.#after(room, query.after, false) : room;
      return from ? { messages: from.slice(-query.limit) } : { fault: 'unknown message' };
    }
    if (query.type === 'after') {
      const from = this.#after(room, query.anchor, query.late);
      return from ? { messages: from.slice(0, query.limit) } : { fault: 'unknown message' };
    }
    const before = this.#before(room, query.anchor);
    return before ? { messages: before.slice(Math.max(0, before.length - query.limit)) } : { fault: 'unknown message' };
  }

  #before(room: readonly Message[], anchor: Anchor): Message[] | null {
    if ('place' in anchor) return room.filter(({ place }) => comparePlaces(place, anchor.place) < 0);
    if ('atMs' in anchor) return room.filter((message) => hlcMs(message.place.key) < anchor.atMs);
    const at = room.findIndex((message) => message.id === anchor.id);
    return at < 0 ? null : room.slice(0, at);
  }

  #after(room: readonly Message[], anchor: Anchor, late: boolean): Message[] | null {
    if ('place' in anchor) return room.filter(({ place }) => comparePlaces(place, anchor.place) > 0);
    if ('atMs' in anchor) return room.filter((message) => hlcMs(message.place.key) > anchor.atMs);
    const at = room.findIndex((message) => message.id === anchor.id);
    if (at < 0) return null;
    const { place } = room[at]!;
    const shownBy = { feed: anchor.feed ?? place.feed, seq: anchor.seq ?? place.seq, index: place.index };
    const chain = this.log.filter((entry) => entry.feed === shownBy.feed && entry.seq <= shownBy.seq).reverse();
    const past = causalPast(chain);
    return room.filter((message, i) => i > at || (late && i < at && !wasShown(past, shownBy, message.place)));
  }

  /** See `beyond`, at once. */
  beyondNow(room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Shown[] {
    const isCovered = ({ feed, seq }: Place): boolean => (cursor.get(feed) ?? 0) >= seq;
    const behind = this.messages().filter((message) => message.room === room && (!after || comparePlaces(message.place, after) > 0));
    return behind.filter(({ id }) => !this.#copies.get(id)!.some(isCovered)).slice(0, limit);
  }

  async beyond(room: RoomId, cursor: ReadonlyVector, after: Place | null, limit: number): Promise<Shown[]> {
    return this.beyondNow(room, cursor, after, limit);
  }

  async shown(ids: readonly MessageId[]): Promise<Shown[]> {
    const wanted = new Set(ids);
    return this.messages().filter(({ id }) => wanted.has(id));
  }

  /** What waits for a person in a room; with `after`, of it what sorts behind that. */
  #waiting(by: AuthorId, room: RoomId, after: Place | null): Shown[] {
    const messages = this.messages().filter((message) => message.room === room && message.nick === null);
    const { accounts, rooms } = this.folder.state;
    const isGone = (author: AuthorId): boolean => accounts.get(author)?.isDeleted ?? false;
    const joined = rooms.get(room)?.joined.get(by);
    if (isGone(by) || (room[0] !== '@' && !joined)) return [];
    const read = this.#read(by, room);
    const knewOfJoin = joined !== undefined && (read.get(joined.feed) ?? 0) >= joined.seq;
    return messages.filter(({ id, author, to, place, removed }) => {
      if (author === by || removed || (to !== null && (to !== by || isGone(author)))) return false;
      if (this.#copies.get(id)!.some(({ feed, seq }) => (read.get(feed) ?? 0) >= seq)) return false;
      if (joined && !knewOfJoin && comparePlaces(place, joined) < 0) return false;
      return after === null || comparePlaces(place, after) > 0;
    });
  }

  /** How far somebody read each feed, by all their marks of a room and of all rooms. */
  #read(by: AuthorId, room: RoomId): Vector {
    const read: Vector = new Map();
    for (const { author, place, upTo, room: of } of this.#marks) {
      if (author !== by || (of !== '' && of !== room)) continue;
      const past: Vector = new Map([[place.feed, place.seq - 1]]);
      for (const entry of this.log) {
        if (entry.feed !== place.feed || entry.seq > place.seq) continue;
        raise(past, entry.deps);
        if (entry.seq === place.seq) raise(past, new Map([[this.folder.state.feeds.get(entry.feed)!.sibling, entry.governance]]));
      }
      raise(read, new Map([...past].map(([feed, seq]) => [feed, Math.min(seq, upTo.get(feed) ?? seq)])));
    }
    return read;
  }

  /** See `unread`, at once. */
  unreadNow(by: AuthorId, rooms: readonly RoomId[]): Unread[] {
    const others = new Map<RoomId, AuthorId | null>(rooms.map((room) => [room, null]));
    for (const { room, author, to } of this.messages()) {
      if (to !== null && (author === by || to === by)) others.set(room, author === by ? to : author);
    }
    const counts = [...others].map(([room, other]) => ({ room, with: other, count: this.#waiting(by, room, null).length }));
    const unread = counts.filter(({ count }) => count > 0).sort((a, b) => (a.room < b.room ? -1 : 1));
    return unread.map((one) => ({ ...one, count: Math.min(one.count, UNREAD_COUNT_MAX) }));
  }

  /** See `wishes`, at once. */
  wishesNow(by: AuthorId): Wish[] {
    this.messages();
    const last = new Map<string, Wish>();
    for (const wish of this.#wishes.filter(({ author }) => author === by).sort((a, b) => comparePlaces(a.place, b.place)))
      last.set(wish.about.type === 'room' ? wish.about.room : wish.about.person, wish);
    return [...last.values()].sort((a, b) => comparePlaces(a.place, b.place));
  }

  /** See `reports`, at once. */
  reportsNow(rooms: readonly RoomId[] | null, before: Place | null, limit: number): Report[] {
    const messages = this.messages();
    const all = [...this.#abouts.values()].flat().filter(({ does }) => does.type === 'report');
    const seen = new Set<MessageId>();
    const firsts = all.sort((a, b) => comparePlaces(a.place, b.place)).filter(({ id }) => !seen.has(id) && seen.add(id));
    const wanted = firsts.filter(({ room, place }) => (!rooms || rooms.includes(room)) && (!before || comparePlaces(place, before) < 0));
    const newest = wanted.reverse().slice(0, Math.min(limit, REPORTS_LIMIT_MAX));
    return newest.map((about) => ({ about, message: messages.find(({ id, room }) => id === about.target && room === about.room) ?? null }));
  }

  async unread(by: AuthorId, rooms: readonly RoomId[]): Promise<Unread[]> {
    return this.unreadNow(by, rooms);
  }

  async directs(by: AuthorId): Promise<DirectRoom[]> {
    const rooms = new Map<RoomId, AuthorId>();
    for (const { room, author, to } of this.messages()) {
      if (to !== null && (author === by || to === by)) rooms.set(room, author === by ? to : author);
    }
    return [...rooms].map(([room, other]) => ({ room, with: other }));
  }

  async wishes(by: AuthorId): Promise<Wish[]> {
    return this.wishesNow(by);
  }

  async reports(rooms: readonly RoomId[] | null, before: Place | null, limit: number): Promise<Report[]> {
    return this.reportsNow(rooms, before, limit);
  }

  async pins(room: RoomId, before: Place | null, limit: number): Promise<PinsPage> {
    const all = this.messages().flatMap((message) => {
      const about = message.room === room && pinOf(this.folder, this.#first.get(message.id)!, this.#abouts.get(message.id) ?? []);
      return about && (!before || comparePlaces(about.place, before) < 0) ? { about, message } : [];
    });
    all.sort((a, b) => comparePlaces(b.about.place, a.about.place));
    const pins = all.slice(0, Math.max(1, Math.min(limit, PINS_LIMIT_MAX)));
    return { pins, next: pins.length < all.length ? pins.at(-1)!.about.place : null };
  }

  async versions(id: MessageId, before: Place | null, limit: number): Promise<MessageVersions | null> {
    const message = this.messages().find((one) => one.id === id);
    if (!message) return null;
    const all = versionsOf(this.folder, this.#first.get(id)!, this.#abouts.get(id) ?? []);
    const earlier = all.filter(({ place }) => !before || comparePlaces(place, before) < 0);
    return { message, versions: earlier.slice(-limit), more: earlier.length > limit };
  }

  async places(ids: readonly MessageId[]): Promise<ReadonlyMap<MessageId, readonly Place[]>> {
    this.messages();
    return new Map(ids.map((id) => [id, this.#copies.get(id) ?? []]));
  }

  async load(): Promise<StoredLog> {
    return this.loadNow();
  }

  async commit(batch: Batch): Promise<Repeat[]> {
    const held = batch.entries.map((entry) => this.log.find((other) => other.feed === entry.feed && other.seq === entry.seq));
    if (held.every((entry) => entry === undefined)) return this.append(batch);
    throw new CommitError('an entry is there already', held.includes(undefined) ? null : this.#repeatsAmong(held as Entry[]));
  }

  /** The ops of entries in the log whose message id was there before. */
  #repeatsAmong(entries: readonly Entry[]): Repeat[] {
    const first = new Map<MessageId, Earlier>();
    const repeats: Repeat[] = [];
    for (const entry of this.log) {
      const place = entries.indexOf(entry);
      entry.heads.forEach((head, index) => {
        if (head.kind !== KIND.message) return;
        const id = messageId(head.author, head.client);
        const before = first.get(id);
        if (before && place >= 0) repeats.push({ entry: place, index, before });
        if (!before) first.set(id, { feed: entry.feed, seq: entry.seq, index });
      });
    }
    return repeats;
  }

  async entries(feed: FeedId, after: number, bytesMax: number): Promise<Entry[]> {
    return this.entriesNow(feed, after, bytesMax);
  }

  async history(query: HistoryQuery): Promise<HistoryPage> {
    return this.historyNow(query);
  }

  async search(query: SearchQuery): Promise<SearchPage> {
    const terms = termsOf(query.words);
    if (terms.length === 0 && query.words.trim() !== '') return { found: [], next: null };
    const isIn = ({ room, author, to }: Shown): boolean =>
      query.rooms.includes(room) || (query.directOf !== undefined && to !== null && [author, to].includes(query.directOf));
    const found = this.messages().flatMap((message) => {
      if (!message.payload || !isIn(message) || !isAsked(query, message)) return [];
      const snippet = snippetOf(decodeMessage(message.payload).text, terms);
      return snippet ? [{ message, snippet }] : [];
    });
    const page = found.reverse().slice(0, Math.max(1, Math.min(query.limit, SEARCH_LIMIT_MAX)));
    return { found: page, next: found.length > page.length ? page.at(-1)!.message.place : null };
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.#meta.set(key, value);
  }

  get(key: string): Uint8Array | null {
    return this.#meta.get(key) ?? null;
  }

  async check(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {}
}
