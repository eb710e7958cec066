/** Messages removed, one by one or by age. Both are governance, so that whoever is new knows what may be missing before any content comes. */

import { Reader, Writer } from '../../lib/codec.ts';
import type { FeedInfo } from '../feed.ts';
import { HLC_PER_MS } from '../hlc.ts';
import { authorOf, type FeedId, messageId, type NodeId, type RoomId } from '../ids.ts';
import { comparePlaces, type HistoryKey } from '../order.ts';
import type { Removal, Retention, Void } from '../state.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import { type Context, isOwn, type Kind, standing, withheld } from './kind.ts';
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

function ownerFault(context: Context, room: RoomId): Void | null {
  return standing(context) ?? (context.law.verdicts.power(context.head.author, room, context.place) < 3 ? 'not allowed' : null);
}

/**
 * What time it is at least, as clocks of governance say: the last but one of the nodes' last clocks, so that no node alone can make the others' messages old (ADR 26).
 * Of one node alone it is that node's; 0 for none.
 */
export function borneOut(clocks: Iterable<readonly [FeedId, HistoryKey]>, feeds: ReadonlyMap<FeedId, FeedInfo>): HistoryKey {
  const byNode = new Map<NodeId, HistoryKey>();
  for (const [feed, clock] of clocks) {
    const node = feeds.get(feed)?.node;
    if (node !== undefined && clock > 0) byNode.set(node, Math.max(byNode.get(node) ?? 0, clock));
  }
  const [last = 0, other = last] = [...byNode.values()].sort((a, b) => b - a);
  return other;
}

/** A node erases what is past its time, and nothing younger. */
function dueFault(context: Context, room: RoomId, before: HistoryKey): Void | null {
  const { law, place, state } = context;
  const seconds = law.verdicts.retentionSeconds(room, place);
  const isDue = seconds > 0 && before <= borneOut(law.pasts.clocks(place), state.feeds) - seconds * 1000 * HLC_PER_MS;
  return withheld(context) ?? (isDue ? null : 'not allowed');
}

/**
 * Of what the issuer held of a room, all before a time is erased: an owner's word; or any node's own, where the room's settings, as far as it knew, keep messages
 * for less, by the clocks of two.
 */
export const retain: Kind<{ before: HistoryKey; cut: ReadonlyVector }> = {
  read(_, { head }) {
    const reader = new Reader(head.body);
    const body = { before: reader.varint(), cut: readVector(reader) };
    reader.finish();
    return isRoomId(head.room) ? body : 'bad body';
  },

  fold(context, { before, cut }) {
    const { state, head, place } = context;
    const room = head.room as RoomId;
    const fault = isOwn(context.hashing, context) ? dueFault(context, room, before) : ownerFault(context, room);
    if (fault) return fault;
    const retention: Retention = { by: head.author, op: messageId(head.author, head.client), room, before, cut, at: place };
    const all = [...(state.retentions.get(room) ?? []), retention].sort((a, b) => comparePlaces(a.at, b.at));
    state.retentions.set(room, all);
    return { type: 'retain', retention };
  },
};
