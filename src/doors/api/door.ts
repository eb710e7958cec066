/**
 * The API door: sessions of API clients on one side, the node on the other. It is given requests, answers, notices and the time, and gives frames to outputs.
 *
 * 1. What a client is told of one turn is one frame, and what is the same for many is made once (turn.ts).
 * 2. Who may read what is asked when something is told, not when it is gathered: nobody is told what their rights no longer reach.
 * 3. Everything a client keeps means the same at every node: ids, places, cursors.
 */

import type { Hello, WirePerson } from '../../api/protocol.ts';
import type { Answer, Command } from '../../core/commands.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../../core/ids.ts';
import type { Place } from '../../core/order.ts';
import type { CursorPort, Door, Notice, SessionNo } from '../../core/port.ts';
import type { Hashing } from '../../core/suite.ts';
import type { ReadonlyVector } from '../../core/vector.ts';
import { Buckets } from '../../lib/buckets.ts';
import { sourceOf } from '../../lib/source.ts';
import type { AccountsPort } from './accounts.ts';
import type { AdminPort } from './admin.ts';
import { Changed } from './changed.ts';
import { Gate } from './gate.ts';
import { AT_MS, HELLO_MS, NODES_MS, PLACES_MAX, SPREAD_MS_EACH, TRIES, UNOPENED_MS_MAX } from './limits.ts';
import { takeNotices } from './live.ts';
import { type MeshPort, MeshWatchers } from './mesh.ts';
import { type Output, Reader } from './reader.ts';
import { membersOf, wireNodes, wirePerson } from './render.ts';
import { Cursors, frame, Gathering, type Item } from './turn.ts';

export interface ApiDoorOptions {
  readonly port: CursorPort;
  readonly hashing: Hashing;
  /** Whether people without an account are let in. */
  readonly guests: boolean;
  readonly accounts: AccountsPort;
  readonly mesh: MeshPort;
  readonly admin: AdminPort;
  /** In ms since 1970. */
  readonly now: () => number;
}

const NOBODY: ReadonlySet<Reader> = new Set();

export class ApiDoor implements Door {
  readonly name = 'api';
  readonly port: CursorPort;
  readonly hashing: Hashing;
  readonly guests: boolean;
  readonly accounts: AccountsPort;
  readonly now: () => number;
  readonly cursors: Cursors;
  readonly gathering = new Gathering();
  readonly changed = new Changed(this);
  readonly mesh: MeshWatchers;
  readonly gate = new Gate();
  readonly admin: AdminPort;
  /** Wrong app passwords, by where they come from. */
  readonly tries = new Buckets(TRIES);
  readonly byAuthor = new Map<AuthorId, Set<Reader>>();
  /** Who is told of a room. */
  readonly readers = new Map<RoomId, Set<Reader>>();
  /** Who is told of a person beyond the rooms they share. */
  readonly partners = new Map<AuthorId, Set<Reader>>();
  readonly #all = new Map<SessionNo, Reader>();
  /** Who is in which room, until something is told that may change it: thousands who come at once ask for the same. */
  readonly #members = new Map<RoomId, readonly AuthorId[]>();
  /** How people were told of last. */
  #people: Map<AuthorId, string> | null = null;
  /** The highest place shown live, by room. */
  readonly #places = new Map<RoomId, Place>();
  readonly #own = new Set<Reader>();
  #tokens = 0;
  #atMs = 0;
  #nodesMs = 0;
  #nodes = '';
  #hello: string | null = null;
  #helloMs = 0;

  constructor({ port, hashing, guests, accounts, mesh, admin, now }: ApiDoorOptions) {
    this.port = port;
    this.hashing = hashing;
    this.guests = guests;
    this.accounts = accounts;
    this.mesh = new MeshWatchers(this, mesh);
    this.admin = admin;
    this.now = now;
    this.cursors = new Cursors(() => port.held());
  }

  /** Connections, and sessions that are held for programs. */
  get size(): number {
    return this.#all.size;
  }

  hello(): Hello {
    const { port } = this;
    return {
      type: 'hello',
      protocol: 1,
      node: port.node,
      network: { id: port.networkId(), name: port.networkName() },
      feed: port.grantFeed(),
      nowMs: this.now(),
      guests: this.guests,
      registration: port.registration(),
      nodes: wireNodes(port),
      spreadMs: this.spreadMs,
    };
  }

