/** Messages removed, one by one or by age. Both are governance, so that whoever is new knows what may be missing before any content comes. */

import { Reader, Writer } from '../../lib/codec.ts';
import { authorOf, messageId, type RoomId } from '../ids.ts';
import { comparePlaces, type HistoryKey } from '../order.ts';
import type { Removal, Retention } from '../state.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import { type Kind, standing } from './kind.ts';
import { isRoomId } from './moderation.ts';

const REASON_BYTES_MAX = 1024;

export function removeBody(reason: string): Uint8Array {
  return new Writer(32).text(reason).done();
}

/** One's own message, or as a moderator any in the room that the op names. */
export const remove: Kind<{ reason: string }> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const reason = reader.text(REASON_BYTES_MAX);
    reader.finish();
    return head.target === '' || head.room === '' ? 'bad body' : { reason };
  },

  fold(context, { reason }) {
    const { state, law, head, place } = context;
    const fault = standing(context);
    if (fault) return fault;
    const target = head.target as Removal['op'];
    const room = head.room as RoomId;
    if (authorOf(target) !== head.author && law.verdicts.power(head.author, room, place) < 2) return 'not allowed';
    const removal = { by: head.author, op: messageId(head.author, head.client), reason, room, at: place };
    const others = (state.removals.get(target) ?? []).filter((one) => one.room !== room || comparePlaces(one.at, place) < 0);
    if (others.some((one) => one.room === room)) return null;
    state.removals.set(target, [...others, removal]);
    return { type: 'remove', target, removal };
  },
};

export function retainBody(before: HistoryKey, cut: ReadonlyVector): Uint8Array {
  const writer = new Writer(64).varint(before);
  writeVector(writer, cut);
  return writer.done();
}

/** Of what the issuer held of a room, all before a time is erased; an owner's word. */
export const retain: Kind<{ before: HistoryKey; cut: ReadonlyVector }> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const body = { before: reader.varint(), cut: readVector(reader) };
    reader.finish();
    return isRoomId(head.room) ? body : 'bad body';
  },

  fold(context, { before, cut }) {
    const { state, law, head, place } = context;
    const fault = standing(context);
    if (fault) return fault;
    const room = head.room as RoomId;
    if (law.verdicts.power(head.author, room, place) < 3) return 'not allowed';
    const retention: Retention = { by: head.author, op: messageId(head.author, head.client), room, before, cut, at: place };
    const all = [...(state.retentions.get(room) ?? []), retention].sort((a, b) => comparePlaces(a.at, b.at));
    state.retentions.set(room, all);
    return { type: 'retain', retention };
  },
};
