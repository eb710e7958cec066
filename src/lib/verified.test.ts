import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeSuite } from './crypto.ts';
import { seededRandom } from './prng.ts';
import { VERIFIED_MAX, Verified } from './verified.ts';

const HASH_BYTES = 32;

describe('signatures that were found good', () => {
  it('[LB5] a changed byte of the message, the signature, the key or the tag is another question, also after a good one', () => {
    const verified = new Verified();
    const [suite, plain] = [makeSuite(verified), makeSuite()];
    const random = seededRandom(5);
    const [key, other] = [suite.keyPair(random.bytes(32)), suite.keyPair(random.bytes(32))];
    const message = random.bytes(100);
    const signature = key.sign('tag', message);
    for (let i = 0; i < 2; i++) assert.equal(suite.verify(key.publicKey, 'tag', message, signature), true);
    const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const questions: Parameters<typeof suite.verify>[] = [
      [other.publicKey, 'tag', message, signature],
      [key.publicKey, 'tag2', message, signature],
      [key.publicKey, 'ta', message, signature],
      [key.publicKey, 'tag', message.slice(1), signature],
      [key.publicKey, 'tag', message, signature.slice(1)],
      [`${key.publicKey}0`, 'tag', message, signature],
      ...Array.from({ length: 100 }, (_, at): Parameters<typeof suite.verify> => [key.publicKey, 'tag', flipped(message, at), signature]),
      ...Array.from({ length: 64 }, (_, at): Parameters<typeof suite.verify> => [key.publicKey, 'tag', message, flipped(signature, at)]),
    ];
    for (const question of questions) {
      for (let i = 0; i < 2; i++) assert.equal(suite.verify(...question), false);
      assert.equal(plain.verify(...question), false);
    }
  });

  it('[LB5] what one thread found good the others know, and nothing else; the oldest make room', () => {
    const one = new Verified();
    const other = new Verified(one.memory);
    const random = seededRandom(6);
    const hashes = Array.from({ length: 1000 }, () => random.bytes(HASH_BYTES));
    for (const hash of hashes.slice(0, 500)) one.add(hash);
    for (const hash of hashes.slice(0, 500)) assert.equal(other.has(hash), true);
    for (const hash of hashes.slice(500)) assert.equal(other.has(hash), false);
    for (let i = 0; i < 3 * VERIFIED_MAX; i++) one.add(random.bytes(HASH_BYTES));
    const left = hashes.slice(0, 500).filter((hash) => other.has(hash)).length;
    assert.ok(left < 250, `${left} of 500 are left after three times as many as there is room for`);
    const last = random.bytes(HASH_BYTES + 1).subarray(1);
    one.add(last);
    assert.equal(other.has(last), true);
  });
});
