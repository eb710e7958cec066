import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Writer } from '../lib/codec.ts';
import { encodeKdf, type Kdf, newKdf, PASSWORD_BYTES_MAX, preparePassword, readKdf } from './kdf.ts';

const salt = Uint8Array.from({ length: 16 }, (_, i) => i);
const raw = (algorithm: number, memoryKiB: number, passes: number, lanes: number): Uint8Array =>
  new Writer().u8(algorithm).varint(memoryKiB).varint(passes).varint(lanes).raw(salt).done();

const kdfs: fc.Arbitrary<Kdf> = fc
  .record(
    {
      memoryKiB: fc.integer({ min: 19_456, max: 262_144 }),
      passes: fc.integer({ min: 1, max: 16 }),
      lanes: fc.integer({ min: 1, max: 4 }),
      salt: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    },
    { noNullPrototype: true },
  )
  .filter(({ memoryKiB, passes }) => memoryKiB * passes <= 1_048_576 && (passes > 1 || memoryKiB >= 47_104));

describe('how a key is made from a password', () => {
  it('[AC1] is read as it was written, and has one encoding', () => {
    fc.assert(fc.property(kdfs, (kdf) => assert.deepEqual(readKdf(encodeKdf(kdf)), kdf)));
    assert.deepEqual(encodeKdf(newKdf(salt)), raw(1, 19_456, 2, 1));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const kdf = readKdf(bytes);
        return kdf instanceof Error || Buffer.from(encodeKdf(kdf)).equals(bytes);
      }),
    );
  });

  it('[AC1] what is weak, costly, cut, longer or of another algorithm is refused', () => {
    for (const bytes of [
      raw(0, 65_536, 3, 1),
      raw(2, 65_536, 3, 1),
      raw(1, 19_455, 2, 1),
      raw(1, 262_145, 1, 1),
      raw(1, 47_103, 1, 1),
      raw(1, 65_536, 0, 1),
      raw(1, 65_536, 17, 1),
      raw(1, 65_536, 3, 0),
      raw(1, 65_536, 3, 5),
      raw(1, 262_144, 5, 1),
      raw(1, 65_536, 3, 1).subarray(0, -1),
      new Writer()
        .raw(raw(1, 65_536, 3, 1))
        .u8(0)
        .done(),
      new Uint8Array(0),
    ]) {
      assert.ok(readKdf(bytes) instanceof Error, Buffer.from(bytes).toString('hex'));
    }
    for (const good of [raw(1, 47_104, 1, 1), raw(1, 262_144, 4, 4), raw(1, 65_536, 16, 4)]) assert.ok(!(readKdf(good) instanceof Error));
  });

  it('[AC2] a password is the same from every keyboard; case counts', () => {
    assert.deepEqual(preparePassword('e\u0301t\u00e9\u3000ou\u00a0hiver'), { password: 'été ou hiver' });
    assert.deepEqual(preparePassword('Walrus '), { password: 'Walrus ' });
    assert.deepEqual(preparePassword(''), { fault: 'empty' });
    for (const bad of ['a\nb', 'a\0', '\ud800', '\uffff']) assert.deepEqual(preparePassword(bad), { fault: 'bad character' });
    const longest = 'é'.repeat(PASSWORD_BYTES_MAX / 2);
    assert.deepEqual(preparePassword(longest), { password: longest });
    assert.deepEqual(preparePassword(`${longest}x`), { fault: 'too long' });
    // U+1D160 grows to three characters in NFC.
    assert.deepEqual(preparePassword('\u{1d160}'.repeat(100)), { fault: 'too long' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const once = preparePassword(text);
        if ('password' in once) {
          assert.deepEqual(preparePassword(once.password), once);
          assert.deepEqual(preparePassword(text.normalize('NFD')), once);
        }
      }),
    );
  });
});
