/** Rooms: made under a name, joined, left, given a topic. */

import { Reader, Writer } from '../../lib/codec.ts';
import type { RoomId } from '../ids.ts';
import { comparePlaces } from '../order.ts';
import type { Guest, Room, State } from '../state.ts';
import { foldName } from '../text.ts';
import { type Context, type Fold, isGranted, win } from './kind.ts';

const NAME_BYTES_MAX = 260;
const TEXT_BYTES_MAX = 2048;

/** A public room's id is its normalised name, so that it is the same room wherever it was made. */
export function publicRoomId(name: string): RoomId {
  return foldName(name) as RoomId;
}

/** Whether a room's id can be one: plain characters only, so that the answer is the same in every version. */
export function isPublicRoomId(id: string): boolean {
  return /^#[^\s,\u0007]+$/.test(id) && !/\p{Cc}/u.test(id);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The room's record, made where it is first named. */
function roomOf(state: State, id: RoomId): Mutable<Room> {
  let room = state.rooms.get(id);
  if (!room) state.rooms.set(id, (room = { id, name: null, topic: null, members: new Map() }));
  return room;
}

export function textBody(text: string): Uint8Array {
  return new Writer(64).text(text).done();
}

function readText(body: Uint8Array, max: number): string {
  const reader = new Reader(body);
  const text = reader.text(max);
  reader.finish();
  return text;
}

function mayTouch(context: Context): context is Context & { head: { room: RoomId } } {
  return isGranted(context) && isPublicRoomId(context.head.room);
}

/** The first founder's spelling of the name stays. */
export const foldRoom: Fold = (context) => {
  const { state, head, place } = context;
  if (!mayTouch(context)) return 'not granted';
  const name = readText(head.body, NAME_BYTES_MAX);
  if (!isPublicRoomId(name)) return 'bad body';
  const room = roomOf(state, head.room as RoomId);
  if (room.name && comparePlaces(place, room.name.at) >= 0) return null;
  room.name = { value: name, at: place };
  return { type: 'room', room: room.id };
};

function setMember(context: Context, inside: boolean): boolean {
  const { state, head, place } = context;
  const room = roomOf(state, head.room as RoomId);
  const guest = state.guests.get(head.author) as Guest;
  guest.rooms.add(room.id);
  const register = room.members.get(head.author);
  if (register) {
    const before = register.value;
    return win(register, inside, place) && before !== inside;
  }
  room.members.set(head.author, { value: inside, at: place });
  return inside;
}

export const foldJoin: Fold = (context) => {
  if (!mayTouch(context)) return 'not granted';
  const { room, author } = context.head;
  return setMember(context, true) ? { type: 'join', room: room as RoomId, author } : null;
};

export const foldPart: Fold = (context) => {
  if (!mayTouch(context)) return 'not granted';
  const { room, author, body } = context.head;
  const reason = readText(body, TEXT_BYTES_MAX);
  return setMember(context, false) ? { type: 'part', room: room as RoomId, author, reason } : null;
};

export const foldTopic: Fold = (context) => {
  const { state, head, place } = context;
  if (!mayTouch(context)) return 'not granted';
  const text = readText(head.body, TEXT_BYTES_MAX);
  const room = roomOf(state, head.room as RoomId);
  const value = { text, author: head.author };
  if (!room.topic) room.topic = { value, at: place };
  else if (!win(room.topic, value, place)) return null;
  return { type: 'topic', room: room.id, author: head.author, text };
};
