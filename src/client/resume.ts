/**
 * Taking in what was missed, and staying whole: which rooms were caught up on this connection, how far each was shown, and what is to be refreshed.
 *
 * Each room has a cursor of its own; those that were shown alike share one. On a connection, a room is *caught up* when all that the node holds beyond its cursor was
 * taken; from then on turns raise it. Until then what comes live for it waits, so that nothing shows before what it follows. A node may hold less than the client was
 * shown (it is *behind*): what is kept stays, and is not refreshed until the node has caught up, or a while has passed.
 */

import type { Answers, Cursor, Event, Opened, Request, Turn, WireMessage, WirePlace } from '../api/protocol.ts';
import { REFRESH_MAX } from '../api/protocol.ts';
import type { MessageId, RoomId } from '../core/ids.ts';
import { common, covers, joined, NOTHING } from './cursor.ts';
import type { Host } from './host.ts';

/** Rooms that are caught up at a time. */
const AT_A_TIME = 4;

export class Resume {
  readonly #host: Host;
  readonly #cursors = new Map<RoomId, Cursor>();
  /** What the node holds, as far as it was told. */
  #at: Cursor = NOTHING;
  /** What its counts of unread messages cover. */
  #counted: Cursor = NOTHING;
  readonly #caughtUp = new Set<RoomId>();
  readonly #held = new Map<RoomId, WireMessage[]>();
  #jobs: readonly RoomId[] = [];
  /** Waiting to be caught up, or being so. */
  readonly #busy = new Set<RoomId>();
  #running = 0;
  /** Counts connections, so that answers of earlier ones change nothing. */
  #connection = 0;
  readonly #stale = new Map<RoomId, MessageId[]>();
  #isRefreshing = false;
  #refreshMs: number | null = null;
  #asksRooms = false;

  constructor(host: Host) {
    this.#host = host;
  }

  cursor(room: RoomId): Cursor {
    return this.#cursors.get(room) ?? NOTHING;
  }

  restore(room: RoomId, cursor: Cursor): void {
    this.#cursors.set(room, cursor);
  }

  get cursors(): ReadonlyMap<RoomId, Cursor> {
    return this.#cursors;
  }

  isCaughtUp(room: RoomId): boolean {
    return this.#caughtUp.has(room);
  }

  /** All rooms are caught up. */
  get isDone(): boolean {
    return this.#jobs.length === 0 && this.#running === 0;
  }

  /** Whether the node does not hold all that the client was shown. */
  get isBehind(): boolean {
    for (const cursor of new Set(this.#cursors.values())) if (!covers(this.#at, cursor)) return true;
    return false;
  }

  /** The connection is gone, and what was under way with it. */
  end(): void {
    this.#connection++;
    this.#caughtUp.clear();
    this.#held.clear();
    this.#stale.clear();
    this.#jobs = [];
    this.#busy.clear();
    this.#running = 0;
    this.#isRefreshing = false;
    this.#refreshMs = null;
    this.#asksRooms = false;
  }

  /** A session is open at a node. */
  start({ at, rooms }: Opened, monoMs: number): void {
    this.#at = at;
    this.#counted = at;
    for (const room of rooms) if (room.joined || room.kind === 'direct') this.#begin(room.id);
    for (const { id } of rooms) if (this.#cursors.has(id)) this.#refreshAll(id, monoMs);
  }

  #begin(room: RoomId): void {
    if (this.#caughtUp.has(room) || this.#busy.has(room)) return;
    this.#busy.add(room);
    this.#jobs = [...this.#jobs, room];
    this.#work();
  }

  /** Asks for what is to be asked for next. */
  #work(): void {
    while (this.#running < AT_A_TIME && this.#jobs.length > 0) {
      const [room, ...rest] = this.#jobs;
      this.#jobs = rest;
      this.#running++;
      const known = this.#host.state.rooms.get(room!);
      // What was read of a room before it was joined is read again from its first on, so that there is no gap.
      const loaded = known?.timeline.items[0];
      // A direct room is told of from its first message on: a new one began after what was shown so far.
      if (!loaded && known?.room.kind === 'direct' && !this.#cursors.has(room!) && this.#cursors.size > 0)
        this.#cursors.set(room!, common(this.#cursors.values()));
      if (this.#cursors.has(room!)) this.#missed(room!, null);
      else if (loaded) this.#missed(room!, loaded.place);
      else this.#first(room!);
    }
  }

  #ask<D extends keyof Answers>(request: Request & { readonly do: D }, then: (value: Answers[D] | null) => void): void {
    const connection = this.#connection;
    this.#host.ask(request, (ending) => {
      if (connection !== this.#connection || ending.type === 'lost') return;
      then(ending.type === 'ok' ? (ending.value as Answers[D]) : null);
    });
  }

  /** The end of a room that nothing was shown of. */
  #first(room: RoomId): void {
    const { firstPage: limit } = this.#host.limits;
    this.#ask({ do: 'page', room, limit }, (page) => {
      // What came meanwhile is news.
      const held = new Set(this.#held.get(room)?.map(({ id }) => id));
      const messages = page?.messages.filter(({ id }) => !held.has(id)) ?? [];
      if (page) this.#host.reduce({ type: 'page', room, messages, isEnd: !page.more });
      this.#done(room, page !== null);
    });
  }

