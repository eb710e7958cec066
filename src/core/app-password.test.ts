import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { suite } from '../../test/fixture/writer.ts';
import { appPasswordSeed, formatAppPassword, parseAppPassword } from './app-password.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('app passwords', () => {
  it('[AC4] are read as they were made, in any case and with any gaps', () => {
    fc.assert(
      fc.property(sixteen, (bytes) => {
        const text = formatAppPassword(bytes);
        assert.match(text, /^skein(-[0-9a-hjkmnp-tv-z]{8}){4}$/);
        const forms = [
          text,
          text.toUpperCase(),
          ` ${text} `,
          `skein-${text.slice(6).replaceAll('-', '')}`,
          text.replaceAll('0', 'O').replaceAll('1', 'l'),
        ];
        for (const form of forms) assert.deepEqual(parseAppPassword(form), { bytes });
      }),
    );
  });

  it('[AC4] up to four wrong letters, a letter more or less, and swapped ones are noticed', () => {
    const slips = fc.uniqueArray(fc.nat(31), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sixteen, slips, fc.integer({ min: 1, max: 31 }), (bytes, at, by) => {
        const letters = [...formatAppPassword(bytes).slice(6).replaceAll('-', '')];
        for (const i of at) letters[i] = ALPHABET[(ALPHABET.indexOf(letters[i]!) + by) % 32]!;
        assert.deepEqual(parseAppPassword(`skein-${letters.join('')}`), { fault: 'mistyped' });
      }),
    );
    const text = formatAppPassword(Uint8Array.from({ length: 16 }, (_, i) => 37 * i));
    assert.deepEqual(parseAppPassword(text.slice(0, -1)), { fault: 'mistyped' });
    assert.deepEqual(parseAppPassword(`${text}0`), { fault: 'mistyped' });
    assert.deepEqual(parseAppPassword('skein-is what I like'), { fault: 'mistyped' });
    assert.deepEqual(parseAppPassword('skeinfarbe'), { fault: 'another password' });
    assert.throws(() => formatAppPassword(new Uint8Array(15)), RangeError);
  });

  it('[AC4] the device key is the hash of the bytes under a tag of its own', () => {
    fc.assert(
      fc.property(sixteen, (bytes) => {
        const seed = createHash('sha256').update('skein/app-password/1\0').update(bytes).digest();
        assert.deepEqual(Buffer.from(appPasswordSeed(suite, bytes)), seed);
      }),
      { numRuns: 20 },
    );
    const seeds = [new Uint8Array(16), new Uint8Array(16).fill(1)].map((bytes) => suite.keyPair(appPasswordSeed(suite, bytes)).publicKey);
    assert.notEqual(seeds[0], seeds[1]);
  });
});
