/** A node says that a session which granted it is over: the connection ended, or the incarnation it was granted to is gone. */

import { Reader, Writer } from '../../lib/codec.ts';
import { AUTHOR_ID_BYTES, type AuthorId, authorId, FEED_ID_BYTES, type FeedId } from '../ids.ts';
import { isOver } from '../state.ts';
import { endKey, isEnded } from './guest.ts';
import { type Fold, isOwn } from './kind.ts';

const REASON_BYTES_MAX = 1024;

export function endBody(author: AuthorId, feed: FeedId, reason: string): Uint8Array {
  return new Writer(64).hex(author).hex(feed).text(reason).done();
}

export const foldEnd: Fold = (context) => {
  const { state, head, feed, entry, place } = context;
  if (!isOwn(context, authorId)) return 'not granted';
  const reader = new Reader(head.body);
  const author = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
  const granted = reader.hex(FEED_ID_BYTES) as FeedId;
  const reason = reader.text(REASON_BYTES_MAX);
  reader.finish();
  const key = endKey(author, granted, feed.node);
  const spot = feed.feed === granted ? { seq: entry.seq, index: place.index } : null;
  if (state.ends.get(key) !== null) state.ends.set(key, spot);
  const guest = state.guests.get(author);
  const grant = guest?.grants.get(granted);
  if (!guest || !grant || grant.node !== feed.node) return null;
  const wasOver = isOver(guest);
  grant.ended = isEnded(grant, state.ends.get(key));
  return !wasOver && isOver(guest) ? { type: 'end', author, reason } : null;
};
