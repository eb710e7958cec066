/** What somebody writes for themselves, so that all their devices agree: how far they have read, and what they want to hear less of. */

import { Reader, Writer } from '../../lib/codec.ts';
import { FEED_KIND } from '../feed.ts';
import { AUTHOR_ID_BYTES, type AuthorId, type RoomId } from '../ids.ts';
import type { Wish } from '../state.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import { type Kind, type Reading, standing } from './kind.ts';
import { flag } from './proof.ts';

/** Feeds that one mark names: those in which something was written just before it. */
export const MARK_FEEDS_MAX = 256;

/** Whether an op is of the shape that both kinds need. */
function isOwnWord({ head, feed }: Reading): boolean {
  return feed.kind !== FEED_KIND.import && head.target === '' && head.payloadHash === null;
}

/**
 * The entry of a mark names in its deps all that its node held when it was sealed. Of feeds that were being written to just then, the mark itself says how far its
 * author was shown them: more may have come between.
 */
export function readBody(upTo: ReadonlyVector): Uint8Array {
  const writer = new Writer(64);
  // One more, so that a feed may be named of which nothing was shown.
  writeVector(writer, new Map([...upTo].map(([feed, seq]) => [feed, seq + 1])));
  return writer.done();
}

export const read: Kind<{ upTo: ReadonlyVector }> = {
  read(_, reading) {
    const reader = new Reader(reading.head.body);
    const upTo = new Map([...readVector(reader)].map(([feed, next]) => [feed, next - 1]));
    reader.finish();
    return upTo.size <= MARK_FEEDS_MAX && isOwnWord(reading) ? { upTo } : 'bad body';
  },
  fold(context, { upTo }) {
    const { author, room } = context.head;
    return standing(context) ?? { type: 'read', mark: { author, room: room as RoomId | '', place: context.place, upTo } };
  },
};

/** The room is in the head. */
export function preferBody(about: Wish['about'], on: boolean): Uint8Array {
  const writer = new Writer(32).u8(about.type === 'person' ? 1 : 0).u8(on ? 1 : 0);
  return about.type === 'person' ? writer.hex(about.person).done() : writer.done();
}

/** A room that makes no sound, a person who is not seen: for their author alone. */
export const prefer: Kind<{ person: AuthorId | null; on: boolean }> = {
  read(_, reading) {
    const reader = new Reader(reading.head.body);
    const isPerson = flag(reader);
    const body = { on: flag(reader), person: isPerson ? (reader.hex(AUTHOR_ID_BYTES) as AuthorId) : null };
    reader.finish();
    return isOwnWord(reading) && (reading.head.room === '') === isPerson ? body : 'bad body';
  },
  fold(context, { person, on }) {
    const { author, room } = context.head;
    const about = person === null ? ({ type: 'room', room: room as RoomId } as const) : ({ type: 'person', person } as const);
    return standing(context) ?? { type: 'prefer', wish: { author, about, on, place: context.place } };
  },
};
