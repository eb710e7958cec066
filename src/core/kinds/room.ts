/** Rooms: made under a name, public or private, joined, left, given a topic and settings. */

import { Reader, Writer } from '../../lib/codec.ts';
import { type AuthorId, isHexOf, type RoomId } from '../ids.ts';
import { comparePlaces } from '../order.ts';
import { INDEX_END } from '../past.ts';
import { type Change, personOf, type Room, type RoomSettings, type State, type Void } from '../state.ts';
import { foldName } from '../text.ts';
import { type Context, type Kind, standing, win } from './kind.ts';

const NAME_BYTES_MAX = 260;
const TEXT_BYTES_MAX = 2048;
/** A private room's id is so many random bytes. */
const PRIVATE_ID_BYTES = 16;
/** A day. */
export const SLOW_SECONDS_MAX = 86_400;
/** A hundred years. */
export const RETENTION_SECONDS_MAX = 3_155_760_000;

/** A public room's id is its normalised name, so that it is the same room wherever it was made. */
export function publicRoomId(name: string): RoomId {
  return foldName(name) as RoomId;
}

/** Whether a room's id can be one: plain characters only, so that the answer is the same in every version. */
export function isPublicRoomId(id: string): boolean {
  return /^#[^\s,\u0007]+$/.test(id) && !/\p{Cc}/u.test(id);
}

/** Whether an id is one of a private room. */
export function isPrivateRoomId(id: string): boolean {
  return id[0] === '!' && isHexOf(id.slice(1), PRIVATE_ID_BYTES);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The room's record, made where it is first named. */
export function roomOf(state: State, id: RoomId): Mutable<Room> {
  let room = state.rooms.get(id);
  if (!room) state.rooms.set(id, (room = { id, name: null, topic: null, settings: null, members: new Map(), joined: new Map() }));
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

/** Why an op does nothing in its room: its author is not heard, or does not belong there. */
export function roomFault(context: Context): Void | null {
  const { law, head, feed, entry, place } = context;
  const fault = standing(context);
  if (fault || head.room[0] !== '!') return fault;
  const at = feed.feed === feed.sibling ? place : { feed: feed.sibling, seq: entry.governance, index: INDEX_END };
  return law.verdicts.isInside(head.author, head.room as RoomId, at) ? null : 'not allowed';
}

/** The name stays as its founder wrote it: the first in the order of law. */
export const room: Kind<{ name: string; law: 'founded' }> = {
  read(_, { head }) {
    const name = readText(head.body, NAME_BYTES_MAX);
    return isPublicRoomId(name) && isPublicRoomId(head.room) ? { name, law: 'founded' } : 'bad body';
  },
  fold: nameRoom,
};

/** A private room: its id is random, and its founder is its first member. */
export const privateRoom: Kind<{ name: string; law: 'founded' }> = {
  read(_, { head }) {
    const name = readText(head.body, NAME_BYTES_MAX);
    return isShowableText(name) && isPrivateRoomId(head.room) ? { name, law: 'founded' } : 'bad body';
  },
  fold: nameRoom,
};

function nameRoom({ state, law, head }: Context): Change | null {
  const one = roomOf(state, head.room as RoomId);
  const [first] = law.verdicts.table(`founded ${one.id}`);
  if (first?.body.law !== 'founded' || one.name?.at === first.place) return null;
  one.name = { value: first.body.name, at: first.place };
  return { type: 'room', room: one.id };
}

/** Sets whether somebody is in a room; whether that changed. */
export function setMember({ state, head, place }: Context, author: AuthorId, inside: boolean): boolean {
  const one = roomOf(state, head.room as RoomId);
  personOf(state, author)?.rooms.add(one.id);
  const register = one.members.get(author);
  if (register) {
    const before = register.value;
    return win(register, inside, place) && before !== inside;
  }
  one.members.set(author, { value: inside, at: place });
  return inside;
}

function isRoom(id: string): boolean {
  return isPublicRoomId(id) || isPrivateRoomId(id);
}

export const join: Kind<object> = {
  read: (_, { head }) => (isRoom(head.room) ? {} : 'bad body'),
  fold(context) {
    const { room: id, author } = context.head;
    const fault = roomFault(context);
    if (fault) return fault;
    const { joined } = roomOf(context.state, id as RoomId);
    const first = joined.get(author);
    if (!first || comparePlaces(context.place, first) < 0) joined.set(author, context.place);
    return setMember(context, author, true) ? { type: 'join', room: id as RoomId, author } : null;
  },
};

export const part: Kind<{ reason: string }> = {
  read: (_, { head }) => (isRoom(head.room) ? { reason: readText(head.body, TEXT_BYTES_MAX) } : 'bad body'),
  fold(context, { reason }) {
    const { room: id, author } = context.head;
    return roomFault(context) ?? (setMember(context, author, false) ? { type: 'part', room: id as RoomId, author, reason } : null);
  },
};

export const topic: Kind<{ text: string }> = {
  read: (_, { head }) => (isRoom(head.room) ? { text: readText(head.body, TEXT_BYTES_MAX) } : 'bad body'),
  fold(context, { text }) {
    const { state, law, head, feed, place } = context;
    const subject = { head, feed, place };
    const fault = roomFault(context) ?? (law.verdicts.isMuted(subject, 0) ? 'muted' : null);
    if (fault) return fault;
    if (law.verdicts.isArchived(subject, 0)) return 'archived';
    const one = roomOf(state, head.room as RoomId);
    const value = { text, author: head.author };
    if (!one.topic) one.topic = { value, at: place };
    else if (!win(one.topic, value, place)) return null;
    return { type: 'topic', room: one.id, author: head.author, text };
  },
};

/**
 * What a room is set to: a line about it, whether it is closed, seconds between one author's messages, how long they are kept, and (of a private room) its name.
 * It is an owner's word there, and law, as nodes erase by it.
 */
export const settings: Kind<{ law: 'settings'; settings: RoomSettings }> = {
  read(_, { head }) {
    if (!isRoom(head.room)) return 'bad body';
    const reader = new Reader(head.body);
    const description = reader.text(TEXT_BYTES_MAX);
    const archived = reader.count(1) === 1;
    const slowSeconds = reader.count(SLOW_SECONDS_MAX);
    const retentionSeconds = reader.count(RETENTION_SECONDS_MAX);
    const name = reader.text(NAME_BYTES_MAX);
    reader.finish();
    const isNamed = isPrivateRoomId(head.room) ? isShowableText(name) : name === '';
    if (!isShowableText(description) || !isNamed) return 'bad body';
    return { law: 'settings', settings: { description, archived, slowSeconds, retentionSeconds, name } };
  },

  fold({ state, law, head }) {
    const one = roomOf(state, head.room as RoomId);
    // The last in the order of law, by which what is past its time is judged, too.
    const last = law.verdicts.table(`settings ${one.id}`).at(-1);
    if (last?.body.law !== 'settings' || one.settings?.at === last.place) return null;
    one.settings = { value: last.body.settings, at: last.place };
    return { type: 'room', room: one.id };
  },
};

export function settingsBody({ description, archived, slowSeconds, retentionSeconds, name }: RoomSettings): Uint8Array {
  return new Writer(64)
    .text(description)
    .varint(archived ? 1 : 0)
    .varint(slowSeconds)
    .varint(retentionSeconds)
    .text(name)
    .done();
}

/** Whether a line found in the log can be shown. */
export function isShowableText(text: string): boolean {
  return !/[\p{Cc}\p{Cs}]/u.test(text);
}
