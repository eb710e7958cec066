/**
 * Who a process is. Each process has a key of its own for its connections, so that two that run under one node's identity (a copied data directory) are told
 * apart; in the first frame of a link the node's key says that this process is the node.
 */

import { concatBytes, fromHex, toHex } from '../lib/bytes.ts';
import { makeSuite } from '../lib/crypto.ts';

const TAG = 'skein/process/1';
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const suite = makeSuite();

/** A node's key, as far as introductions need it. */
export interface NodeKey {
  readonly publicKey: string;
  sign(tag: string, message: Uint8Array): Uint8Array;
}

export function nodeKey(seed: Uint8Array): NodeKey {
  return suite.keyPair(seed);
}

/** The first frame from a process: the node's key, and its signature over the process's key, which the handshake has proven. */
export function introduction(node: NodeKey, processKey: string): Uint8Array {
  return concatBytes(fromHex(node.publicKey), node.sign(TAG, fromHex(processKey)));
}

/** The node that a process says it is; null where the words prove nothing. */
export function introduced(frame: Uint8Array, processKey: string): string | null {
  if (frame.length !== KEY_BYTES + SIGNATURE_BYTES) return null;
  const node = toHex(frame, 0, KEY_BYTES);
  return suite.verify(node, TAG, fromHex(processKey), frame.subarray(KEY_BYTES)) ? node : null;
}
