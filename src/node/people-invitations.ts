/**
 * Invitations for people: a token that is good for so many accounts, for so long. It is short enough to be typed, or to be part of a link.
 *
 * The log holds a hash of the token, so it gives the token away to nobody. A token has 80 random bits, which no member finds by trying hashes; its letters are
 * Crockford's base 32 (`O` is read as `0`, `I` and `L` as `1`), and the last four are a checksum that tells a slip of a finger from a token that is unknown.
 *
 * A token used on both sides of a partition may let in more people than it is good for, as no quorum counts its uses.
 */

import type { State } from '../core/state.ts';
import type { Hashing } from '../core/suite.ts';
import { BASE32, readLetters } from '../lib/base32.ts';
import { fromHex } from '../lib/bytes.ts';

export const INVITATION_TOKEN_BYTES = 10;
const DATA_LETTERS = 16;
const CHECK_LETTERS = 4;
const GROUP_LETTERS = 5;
const ID_TAG = 'skein/people-invite/1';
const CHECK_TAG = 'skein/people-invite-check/1';

export type InvitationFault = 'mistyped' | 'unknown' | 'expired' | 'used up';

/** What people are told. */
export const INVITATION_WORDS: Readonly<Record<InvitationFault, string>> = {
  mistyped: 'This is no invitation: a letter is wrong or missing. Copy it again, whole.',
  unknown: 'The invitation is unknown here: it is for another network, or this node has not heard of it yet. Try again in a moment.',
  expired: 'The invitation has expired. Ask for a new one.',
  'used up': 'The invitation was used up. Ask for a new one.',
};

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
function readToken(hashing: Hashing, text: string): Uint8Array | null {
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

/** The id of the invitation that a token is for, where it may be used now. `pending`: uses that are not in the log yet, by the id. */
export function checkInvitation(
  state: State,
  hashing: Hashing,
  token: string,
  nowMs: number,
  pending: ReadonlyMap<string, number> = NONE,
): { readonly id: string } | { readonly fault: InvitationFault } {
  const bytes = readToken(hashing, token);
  if (!bytes) return { fault: 'mistyped' };
  const id = invitationId(hashing, bytes);
  const fault = invitationFault(state, id, nowMs, pending);
  return fault ? { fault } : { id };
}

/** Why no account is made by an invitation now; null where one is. */
export function invitationFault(
  state: State,
  id: string,
  nowMs: number,
  pending: ReadonlyMap<string, number> = NONE,
): Exclude<InvitationFault, 'mistyped'> | null {
  const invite = state.invites.get(id);
  if (!invite) return 'unknown';
  if (nowMs > invite.expiresMs) return 'expired';
  return (state.registered.get(id)?.size ?? 0) + (pending.get(id) ?? 0) >= invite.uses ? 'used up' : null;
}

const NONE: ReadonlyMap<string, number> = new Map();
