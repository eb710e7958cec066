/**
 * A network for tests of the client library: nodes in memory that each hold messages in an order of their own, in virtual time. Nodes die and come back, connections are cut
 * between any two words, and one message handed in at two nodes is two entries.
 */

import type { Ask, Cursor, Event, Hello, Reply, Request, WireMessage, WirePlace, WireRoom } from '../../api/protocol.ts';
import type { AuthorId, ClientId, FeedId, MessageId, NetworkId, NodeId, RoomId } from '../../core/ids.ts';
import { messageId } from '../../core/ids.ts';
import type { Random } from '../../lib/prng.ts';
import { comparePlaces } from '../timeline.ts';

export const ROOM = '#main' as RoomId;
const START_MS = 1_700_000_000_000;

interface Entry {
  readonly feed: FeedId;
  readonly seq: number;
  readonly deps: Cursor;
  readonly message: WireMessage;
}

interface Session {
  readonly send: (text: string) => void;
  readonly drop: () => void;
  author: AuthorId | null;
  name: string;
  isOpen: boolean;
  readonly rooms: Set<RoomId>;
}

interface Due {
  readonly atMs: number;
  readonly no: number;
  readonly then: () => void;
}

/** Virtual time. */
export class Timeline {
  nowMs = 0;
  #events: Due[] = [];
  #no = 0;

  after(ms: number, then: () => void): void {
    this.#events.push({ atMs: this.nowMs + ms, no: this.#no++, then });
  }

  run(untilMs: number): void {
    for (;;) {
      const next = this.#events.reduce<Due | null>(
        (first, one) => (!first || one.atMs < first.atMs || (one.atMs === first.atMs && one.no < first.no) ? one : first),
        null,
      );
      if (!next || next.atMs > untilMs) break;
      this.#events = this.#events.filter((one) => one !== next);
      this.nowMs = next.atMs;
      next.then();
    }
    this.nowMs = untilMs;
  }

  get wallMs(): number {
    return START_MS + this.nowMs;
  }
}

export class FakeNetwork {
  readonly time = new Timeline();
  readonly random: Random;
  readonly nodes: FakeNode[];
  /** What was acknowledged to clients. */
  readonly acknowledged = new Set<MessageId>();
  /** Refusals to give, instead of what is asked for. */
  refuse: (request: Request, node: FakeNode) => { type: string; words: string; retryMs?: number } | null = () => null;
  isBlocked: (a: FakeNode, b: FakeNode) => boolean = () => false;

  constructor(random: Random, count: number) {
    this.random = random;
    this.nodes = Array.from({ length: count }, (_, i) => new FakeNode(this, i));
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url);
  }

  node(url: string): FakeNode {
    return this.nodes.find((one) => one.url === url)!;
  }

  /** Every node gets what another has, after a while. */
  spread(): void {
    for (const from of this.nodes) {
      for (const to of this.nodes) {
        if (from === to || !from.isUp || !to.isUp || this.isBlocked(from, to)) continue;
        for (const entry of from.entries) to.take(entry);
      }
    }
  }

  wanted(): number {
    return Math.min(2, this.nodes.filter(({ isUp }) => isUp).length);
  }

  holders(entry: Entry): number {
    return this.nodes.filter((node) => node.entries.includes(entry)).length;
  }
}

export class FakeNode {
  readonly network: FakeNetwork;
  readonly index: number;
  readonly url: string;
  readonly id: NodeId;
  isUp = true;
  #isStuck = false;
  /** What it will do when it is not stuck any more. */
  readonly #later: (() => void)[] = [];
  /** How late it hears what is said, in ms. */
  slowMs = 0;
  /** How late its clock is, in ms. */
  skewMs = 0;
  readonly entries: Entry[] = [];
  readonly vector: Record<FeedId, number> = {};
  readonly members = new Map<AuthorId, Set<RoomId>>();
  readonly #sessions = new Set<Session>();
  #incarnation = 0;
  #seq = 0;
  opened = 0;
  spreadMs = 0;

  constructor(network: FakeNetwork, index: number) {
    this.network = network;
    this.index = index;
    this.url = `http://node${index}:7400`;
    this.id = `${index}`.repeat(64).slice(0, 64) as NodeId;
  }