  /** The same for all who come within a moment, but for the time. */
  #helloText(): string {
    const nowMs = this.now();
    if (this.#hello === null || nowMs - this.#helloMs >= HELLO_MS) {
      const { nowMs: _, spreadMs: __, ...rest } = this.hello();
      this.#hello = JSON.stringify(rest).slice(1);
      this.#helloMs = nowMs;
    }
    return `{"nowMs":${nowMs},"spreadMs":${this.spreadMs},${this.#hello}`;
  }

  /** Over how long clients spread when this node is lost, in ms. */
  get spreadMs(): number {
    return Math.ceil(this.#all.size * SPREAD_MS_EACH);
  }

  // Connections

  /** `output`: null for a program that is answered and told nothing. `source`: the address it comes from. */
  connect(output: Output | null, source: string): Reader {
    const reader = new Reader(this.port.session(this, source), output, sourceOf(source));
    this.#people ??= this.#present();
    reader.sinceMs = this.now();
    this.#all.set(reader.no, reader);
    output?.send(this.#helloText());
    return reader;
  }

  /** The connection is gone. */
  disconnect(reader: Reader, reason: string): void {
    if (reader.state === 'closed') return;
    this.#leave(reader);
    this.port.command(reader.no, 0, { type: 'close', reason });
  }

  /** Ends a connection; its client is told why, and whether to come back. */
  end(reader: Reader, reason: string, resume: boolean): void {
    if (reader.state === 'closed') return;
    this.disconnect(reader, resume ? '' : reason);
    reader.output?.end({ type: 'bye', reason, resume });
  }

  /** Ends all of them. */
  close(reason: string): void {
    for (const reader of [...this.#all.values()]) this.end(reader, reason, true);
  }

  #leave(reader: Reader): void {
    reader.state = 'closed';
    for (const room of reader.rooms) this.leaveRoom(reader, room);
    for (const partner of reader.partners) take(this.partners, partner, reader);
    if (reader.author) take(this.byAuthor, reader.author, reader);
    this.mesh.unwatch(reader);
    this.#own.delete(reader);
    this.#all.delete(reader.no);
    for (const settle of reader.pending.values()) settle({ type: 'unknown' });
    reader.pending.clear();
    reader.waiting = [];
  }

  /** Tells the time, every SWEEP_MS or oftener. */
  sweep(nowMs: number): void {
    for (const reader of [...this.#all.values()])
      if (reader.output && reader.state === 'new' && nowMs - reader.sinceMs >= UNOPENED_MS_MAX)
        this.end(reader, 'No session was opened.', true);
    this.gate.sweep(nowMs);
    if (nowMs - this.#nodesMs >= NODES_MS) this.#tellNodes(nowMs);
    if (nowMs - this.#atMs >= AT_MS) this.#tellCursors(nowMs);
  }

  /** Readers to whom nothing else is told hear how far the log came. */
  #tellCursors(nowMs: number): void {
    this.#atMs = nowMs;
    for (const reader of this.#all.values())
      if (reader.state === 'open') this.#give(reader, frame('', this.cursors.since(reader.at)), true);
  }

  #tellNodes(nowMs: number): void {
    this.#nodesMs = nowMs;
    const nodes = wireNodes(this.port);
    const known = JSON.stringify(nodes.map(({ rttMs: _, ...node }) => node));
    if (known === this.#nodes) return;
    const isFirst = this.#nodes === '';
    this.#nodes = known;
    if (isFirst) return;
    const item = this.gathering.item({ type: 'nodes', nodes });
    for (const reader of this.#all.values()) this.tell(reader, item);
    this.flush();
  }

  // What the node says

  answer(no: SessionNo, token: number, answer: Answer): void {
    const pending = this.#all.get(no)?.pending;
    const settle = pending?.get(token);
    pending?.delete(token);
    settle?.(answer);
  }

  notices(notices: readonly Notice[], at: ReadonlyVector): void {
    if (notices.length > 0) this.#members.clear();
    takeNotices(this, notices);
    this.cursors.raise(at);
  }

  ended(no: SessionNo, reason: string): void {
    const reader = this.#all.get(no);
    if (!reader) return;
    this.#leave(reader);
    reader.output?.end({ type: 'bye', reason, resume: false });
  }

  copies(no: SessionNo, id: MessageId, held: number, wanted: number): void {
    const reader = this.#all.get(no);
    if (reader) this.tell(reader, this.gathering.item({ type: 'copies', id, held, wanted }));
  }

  /** Everybody is told, also those who have no session yet: they would grant what is gone. */
  incarnated(feed: FeedId): void {
    this.#hello = null;
    const text = frame(JSON.stringify({ type: 'regrant', feed }), '');
    for (const reader of this.#all.values()) reader.output?.send(text);
  }

  /** Writes what was gathered. */
  flush(): void {
    const readers = new Set(this.#own);
    for (const room of this.gathering.rooms) {
      for (const reader of this.readers.get(room) ?? NOBODY) {
        if (room[0] === '!' && !this.port.mayRead(reader.author, room)) continue;
        if (reader.turnRooms) reader.turnRooms.push(room);
        else reader.turnRooms = [room];
        readers.add(reader);
      }
    }
    this.gathering.write(readers, this.cursors, (reader, text) => this.#give(reader, text, true));
    for (const reader of readers) {
      reader.turnRooms = null;
      reader.own = [];
    }
    this.#own.clear();
  }

  #give(reader: Reader, text: string | Uint8Array, isTurn: boolean): void {
    if (reader.state === 'closed' || !reader.output) return;
    if (isTurn) {
      if (reader.at === this.cursors.version && text === EMPTY) return;
      reader.at = this.cursors.version;
    }
    if (!reader.output.send(text)) this.end(reader, 'Too much waited on this connection.', true);
  }

  /** A reply to one reader. */
  reply(reader: Reader, text: string): void {
    this.#give(reader, text, false);
  }

  // What requests and notices use

  /** Asks the node; a session that ends meanwhile does not know what became of it. */
  ask(reader: Reader, command: Command): Promise<Answer> {
    if (reader.state === 'closed') return Promise.resolve({ type: 'unknown' });
    const token = ++this.#tokens;
    const answered = new Promise<Answer>((resolve) => reader.pending.set(token, resolve));
    this.port.command(reader.no, token, command);
    return answered;
  }

  /** Adds to what this turn has for one reader alone. */
  tell(reader: Reader, item: Item): void {
    if (reader.state !== 'open' || !reader.output) return;
    reader.own.push(item);
    this.#own.add(reader);
  }

  members(room: RoomId): readonly AuthorId[] {
    let members = this.#members.get(room);
    if (!members) this.#members.set(room, (members = membersOf(this.port, room)));
    return members;
  }

  /**
   * Somebody as they are now; null where everybody was told of them so. Whoever comes back at another node within the grace was never seen to leave: when thousands do,
   * thousands are not told of each.
   */
  news(author: AuthorId): WirePerson | null {
    const person = wirePerson(this.port, author);
    this.#people ??= new Map();
    if (this.#people.get(author) === looksOf(person)) return null;
    if (person.present) this.#people.set(author, looksOf(person));
    else this.#people.delete(author);
    return person;
  }

  /** Those who are present when the first client comes. */
  #present(): Map<AuthorId, string> {
    const { accounts, guests } = this.port.state;
    const present = [...accounts.keys(), ...guests.keys()].filter((author) => this.port.isPresent(author));
    return new Map(present.map((author) => [author, looksOf(wirePerson(this.port, author))]));
  }

  sessionsOf(author: AuthorId): ReadonlySet<Reader> {
    return this.byAuthor.get(author) ?? NOBODY;
  }

  /** The reader is somebody's from here on. */
  admit(reader: Reader, author: AuthorId): void {
    if (reader.author === author) return;
    if (reader.author) take(this.byAuthor, reader.author, reader);
    reader.author = author;
    put(this.byAuthor, author, reader);
  }

  enterRoom(reader: Reader, room: RoomId): void {
    reader.rooms.add(room);
    if (reader.output) put(this.readers, room, reader);
  }

  leaveRoom(reader: Reader, room: RoomId): void {
    reader.rooms.delete(room);
    take(this.readers, room, reader);
  }

  /** The reader has a direct room with somebody, and hears of them. */
  partner(reader: Reader, author: AuthorId): void {
    if (!reader.output) return;
    reader.partners.add(author);
    put(this.partners, author, reader);
  }

  /** Whether a message sorts before one that was live before; if not, it is the one to compare with. */
  isLate(room: RoomId, place: Place, compare: (a: Place, b: Place) => number): boolean {
    const last = this.#places.get(room);
    if (last && compare(place, last) < 0) return true;
    this.#places.delete(room);
    this.#places.set(room, place);
    if (this.#places.size > PLACES_MAX) this.#places.delete(this.#places.keys().next().value!);
    return false;
  }

  /** All connections with a session. */
  *open(): Generator<Reader> {
    for (const reader of this.#all.values()) if (reader.state === 'open') yield reader;
  }
}

const EMPTY = frame('', '');

/** What of somebody is worth a word to others: not which node they are at. */
function looksOf({ name, present, away, role, account }: WirePerson): string {
  return JSON.stringify([name, present, away, role, account]);
}

function put<K>(map: Map<K, Set<Reader>>, key: K, reader: Reader): void {
  const all = map.get(key);
  if (all) all.add(reader);
  else map.set(key, new Set([reader]));
}

function take<K>(map: Map<K, Set<Reader>>, key: K, reader: Reader): void {
  const all = map.get(key);
  if (all?.delete(reader) && all.size === 0) map.delete(key);
}
