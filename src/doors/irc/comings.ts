/** People come, go and change their names. Nobody is shown to come twice, or to go who was not there; an account is one person, however many sessions it has. */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import { personOf } from '../../core/state.ts';
import { sendBacklog } from './backlog.ts';
import { ACCOUNT_NOTIFY, CHATHISTORY } from './caps.ts';
import type { IrcDoor } from './door.ts';
import type { Person } from './people.ts';
import { prefixChange } from './prefixes.ts';
import type { Room } from './room.ts';
import { roomName } from './room-name.ts';
import { gatherTold, showNames, showRoom } from './room-notices.ts';
import { dropOutsiders } from './sanctions.ts';
import { explainSecondName } from './service-notes.ts';
import type { Session } from './session.ts';
import { doing, isAccount, joins, type Told } from './told.ts';

export function join(door: IrcDoor, id: RoomId, author: AuthorId): void {
  if (door.becoming.has(author) || !mayBeIn(door, id, author)) return;
  const own = door.sessionsOf(author);
  const room = door.rooms.get(id);
  if (room && !room.roster.has(author) && (own.size > 0 || door.port.isPresent(author))) {
    const before = door.people.predecessor(author);
    const cameBack = before !== null && room.roster.delete(before);
    appear(door, room, author, !cameBack);
  }
  for (const session of own) if (!isIn(door, session, id)) enter(door, session, id);
}

export function isIn(door: IrcDoor, session: Session, id: RoomId): boolean {
  const room = door.rooms.get(id);
  return room !== undefined && (session.rooms?.has(room) ?? false);
}

/** Readers are shown somebody; `isNew`: whom they had not been shown under another key. */
function appear(door: IrcDoor, room: Room, author: AuthorId, isNew: boolean): void {
  room.roster.add(author);
  if (isNew) gatherTold(door, room, joins(door.people.of(author), room.name));
  gatherTold(door, room, prefixChange(door, room, author, null));
}

/** A session of this door is in a room from here on; with `withBacklog`, it is sent the last messages, where it does not ask for them itself. */
export function enter(door: IrcDoor, session: Session, id: RoomId, withBacklog = true): Room {
  const author = session.author!;
  const known = door.rooms.get(id);
  if (known) door.spill(known);
  door.releaseAll(session);
  const room = door.enterRoom(session, id, nameFor(door, id));
  room.roster.add(author);
  prefixChange(door, room, author, null);
  showRoom(door, session, room, (one, text) => door.send(one, text));
  if (withBacklog && !session.has(CHATHISTORY)) sendBacklog(door, session, room);
  return room;
}

/** The room's name; where another room that is shown here has it, with all of its id. */
function nameFor({ port, rooms }: IrcDoor, id: RoomId): string {
  const name = roomName(port.state, id);
  if (id[0] !== '!') return name;
  for (const room of rooms.values())
    if (room.id !== id && room.name === name) return `${name.slice(0, name.lastIndexOf('~'))}~${id.slice(1)}`;
  return name;
}

export function part(door: IrcDoor, id: RoomId, author: AuthorId, reason: string): void {
  const room = door.rooms.get(id);
  if (room) leaveWith(door, room, author, doing(door.people.of(author), 'PART', room.name, reason));
}

/** Somebody is in a room no more: the line tells readers, all their sessions among them. */
export function leaveWith(door: IrcDoor, room: Room, author: AuthorId, told: Told): void {
  const wasShown = room.roster.delete(author);
  room.prefixes.delete(author);
  for (const own of [...door.sessionsOf(author)]) {
    if (!own.rooms?.has(room)) continue;
    door.spill(room);
    door.give(own, told(own.caps));
    door.releaseAll(own);
    door.leaveRoom(own, room);
  }
  if (wasShown) gatherTold(door, room, told);
}

/** Rooms in which readers were shown somebody; what was gathered there is given out, so that a line to each reader comes after it. */
export function spilledRoomsOf(door: IrcDoor, author: AuthorId): Room[] {
  const rooms: Room[] = [];
  for (const id of personOf(door.port.state, author)?.rooms ?? []) {
    const room = door.rooms.get(id);
    if (!room?.roster.has(author)) continue;
    if (id[0] === '!') dropOutsiders(door, room);
    door.spill(room);
    rooms.push(room);
  }
  return rooms;
}