  #missed(room: RoomId, after: WirePlace | null): void {
    const { page: limit } = this.#host.limits;
    this.#ask({ do: 'beyond', room, cursor: this.cursor(room), ...(after && { after }), limit }, (page) => {
      if (!page) return this.#done(room, false);
      this.#take(room, page.messages);
      // The last ones may be of people who are not shown.
      const next = page.next ?? page.messages.at(-1)?.place;
      if (!page.more || !next) return this.#done(room, true);
      this.#missed(room, next);
    });
  }

  #take(room: RoomId, messages: readonly WireMessage[]): void {
    if (messages.length === 0) return;
    const isCounted = this.#host.state.view.me?.account === true && this.#host.state.rooms.get(room)?.room.unread !== undefined;
    this.#host.reduce({ type: 'missed', room, messages, counted: isCounted ? this.#counted : null });
  }

  #done(room: RoomId, isWhole: boolean): void {
    this.#running--;
    this.#busy.delete(room);
    const held = this.#held.get(room) ?? [];
    this.#held.delete(room);
    this.#take(room, held);
    const known = this.#host.state.rooms.get(room)?.room;
    // A room that could not be read is asked for again at the next connection.
    if (isWhole && known && (known.joined || known.kind === 'direct')) {
      this.#caughtUp.add(room);
      this.#cursors.set(room, joined(this.cursor(room), this.#at));
    }
    this.#host.touched(room);
    this.#work();
  }

  /** Takes a turn, but for what has to wait. */
  turn(turn: Turn, monoMs: number): void {
    const events = turn.events.filter((event) => !this.#waits(event));
    if (events.length > 0) this.#host.reduce({ type: 'turn', turn: { type: 'turn', events } });
    for (const event of turn.events) this.#heard(event, monoMs);
    if (turn.at) this.#raise(turn.at);
  }

  #waits(event: Event): boolean {
    if (event.type !== 'message') return false;
    const { message } = event;
    const { room } = message;
    if (this.#caughtUp.has(room)) return false;
    this.#held.set(room, [...(this.#held.get(room) ?? []), message]);
    if (this.#host.state.rooms.has(room)) this.#begin(room);
    else this.#askRooms();
    return true;
  }

  #heard(event: Event, monoMs: number): void {
    if (event.type === 'refolded') {
      this.#askRooms();
      for (const room of this.#host.state.rooms.keys()) this.#refreshAll(room, monoMs);
    }
    if (event.type !== 'room') return;
    if (event.is && (event.is.joined || event.is.kind === 'direct')) this.#begin(event.room);
    else this.forget(event.room, event.is === null);
  }

  /** The room is not the client's any more; its messages may be missed from here on. */
  forget(room: RoomId, isGone: boolean): void {
    this.#caughtUp.delete(room);
    this.#held.delete(room);
    if (isGone) this.#cursors.delete(room);
    this.#host.touched(room);
  }

  /** A room was joined. */
  join(room: RoomId): void {
    this.#begin(room);
  }

  #askRooms(): void {
    if (this.#asksRooms) return;
    this.#asksRooms = true;
    this.#ask({ do: 'rooms' }, (answer) => {
      this.#asksRooms = false;
      if (!answer) return;
      this.#host.reduce({ type: 'rooms', rooms: answer.rooms });
      const ids = new Set(answer.rooms.map(({ id }) => id));
      for (const { id, joined: isIn, kind } of answer.rooms) if (isIn || kind === 'direct') this.#begin(id);
      for (const [id, { room }] of [...this.#host.state.rooms]) {
        if (ids.has(id) || room.kind === 'direct') continue;
        this.forget(id, true);
        this.#host.reduce({ type: 'forget room', room: id });
      }
    });
  }

  #raise(at: Cursor): void {
    this.#at = joined(this.#at, at);
    const raised = new Map<Cursor, Cursor>();
    for (const room of this.#caughtUp) {
      const before = this.cursor(room);
      const after = raised.get(before) ?? joined(before, at);
      raised.set(before, after);
      if (after !== before) this.#cursors.set(room, after);
    }
  }

  // Refreshing

  #refreshAll(room: RoomId, monoMs: number): void {
    const timeline = this.#host.state.rooms.get(room)?.timeline;
    if (!timeline || timeline.items.length + timeline.aside.length === 0) return;
    this.#stale.set(
      room,
      [...timeline.aside, ...timeline.items].map(({ id }) => id),
    );
    this.#refreshMs ??= monoMs + (this.isBehind ? this.#host.limits.behindMs : 0);
  }

  /** When to look again whether to refresh; null for nothing to do. */
  get wakeMs(): number | null {
    return this.#isRefreshing || !this.isDone ? null : this.#refreshMs;
  }

  /** Refreshes what is kept, a page at a time, newest first, when the node holds what the client was shown. */
  refresh(monoMs: number): void {
    if (this.#isRefreshing || this.#refreshMs === null || !this.isDone) return;
    if (monoMs < this.#refreshMs && this.isBehind) return;
    const next = this.#nextStale();
    if (!next) {
      this.#refreshMs = null;
      return;
    }
    const [room, ids] = next;
    const at = this.#at;
    this.#isRefreshing = true;
    this.#ask({ do: 'refresh', room, ids }, (answer) => {
      this.#isRefreshing = false;
      if (!answer) return;
      this.#host.reduce({ type: 'refreshed', room, asked: ids, messages: answer.messages, at });
      this.#host.touched(room);
    });
  }

  #nextStale(): readonly [RoomId, readonly MessageId[]] | null {
    const { open } = this.#host.state.view;
    const room = open !== null && this.#stale.has(open) ? open : this.#stale.keys().next().value;
    if (room === undefined) return null;
    const ids = this.#stale.get(room)!;
    const page = ids.splice(-REFRESH_MAX);
    if (ids.length === 0) this.#stale.delete(room);
    return [room, page];
  }
}
