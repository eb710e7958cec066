/** What the node tells of, shown to those whom it concerns. Nobody is shown to come twice, or to go who was not there. */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { Notice } from '../../core/port.ts';
import type { Message } from '../../core/state.ts';
import { sendBacklog } from './backlog.ts';
import { CHATHISTORY, ECHO_MESSAGE, FORM_MASK } from './caps.ts';
import { sendNames } from './commands/names.ts';
import { sendTopic } from './commands/topic.ts';
import type { IrcDoor } from './door.ts';
import { Item } from './item.ts';
import { formatLine, type Line } from './line.ts';
import { renderMessage } from './render.ts';
import type { Room } from './room.ts';
import { roomName } from './room-name.ts';
import type { Session } from './session.ts';

export function takeNotice(door: IrcDoor, notice: Notice): void {
  switch (notice.type) {
    case 'repeated':
      if (!notice.showsAlone) return;
      return takeNotice(door, { type: 'message', message: notice.message });
    case 'message':
      return notice.message.to === null ? roomMessage(door, notice.message) : directMessage(door, notice.message, notice.message.to);
    case 'join':
      return join(door, notice.room, notice.author);
    case 'part':
      return part(door, notice.room, notice.author, notice.reason);
    case 'topic':
      return topic(door, notice.room, notice.author, notice.text);
    case 'rename':
      return rename(door, notice.author, notice.name);
    case 'end':
      return quit(door, notice.author, notice.reason);
    case 'succeeded':
      return door.people.succeed(notice.author, notice.by);
    case 'gone':
      return quit(door, notice.author, `lost touch with ${door.port.state.nodes.get(notice.node)?.name ?? notice.node.slice(0, 8)}`);
    case 'guest':
    case 'back':
      return back(door, notice.author);
    default:
      return;
  }
}

function roomMessage(door: IrcDoor, message: Message): void {
  const room = door.rooms.get(message.room);
  if (message.payload === null || message.nick !== null) return;
  const by = door.byAuthor.get(message.author) ?? null;
  if (!room && !by) return;
  const item = new Item(message, by, []);
  if (room) door.gather(room, item);
  else item.isGathered = false;
  if (by) keepForEcho(by, item);
}

function keepForEcho(by: Session, item: Item): void {
  if (!by.has(ECHO_MESSAGE) || by.posts === 0) return;
  by.unacked ??= new Map();
  by.unacked.set(item.message!.id, item);
}

function directMessage(door: IrcDoor, message: Message, to: AuthorId): void {
  const reader = door.byAuthor.get(to);
  if (reader) {
    const { source } = door.people.authorOf(message);
    door.send(
      reader,
      renderMessage(message, reader.caps & FORM_MASK, { source, target: reader.nick, batch: '', copies: '', isPast: false }),
    );
  }
  const by = door.byAuthor.get(message.author);
  if (!by) return;
  const item = new Item(message, by, []);
  item.isGathered = false;
  keepForEcho(by, item);
}

function line(source: string, command: string, ...params: string[]): Line {
  return formatLine({ tags: '', source, command, params });
}

function gatherLine(door: IrcDoor, room: Room, text: Line): void {
  door.gather(room, new Item(null, null, [text, text, text, text]));
}

function join(door: IrcDoor, id: RoomId, author: AuthorId): void {
  const own = door.byAuthor.get(author);
  const room = door.rooms.get(id);
  if (room && !room.roster.has(author) && (own || door.port.isPresent(author))) {
    const before = door.people.predecessor(author);
    const cameBack = before !== null && room.roster.delete(before);
    room.roster.add(author);
    if (!cameBack) gatherLine(door, room, line(door.people.of(author).source, 'JOIN', room.name));
  }
  if (own && !(room && own.rooms?.has(room))) enter(door, own, id, author);
}

/** A session of this door is in a room from here on. */
export function enter(door: IrcDoor, session: Session, id: RoomId, author: AuthorId): void {
  const known = door.rooms.get(id);
  if (known) door.spill(known);
  door.releaseAll(session);
  const room = door.enterRoom(session, id, roomName(door.port.state, id));
  room.roster.add(author);
  door.send(session, line(door.people.of(author).source, 'JOIN', room.name));
  sendTopic(door, session, id, false);
  sendNames(door, session, room.name, room.roster);
  if (!session.has(CHATHISTORY)) sendBacklog(door, session, room);
}

function part(door: IrcDoor, id: RoomId, author: AuthorId, reason: string): void {
  const room = door.rooms.get(id);
  if (!room?.roster.delete(author)) return;
  const { source } = door.people.of(author);
  gatherLine(door, room, line(source, 'PART', room.name, reason));
  const own = door.byAuthor.get(author);
  if (!own?.rooms?.has(room)) return;
  door.spill(room);
  door.releaseAll(own);
  door.leaveRoom(own, room);
}

function topic(door: IrcDoor, id: RoomId, author: AuthorId, text: string): void {
  const room = door.rooms.get(id);
  if (room) gatherLine(door, room, line(door.people.of(author).source, 'TOPIC', room.name, text));
}

/** Rooms in which readers were shown somebody; what was gathered there is given out, so that a line to each reader comes after it. */
function spilledRoomsOf(door: IrcDoor, author: AuthorId): Room[] {
  const rooms: Room[] = [];
  for (const id of door.port.state.guests.get(author)?.rooms ?? []) {
    const room = door.rooms.get(id);
    if (!room?.roster.has(author)) continue;
    door.spill(room);
    rooms.push(room);
  }
  return rooms;
}

function readersOf(rooms: readonly Room[]): Set<Session> {
  const readers = new Set<Session>();
  for (const room of rooms) for (const reader of room.readers) readers.add(reader);
  return readers;
}

function rename(door: IrcDoor, author: AuthorId, name: string): void {
  const own = door.byAuthor.get(author);
  const rooms = spilledRoomsOf(door, author);
  const before = door.people.rename(author, name);
  if (!before) return;
  const readers = readersOf(rooms);
  const { nick } = door.people.of(author);
  if (own) {
    own.nick = nick;
    readers.add(own);
  }
  for (const reader of readers) door.give(reader, line(before.source, 'NICK', nick));
}

function quit(door: IrcDoor, author: AuthorId, reason: string): void {
  const { source } = door.people.of(author);
  const rooms = spilledRoomsOf(door, author);
  for (const room of rooms) room.roster.delete(author);
  const cameBack = door.people.isSucceeded(author);
  door.people.forget(author);
  if (cameBack) {
    for (const room of rooms) gatherLine(door, room, line(source, 'PART', room.name, reason));
    return;
  }
  for (const reader of readersOf(rooms)) door.give(reader, line(source, 'QUIT', reason));
}

/** Somebody present again is in the rooms they were in. */
function back(door: IrcDoor, author: AuthorId): void {
  if (!door.port.isPresent(author)) return;
  for (const id of door.port.state.guests.get(author)?.rooms ?? []) {
    const room = door.rooms.get(id);
    if (!room || room.roster.has(author) || !door.port.state.rooms.get(id)?.members.get(author)?.value) continue;
    room.roster.add(author);
    gatherLine(door, room, line(door.people.of(author).source, 'JOIN', room.name));
  }
}
