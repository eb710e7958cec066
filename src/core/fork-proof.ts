/**
 * The proof that a node writes two histories: of two entries that follow one entry of its feed what it signed, whatever their size (ADR 18). It speaks for itself, in
 * an op as well as beside the log: whoever shows it.
 */

import { equalBytes } from '../lib/bytes.ts';
import { Reader, Writer } from '../lib/codec.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo, INCARNATION_BYTES } from './feed.ts';
import { type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from './ids.ts';
import { HASH_BYTES, type Hashing, SIGNATURE_BYTES, type Suite } from './suite.ts';
import { type EntryPlace, isSummarySigned, restHashOf, type Signed, signatureOf, writeBeginning } from './summary.ts';

/** Bytes of a proof, at most: 268 and its number. */
export const FORK_PROOF_BYTES_MAX = 280;

export interface ForkProof {
  readonly node: NodeId;
  readonly feed: FeedId;
  /** The place of which there are two entries. */
  readonly seq: number;
  readonly bytes: Uint8Array;
}

/** An entry as far as a proof carries it. */
export type Proved = Pick<EntryPlace, 'seq' | 'prevHash'> & Signed;

/** The last entry of a feed that counts where it was proved to be forked: the first one always does, for it says whose feed it is. */
export function endOfFork({ seq }: Pick<ForkProof, 'seq'>): number {
  return Math.max(1, seq - 1);
}

/** Proves the fork of a feed by two entries of its node that follow the same one. */
export function proveFork(
  { node, kind, incarnation, feed }: Pick<FeedInfo, 'node' | 'kind' | 'incarnation' | 'feed'>,
  entries: readonly [Proved, Proved],
): ForkProof {
  const [{ seq, prevHash }] = entries;
  const writer = new Writer(FORK_PROOF_BYTES_MAX).hex(node).u8(kind).hex(incarnation).varint(seq).raw(prevHash);
  for (const entry of entries) writer.raw(restHashOf(entry)).raw(signatureOf(entry));
  return { node, feed, seq, bytes: writer.done() };
}

/** Reads what may be a proof; whether it is one only its signatures tell. Null where it speaks of no two entries. */
export function readForkProof(hashing: Hashing, network: NetworkId, reader: Reader): ForkProof | null {
  const from = reader.at;
  const { node, kind, incarnation, seq, rests } = readParts(reader);
  const [one, other] = rests;
  if (seq < 1 || equalBytes(one!.restHash, other!.restHash)) return null;
  const { feed } = feedInfo(hashing, network, { node, kind, incarnation });
  return { node, feed, seq, bytes: reader.bytes.slice(from, reader.at) };
}

function readParts(reader: Reader) {
  return {
    node: reader.hex(NODE_ID_BYTES) as NodeId,
    kind: reader.count(FEED_KIND.import) as FeedKind,
    incarnation: reader.hex(INCARNATION_BYTES),
    seq: reader.varint(),
    prevHash: reader.raw(HASH_BYTES),
    rests: [0, 1].map(() => ({ restHash: reader.raw(HASH_BYTES), signature: reader.raw(SIGNATURE_BYTES) })),
  };
}

/** Whether the node signed both. */
export function isForkProved(suite: Suite, network: NetworkId, { node, feed, seq, bytes }: ForkProof): boolean {
  const { prevHash, rests } = readParts(new Reader(bytes));
  return rests.every(({ restHash, signature }) => {
    const summary = writeBeginning(new Writer(128), { network, feed, seq, prevHash }).raw(restHash).view();
    return isSummarySigned(suite, node, summary, signature);
  });
}
