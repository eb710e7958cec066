import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { readRoute, roomHash, shown } from './route.ts';

describe('addresses of the web app', () => {
  it('[WB2] an address names a place, and each place its address; what is none of them is the chat', () => {
    for (const room of ['#den', '!00ff', '#a/b%', '#кошка'] as RoomId[]) {
      assert.deepEqual(readRoute(roomHash(room)), { page: 'chat', room, message: null });
      assert.deepEqual(readRoute(roomHash(room, 'ab12' as MessageId)), { page: 'chat', room, message: 'ab12' });
    }
    for (const page of ['network', 'admin', 'settings'] as const) assert.deepEqual(readRoute(`#/${page}`), { page });
    for (const hash of ['', '#', '#/', '#/room', '#/elsewhere', '#setup=', roomHash(null)])
      assert.deepEqual(readRoute(hash), { page: 'chat', room: null, message: null });
    assert.deepEqual(readRoute('#/room/%E0%A4%A'), { page: 'chat', room: '%E0%A4%A', message: null });
  });

  it('[WB2] a link with a secret is read once, and the address then says nothing of it', () => {
    assert.deepEqual(readRoute('#setup=abc-_1'), { page: 'setup', token: 'abc-_1' });
    assert.deepEqual(readRoute('#invite=abcd-efgh'), { page: 'invite', token: 'abcd-efgh' });
    assert.equal(shown(readRoute('#setup=abc')), '#/setup');
    assert.equal(shown(readRoute('#invite=abc')), '#/invite');
    assert.equal(shown(readRoute('#/network')), null);
  });
});
