/**
 * The IRC door: connections of IRC clients on one side, the node on the other. Pure: it is given bytes, answers, notices and the time, and gives
 * chunks to outputs.
 *
 * 1. What a client gets of one turn goes out in one write, and what is the same for many is made once (see room.ts).
 * 2. What people were shown follows the notices alone; the node's state, which is ahead of them, only says how things are when somebody asks.
 * 3. A guest has one session here, an account any number: all are one person, in the same rooms.
 */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { Answer, Command, Door, HistoryPage, HistoryQuery, NodePort, Notice, SessionNo } from '../../core/port.ts';
import type { Hashing } from '../../core/suite.ts';
import { REASON_LENGTH_MAX } from '../../core/text.ts';
import { takeAnswer } from './answers.ts';
import { sweepBacklogs } from './backlog.ts';
import { knowsReplies } from './caps.ts';
import { drain, runLine } from './dispatch.ts';
import { Item } from './item.ts';
import { HELD_MAX, IDLE_MS_MAX, PONG_MS_MAX, REGISTER_MS_MAX } from './limits.ts';
import { formatLine, type Line, NO_LINES } from './line.ts';
import { markBeforeEnd, sweepMarks } from './marks.ts';
import { takeNotices } from './notices.ts';
import { People, serverName } from './people.ts';
import { lookAt } from './prefixes.ts';
import { renderMessage } from './render.ts';
import { echoOf, Room } from './room.ts';
import { dropOutsiders } from './sanctions.ts';
import { type Chunk, type Output, type Pending, Session } from './session.ts';
import { goOn } from './waiting.ts';
import { forgetPost, keepPost } from './writers.ts';

export interface IrcDoorOptions {
  readonly port: NodePort;
  readonly hashing: Hashing;
  /** Whether people without an account are let in. */
  readonly guests: boolean;
  /** Numbers that nobody can guess, as bytes. */
  readonly random: (bytes: number) => Uint8Array;
}

const NOBODY: ReadonlySet<Session> = new Set();

export class IrcDoor implements Door {
  readonly name = 'irc';
  readonly port: NodePort;
  readonly hashing: Hashing;
  readonly guests: boolean;
  readonly random: (bytes: number) => Uint8Array;
  /** The node's name as the source of numerics. */
  readonly server: string;
  readonly people: People;
  /** Rooms with a reader here, but direct ones. */
  readonly rooms = new Map<RoomId, Room>();
  readonly byAuthor = new Map<AuthorId, Set<Session>>();
  /** The two people of direct rooms that messages were shown of, the latest last. */
  readonly directs = new Map<RoomId, readonly [AuthorId, AuthorId]>();
  /** Accounts that guests of this turn become. */
  readonly becoming = new Set<AuthorId>();
  readonly #sessions = new Map<SessionNo, Session>();
  /** Sessions and rooms that this turn has something for. */
  #dirty: Session[] = [];
  #gathering: Room[] = [];
  #tokens = 0;
  #batches = 0;

  constructor({ port, hashing, guests, random }: IrcDoorOptions) {
    this.port = port;
    this.hashing = hashing;
    this.guests = guests;
    this.random = random;
    this.server = serverName(port.node.name);
    this.people = new People(port);
  }

  /** Connections that did not end. */
  get size(): number {
    return this.#sessions.size;
  }

  // Connections

  /** `source`: the address it comes from; empty for none. */
  connect(output: Output, source = ''): Session {
    const session = new Session(this.port.session(this, source), output, source);
    this.#sessions.set(session.no, session);
    return session;
  }

  /** Bytes came in. */
  receive(session: Session, chunk: Uint8Array): void {
    session.heard = true;
    for (const line of session.reader.read(chunk)) {
      if (session.state === 'closed') return;
      runLine(this, session, line);
    }
    this.#write();
  }

  /** The connection is gone; `took` says whether the client had what it was sent, as far as anybody knows. */
  disconnect(session: Session, reason: string, took = true): void {
    if (session.state === 'closed') return;
    if (took) markBeforeEnd(this, session);
    this.#leave(session);
    this.port.command(session.no, 0, { type: 'close', reason: cutReason(reason) });
  }

  /** Ends a connection; the client is told why. */
  end(session: Session, reason: string, took = true): void {
    if (session.state === 'closed') return;
    const { out } = session;
    this.disconnect(session, reason, took);
    this.#lastWords(session, out, reason);
  }

  /** The node ended the session: it is told no more of it. */
  ended(no: SessionNo, reason: string): void {
    const session = this.#sessions.get(no);
    if (!session) return;
    const { out } = session;
    this.#leave(session);
    this.#lastWords(session, out, `Closing link: ${reason}`);
  }

