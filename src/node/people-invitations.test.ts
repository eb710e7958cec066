import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthorId, NodeId } from '../core/ids.ts';
import { formatInvitationToken, invitationId } from '../core/invitation-token.ts';
import { emptyState } from '../core/state.ts';
import { makeSuite } from '../lib/crypto.ts';
import { checkInvitation } from './people-invitations.ts';

const suite = makeSuite();
const bytes = Uint8Array.from([0, 1, 2, 3, 250, 251, 252, 253, 254, 255]);
const token = formatInvitationToken(suite, bytes);
const id = invitationId(suite, bytes);

describe('invitations for people', () => {
  it('[AC20] a token is read however it is written, and a slip of a finger is told from one that is unknown', () => {
    const state = emptyState();
    assert.match(token, /^([0-9a-z]{5}-){3}[0-9a-z]{5}$/);
    assert.deepEqual(checkInvitation(state, suite, token, 0), { fault: 'unknown' });
    state.invites.set(id, { id, uses: 1, expiresMs: 100, node: 'n' as NodeId });
    const written = [token, token.toUpperCase(), token.replaceAll('-', ' '), ` ${token.replaceAll('-', '')} `];
    for (const one of [...written, token.replaceAll('0', 'O').replaceAll('1', 'l')])
      assert.deepEqual(checkInvitation(state, suite, one, 0), { id });
    let told = 0;
    for (let i = 0; i < token.length; i++) {
      if (token[i] === '-') continue;
      const slip = token.slice(0, i) + (token[i] === 'z' ? 'y' : 'z') + token.slice(i + 1);
      if ('fault' in checkInvitation(state, suite, slip, 0)) told++;
    }
    assert.equal(told, 20);
    for (const no of ['', 'x', token.slice(1), `${token}0`, 'ü'.repeat(20), '0'.repeat(10_000)])
      assert.deepEqual(checkInvitation(state, suite, no, 0), { fault: 'mistyped' });
  });

  it('[AC20] it is good so often and so long', () => {
    const state = emptyState();
    state.invites.set(id, { id, uses: 2, expiresMs: 100, node: 'n' as NodeId });
    state.registered.set(id, new Set(['a' as AuthorId]));
    assert.deepEqual(checkInvitation(state, suite, token, 100), { id });
    assert.deepEqual(checkInvitation(state, suite, token, 101), { fault: 'expired' });
    state.registered.get(id)!.add('b' as AuthorId);
    assert.deepEqual(checkInvitation(state, suite, token, 0), { fault: 'used up' });
  });
});
