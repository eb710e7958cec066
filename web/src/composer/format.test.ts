import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId } from '../../../src/core/ids.ts';
import { wrapped } from './format.ts';
import { lastOwn } from './last-own.ts';

describe('the composer', () => {
  it('[WB30] keys put marks around what is chosen, and take them off again', () => {
    const bold = wrapped('a word here', 2, 6, '**');
    assert.deepEqual(bold, { text: 'a **word** here', from: 4, to: 8 });
    assert.deepEqual(wrapped(bold.text, bold.from, bold.to, '**'), { text: 'a word here', from: 2, to: 6 });
    assert.equal(wrapped(bold.text, bold.from, bold.to, '*').text, 'a ***word*** here');
    assert.deepEqual(wrapped('', 0, 0, '`'), { text: '``', from: 1, to: 1 });
  });

  it('[WB30] the last own message that can be edited is the one that arrow up edits', () => {
    const me = 'me' as AuthorId;
    const said = (id: string, more: object = {}): Item => ({ id, author: me, style: 'text', text: id, ...more }) as unknown as Item;
    const timeline = [said('a'), said('b', { author: 'ann' }), said('c', { text: null }), said('d', { style: 'action' })];
    assert.equal(lastOwn(timeline, me)!.id, 'a');
    assert.equal(lastOwn([...timeline, said('e', { delivery: { state: 'waiting' } })], me)!.id, 'a');
    assert.equal(lastOwn([said('b', { author: 'ann' })], me), null);
  });
});