export function readersOf(rooms: readonly Room[]): Set<Session> {
  const readers = new Set<Session>();
  for (const room of rooms) for (const reader of room.readers) readers.add(reader);
  return readers;
}

export function rename(door: IrcDoor, author: AuthorId, name: string): void {
  const rooms = spilledRoomsOf(door, author);
  const before = door.people.rename(author, name);
  if (before) tellName(door, author, before, new Set([...readersOf(rooms), ...door.sessionsOf(author)]));
}

function tellName(door: IrcDoor, author: AuthorId, before: Person, readers: ReadonlySet<Session>): void {
  const { nick } = door.people.of(author);
  for (const own of door.sessionsOf(author)) own.nick = nick;
  const named = doing(before, 'NICK', nick);
  for (const reader of readers) door.give(reader, named(reader.caps));
  tellAccount(door, author, readers);
  for (const own of door.sessionsOf(author)) explainSecondName(door, own);
}

/** Those who asked for it are told which account somebody is. */
function tellAccount(door: IrcDoor, author: AuthorId, readers: Iterable<Session>): void {
  const told = isAccount(door.people.of(author));
  for (const reader of readers) if (reader.has(ACCOUNT_NOTIFY)) door.give(reader, told(reader.caps));
}

/** A session of theirs ended, or their node is out of reach. Where another one of an account lives, nobody is told. */
export function quit(door: IrcDoor, author: AuthorId, reason: string): void {
  if (door.port.state.accounts.has(author) && door.port.isPresent(author)) return;
  const person = door.people.of(author);
  const rooms = spilledRoomsOf(door, author);
  for (const room of rooms) {
    room.roster.delete(author);
    room.prefixes.delete(author);
  }
  const cameBack = door.people.isSucceeded(author);
  door.people.forget(author);
  if (cameBack) {
    for (const room of rooms) gatherTold(door, room, doing(person, 'PART', room.name, reason));
    return;
  }
  const gone = doing(person, 'QUIT', reason);
  for (const reader of readersOf(rooms)) if (reader.author !== author) door.give(reader, gone(reader.caps));
}

/** Somebody present again is in the rooms they were in. */
export function back(door: IrcDoor, author: AuthorId): void {
  if (!door.port.isPresent(author)) return;
  for (const id of personOf(door.port.state, author)?.rooms ?? []) {
    const room = door.rooms.get(id);
    if (room && !room.roster.has(author) && isMember(door, id, author)) appear(door, room, author, true);
  }
}

export function isMember(door: IrcDoor, id: RoomId, author: AuthorId): boolean {
  return (door.port.state.rooms.get(id)?.members.get(author)?.value ?? false) && mayBeIn(door, id, author);
}

/** Whether the law lets somebody be there: of a private room the log may have them as a member for longer than that. */
function mayBeIn({ port }: IrcDoor, id: RoomId, author: AuthorId): boolean {
  return id[0] !== '!' || port.mayRead(author, id);
}

/** An account has a session more, or another name, or was deleted; another's name may have made its own a different one. */
export function accountChanged(door: IrcDoor, author: AuthorId): void {
  if (door.becoming.has(author)) return;
  if (!door.port.isPresent(author)) return quit(door, author, 'The account is no more');
  renamed(door, author);
  const base = door.people.nameOf(author).replace(/~\d+$/, '');
  for (let n = 2; ; n++) {
    const other = door.port.presentByName(`${base}~${n}`);
    if (!other) break;
    renamed(door, other);
  }
  back(door, author);
}

function renamed(door: IrcDoor, author: AuthorId): void {
  rename(door, author, door.people.nameOf(author));
}

/**
 * A guest logged in. To those who were shown the guest it is another name, unless they may have been shown the account too: to them the guest leaves. The account's
 * sessions here are in its rooms.
 */
