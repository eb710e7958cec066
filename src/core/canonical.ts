/**
 * The canonical export: JSON Lines with keys sorted by code unit, the same bytes on every node with the same vector and fold version.
 *
 * A header, then guests, rooms and messages in history order, each message's text exactly once. It holds everything, private too; it is the operator's.
 */

import { compareText, toHex } from '../lib/bytes.ts';
import { isoTime } from '../lib/time.ts';
import { FOLD_VERSION } from './fold.ts';
import { hlcMs } from './hlc.ts';
import { clientOf } from './ids.ts';
import { decodeMessage } from './message.ts';
import { type Guest, isOver, type Message, nameOf, type Room, type State } from './state.ts';
import { type ReadonlyVector, sortedVector } from './vector.ts';

export const CANONICAL_FORMAT = 1;

/** JSON with the keys of every object sorted. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort(compareText);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

/** All lines before the messages. */
export function* canonicalHead(state: State, vector: ReadonlyVector): Generator<string> {
  const network = state.network?.value ?? null;
  yield canonicalJson({ format: CANONICAL_FORMAT, fold: FOLD_VERSION, network, vector: Object.fromEntries(sortedVector(vector)) });
  for (const guest of sortedBy(state.guests.values(), (one) => one.author)) yield guestLine(guest);
  for (const room of sortedBy(state.rooms.values(), (one) => one.id)) yield roomLine(state, room);
}

function sortedBy<T>(values: Iterable<T>, key: (value: T) => string): T[] {
  return [...values].sort((a, b) => compareText(key(a), key(b)));
}

function guestLine(guest: Guest): string {
  return canonicalJson({ type: 'guest', id: guest.author, name: guest.name.value, over: isOver(guest) });
}

function roomLine(state: State, room: Room): string {
  const members = [...room.members].filter(([author, { value }]) => value && !isOver(state.guests.get(author)!)).map(([author]) => author);
  const topic = room.topic?.value ?? null;
  return canonicalJson({ type: 'room', id: room.id, name: room.name?.value ?? room.id, topic, members: members.sort(compareText) });
}

/** The line of one message. */
export function canonicalMessage(state: State, message: Message, damaged = false): string {
  const content = message.payload && !damaged ? decodeMessage(message.payload) : { style: 'text', text: null };
  return canonicalJson({
    type: 'message',
    author: message.author,
    id: clientOf(message.id),
    name: nameOf(state, message),
    room: message.room,
    to: message.to,
    key: message.place.key,
    at: isoTime(hlcMs(message.place.key)),
    salt: message.payload && !damaged ? toHex(message.payload, 0, 16) : null,
    ...content,
    ...(damaged ? { damaged } : {}),
  });
}
