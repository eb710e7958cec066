/** What is shown before the names of those who have a say in a room: `~` of its owners, `@` of moderators, and of the network's owners and moderators everywhere. */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { NodePort } from '../../core/port.ts';
import type { IrcDoor } from './door.ts';
import type { Person } from './people.ts';
import type { Prefix, Room } from './room.ts';
import { NOTHING_TOLD, type Told, told } from './told.ts';

const LETTERS = { '~': 'q', '@': 'o' } as const;

export function prefixOf(port: NodePort, room: RoomId, author: AuthorId): Prefix {
  const power = port.power(author, room);
  if (power === 3 || (power === 4 && port.roles(room).get(author) === 'owner')) return '~';
  return power >= 2 ? '@' : '';
}

/** Readers are about to be shown the room as it is now. */
export function lookAt(door: IrcDoor, room: Room): void {
  for (const author of room.roster) keepPrefix(room, author, prefixOf(door.port, room.id, author));
  for (const sanction of door.port.sanctions(room.id)) room.sanctions.set(sanction.id, sanction);
}

function keepPrefix(room: Room, author: AuthorId, prefix: Prefix): void {
  if (prefix === '') room.prefixes.delete(author);
  else room.prefixes.set(author, prefix);
}

/** Somebody has more or less of a say than readers were shown: the MODE that tells them, by a person or the server; nothing where nothing changed. */
export function prefixChange(door: IrcDoor, room: Room, author: AuthorId, by: Person | null): Told {
  const before = room.prefixes.get(author) ?? '';
  const after = prefixOf(door.port, room.id, author);
  if (before === after) return NOTHING_TOLD;
  keepPrefix(room, author, after);
  const modes = (before ? `-${LETTERS[before]}` : '') + (after ? `+${LETTERS[after]}` : '');
  const { nick } = door.people.of(author);
  const nicks = before && after ? [nick, nick] : [nick];
  return told(by, door.server, 'MODE', room.name, modes, ...nicks);
}