export function identified(door: IrcDoor, guest: AuthorId, by: AuthorId): void {
  door.becoming.delete(by);
  const person = door.people.of(guest);
  const wasThere = door.sessionsOf(by).size > 0 || [...door.rooms.values()].some((room) => room.roster.has(by));
  const rooms = spilledRoomsOf(door, guest);
  const readers = readersOf(rooms);
  const own = [...door.sessionsOf(guest)];
  for (const session of own) become(door, session, guest, by);
  door.people.forget(guest);
  for (const room of rooms) {
    const prefix = room.prefixes.get(guest);
    room.roster.delete(guest);
    room.prefixes.delete(guest);
    if (wasThere) continue;
    room.roster.add(by);
    if (prefix) room.prefixes.set(by, prefix);
  }
  for (const session of own) readers.add(session);
  if (wasThere) {
    const gone = doing(person, 'QUIT', 'Logged in');
    for (const reader of readers) door.give(reader, (own.includes(reader) ? doing(person, 'NICK', reader.nick) : gone)(reader.caps));
    tellAccount(door, by, own);
  } else if (door.people.of(by).nick !== person.nick) tellName(door, by, person, readers);
  else tellAccount(door, by, readers);
  for (const room of rooms) stayOrLeave(door, room, by, own);
  // Their clients had two people of one name for a moment.
  if (wasThere) for (const session of own) for (const room of session.rooms ?? []) showNames(door, session, room);
  back(door, by);
  for (const session of door.sessionsOf(by)) if (!own.includes(session)) enterAll(door, session);
}

/** Another session of the account, which is in the guest's rooms now. */
function enterAll(door: IrcDoor, session: Session): void {
  for (const id of door.port.roomsOf(session.author!)) if (!isIn(door, session, id)) enter(door, session, id);
}

function become(door: IrcDoor, session: Session, guest: AuthorId, by: AuthorId): void {
  door.dismiss(session, guest);
  session.author = by;
  session.isAccount = true;
  session.nick = door.people.of(by).nick;
  door.admit(session, by);
}

/** In a room that the guest was in. */
function stayOrLeave(door: IrcDoor, room: Room, by: AuthorId, own: readonly Session[]): void {
  const person = door.people.of(by);
  if (!isMember(door, room.id, by)) {
    const told = doing(person, 'PART', room.name, 'The account is not in this room');
    if (room.roster.has(by)) return leaveWith(door, room, by, told);
    for (const session of own) {
      if (!session.rooms?.has(room)) continue;
      door.send(session, told(session.caps));
      door.leaveRoom(session, room);
    }
  } else if (!room.roster.has(by)) {
    room.roster.add(by);
    const told = joins(person, room.name);
    for (const reader of room.readers) if (!own.includes(reader)) door.give(reader, told(reader.caps));
  }
  gatherTold(door, room, prefixChange(door, room, by, null));
}

/** Anybody may be of another name, in a room or out of it: what readers were shown is held against what is so now. */
export function refolded(door: IrcDoor): void {
  for (const room of [...door.rooms.values()]) if (room.id[0] === '!') dropOutsiders(door, room);
  const shown = new Set<AuthorId>();
  for (const room of door.rooms.values()) for (const author of room.roster) shown.add(author);
  for (const author of shown) {
    if (!door.port.isPresent(author)) quitAnywhere(door, author);
    else renamed(door, author);
  }
  for (const room of [...door.rooms.values()]) refoldRoom(door, room);
}

function quitAnywhere(door: IrcDoor, author: AuthorId): void {
  const rooms = [...door.rooms.values()].filter((room) => room.roster.delete(author));
  for (const room of rooms) {
    room.prefixes.delete(author);
    door.spill(room);
  }
  const gone = doing(door.people.of(author), 'QUIT', 'No longer here');
  door.people.forget(author);
  for (const reader of readersOf(rooms)) door.give(reader, gone(reader.caps));
}

function refoldRoom(door: IrcDoor, room: Room): void {
  const present = new Set(door.port.present(room.id));
  for (const author of [...room.roster]) {
    if (!present.has(author)) leaveWith(door, room, author, doing(door.people.of(author), 'PART', room.name, 'No longer in this room'));
  }
  for (const author of present) if (!room.roster.has(author)) appear(door, room, author, true);
  for (const author of present) gatherTold(door, room, prefixChange(door, room, author, null));
  if (room.id[0] === '!') dropOutsiders(door, room);
}
