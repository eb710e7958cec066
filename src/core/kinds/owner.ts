/** What owners of the network say: checkpoints, contested names, nodes cut off, entries given up for lost; and the proof that a node forked its feed. */

import { toHex } from '../../lib/bytes.ts';
import { Reader, Writer } from '../../lib/codec.ts';
import { type ForkProof, isForkProved, readForkProof } from '../fork-proof.ts';
import { AUTHOR_ID_BYTES, type AuthorId, FEED_ID_BYTES, type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from '../ids.ts';
import type { LawBody } from '../law/body.ts';
import type { Change, Void } from '../state.ts';
import { HASH_BYTES, type KeyPair } from '../suite.ts';
import { isShowableName } from '../text.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import { NAME_BYTES_MAX } from './guest.ts';
import { type Context, isOwn, type Kind, standing, withheld } from './kind.ts';
import { enacted } from './moderation.ts';
import { readSeal, sealBody, type Unsigned } from './proof.ts';

type Body<L extends LawBody['law']> = LawBody & { readonly law: L };

const REASON_BYTES_MAX = 1024;

export function checkpointBody(root: KeyPair | null, network: NetworkId, head: Unsigned, vector: ReadonlyVector): Uint8Array {
  const writer = new Writer(256);
  writeVector(writer, vector);
  return sealBody(root, network, head, writer.done());
}

/** What an owner held of governance, and all that it rests on, comes before what is not covered in the order of law. */
export const checkpoint: Kind<Body<'checkpoint'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const vector = readVector(reader);
    const sealed = readSeal(suite, reading, reader);
    return typeof sealed === 'string' ? sealed : { law: 'checkpoint', vector, sealed };
  },
  fold: enacted,
};

export function settleBody(root: KeyPair | null, network: NetworkId, head: Unsigned, subject: AuthorId, name: string): Uint8Array {
  return sealBody(root, network, head, new Writer(64).hex(subject).text(name).done());
}

/** An account has a name, before all others that have it. */
export const settle: Kind<Body<'settle'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const fields = { law: 'settle', subject: reader.hex(AUTHOR_ID_BYTES) as AuthorId, name: reader.text(NAME_BYTES_MAX) } as const;
    const sealed = readSeal(suite, reading, reader);
    if (typeof sealed === 'string') return sealed;
    return isShowableName(fields.name) && !fields.name.includes('~') ? { ...fields, sealed } : 'bad body';
  },
  fold: enacted,
};

export function revokeBody(
  root: KeyPair | null,
  network: NetworkId,
  head: Unsigned,
  node: NodeId,
  reason: string,
  cut: ReadonlyVector,
): Uint8Array {
  const writer = new Writer(128).hex(node).text(reason);
  writeVector(writer, cut);
  return sealBody(root, network, head, writer.done());
}

/** A node is no member any more: a member node's word, or an owner's. */
export const revoke: Kind<Body<'revoke'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const node = reader.hex(NODE_ID_BYTES) as NodeId;
    const fields = { law: 'revoke', node, reason: reader.text(REASON_BYTES_MAX), cut: readVector(reader) } as const;
    const sealed = readSeal(suite, reading, reader);
    return typeof sealed === 'string' ? sealed : { ...fields, sealed };
  },
  fold: cutOff,
};

/** The sessions at a node that was cut off are over. */
function cutOff(context: Context, { node }: { readonly node: NodeId }): Change | Void {
  const { state, law } = context;
  if (!law.verdicts.isRevoked(node)) return 'undone';
  for (const people of [state.guests, state.accounts]) {
    for (const { grants } of people.values()) for (const grant of grants.values()) if (grant.node === node) grant.ended = true;
  }
  return enacted(context);
}

/** The proof that a node forked a feed. The cut names what the issuer held of the node's feeds. */
export function forkBody({ bytes }: Pick<ForkProof, 'bytes'>, cut: ReadonlyVector): Uint8Array {
  const writer = new Writer(512).raw(bytes);
  writeVector(writer, cut);
  return writer.done();
}

/** The proof revokes the node; of the forked feed what lies below the fork stays, whatever its bearer held. It is any member node's word. */
export const fork: Kind<Body<'fork'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const proof = readForkProof(suite, reading.entry.network, reader);
    const cut = readVector(reader);
    reader.finish();
    if (!proof) return 'bad body';
    if (!isOwn(suite, reading) || !isForkProved(suite, reading.entry.network, proof)) return 'not granted';
    const { node, feed, seq } = proof;
    return { law: 'fork', node, feed, cut: new Map(cut).set(feed, seq - 1), proof };
  },
  fold: cutOff,
};

export function lostBody(
  root: KeyPair | null,
  network: NetworkId,
  head: Unsigned,
  feed: FeedId,
  seq: number,
  hash: Uint8Array,
): Uint8Array {
  return sealBody(root, network, head, new Writer(64).hex(feed).varint(seq).raw(hash).done());
}

/** No node holds an entry any more: an owner closes the hole for good. */
export const lost: Kind<{ feed: FeedId; seq: number; hash: string; sealed: boolean }> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const fields = { feed: reader.hex(FEED_ID_BYTES) as FeedId, seq: reader.varint(), hash: toHex(reader.raw(HASH_BYTES)) };
    const sealed = readSeal(suite, reading, reader);
    return typeof sealed === 'string' ? sealed : { ...fields, sealed };
  },

  fold(context, { feed, seq, hash, sealed }) {
    const { state, law, head, place } = context;
    const fault = sealed ? null : (withheld(context) ?? standing(context));
    if (fault) return fault;
    if (!sealed && law.verdicts.power(head.author, '', place) < 4) return 'not allowed';
    const holes = state.lost.get(feed) ?? new Map<number, string>();
    const known = holes.get(seq);
    if (known === undefined || hash < known) holes.set(seq, hash);
    state.lost.set(feed, holes);
    return { type: 'lost', feed, seq };
  },
};
