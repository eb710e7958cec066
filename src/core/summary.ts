/**
 * What a node signs of an entry: how the entry begins (format, network, feed, number, the hash of the entry before) and the hash of the rest. So whoever is shown
 * two of these that begin alike, with their signatures, knows that the node writes two histories, however large the entries are.
 *
 * The hash of an entry is over its summary and its signature, and through the summary over every byte of it.
 */

import { concatBytes } from '../lib/bytes.ts';
import type { Writer } from '../lib/codec.ts';
import type { FeedId, NetworkId } from './ids.ts';
import { HASH_BYTES, type Hashing, SIGNATURE_BYTES, type Suite } from './suite.ts';

/** Rises where what is signed changes: no signature of one format is one of another. */
export const ENTRY_FORMAT = 2;
export const ENTRY_TAG = 'skein/entry/2';

/** Where an entry stands. */
export interface EntryPlace {
  readonly network: NetworkId;
  readonly feed: FeedId;
  readonly seq: number;
  readonly prevHash: Uint8Array;
}

/** An entry as far as it is signed, with the signature at the end of its bytes. */
export interface Signed {
  readonly summary: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Writes how an entry begins. */
export function writeBeginning(writer: Writer, { network, feed, seq, prevHash }: EntryPlace): Writer {
  return writer.u8(ENTRY_FORMAT).hex(network).hex(feed).varint(seq).raw(prevHash);
}

/** The summary of an entry: how it begins, and the hash of what lies between that and the signature. */
export function summarise(hashing: Hashing, beginning: Uint8Array, rest: Uint8Array): Uint8Array {
  return concatBytes(beginning, hashing.sha256(rest));
}

/** The hash of the rest, of which a summary consists besides the entry's place. */
export function restHashOf({ summary }: Pick<Signed, 'summary'>): Uint8Array {
  return summary.subarray(summary.length - HASH_BYTES);
}

export function signatureOf({ bytes }: Pick<Signed, 'bytes'>): Uint8Array {
  return bytes.subarray(bytes.length - SIGNATURE_BYTES);
}

/** The hash of an entry, which the next one carries. */
export function entryHash(hashing: Hashing, signed: Signed): Uint8Array {
  return hashing.sha256(concatBytes(signed.summary, signatureOf(signed)));
}

/** Whether a node's key signed a summary. */
export function isSummarySigned(suite: Suite, node: string, summary: Uint8Array, signature: Uint8Array): boolean {
  return suite.verify(node, ENTRY_TAG, summary, signature);
}
