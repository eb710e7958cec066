/**
 * App passwords: `skein-` and four groups of eight letters, for programs that can do no more than send a password. Skein makes them, of 128 random bits,
 * so nobody guesses one and no slow hash is needed. Each is the seed of a device key that may speak for its account and not change it.
 *
 * The letters are Crockford's base 32, where `O` is read as `0` and `I` and `L` as `1`. The last six are the BCH checksum of Bech32m (BIP 350), which
 * finds up to four wrong letters, so a slip of a finger is told apart from a password that somebody chose.
 */

import { concatBytes, utf8 } from '../lib/bytes.ts';
import type { Hashing } from './suite.ts';

export const APP_PASSWORD_BYTES = 16;
/** What an app password begins with; no password that a person chooses may (core/password.ts). */
export const APP_PASSWORD_PREFIX = 'skein-';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const DATA_LETTERS = 26;
const CHECK_LETTERS = 6;
const GROUP_LETTERS = 8;
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32M = 0x2bc830a3;
const SEED_TAG = 'skein/app-password/1\0';

function checksumOf(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of GENERATORS.entries()) if ((top >>> bit) & 1) sum ^= generator;
  }
  return sum >>> 0;
}

/** Values of five bits, the last filled with zeros. */
function valuesOf(bytes: Uint8Array): number[] {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: DATA_LETTERS }, (_, i) => Number.parseInt(bits.slice(5 * i, 5 * i + 5).padEnd(5, '0'), 2));
}

/** The printed form of 16 random bytes. */
export function formatAppPassword(bytes: Uint8Array): string {
  if (bytes.length !== APP_PASSWORD_BYTES) throw new RangeError(`an app password has ${APP_PASSWORD_BYTES} bytes`);
  const values = valuesOf(bytes);
  const sum = checksumOf([...values, ...Array.from({ length: CHECK_LETTERS }, () => 0)]) ^ BECH32M;
  for (let i = 0; i < CHECK_LETTERS; i++) values.push((sum >>> (5 * (CHECK_LETTERS - 1 - i))) & 31);
  const letters = values.map((value) => ALPHABET[value]).join('');
  return APP_PASSWORD_PREFIX + letters.match(new RegExp(`.{${GROUP_LETTERS}}`, 'g'))!.join('-');
}

/** Why a text is no app password: it does not begin like one, or a letter is wrong. */
export type AppPasswordFault = 'another password' | 'mistyped';

/** Reads an app password, in any case, with any hyphens and spaces between its letters. */
export function parseAppPassword(text: string): { readonly bytes: Uint8Array } | { readonly fault: AppPasswordFault } {
  const plain = text.trim().toLowerCase();
  if (!plain.startsWith(APP_PASSWORD_PREFIX)) return { fault: 'another password' };
  const letters = plain.slice(APP_PASSWORD_PREFIX.length).replace(/[- ]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  const bits = Array.from(letters.slice(0, DATA_LETTERS), (letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from({ length: APP_PASSWORD_BYTES }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
  // Made anew, all of it must be the same: its checksum, its length, and the bits that fill up the last letter.
  return formatAppPassword(bytes).slice(APP_PASSWORD_PREFIX.length).replaceAll('-', '') === letters ? { bytes } : { fault: 'mistyped' };
}

/** The seed of the device's key: SHA-256 over a tag and the 16 bytes. */
export function appPasswordSeed(hashing: Hashing, bytes: Uint8Array): Uint8Array {
  return hashing.sha256(concatBytes(utf8(SEED_TAG), bytes));
}
