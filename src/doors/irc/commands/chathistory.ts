/** CHATHISTORY (IRCv3 draft): pages of a room's history, or of that of a direct room, for its two people. */

import { directRoomId, isHexOf, type MessageId, type RoomId } from '../../../core/ids.ts';
import type { Anchor, HistoryQuery } from '../../../core/port.ts';
import type { IrcDoor } from '../door.ts';
import { sendPage } from '../history-page.ts';
import { CHATHISTORY_MAX, HISTORY_WAITING_MAX, MESSAGE_ID_BYTES } from '../limits.ts';
import { findPerson } from '../post.ts';
import { findRoom, isRoomName, roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import { parseTime } from '../timestamp.ts';
import type { IrcCommand } from './command.ts';

const NAME = 'CHATHISTORY';

interface Place {
  readonly room: RoomId;
  /** What the client is shown as the target. */
  readonly target: string;
}

function placeOf(door: IrcDoor, session: Session, target: string): Place | null {
  if (isRoomName(target)) {
    const room = findRoom(door, session, target);
    return room !== null && door.port.state.rooms.has(room)
      ? { room, target: door.rooms.get(room)?.name ?? roomName(door.port.state, room) }
      : null;
  }
  const other = findPerson(door, target);
  return other && { room: directRoomId(door.hashing, session.author!, other), target: door.people.of(other).nick };
}

/** `msgid=` and `timestamp=`; null for anything else. */
function anchorOf(text: string): Anchor | null {
  if (text.startsWith('msgid=')) {
    const id = text.slice(6);
    return isHexOf(id, MESSAGE_ID_BYTES) ? { id: id as MessageId } : null;
  }
  const atMs = text.startsWith('timestamp=') ? parseTime(text.slice(10)) : null;
  return atMs === null ? null : { atMs };
}

function queryOf(session: Session, subcommand: string, room: RoomId, anchor: Anchor | null, limit: number): HistoryQuery | null {
  switch (subcommand) {
    case 'LATEST':
      return { type: 'latest', room, after: anchor, limit };
    case 'BEFORE':
      return anchor && { type: 'before', room, anchor, limit };
    case 'AFTER': {
      const late = !(anchor && 'id' in anchor && session.pageEnds?.get(room) === anchor.id);
      return anchor && { type: 'after', room, anchor, late, limit };
    }
    default:
      return null;
  }
}

function ask(door: IrcDoor, session: Session, subcommand: string, { room, target }: Place, query: HistoryQuery): void {
  if (session.historyWaiting >= HISTORY_WAITING_MAX)
    return door.fail(session, NAME, 'TRY_AGAIN', subcommand, target, 'Too many requests wait; try again in 1 s');
  session.historyWaiting++;
  door.history(session, query, (page) => {
    session.historyWaiting--;
    if (!page) return door.fail(session, NAME, 'MESSAGE_ERROR', subcommand, target, 'The history cannot be read now; try again in 1 s');
    if ('fault' in page) return door.fail(session, NAME, 'MESSAGE_ERROR', subcommand, target, 'There is no message of that id here');
    const last = page.messages.at(-1);
    if (query.type === 'after' && last) {
      session.pageEnds ??= new Map();
      session.pageEnds.set(room, last.id);
    }
    sendPage(door, session, page.messages, target);
  });
}

export const chathistory: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    const subcommand = params[0]!.toUpperCase();
    const [, target, reference, count] = params;
    const invalid = (text: string): void => door.fail(session, NAME, 'INVALID_PARAMS', subcommand, text);
    if (!['LATEST', 'BEFORE', 'AFTER'].includes(subcommand)) return invalid('Only LATEST, BEFORE and AFTER are known here');
    if (target === undefined || reference === undefined || count === undefined) return invalid('Insufficient parameters');
    const limit = Number(count);
    if (!Number.isInteger(limit) || limit < 1) return invalid('The limit has to be a whole number above 0');
    const anchor = reference === '*' && subcommand === 'LATEST' ? null : anchorOf(reference);
    if (anchor === null && !(reference === '*' && subcommand === 'LATEST'))
      return invalid('The reference has to be msgid=ID or timestamp=YYYY-MM-DDThh:mm:ss.sssZ');
    const place = placeOf(door, session, target);
    if (!place) return door.fail(session, NAME, 'INVALID_TARGET', subcommand, target, 'No such room or person');
    const query = queryOf(session, subcommand, place.room, anchor, Math.min(limit, CHATHISTORY_MAX));
    if (query) ask(door, session, subcommand, place, query);
  },
};