  get #feed(): FeedId {
    return `${this.index}${this.#incarnation}`.padEnd(32, 'f') as FeedId;
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** Stuck, it takes connections and what is said, and does nothing about it; all of it is done later, in order. */
  set isStuck(isStuck: boolean) {
    this.#isStuck = isStuck;
    if (!isStuck) for (const then of this.#later.splice(0)) then();
  }

  #when(then: () => void): void {
    if (this.#isStuck) this.#later.push(then);
    else then();
  }

  stop(): void {
    this.isUp = false;
    this.#isStuck = false;
    this.#later.length = 0;
    for (const session of [...this.#sessions]) session.drop();
    this.#sessions.clear();
  }

  start(): void {
    this.isUp = true;
    this.#incarnation++;
    this.#seq = 0;
  }

  // Connections

  /** A connection: what the client says goes to the function that is returned; null where nobody listens. */
  accept(send: (text: string) => void, drop: () => void): { say(text: string): void; hangUp(): void } | null {
    if (!this.isUp) return null;
    const session: Session = { send, drop, author: null, name: '', isOpen: false, rooms: new Set() };
    this.#sessions.add(session);
    this.#say(session, this.#hello());
    return {
      say: (text) => {
        if (this.slowMs > 0) this.network.time.after(this.slowMs, () => this.#hear(session, text));
        else this.#hear(session, text);
      },
      hangUp: () => void this.#sessions.delete(session),
    };
  }

  #hear(session: Session, text: string): void {
    if (this.isUp) this.#when(() => this.#sessions.has(session) && this.#asked(session, JSON.parse(text) as Ask));
  }

  /** Tells everybody something. */
  tell(...events: Event[]): void {
    for (const session of this.#sessions) this.#turn(session, events);
  }

  #say(session: Session, word: object): void {
    const text = JSON.stringify(word);
    this.#when(() => session.send(text));
  }

  #hello(): Hello {
    return {
      type: 'hello',
      protocol: 1,
      node: { id: this.id, name: `node${this.index}` },
      network: { id: 'ab'.repeat(16) as NetworkId, name: 'test' },
      feed: this.#feed,
      nowMs: this.network.time.wallMs,
      guests: true,
      registration: 'open',
      nodes: this.network.nodes.map(({ id, url, index }) => ({
        id,
        name: `node${index}`,
        state: 'up' as const,
        rttMs: null,
        urls: [url],
        links: [],
      })),
      spreadMs: this.spreadMs,
    };
  }

  #asked(session: Session, { ask, ...request }: Ask): void {
    const isOutside = request.do === 'post' && !session.rooms.has((request.to as { room: RoomId }).room);
    const refused = isOutside ? { type: 'not in room', words: 'You are not in there.' } : this.network.refuse(request as Request, this);
    const reply = (word: Omit<Reply, 'ask'>): void => this.#say(session, { ...word, ask });
    if (refused) return reply({ type: 'refused', refused } as never);
    const answer = (value: unknown): void => reply({ type: 'ok', value } as never);
    this.#do(session, request as Request, answer);
  }

  #do(session: Session, request: Request, answer: (value: unknown) => void): void {
    switch (request.do) {
      case 'guest':
        return answer(this.#open(session, request.key.slice(0, 32) as AuthorId, request.name));
      case 'join':
        return answer({ room: this.#join(session, request.room as RoomId) });
      case 'post':
        return this.#post(session, request, answer);
      case 'page': {
        const { before } = request;
        const all = this.shown(request.room);
        const those = before && Array.isArray(before) ? all.filter((m) => comparePlaces(m.place, before as unknown as WirePlace) < 0) : all;
        return answer({ messages: those.slice(-request.limit), more: those.length > request.limit });
      }
      case 'beyond': {
        const { cursor, after, limit } = request;
        const all = this.shown(request.room, cursor).filter((m) => !after || comparePlaces(m.place, after) > 0);
        return answer({ messages: all.slice(0, limit), more: all.length > limit });
      }
      case 'refresh':
        return answer({ messages: this.shown(request.room).filter(({ id }) => request.ids.includes(id)) });
      case 'rooms':
        return answer({ rooms: this.#rooms(session) });
      case 'members':
        return answer({ people: [], roles: {} });
      case 'ping':
        return answer({ spreadMs: this.spreadMs });
      default:
        return answer(null);
    }
  }

  #open(session: Session, author: AuthorId, name: string) {
    Object.assign(session, { author, name, isOpen: true });
    this.opened++;
    for (const room of this.members.get(author) ?? []) session.rooms.add(room);
    const wishes = { muted: [], blocked: [] };
    return { author, name, account: false, at: { ...this.vector }, rooms: this.#rooms(session), people: [], wishes };
  }

  #rooms({ rooms }: Session): WireRoom[] {
    return [...rooms].map(roomOf);
  }

  #join(session: Session, room: RoomId): WireRoom {
    session.rooms.add(room);
    const mine = this.members.get(session.author!) ?? new Set();
    this.members.set(session.author!, mine.add(room));
    this.#turn(session, [{ type: 'room', room, is: roomOf(room) }]);
    return roomOf(room);
  }

  #turn(session: Session, events: readonly Event[]): void {
    if (session.isOpen) this.#say(session, { type: 'turn', events, at: { ...this.vector } });
  }

  // The log

  #post(session: Session, { to, text, style, prepared }: Extract<Request, { do: 'post' }>, answer: (value: unknown) => void): void {
    const { time, random } = this.network;
    const author = session.author!;
    const room = (to as { room: RoomId }).room;
    const id = messageId(author, prepared!.client as ClientId);
    const incarnation = this.#incarnation;
    const isSame = (): boolean => this.isUp && this.#incarnation === incarnation;
    time.after(1 + random.below(3), () => {
      if (!isSame()) return;
      const entry =
        this.entries.find(({ message }) => message.id === id) ?? this.#write(session, { id, room, author, style, text }, prepared!.after);
      const count = (): object => ({ id, held: this.network.holders(entry), wanted: this.network.wanted() });
      time.after(random.below(12), () => {
        if (!isSame()) return;
        this.network.acknowledged.add(id);
        answer(count());
        time.after(150, () => isSame() && this.#turn(session, [{ type: 'copies', ...count() } as never]));
      });
    });
  }

  #write({ name }: Session, fields: Pick<WireMessage, 'id' | 'room' | 'author' | 'style' | 'text'>, after: number): Entry {
    const seq = ++this.#seq;
    const key = Math.max(Math.floor(this.network.time.wallMs - this.skewMs) * 1024 + seq, after + 1);
    const message: WireMessage = { ...fields, name, place: [key, this.#feed, seq, 0], atMs: Math.floor(key / 1024) };
    const entry: Entry = { feed: this.#feed, seq, deps: { ...this.vector }, message };
    this.take(entry);
    return entry;
  }

  /** Takes an entry that may follow, and tells of it. */
  take(entry: Entry): void {
    if ((this.vector[entry.feed] ?? 0) !== entry.seq - 1) return;
    for (const feed of Object.keys(entry.deps) as FeedId[]) if ((this.vector[feed] ?? 0) < entry.deps[feed]!) return;
    const { room, id } = entry.message;
    const before = this.shown(room).at(-1);
    const isKnown = this.entries.some(({ message }) => message.id === id);
    this.entries.push(entry);
    this.vector[entry.feed] = entry.seq;
    const shown = this.shown(room).find((message) => message.id === id)!;
    const late = before !== undefined && comparePlaces(shown.place, before.place) < 0 ? { late: true as const } : {};
    for (const session of [...this.#sessions]) {
      const isTold = session.rooms.has(room) && (!isKnown || shown.place === entry.message.place);
      this.#turn(session, isTold ? [{ type: 'message', message: shown, ...late }] : []);
    }
  }

  /** What a room shows here, in history order; with a cursor, what it does not cover. */
  shown(room: RoomId, cursor: Cursor | null = null): WireMessage[] {
    const first = new Map<MessageId, WireMessage>();
    for (const { message } of this.entries) {
      const known = first.get(message.id);
      if (message.room === room && (!known || comparePlaces(message.place, known.place) < 0)) first.set(message.id, message);
    }
    const all = [...first.values()].sort((a, b) => comparePlaces(a.place, b.place));
    return cursor ? all.filter(({ place }) => (cursor[place[1]] ?? 0) < place[2]) : all;
  }
}

export function roomOf(id: RoomId): WireRoom {
  const plain = { topic: '', description: '', archived: false, slowSeconds: 0, retentionSeconds: 0 };
  return { id, kind: 'public', name: id, ...plain, joined: true, power: 1, members: 1 };
}
