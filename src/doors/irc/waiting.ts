/**
 * What waited for an account while it was away: when one of its sessions opens it is in all of the account's rooms, and is sent what was not read there and in direct
 * rooms, page by page, in order, once. What is live meanwhile comes after it (see backlog.ts). Then a mark says that it was read.
 *
 * The next page is read when little waits on the connection, so that nobody's queue overflows with what waited long.
 */

import type { RoomId } from '../../core/ids.ts';
import type { Place } from '../../core/order.ts';
import type { Unread } from '../../core/port.ts';
import type { Message } from '../../core/state.ts';
import { Backlog, dropBacklog } from './backlog.ts';
import { FORM_MASK } from './caps.ts';
import { enter, isIn } from './comings.ts';
import type { IrcDoor } from './door.ts';
import { sendPage } from './history-page.ts';
import { hides } from './item.ts';
import { WAITING_PAGE } from './limits.ts';
import { giveDirect } from './live.ts';
import { mark } from './marks.ts';
import type { Session } from './session.ts';
import { loadWishes } from './wishes.ts';

/** Under what all direct rooms are held. */
export const DIRECT = '@' as RoomId;

/** A session of an account opens. */
export function catchUp(door: IrcDoor, session: Session): void {
  session.isCatchingUp = true;
  const held = new Set<RoomId>();
  for (const id of door.port.roomsOf(session.author!)) {
    if (!isIn(door, session, id)) enter(door, session, id, false);
    if (hold(session, id)) held.add(id);
  }
  hold(session, DIRECT);
  loadWishes(door, session, (wishes) => {
    if (!wishes) fail(door, session, session.nick);
    door.later(session, door.port.unread(session.no), (found) => {
      if (!found && wishes) fail(door, session, session.nick);
      for (const id of held) if (!found?.some(({ room }) => room === id)) release(door, session, id);
      next(door, session, { queue: [...(found ?? [])], held });
    });
  });
}

/** Rooms to be read, and those whose live lines wait for that alone. */
interface Waiting {
  readonly queue: Unread[];
  readonly held: ReadonlySet<RoomId>;
}

/** Holds back what is live; false where a backlog does already, which goes on. */
function hold(session: Session, id: RoomId): boolean {
  session.backlogs ??= new Map();
  if (session.backlogs.get(id)?.held) return false;
  session.backlogs.set(id, new Backlog());
  return true;
}

function fail(door: IrcDoor, session: Session, target: string): void {
  session.mayMark = false;
  door.note(session, target, 'What waited for you cannot be read now; it will come when you log in next.');
}

function next(door: IrcDoor, session: Session, waiting: Waiting): void {
  const first = waiting.queue.shift();
  if (first) return page(door, session, waiting, first, null);
  release(door, session, DIRECT);
  session.isCatchingUp = false;
  mark(door, session);
}

/** Reads on, now or when the client has taken what it was sent. */
function page(door: IrcDoor, session: Session, waiting: Waiting, unread: Unread, after: Place | null): void {
  session.catchUp = () => {
    session.catchUp = null;
    const { room } = unread;
    door.history(session, { type: 'unread', room, by: session.author!, after, limit: WAITING_PAGE }, (found) => {
      const messages = found && 'messages' in found ? found.messages : [];
      if (!found) fail(door, session, session.nick);
      showPage(door, session, unread, messages);
      if (messages.length === WAITING_PAGE) return page(door, session, waiting, unread, messages.at(-1)!.place);
      if (waiting.held.has(room)) release(door, session, room);
      next(door, session, waiting);
    });
  };
  goOn(session);
}

/** Reads the next page of what waited, where little waits on the connection. */
export function goOn(session: Session): void {
  if (session.catchUp && session.state === 'open' && !session.output.isSlow()) session.catchUp();
}

function showPage(door: IrcDoor, session: Session, unread: Unread, messages: readonly Message[]): void {
  const key = unread.with === null ? unread.room : DIRECT;
  const backlog = session.backlogs?.get(key);
  const target = unread.with === null ? door.rooms.get(unread.room)?.name : door.people.of(unread.with).nick;
  if (!backlog?.held || target === undefined) return;
  const unsent = messages.filter(({ id }) => !backlog.wasSent(id));
  if (unsent.length === 0) return;
  backlog.sent(unsent);
  session.isUnmarked = true;
  sendPage(door, session, unsent, target);
}

/** What was live meanwhile. */
function release(door: IrcDoor, session: Session, key: RoomId): void {
  const backlog = session.backlogs?.get(key);
  if (!backlog?.held) return;
  const room = door.rooms.get(key);
  for (const item of backlog.release()) {
    if (hides(session, item)) continue;
    if (key === DIRECT) giveDirect(door, session, item);
    else if (room) door.send(session, door.rendered(room, item, session.caps & FORM_MASK));
  }
  if (backlog.isOver) dropBacklog(session, key);
}
