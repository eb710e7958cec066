/** A message in a room, or in the direct room of two people, or (in an import) one of another time. */

import { Reader, Writer } from '../../lib/codec.ts';
import { FEED_KIND } from '../feed.ts';
import { AUTHOR_ID_BYTES, type AuthorId, directRoomId, messageId, type RoomId, standInId } from '../ids.ts';
import type { Head } from '../op.ts';
import { type Context, type Fold, isGranted } from './kind.ts';
import { isPublicRoomId } from './room.ts';

const NICK_BYTES_MAX = 260;

export function directBody(to: AuthorId): Uint8Array {
  return new Writer(16).hex(to).done();
}

export function nickBody(nick: string): Uint8Array {
  return new Writer(32).text(nick).done();
}

/** The other one of a direct room; null in any other room, or where the room is not the pair's. */
function partner({ hashing, head }: Context): AuthorId | null {
  const reader = new Reader(head.body);
  const to = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
  reader.finish();
  return directRoomId(hashing, head.author, to) === head.room ? to : null;
}

/** The nick of an imported message; null where the author is not its stand-in. */
function importedNick({ hashing, head }: Context): string | null {
  const reader = new Reader(head.body);
  const nick = reader.text(NICK_BYTES_MAX);
  reader.finish();
  return standInId(hashing, nick) === head.author ? nick : null;
}

export const foldMessage: Fold = (context) => {
  const { head, feed, place, payload } = context;
  const room = head.room as RoomId;
  const whole = { id: idOf(head), room, author: head.author, to: null, nick: null, place, payload };
  if (!head.payloadHash) return 'bad body';
  if (feed.kind === FEED_KIND.import) {
    const nick = importedNick(context);
    return nick === null || !isPublicRoomId(room) ? 'not granted' : { type: 'message', message: { ...whole, nick } };
  }
  if (!isGranted(context)) return 'not granted';
  if (isPublicRoomId(room)) return { type: 'message', message: whole };
  const to = partner(context);
  return to === null ? 'bad body' : { type: 'message', message: { ...whole, to } };
};

function idOf(head: Head) {
  return messageId(head.author, head.client);
}
