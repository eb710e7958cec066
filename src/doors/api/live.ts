/** What the node tells of, as events for those whom it concerns. */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { LawOp } from '../../core/law/body.ts';
import { comparePlaces } from '../../core/order.ts';
import type { Notice } from '../../core/port.ts';
import { type Message, personOf, type Wish } from '../../core/state.ts';
import type { ApiDoor } from './door.ts';
import type { Reader } from './reader.ts';
import { freshMessage, wirePerson, wireRoom } from './render.ts';
import { loadWishes, wishesEvent } from './wishes.ts';

export function takeNotices(door: ApiDoor, notices: readonly Notice[]): void {
  for (const notice of notices) takeNotice(door, notice);
}

function takeNotice(door: ApiDoor, notice: Notice): void {
  switch (notice.type) {
    case 'message':
      return message(door, notice.message);
    case 'repeated':
      // Where it stood before, it may stand earlier now.
      return notice.showsAlone ? message(door, notice.message) : door.changed.add(notice.message.id, notice.message.room);
    case 'edit':
    case 'reaction':
    case 'pin':
      return door.changed.add(notice.about.target, notice.about.room);
    case 'remove':
      return door.changed.add(notice.target, notice.removal.room);
    case 'retain':
      return retained(door, notice.retention.room);
    case 'join':
      return moved(door, 'join', notice.room, notice.author, '');
    case 'part':
      return moved(door, 'part', notice.room, notice.author, notice.reason);
    case 'topic':
    case 'room':
      return roomChanged(door, notice.room);
    case 'guest':
    case 'rename':
    case 'end':
    case 'gone':
    case 'back':
    case 'away':
      return personChanged(door, notice.author);
    case 'account':
      personChanged(door, notice.author);
      return syncRooms(door, notice.author);
    case 'identified':
      personChanged(door, notice.author);
      return identified(door, notice.author, notice.by);
    case 'law':
      return enacted(door, notice.op);
    case 'typing':
      return typed(door, notice);
    case 'read':
      return marked(door, notice.mark.author, notice.mark.room);
    case 'prefer':
      return wished(door, notice.wish);
    case 'refolded':
      return refolded(door);
    default:
      return;
  }
}

function message(door: ApiDoor, one: Message): void {
  if (one.payload === null) return;
  const { room, author, to } = one;
  if (to === null && !door.readers.has(room)) return;
  if (to !== null && door.sessionsOf(author).size === 0 && door.sessionsOf(to).size === 0) return;
  const late = door.isLate(room, one.place, comparePlaces);
  const event = { type: 'message', message: freshMessage(door.port.state, one), ...(late ? { late } : {}) } as const;
  const item = door.gathering.item(event, author);
  if (to === null) return door.gathering.add(room, item);
  for (const person of new Set([author, to])) {
    for (const reader of door.sessionsOf(person)) {
      door.partner(reader, person === author ? to : author);
      door.tell(reader, item);
    }
  }
}

/** Somebody entered or left a room. */
function moved(door: ApiDoor, type: 'join' | 'part', room: RoomId, author: AuthorId, reason: string): void {
  if (door.readers.has(room)) {
    const isIn = type === 'join';
    // A membership that the law does not have is nobody's business.
    if (isIn && room[0] === '!' && !door.port.mayRead(author, room)) return;
    if (isIn) door.gathering.add(room, door.gathering.item({ type: 'person', person: wirePerson(door.port, author) }));
    door.gathering.add(room, door.gathering.item({ type, room, author, ...(reason === '' ? {} : { reason }) }));
  }
  syncRooms(door, author);
}

/** Those who are told of somebody hear how they are now. */
export function personChanged(door: ApiDoor, author: AuthorId): void {
  const rooms = [...(personOf(door.port.state, author)?.rooms ?? [])].filter((room) => door.readers.has(room));
  const partners = door.partners.get(author) ?? [];
  const own = door.sessionsOf(author);
  if (rooms.length === 0 && own.size === 0 && !door.partners.has(author)) return;
  const person = door.news(author);
  if (!person) return;
  const item = door.gathering.item({ type: 'person', person });
  for (const room of rooms) if (door.port.state.rooms.get(room)?.members.get(author)?.value) door.gathering.add(room, item);
  for (const reader of [...partners, ...own]) door.tell(reader, item);
}

