/** A node says that a session which granted it is over: the connection ended, or the incarnation it was granted to is gone. */

import { Reader, Writer } from '../../lib/codec.ts';
import { AUTHOR_ID_BYTES, type AuthorId, FEED_ID_BYTES, type FeedId } from '../ids.ts';
import { isOver, type Person } from '../state.ts';
import { endKey, isEnded } from './guest.ts';
import { type Context, isOwn, type Kind, withheld } from './kind.ts';

const REASON_BYTES_MAX = 1024;

export function endBody(author: AuthorId, feed: FeedId, reason: string): Uint8Array {
  return new Writer(64).hex(author).hex(feed).text(reason).done();
}

export const end: Kind<{ author: AuthorId; granted: FeedId; reason: string }> = {
  read(suite, reading) {
    if (!isOwn(suite, reading)) return 'not granted';
    const reader = new Reader(reading.head.body);
    const author = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const granted = reader.hex(FEED_ID_BYTES) as FeedId;
    const reason = reader.text(REASON_BYTES_MAX);
    reader.finish();
    return { author, granted, reason };
  },

  fold(context, { author, granted, reason }) {
    const { state, feed, entry, place } = context;
    const fault = withheld(context);
    if (fault) return fault;
    const key = endKey(author, granted, feed.node);
    const spot = feed.feed === granted ? { seq: entry.seq, index: place.index } : null;
    if (state.ends.get(key) !== null) state.ends.set(key, spot);
    const person = endGrant(context, state.guests.get(author), granted, key);
    const other = endGrant(context, state.accounts.get(author), granted, key);
    return person || other ? { type: 'end', author, reason } : null;
  },
};

/** Whether it was the last grant of the person that ended now. */
function endGrant({ state, law, feed }: Context, person: Person | undefined, granted: FeedId, key: string): boolean {
  const grant = person?.grants.get(granted);
  if (!person || !grant || grant.node !== feed.node) return false;
  const wasOver = isOver(person);
  grant.ended = law.verdicts.isRevoked(grant.node) || isEnded(grant, state.ends.get(key));
  return !wasOver && isOver(person);
}
