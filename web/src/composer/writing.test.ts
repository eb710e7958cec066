import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireRoom } from '../../../src/api/protocol.ts';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId } from '../../../src/core/ids.ts';
import { closedWords, sizeWords, slowWords, waitMs } from './writing.ts';

const ME = 'me' as AuthorId;
const room = (more: Partial<WireRoom> = {}): WireRoom =>
  ({ kind: 'public', archived: false, joined: true, power: 0, slowSeconds: 0, ...more }) as WireRoom;
const said = (author: string, atMs: number, more: Partial<Item> = {}): Item => ({ author, atMs, ...more }) as Item;

describe('whether one can write', () => {
  it('[WB33] an archived room, and one that one is not in, say so', () => {
    assert.equal(closedWords(room()), null);
    assert.match(closedWords(room({ archived: true }))!, /archived/);
    assert.match(closedWords(room({ joined: false }))!, /not in this room/);
    assert.equal(closedWords(room({ joined: false, kind: 'direct' })), null);
  });

  it('[WB33] a slow room says how long one waits; moderators do not', () => {
    const slow = room({ slowSeconds: 30 });
    const timeline = [said('me', 1000), said('ann', 5000)];
    assert.equal(waitMs(slow, timeline, ME, 11_000), 20_000);
    assert.equal(waitMs(slow, timeline, ME, 40_000), 0);
    assert.equal(waitMs(slow, [said('ann', 5000)], ME, 6000), 0);
    assert.equal(waitMs({ ...slow, power: 2 }, timeline, ME, 11_000), 0);
    assert.equal(waitMs(room(), timeline, ME, 1000), 0);
    assert.equal(waitMs(slow, [said('me', 1000, { delivery: { state: 'refused', words: '' } })], ME, 2000), 0);
    assert.match(slowWords(30, 19_500), /one message in 30 s.*in 20 s/);
  });

  it('[WB33] what comes near the limit is told, and what is beyond is too long', () => {
    assert.equal(sizeWords(100), null);
    assert.deepEqual(sizeWords(8000, 'en'), { words: '8,000 of 8,192 bytes', isTooLong: false });
    assert.deepEqual(sizeWords(9000, 'en'), { words: '9,000 of 8,192 bytes: too long for one message', isTooLong: true });
  });
});
