/** A guest's session begins at a node: its name, and the session's grant to that node's incarnation. */

import { Reader, Writer } from '../../lib/codec.ts';
import { authorId, type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from '../ids.ts';
import { type Grant, type Guest, isOver, type Person, type Spot, type Void } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from '../suite.ts';
import { isShowableName } from '../text.ts';
import { type Context, type Kind, type Reading, standing, win } from './kind.ts';

export const NAME_BYTES_MAX = 260;
const TAG = 'skein/grant/1';

function grantBytes(network: NetworkId, node: NodeId, feed: FeedId): Uint8Array {
  return new Writer(80).hex(network).hex(node).hex(feed).done();
}

/** A session key's word that an incarnation of a node may speak for it. */
export function signGrant(session: KeyPair, network: NetworkId, node: NodeId, feed: FeedId): Uint8Array {
  return session.sign(TAG, grantBytes(network, node, feed));
}

/** Whether a session key granted an incarnation of a node. */
export function isGrant(suite: Suite, network: NetworkId, node: NodeId, feed: FeedId, key: string, signature: Uint8Array): boolean {
  return suite.verify(key, TAG, grantBytes(network, node, feed), signature);
}

/** Whether a session key granted the incarnation that an op lies in. */
export function isGrantTo(suite: Suite, { entry, feed }: Reading, key: string, signature: Uint8Array): boolean {
  return isGrant(suite, entry.network, feed.node, feed.feed, key, signature);
}

/** The body of a guest op: the session's key signs that this incarnation of this node may speak for it. */
export function guestBody(session: KeyPair, name: string, network: NetworkId, node: NodeId, feed: FeedId): Uint8Array {
  return grantedGuestBody(session.publicKey, name, signGrant(session, network, node, feed));
}

/** The same, of a grant that was signed. */
export function grantedGuestBody(key: string, name: string, grant: Uint8Array): Uint8Array {
  return new Writer(160).text(name).hex(key).raw(grant).done();
}

export function readGuestBody(body: Uint8Array): { name: string; key: string; signature: Uint8Array } {
  const reader = new Reader(body);
  const fields = { name: reader.text(NAME_BYTES_MAX), key: reader.hex(NODE_ID_BYTES), signature: reader.raw(SIGNATURE_BYTES) };
  reader.finish();
  return fields;
}

export const guest: Kind<{ name: string }> = {
  read(suite, reading) {
    const { name, key, signature } = readGuestBody(reading.head.body);
    if (!isShowableName(name)) return 'bad body';
    if (authorId(suite, key) !== reading.head.author) return 'not granted';
    return isGrantTo(suite, reading, key, signature) ? { name } : 'not granted';
  },

  fold(context, { name }) {
    const { state, head, place } = context;
    const fault = grantFault(context);
    if (fault) return fault;
    const known = state.guests.get(head.author);
    const one: Guest = known ?? { author: head.author, name: { value: name, at: place }, grants: new Map(), rooms: new Set() };
    state.guests.set(head.author, one);
    win(one.name, name, place);
    giveGrant(context, one);
    return isOver(one) ? null : { type: 'guest', author: head.author };
  },
};

/** Why a grant does not count; it stands on itself. */
export function grantFault(context: Context): Void | null {
  return standing({ ...context, place: { ...context.place, index: context.place.index + 1 } });
}

/** Gives a grant, or gives it again after its end: the last word in the feed counts. At a node that was cut off all are over. */
export function giveGrant({ state, law, head, feed, entry, place }: Context, person: Person): void {
  const last = { seq: entry.seq, index: place.index };
  const known = person.grants.get(feed.feed);
  if (known) known.last = last;
  const given = known ?? { node: feed.node, feed: feed.feed, seq: entry.seq, last, ended: false };
  person.grants.set(feed.feed, given);
  given.ended = law.verdicts.isRevoked(feed.node) || isEnded(given, state.ends.get(endKey(head.author, feed.feed, feed.node)));
}

/** Whether a grant was ended after it was given last. */
export function isEnded({ last }: Grant, ended: Spot | null | undefined): boolean {
  if (!ended) return ended === null;
  return ended.seq > last.seq || (ended.seq === last.seq && ended.index > last.index);
}

/** Under what an end is kept until, or after, the grant it ends. */
export function endKey(author: string, feed: string, node: string): string {
  return author + feed + node;
}