/** A room is otherwise than it was: each of its readers hears how it is for them. */
export function roomChanged(door: ApiDoor, room: RoomId): void {
  const texts = new Map<string, ReturnType<typeof door.gathering.item>>();
  for (const reader of door.readers.get(room) ?? []) {
    if (room[0] === '!' && !door.port.mayRead(reader.author, room)) continue;
    const muted = reader.muted.has(room);
    const key = `${door.port.power(reader.author!, room)} ${muted}`;
    let item = texts.get(key);
    if (!item) texts.set(key, (item = roomItem(door, reader, room)));
    door.tell(reader, item);
  }
}

function roomItem(door: ApiDoor, reader: Reader, room: RoomId) {
  const standing = { author: reader.author, joined: true, muted: reader.muted.has(room) };
  return door.gathering.item({ type: 'room', room, is: wireRoom(door, room, standing) });
}

/** The sessions of somebody are told of the rooms that they are in, and of no others. */
export function syncRooms(door: ApiDoor, author: AuthorId): void {
  const sessions = door.sessionsOf(author);
  if (sessions.size === 0) return;
  const inside = new Set(door.port.roomsOf(author).filter((room) => room[0] === '#' || door.port.mayRead(author, room)));
  for (const reader of sessions) {
    if (reader.state !== 'open') continue;
    for (const room of [...reader.rooms].filter((one) => !inside.has(one))) {
      door.leaveRoom(reader, room);
      door.tell(reader, door.gathering.item({ type: 'room', room, is: null }));
    }
    for (const room of inside) {
      if (reader.rooms.has(room)) continue;
      door.enterRoom(reader, room);
      door.tell(reader, roomItem(door, reader, room));
    }
  }
}

/** A guest of this door logged in: what they were is over. */
function identified(door: ApiDoor, guest: AuthorId, by: AuthorId): void {
  for (const reader of [...door.sessionsOf(guest)]) if (reader.state === 'open') door.admit(reader, by);
  personChanged(door, by);
  syncRooms(door, by);
}

function enacted(door: ApiDoor, { head, body }: LawOp): void {
  const room = head.room as RoomId | '';
  const subject = 'subject' in body ? (body.subject as AuthorId) : null;
  const isOut = body.law === 'kick' || body.law === 'ban';
  if (isOut && room !== '' && door.readers.has(room) && subject) {
    const reason = body.reason === '' ? (body.law === 'ban' ? 'banned' : 'kicked') : body.reason;
    door.gathering.add(room, door.gathering.item({ type: 'part', room, author: subject, reason }));
  }
  if (subject) syncRooms(door, subject);
  if (subject && (room === '' || body.law === 'settle')) personChanged(door, subject);
  if (room !== '') roomChanged(door, room);
}

function typed(door: ApiDoor, { author, room, to, on }: Extract<Notice, { type: 'typing' }>): void {
  const item = door.gathering.item({ type: 'typing', room, author, on }, author, author);
  if (to !== null) for (const reader of door.sessionsOf(to)) door.tell(reader, item);
  else if (door.readers.has(room)) door.gathering.add(room, item);
}

function marked(door: ApiDoor, author: AuthorId, room: RoomId | ''): void {
  const item = door.gathering.item({ type: 'read', room });
  for (const reader of door.sessionsOf(author)) door.tell(reader, item);
}

function wished(door: ApiDoor, { author, about, on }: Wish): void {
  for (const reader of door.sessionsOf(author)) {
    if (about.type === 'room') {
      if (on) reader.muted.add(about.room);
      else reader.muted.delete(about.room);
    } else {
      reader.hidden ??= new Set();
      if (on) reader.hidden.add(about.person);
      else reader.hidden.delete(about.person);
    }
    door.tell(reader, door.gathering.item(wishesEvent(reader)));
  }
}

/** What is past its time shows as a tombstone: whoever keeps some of it looks again. */
function retained(door: ApiDoor, room: RoomId): void {
  if (door.readers.has(room)) door.gathering.add(room, door.gathering.item({ type: 'refolded' }));
  else if (room[0] === '@') for (const reader of door.open()) door.tell(reader, door.gathering.item({ type: 'refolded' }));
}

/** Anything that was shown may show no more, or again. */
function refolded(door: ApiDoor): void {
  const item = door.gathering.item({ type: 'refolded' });
  for (const author of [...door.byAuthor.keys()]) syncRooms(door, author);
  for (const reader of door.open()) {
    door.tell(reader, item);
    if (reader.isAccount) void reloadWishes(door, reader);
  }
}

async function reloadWishes(door: ApiDoor, reader: Reader): Promise<void> {
  if (!(await loadWishes(door, reader))) return;
  door.tell(reader, door.gathering.item(wishesEvent(reader)));
  door.flush();
}
