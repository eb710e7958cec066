/**
 * Invitations for people: a token (core/invitation-token.ts) that is good for so many accounts, for so long.
 *
 * A token used on both sides of a partition may let in more people than it is good for, as no quorum counts its uses.
 */

import { invitationId, readInvitationToken } from '../core/invitation-token.ts';
import type { State } from '../core/state.ts';
import type { Hashing } from '../core/suite.ts';

export type InvitationFault = 'mistyped' | 'unknown' | 'expired' | 'used up';

/** What people are told. */
export const INVITATION_WORDS: Readonly<Record<InvitationFault, string>> = {
  mistyped: 'This is no invitation: a letter is wrong or missing. Copy it again, whole.',
  unknown: 'The invitation is unknown here: it is for another network, or this node has not heard of it yet. Try again in a moment.',
  expired: 'The invitation has expired. Ask for a new one.',
  'used up': 'The invitation was used up. Ask for a new one.',
};

/** The id of the invitation that a token is for, where it may be used now. `pending`: uses that are not in the log yet, by the id. */
export function checkInvitation(
  state: State,
  hashing: Hashing,
  token: string,
  nowMs: number,
  pending: ReadonlyMap<string, number> = NONE,
): { readonly id: string } | { readonly fault: InvitationFault } {
  const bytes = readInvitationToken(hashing, token);
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
