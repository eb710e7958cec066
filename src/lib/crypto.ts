/** SHA-256 and Ed25519 by Node's own cryptography, with domain tags. Keys are raw 32 bytes outside and native objects inside. */

import { createPrivateKey, createPublicKey, hash, type KeyObject, randomFillSync, sign, verify } from 'node:crypto';
import { concatBytes, fromHex, toHex, utf8 } from './bytes.ts';
import { type Random, randomFrom } from './prng.ts';
import type { Verified } from './verified.ts';

const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');
const SPKI_PREFIX = fromHex('302a300506032b6570032100');
const SPKI_BYTES = 44;
const SIGNATURE_BYTES = 64;
/** Public keys kept ready, as making one costs a third of a verification. */
const KEYS_MAX = 1024;

function tagged(tag: string, bytes: Uint8Array): Uint8Array {
  return concatBytes(utf8(`${tag}\0`), bytes);
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(concatBytes(PKCS8_PREFIX, seed)), format: 'der', type: 'pkcs8' });
}

/** An Ed25519 key pair from its seed of 32 bytes. */
function keyPair(seed: Uint8Array) {
  const key = privateKey(seed);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: toHex(spki, SPKI_PREFIX.length, SPKI_BYTES),
    sign: (tag: string, message: Uint8Array): Uint8Array => new Uint8Array(sign(null, tagged(tag, message), key)),
  };
}

/** The suite the node runs on. `verified`: what of other threads was found good, and is not worked out again. */
export function makeSuite(verified: Verified | null = null) {
  const keys = new Map<string, KeyObject | null>();

  function keyOf(publicKey: string): KeyObject | null {
    let key = keys.get(publicKey);
    if (key !== undefined) return key;
    try {
      key = createPublicKey({ key: Buffer.from(concatBytes(SPKI_PREFIX, fromHex(publicKey))), format: 'der', type: 'spki' });
    } catch {
      key = null;
    }
    if (keys.size >= KEYS_MAX) keys.delete(keys.keys().next().value!);
    keys.set(publicKey, key);
    return key;
  }

  const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');
  function verifyNow(publicKey: string, tag: string, message: Uint8Array, signature: Uint8Array): boolean {
    const key = keyOf(publicKey);
    return key !== null && verify(null, tagged(tag, message), key, signature);
  }

  return {
    verified,
    sha256,
    name: (tag: string, bytes: Uint8Array): string => toHex(sha256(tagged(tag, bytes)), 0, 16),
    keyPair,
    verify(publicKey: string, tag: string, message: Uint8Array, signature: Uint8Array): boolean {
      if (!verified || signature.length !== SIGNATURE_BYTES) return verifyNow(publicKey, tag, message, signature);
      // A key and a tag have no zero byte: each question has bytes of its own.
      const question = sha256(concatBytes(utf8(`${publicKey}\0${tag}\0`), signature, message));
      if (verified.has(question)) return true;
      const isGood = verifyNow(publicKey, tag, message, signature);
      if (isGood) verified.add(question);
      return isGood;
    },
  };
}

const POOL_BYTES = 16_384;

/** Numbers nobody can guess, drawn from the system a pool at a time. */
export function systemRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let at = POOL_BYTES;
  const take = (count: number): Uint8Array => {
    if (at + count > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += count;
    return pool.slice(at - count, at);
  };
  const base = randomFrom(() => new DataView(take(4).buffer).getUint32(0));
  return { ...base, bytes: (count) => (count > POOL_BYTES ? randomFillSync(new Uint8Array(count)) : take(count)) };
}
