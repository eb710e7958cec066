/** Lines that all readers of a room are sent, and what happens to the room itself. */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import { sendNames } from './commands/names.ts';
import { sendTopic } from './commands/topic.ts';
import type { IrcDoor } from './door.ts';
import { Item } from './item.ts';
import type { Line } from './line.ts';
import type { Room } from './room.ts';
import { roomName } from './room-name.ts';
import { dropOutsiders } from './sanctions.ts';
import type { Session } from './session.ts';
import { doing, joins, NOTHING_TOLD, type Told } from './told.ts';

/** For every reader. */
export function gatherTold(door: IrcDoor, room: Room, told: Told): void {
  if (told !== NOTHING_TOLD) door.gather(room, new Item(null, null, told));
}

export function topicSet(door: IrcDoor, id: RoomId, author: AuthorId, text: string): void {
  const room = door.rooms.get(id);
  if (room) gatherTold(door, room, doing(door.people.of(author), 'TOPIC', room.name, text));
}

/** A private room may have another name: to a client it is another room then. */
export function roomChanged(door: IrcDoor, id: RoomId): void {
  const room = door.rooms.get(id);
  if (!room || id[0] !== '!') return;
  const name = roomName(door.port.state, id);
  if (name === room.name || room.name === `${name.slice(0, name.lastIndexOf('~'))}~${id.slice(1)}`) return;
  dropOutsiders(door, room);
  door.spill(room);
  const before = room.name;
  room.name = name;
  for (const reader of room.readers) {
    door.give(reader, doing(door.people.of(reader.author!), 'PART', before, `This room is called ${name} now`)(reader.caps));
    showRoom(door, reader, room, door.give);
  }
}

/** The session is in the room: who else is, and what it is about. */
export function showRoom(door: IrcDoor, session: Session, room: Room, send: (session: Session, text: Line) => void): void {
  send(session, joins(door.people.of(session.author!), room.name)(session.caps));
  sendTopic(door, session, room.id, false);
  showNames(door, session, room);
}

export function showNames(door: IrcDoor, session: Session, room: Room): void {
  sendNames(door, session, room.name, room.roster, (author) => room.prefixes.get(author) ?? '');
}
