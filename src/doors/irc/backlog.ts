/**
 * What a client without chathistory is shown when it joins: the last messages of the room, then all that came since, nothing twice.
 *
 * Live messages are held while the page is read. The page may have messages whose notice is yet to come; they are not shown again. That is over at the
 * first message that sorts after the page and is not in it: notices come in the order of the log, so those of all in the page came before.
 * Comings and goings are not held, so that they stay in their order for each client, also with those that concern several rooms.
 */

import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import { comparePlaces, type Place } from '../../core/order.ts';
import type { Message } from '../../core/state.ts';
import { FORM_MASK } from './caps.ts';
import type { IrcDoor } from './door.ts';
import { sendPage } from './history-page.ts';
import { hides, type Item } from './item.ts';
import { BACKLOG_MESSAGES, HELD_ITEMS_MAX } from './limits.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

export class Backlog {
  /** Null once the page is sent. */
  held: Item[] | null = [];
  readonly #ids = new Set<MessageId>();
  #last: Place | null = null;
  isOver = false;
  /** Looked at by a sweep since the page was sent. */
  isOld = false;

  get isFull(): boolean {
    return this.held !== null && this.held.length > HELD_ITEMS_MAX;
  }

  /** Whether a live item is to be sent now; keeps it, where it has to wait. */
  lets(item: Item): boolean {
    if (!item.message && !item.hangs) return true;
    if (this.held) {
      this.held.push(item);
      return false;
    }
    if (!item.message) return true;
    if (this.#ids.has(item.message.id)) return false;
    if (comparePlaces(item.message.place, this.#last!) > 0) this.isOver = true;
    return true;
  }

  /** A page was read and sent. */
  sent(page: readonly Message[]): void {
    for (const { id, place } of page) {
      this.#ids.add(id);
      if (this.#last === null || comparePlaces(place, this.#last) > 0) this.#last = place;
    }
  }

  wasSent(id: MessageId): boolean {
    return this.#ids.has(id);
  }

  /** All pages were sent: what was held and is to be sent after them. */
  release(): Item[] {
    const held = this.held!;
    this.held = null;
    this.isOver = this.#last === null;
    return held.filter(({ message }) => message === null || !this.#ids.has(message.id));
  }
}

/** Reads the backlog of a room that the session entered, and sends it. */
export function sendBacklog(door: IrcDoor, session: Session, room: Room): void {
  const backlog = new Backlog();
  session.backlogs ??= new Map();
  session.backlogs.set(room.id, backlog);
  door.history(session, { type: 'latest', room: room.id, after: null, limit: BACKLOG_MESSAGES }, (page) => {
    if (session.backlogs?.get(room.id) !== backlog) return;
    const messages = page && 'messages' in page ? page.messages : [];
    if (!page) door.note(session, room.name, 'The earlier messages of this room cannot be read now.');
    const shown = messages.filter((message) => !backlog.wasSent(message.id) && !isSinceJoin(door, room.id, session.author!, message));
    if (shown.length > 0) sendPage(door, session, shown, room.name);
    backlog.sent(messages);
    for (const item of backlog.release())
      if (!hides(session, item)) door.send(session, door.rendered(room, item, session.caps & FORM_MASK));
    if (backlog.isOver) dropBacklog(session, room.id);
  });
}

/** The client wrote it after it joined, so it shows it by itself, or when its echo comes. */
function isSinceJoin(door: IrcDoor, room: RoomId, author: AuthorId, message: Message): boolean {
  const joined = door.port.state.rooms.get(room)?.members.get(author)?.at;
  return message.author === author && joined !== undefined && comparePlaces(message.place, joined) > 0;
}

export function dropBacklog(session: Session, room: RoomId): void {
  session.backlogs?.delete(room);
  if (session.backlogs?.size === 0) session.backlogs = null;
}

/** A look from time to time: what a backlog remembers of its page is forgotten after a whole period. */
export function sweepBacklogs(session: Session): void {
  for (const [room, backlog] of session.backlogs ?? []) {
    if (backlog.held) continue;
    if (backlog.isOld) dropBacklog(session, room);
    backlog.isOld = true;
  }
}
