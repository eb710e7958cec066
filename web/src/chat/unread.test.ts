import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId, MessageId } from '../../../src/core/ids.ts';
import { COUNT_MAX, countBehind, firstOf } from './unread.ts';

const ME = 'me' as AuthorId;
const timeline = (authors: string): Item[] =>
  [...authors].map((author, i) => ({ id: `m${i}`, author: author === 'I' ? ME : author }) as unknown as Item);
const id = (no: number): MessageId => `m${no}` as MessageId;

describe('what was not read', () => {
  it('[WB21] begins at as many messages of others from the end as were counted, one’s own left out', () => {
    const shown = timeline('aabIbIa');
    assert.equal(firstOf(shown, { count: 2, last: id(6), me: ME }), id(4));
    assert.equal(firstOf(shown, { count: 3, last: id(6), me: ME }), id(2));
    // What came since the room was opened is behind it.
    assert.equal(firstOf(timeline('aabIbIaaa'), { count: 2, last: id(6), me: ME }), id(4));
    assert.equal(firstOf(shown, { count: 9, last: id(6), me: ME }), null);
    assert.equal(firstOf(shown, { count: 0, last: id(6), me: ME }), null);
  });

  it('[WB21] what came since one left the end is counted, up to a limit', () => {
    assert.equal(countBehind(timeline('abIab'), id(1), ME), 2);
    assert.equal(countBehind(timeline('abI'), id(2), ME), 0);
    assert.equal(countBehind(timeline('ab'), null, ME), 0);
    assert.equal(countBehind(timeline('a'.repeat(2000)), id(0), ME), COUNT_MAX);
  });
});
