/** A guest's session begins at a node: its name, and the session's grant to that node's incarnation. */

import { Reader, Writer } from '../../lib/codec.ts';
import { authorId, type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from '../ids.ts';
import { type Grant, type Guest, isOver, type Spot } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from '../suite.ts';
import { isShowableName } from '../text.ts';
import { type Context, type Fold, win } from './kind.ts';

export const NAME_BYTES_MAX = 260;
const TAG = 'skein/grant/1';

function grantBytes(network: NetworkId, node: NodeId, feed: FeedId): Uint8Array {
  return new Writer(80).hex(network).hex(node).hex(feed).done();
}

/** The body of a guest op: the session's key signs that this incarnation of this node may speak for it. */
export function guestBody(session: KeyPair, name: string, network: NetworkId, node: NodeId, feed: FeedId): Uint8Array {
  return new Writer(160)
    .text(name)
    .hex(session.publicKey)
    .raw(session.sign(TAG, grantBytes(network, node, feed)))
    .done();
}

export function readGuestBody(body: Uint8Array): { name: string; key: string; signature: Uint8Array } {
  const reader = new Reader(body);
  const fields = { name: reader.text(NAME_BYTES_MAX), key: reader.hex(NODE_ID_BYTES), signature: reader.raw(SIGNATURE_BYTES) };
  reader.finish();
  return fields;
}

export function foldGuest(suite: Suite): Fold {
  return (context) => {
    const { state, head, feed, entry, place } = context;
    const { name, key, signature } = readGuestBody(head.body);
    if (!isShowableName(name)) return 'bad body';
    if (authorId(suite, key) !== head.author) return 'not granted';
    const granted = grantBytes(entry.network, feed.node, feed.feed);
    if (!suite.verify(key, TAG, granted, signature)) return 'not granted';
    const known = state.guests.get(head.author);
    const guest: Guest = known ?? { author: head.author, name: { value: name, at: place }, grants: new Map(), rooms: new Set() };
    state.guests.set(head.author, guest);
    win(guest.name, name, place);
    grant(context, guest);
    return isOver(guest) ? null : { type: 'guest', author: head.author };
  };
}

/** Gives a grant, or gives it again after its end: the last word in the feed counts. */
function grant({ state, head, feed, entry, place }: Context, guest: Guest): void {
  const last = { seq: entry.seq, index: place.index };
  const known = guest.grants.get(feed.feed);
  if (known) known.last = last;
  const given = known ?? { node: feed.node, feed: feed.feed, seq: entry.seq, last, ended: false };
  guest.grants.set(feed.feed, given);
  given.ended = isEnded(given, state.ends.get(endKey(head.author, feed.feed, feed.node)));
}

/** Whether a grant was ended after it was given last. */
export function isEnded({ last }: Grant, end: Spot | null | undefined): boolean {
  if (!end) return end === null;
  return end.seq > last.seq || (end.seq === last.seq && end.index > last.index);
}

/** Under what an end is kept until, or after, the grant it ends. */
export function endKey(author: string, feed: string, node: string): string {
  return author + feed + node;
}
