/** What hangs on a message: edits, reactions, pins. Whether they show is for whoever holds the message to resolve (see resolve.ts). */

import { Reader, Writer } from '../../lib/codec.ts';
import { FEED_KIND } from '../feed.ts';
import { type MessageId, messageId, type RoomId } from '../ids.ts';
import { INDEX_END } from '../past.ts';
import type { About, Change, Void } from '../state.ts';
import type { Context, Kind, Reading } from './kind.ts';
import { contentFault, memberFault } from './message.ts';
import { flag } from './proof.ts';

export const EMOJI_BYTES_MAX = 64;

/** What every op about a message needs. */
function targetFault({ head, feed }: Reading, hasPayload: boolean): Void | null {
  if (feed.kind === FEED_KIND.import) return 'wrong feed';
  return head.target === '' || head.room === '' || (head.payloadHash !== null) !== hasPayload ? 'bad body' : null;
}

function about({ head, place }: Context, does: About['does']): About {
  const id = messageId(head.author, head.client);
  return { id, target: head.target as MessageId, room: head.room as RoomId, author: head.author, place, does };
}

export const edit: Kind<object> = {
  read: (_, reading) => targetFault(reading, true) ?? (reading.head.body.length > 0 ? 'bad body' : {}),
  fold(context): Change | Void {
    return contentFault(context) ?? { type: 'edit', about: about(context, { type: 'edit', payload: context.payload }) };
  },
};

export function reactionBody(emoji: string, on: boolean): Uint8Array {
  return new Writer(16)
    .text(emoji)
    .u8(on ? 1 : 0)
    .done();
}

export const reaction: Kind<{ emoji: string; on: boolean }> = {
  read(_, reading) {
    const reader = new Reader(reading.head.body);
    const body = { emoji: reader.text(EMOJI_BYTES_MAX), on: flag(reader) };
    reader.finish();
    if (body.emoji === '' || /[\p{Cc}\p{Cs}\s]/u.test(body.emoji)) return 'bad body';
    return targetFault(reading, false) ?? body;
  },
  fold(context, body) {
    return contentFault(context) ?? { type: 'reaction', about: about(context, { type: 'reaction', ...body }) };
  },
};

/** A message is brought to the moderators; the payload says why. Whoever may not speak may report. */
export const report: Kind<object> = {
  read: (_, reading) => targetFault(reading, true) ?? (reading.head.body.length > 0 ? 'bad body' : {}),
  fold(context): Change | Void {
    const fault = memberFault(context);
    return fault ?? { type: 'report', about: about(context, { type: 'report', payload: context.payload }) };
  },
};

export function pinBody(on: boolean): Uint8Array {
  return Uint8Array.of(on ? 1 : 0);
}

export const pin: Kind<{ on: boolean }> = {
  read(_, reading) {
    const reader = new Reader(reading.head.body);
    const body = { on: flag(reader) };
    reader.finish();
    return targetFault(reading, false) ?? body;
  },

  fold(context, { on }) {
    const { law, head, feed, entry } = context;
    const fault = contentFault(context);
    if (fault) return fault;
    const at = { feed: feed.sibling, seq: entry.governance, index: INDEX_END };
    if (head.room[0] !== '@' && law.verdicts.power(head.author, head.room as RoomId, at) < 2) return 'not allowed';
    return { type: 'pin', about: about(context, { type: 'pin', on }) };
  },
};