  #lastWords({ output }: Session, out: Chunk[] | null, reason: string): void {
    if (out) output.write(out);
    output.end(formatLine({ tags: '', source: '', command: 'ERROR', params: [reason] }));
  }

  #leave(session: Session): void {
    session.state = 'closed';
    session.out = null;
    for (const room of session.rooms ?? []) this.leaveRoom(session, room);
    if (session.author) this.dismiss(session, session.author);
    this.#sessions.delete(session.no);
  }

  /** Less waits on the connection than did. */
  drained(session: Session): void {
    goOn(session);
    this.#write();
  }

  /** Tells the time, every SWEEP_MS: silent connections are asked for a sign of life, or end. */
  sweep(nowMs: number): void {
    for (const session of this.#sessions.values()) {
      if (session.backlogs) sweepBacklogs(session);
      if (session.isAccount) sweepMarks(this, session, nowMs);
      goOn(session);
      if (session.heardMs < 0) session.heardMs = nowMs;
      const silentMs = nowMs - session.heardMs;
      if (session.state !== 'open') {
        if (silentMs >= REGISTER_MS_MAX) this.end(session, 'Registration took too long');
      } else if (session.heard) {
        session.heard = false;
        session.isPinged = false;
        session.heardMs = nowMs;
      } else if (silentMs >= IDLE_MS_MAX + PONG_MS_MAX) {
        this.end(session, `Ping timeout: ${Math.floor(silentMs / 1000)} seconds`, false);
      } else if (silentMs >= IDLE_MS_MAX && !session.isPinged) {
        session.isPinged = true;
        this.send(session, formatLine({ tags: '', source: '', command: 'PING', params: [this.server] }));
      }
    }
    this.#write();
  }

  /** Ends all connections. */
  close(reason: string): void {
    for (const session of [...this.#sessions.values()]) this.end(session, reason);
  }

  // What the node says

  answer(no: SessionNo, token: number, answer: Answer): void {
    const session = this.#sessions.get(no);
    const pending = session?.pending?.get(token);
    if (!session || !pending) return;
    session.pending!.delete(token);
    forgetPost(session, token);
    takeAnswer(this, session, pending, answer);
  }

  notices(notices: readonly Notice[]): void {
    takeNotices(this, notices);
  }

  flush(): void {
    this.#write();
  }

  // What commands and notices use

  /** Asks the node; the answer is taken by what is pending. */
  ask(session: Session, pending: Pending, command: Command): void {
    const token = ++this.#tokens;
    session.pending ??= new Map();
    session.pending.set(token, pending);
    if (pending.type === 'post') session.posts++;
    if (command.type === 'post' && session.isAccount) keepPost(session, token, command);
    this.port.command(session.no, token, command);
  }

  /** Reads a page, for as long as the session is there; null where it cannot be read. */
  history(session: Session, query: HistoryQuery, take: (page: HistoryPage | null) => void): void {
    this.later(session, this.port.history(session.no, query), take);
  }

  /** Waits for what the node looks for, for as long as the session is there; null where that failed. */
  later<T>(session: Session, asked: Promise<T>, take: (found: T | null) => void): void {
    const done = (found: T | null): void => {
      if (session.state === 'closed') return;
      take(found);
      this.#write();
    };
    asked.then(done, () => done(null));
  }

  /** Asks for what is not a message, a name or a room: `taken` says whether it dealt with the answer. */
  task(session: Session, verb: string, name: string, command: Command, taken: (answer: Answer) => boolean = () => false): void {
    this.ask(session, { type: 'task', verb, name, taken }, command);
  }

  /** While a password is looked at, lines wait. */
  busy(session: Session, isBusy: boolean): void {
    session.busy += isBusy ? 1 : -1;
    if (session.busy === 0) drain(this, session);
  }

  // Whose sessions

  sessionsOf(author: AuthorId): ReadonlySet<Session> {
    return this.byAuthor.get(author) ?? NOBODY;
  }

  admit(session: Session, author: AuthorId): void {
    const all = this.byAuthor.get(author);
    if (all) all.add(session);
    else this.byAuthor.set(author, new Set([session]));
  }

  dismiss(session: Session, author: AuthorId): void {
    const all = this.byAuthor.get(author);
    if (all?.delete(session) && all.size === 0) this.byAuthor.delete(author);
  }

  send(session: Session, chunk: Chunk): void {
    if (session.state === 'closed' || chunk === NO_LINES) return;
    if (session.out) session.out.push(chunk);
    else {
      session.out = [chunk];
      this.#dirty.push(session);
    }
  }

  /** A numeric or another line to the session from the server; the last parameter is the text. */
  reply(session: Session, command: string, ...params: string[]): void {
    const nick = session.state === 'open' ? session.nick : '*';
    this.send(session, formatLine({ tags: '', source: this.server, command, params: [nick, ...params] }));
  }

  /** A line whose form has no place for the client's name. */
  sendPlain(session: Session, command: string, ...params: string[]): void {
    this.send(session, formatLine({ tags: '', source: this.server, command, params }));
  }

  /** A standard reply: what failed, and how a machine calls it; in words to a client that did not ask for such replies. */
  fail(session: Session, command: string, code: string, ...params: string[]): void {
    if (knowsReplies(session.caps, command)) return this.sendPlain(session, 'FAIL', command, code, ...params);
    const about = [command, ...params.slice(0, -1)].filter((word) => word !== '*').join(' ');
    this.note(session, session.state === 'open' ? session.nick : '*', about === '' ? params.at(-1)! : `${about}: ${params.at(-1)!}`);
  }

  /** A word of the server's own to the session. */
  note(session: Session, target: string, text: string): void {
    this.sendPlain(session, 'NOTICE', target, text);
  }

  nextBatch(): string {
    this.#batches += 1;
    return `h${this.#batches}`;
  }

  /** Adds to what the turn brings to a room; of a private one nothing is told to readers who lost the right to it. */
  gather(room: Room, item: Item): void {
    if (room.id[0] === '!') dropOutsiders(this, room);
    if (room.items.length === 0) this.#gathering.push(room);
    room.items.push(item);
  }

  /** Gives what a room gathered to its readers now, so that what comes after it does. */
  spill(room: Room): void {
    room.spill(this.#render, this.give);
  }

  /** Sends what has its place in the log: after the echoes that come before it. */
  readonly give = (session: Session, chunk: Chunk): void => {
    session.isUnmarked = true;
    if (!session.held || chunk === NO_LINES) return this.send(session, chunk);
    session.held.push(chunk);
    if (session.held.length > HELD_MAX) this.end(session, 'SendQ exceeded', false);
  };

  /**
   * A held own message was acknowledged: gives what waits up to it, and after it up to the next own one. Own messages before it that have no echo yet are
   * waited for no longer, as the node acknowledges in the order of the log.
   */
  release(session: Session, item: Item): void {
    const held = session.held!;
    let end = held.indexOf(item) + 1;
    while (end < held.length && !(held[end] instanceof Item)) end++;
    for (const one of held.splice(0, end)) this.#giveHeld(session, one);
    if (held.length === 0) session.held = null;
  }

  /** Gives all that waits for echoes, which then come when they come: where the session enters or leaves a room, or none will come. */
  releaseAll(session: Session): void {
    const held = session.held ?? [];
    session.held = null;
    for (const one of held) this.#giveHeld(session, one);
  }

  #giveHeld(session: Session, one: Chunk | Item): void {
    if (!(one instanceof Item)) this.send(session, one);
    else if (one.copies !== null) this.send(session, this.#echo(one));
  }

  #echo(item: Item): Line {
    const room = this.rooms.get(item.message!.room);
    return room ? echoOf(this.#render, room, item) : NO_LINES;
  }

  readonly #render = (room: Room, item: Item, caps: number, copies: string): Line => {
    if (item.told) return item.told(caps);
    const message = item.message!;
    return renderMessage(message, caps, { by: this.people.authorOf(message), target: room.name, batch: '', copies, isPast: false });
  };

  /** A live item for one reader. */
  rendered(room: Room, item: Item, form: number): Line {
    return (item.lines[form] ??= this.#render(room, item, form, ''));
  }

  enterRoom(session: Session, id: RoomId, name: string): Room {
    let room = this.rooms.get(id);
    if (!room) {
      room = new Room(id, name);
      for (const author of this.port.present(id)) room.roster.add(author);
      lookAt(this, room);
      this.rooms.set(id, room);
    }
    room.readers.add(session);
    session.rooms ??= new Set();
    session.rooms.add(room);
    return room;
  }

  leaveRoom(session: Session, room: Room): void {
    room.readers.delete(session);
    session.rooms?.delete(room);
    session.backlogs?.delete(room.id);
    if (room.readers.size === 0) this.rooms.delete(room.id);
  }

  #write(): void {
    if (this.#gathering.length > 0) {
      const rooms = this.#gathering;
      this.#gathering = [];
      for (const room of rooms) this.spill(room);
    }
    const dirty = this.#dirty;
    if (dirty.length === 0) return;
    this.#dirty = [];
    for (const session of dirty) {
      const out = session.out;
      session.out = null;
      if (out && !session.output.write(out)) this.end(session, 'SendQ exceeded', false);
      else if (session.backlogs) this.#endIfHeldUp(session);
    }
  }

  #endIfHeldUp(session: Session): void {
    for (const backlog of session.backlogs!.values()) if (backlog.isFull) return this.end(session, 'SendQ exceeded', false);
  }
}

function cutReason(reason: string): string {
  const letters = [...reason.replace(/[\0\r\n]/g, ' ')];
  let cut = '';
  for (const letter of letters) {
    if (cut.length + letter.length > REASON_LENGTH_MAX) break;
    cut += letter;
  }
  return cut;
}
