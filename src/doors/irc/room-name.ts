/** Names of rooms as IRC clients are shown them, and rooms by the names that clients type. */

import type { RoomId } from '../../core/ids.ts';
import { publicRoomId } from '../../core/kinds/room.ts';
import type { State } from '../../core/state.ts';
import { ROOM_LENGTH_MAX } from '../../core/text.ts';
import type { IrcDoor } from './door.ts';
import type { Session } from './session.ts';

/** Digits of a private room's id in its name. */
const ID_DIGITS = 8;

export function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a target is a room: `#` for public ones, `&` for private ones. */
export function isRoomName(name: string): boolean {
  return name[0] === '#' || name[0] === '&';
}

/**
 * Of a public room the founder's spelling where clients, which compare by ASCII, take it for the same room as the id; the id otherwise. So the name may change when a
 * healed partition brings an earlier founder, and still no client takes it for another room.
 *
 * Of a private one `&`, its name, `~` and the first digits of its id. The other sign and the digits tell it from every other room without looking at those, so nobody
 * learns from a name what other private rooms there are.
 */
export function roomName(state: State, id: RoomId): string {
  const room = state.rooms.get(id);
  if (id[0] === '!') return `${privateName(room?.settings?.value.name || room?.name?.value || '')}~${id.slice(1, 1 + ID_DIGITS)}`;
  const name = room?.name?.value;
  return name !== undefined && asciiLower(name) === id ? name : id;
}

function privateName(name: string): string {
  // A private room's name may begin with the sign of public ones, as a door made it.
  const letters = [...name.replace(/^#/, '').replace(/[\s,\p{C}]/gu, '_')].slice(0, ROOM_LENGTH_MAX - ID_DIGITS - 2);
  return `&${letters.join('')}`;
}

/** Whether a typed name is one that a private room is shown under. */
export function hasIdDigits(name: string): boolean {
  return /^&.*~[0-9a-f]{8}([0-9a-f]{24})?$/i.test(name);
}

/**
 * The room of a typed name; null where there can be none. Of private rooms only those that the session may read: by the name it is shown under, or by that without
 * the digits where there is just one.
 */
export function findRoom(door: IrcDoor, session: Session, name: string): RoomId | null {
  if (name[0] === '#') return publicRoomId(name);
  if (name[0] !== '&' || session.author === null) return null;
  const typed = asciiLower(name);
  const plain: RoomId[] = [];
  for (const id of door.port.state.rooms.keys()) {
    if (id[0] !== '!' || !door.port.mayRead(session.author, id)) continue;
    const shown = asciiLower(door.rooms.get(id)?.name ?? roomName(door.port.state, id));
    if (shown === typed || typed === `${shown.slice(0, shown.lastIndexOf('~'))}~${id.slice(1)}`) return id;
    if (shown.slice(0, shown.lastIndexOf('~')) === typed) plain.push(id);
  }
  return plain.length === 1 ? plain[0]! : null;
}

/** The room, where it is there and the session may know of it; else the client is told that there is none. */
export function knownRoom(door: IrcDoor, session: Session, name: string): RoomId | null {
  const id = findRoom(door, session, name);
  if (id !== null && door.port.state.rooms.has(id)) return id;
  door.reply(session, '403', name, 'No such channel');
  return null;
}
