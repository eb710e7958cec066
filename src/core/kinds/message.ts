/** A message in a room, or in the direct room of two people, or (in an import) one of another time. */

import { Reader, Writer } from '../../lib/codec.ts';
import { FEED_KIND } from '../feed.ts';
import { AUTHOR_ID_BYTES, type AuthorId, directRoomId, messageId, type RoomId, standInId } from '../ids.ts';
import { INDEX_END } from '../past.ts';
import type { Void } from '../state.ts';
import type { Hashing } from '../suite.ts';
import { type Context, type Kind, type Reading, withheld } from './kind.ts';
import { isPrivateRoomId, isPublicRoomId } from './room.ts';

const NICK_BYTES_MAX = 260;

export function directBody(to: AuthorId): Uint8Array {
  return new Writer(16).hex(to).done();
}

export function nickBody(nick: string): Uint8Array {
  return new Writer(32).text(nick).done();
}

/** The other one of a direct room; null in any other room, or where the room is not the pair's. */
function partner(hashing: Hashing, { head }: Reading): AuthorId | null {
  const reader = new Reader(head.body);
  const to = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
  reader.finish();
  return directRoomId(hashing, head.author, to) === head.room ? to : null;
}

/** The nick of an imported message; null where the author is not its stand-in. */
function importedNick(hashing: Hashing, { head }: Reading): string | null {
  const reader = new Reader(head.body);
  const nick = reader.text(NICK_BYTES_MAX);
  reader.finish();
  return standInId(hashing, nick) === head.author ? nick : null;
}

/** Why content does not show; null where its author is heard in its room, and the room is not archived. */
export function contentFault(context: Context): Void | null {
  const { law, head, feed, place, entry } = context;
  const { verdicts } = law;
  const subject = { head, feed, place };
  const fault = verdicts.standing(subject, entry.governance);
  if (fault) return fault;
  if (verdicts.isMuted(subject, entry.governance)) return 'muted';
  return verdicts.isArchived(subject, entry.governance) ? 'archived' : insideFault(context);
}

/** Why what somebody who need not be heard wrote does not count: they had not granted the node, or did not belong to the room. */
export function memberFault(context: Context): Void | null {
  const { law, head, feed, place, entry } = context;
  return law.verdicts.standing({ head, feed, place }, entry.governance) ?? insideFault(context);
}

function insideFault({ law, head, feed, entry }: Context): Void | null {
  if (head.room[0] !== '!') return null;
  const at = { feed: feed.sibling, seq: entry.governance, index: INDEX_END };
  return law.verdicts.isInside(head.author, head.room as RoomId, at) ? null : 'not allowed';
}

export const message: Kind<{ to: AuthorId | null; nick: string | null }> = {
  read(suite, reading) {
    const { head, feed } = reading;
    if (!head.payloadHash) return 'bad body';
    if (feed.kind === FEED_KIND.import) {
      const nick = importedNick(suite, reading);
      return nick === null || !isPublicRoomId(head.room) ? 'not granted' : { to: null, nick };
    }
    if (isPublicRoomId(head.room) || isPrivateRoomId(head.room)) return NOBODY;
    const to = partner(suite, reading);
    return to === null ? 'bad body' : { to, nick: null };
  },

  fold(context, { to, nick }) {
    const { head, place, payload } = context;
    const fault = nick === null ? contentFault(context) : withheld(context);
    if (fault) return fault;
    const id = messageId(head.author, head.client);
    const whole = { id, room: head.room as RoomId, author: head.author, to, nick, place, payload };
    return { type: 'message', message: head.target ? { ...whole, target: head.target } : whole };
  },
};

const NOBODY = { to: null, nick: null };
