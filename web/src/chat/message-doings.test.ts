import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireRoom } from '../../../src/api/protocol.ts';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId } from '../../../src/core/ids.ts';
import { doingsOf } from './message-doings.ts';

const ME = 'me' as AuthorId;
const said = (more: Partial<Item> = {}): Item => ({ author: 'ann', style: 'text', text: 'hello', ...more }) as Item;
const room = (more: Partial<WireRoom> = {}): WireRoom => ({ kind: 'public', archived: false, power: 0, ...more }) as WireRoom;
const can = (item: Item, where: WireRoom): string =>
  Object.entries(doingsOf(item, where, ME))
    .flatMap(([name, isSo]) => (isSo ? name : []))
    .join(' ');

describe('what can be done with a message', () => {
  it('[WB25] follows from whose it is, where, and what one may there', () => {
    assert.equal(can(said(), room()), 'reply react report');
    assert.equal(can(said({ author: ME }), room()), 'reply react edit remove');
    assert.equal(can(said({ author: ME, style: 'action' }), room()), 'reply react remove');
    assert.equal(can(said(), room({ power: 2 })), 'reply react pin remove report moderate');
    assert.equal(can(said({ imported: true }), room({ power: 3 })), 'reply react pin remove report');
    assert.equal(can(said(), room({ kind: 'direct', power: 4 })), 'reply react pin report');
    assert.equal(can(said({ author: ME }), room({ archived: true })), 'remove');
    assert.equal(can(said({ text: null }), room({ power: 4 })), '');
    assert.equal(can(said({ author: ME, delivery: { state: 'waiting' } }), room()), '');
  });
});
