/**
 * The token of an invitation for people, as it is printed: 80 random bits, which no member finds by trying hashes, in Crockford's base 32 (`O` is read as `0`, `I` and `L` as
 * `1`), and four letters of a checksum that tells a slip of a finger from a token that is unknown. It is short enough to be typed, or to be part of a link.
 *
 * The log holds a hash of the token, so it gives the token away to nobody.
 */

import { BASE32, readLetters } from '../lib/base32.ts';
import { fromHex } from '../lib/bytes.ts';
import type { Hashing } from './suite.ts';

export const INVITATION_TOKEN_BYTES = 10;
const DATA_LETTERS = 16;
const CHECK_LETTERS = 4;
const GROUP_LETTERS = 5;
const ID_TAG = 'skein/people-invite/1';
const CHECK_TAG = 'skein/people-invite-check/1';

/** The printed form of a token's bytes. */
export function formatInvitationToken(hashing: Hashing, bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = Array.from({ length: DATA_LETTERS }, (_, i) => BASE32[Number.parseInt(bits.slice(5 * i, 5 * i + 5), 2)]);
  const sum = fromHex(hashing.name(CHECK_TAG, bytes));
  for (let i = 0; i < CHECK_LETTERS; i++) letters.push(BASE32[sum[i]! & 31]);
  return letters
    .join('')
    .match(new RegExp(`.{${GROUP_LETTERS}}`, 'g'))!
    .join('-');
}

/** The bytes of a token as people write it: in any case, with any hyphens and spaces. Null where it is none. */
export function readInvitationToken(hashing: Hashing, text: string): Uint8Array | null {
  const values = readLetters(text);
  if (values?.length !== DATA_LETTERS + CHECK_LETTERS) return null;
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from({ length: INVITATION_TOKEN_BYTES }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8), 2));
  const again = readLetters(formatInvitationToken(hashing, bytes))!;
  return again.every((value, i) => value === values[i]) ? bytes : null;
}

/** What the log knows an invitation by. */
export function invitationId(hashing: Hashing, bytes: Uint8Array): string {
  return hashing.name(ID_TAG, bytes);
}
