/**
 * Fast cryptography for the simulator: SHA-256 is real, signatures are keyed hashes whose keys only this suite's registry knows, so nobody can forge
 * one without the seed. The same seed gives the same bytes.
 */

import { hash } from 'node:crypto';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { concatBytes, equalBytes, toHex, utf8 } from '../../src/lib/bytes.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** Keys by their public halves. */
export function simSuite(): Suite {
  const secrets = new Map<string, Uint8Array>();
  const tags = new Map<string, Uint8Array>();

  function tagged(tag: string, bytes: Uint8Array): Uint8Array {
    let prefix = tags.get(tag);
    if (!prefix) tags.set(tag, (prefix = utf8(`${tag}\0`)));
    return concatBytes(prefix, bytes);
  }

  function sign(secret: Uint8Array, tag: string, message: Uint8Array): Uint8Array {
    const half = sha256(concatBytes(secret, tagged(tag, message)));
    return concatBytes(half, half);
  }

  return {
    sha256,
    name: (tag, bytes) => toHex(sha256(tagged(tag, bytes)), 0, 16),
    keyPair(seed): KeyPair {
      const secret = sha256(concatBytes(utf8('secret'), seed));
      const publicKey = toHex(sha256(concatBytes(utf8('public'), seed)));
      secrets.set(publicKey, secret);
      return { publicKey, sign: (tag, message) => sign(secret, tag, message) };
    },
    verify(publicKey, tag, message, signature) {
      const secret = secrets.get(publicKey);
      return secret !== undefined && equalBytes(sign(secret, tag, message), signature);
    },
  };
}
