import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId, MessageId, RoomId } from '../../../src/core/ids.ts';
import { NO_WISHES, readWishes, ruleOf, withRule, writeWishes } from '../state/wishes.ts';
import { announcement } from './announcing.ts';
import { iconOf, titleOf } from './badge.ts';
import { glance, NEWS_MS, type Situation, type Told, telling, wordsFor } from './decide.ts';

const den = '#den' as RoomId;
const eve = 'eve' as AuthorId;
const item = (text: string, rest: Partial<Item> = {}): Item =>
  ({ id: text as MessageId, room: den, author: eve, name: 'eve', atMs: 1000, style: 'text', text, ...rest }) as Item;
const at = (rest: Partial<Situation> = {}): Situation => ({
  me: 'me' as AuthorId,
  open: null,
  isBlocked: false,
  isDirect: false,
  rule: 'all',
  isQuiet: false,
  isShown: true,
  maySystem: true,
  ...rest,
});

describe('word of what comes', () => {
  it('[WB66] goes to whoever does not see it, as they wish: in the page while that is seen, else by the system where it may', () => {
    const hello = item('hello');
    assert.equal(telling(hello, at(), 1000), 'page');
    assert.equal(telling(hello, at({ isShown: false }), 1000), 'system');
    assert.equal(telling(hello, at({ isShown: false, maySystem: false }), 1000), 'none');
    for (const none of [
      { open: den },
      { isQuiet: true },
      { rule: 'none' },
      { isBlocked: true },
      { me: eve },
      { rule: 'mentions' },
    ] as const)
      assert.equal(telling(hello, at(none), 1000), 'none', JSON.stringify(none));
    assert.equal(telling(item('me: hello', { mentions: true }), at({ rule: 'mentions' }), 1000), 'page');
    assert.equal(telling(hello, at(), 1001 + NEWS_MS), 'none');
    assert.equal(telling(item('old', { imported: true }), at(), 1000), 'none');
    assert.equal(telling({ ...hello, text: null }, at(), 1000), 'none');
  });

  it('[WB66] what comes together is told together', () => {
    const told = (text: string, room = '#den'): Told => ({
      room: room as RoomId,
      roomName: room,
      isDirect: room[0] === '@',
      item: item(text),
    });
    assert.deepEqual(
      wordsFor([told('one'), told('two')]).map(({ title, body }) => `${title}: ${body}`),
      ['eve in #den: one', 'eve in #den: two'],
    );
    assert.deepEqual(
      wordsFor([told('1'), told('2'), told('3'), told('hi', '@eve')]).map(({ title, body }) => `${title}: ${body}`),
      ['#den: 3 new messages', 'eve: hi'],
    );
    assert.equal(glance('a\n\n  b'), 'a b');
    assert.equal([...glance('👍'.repeat(200))].length, 140);
  });

  it('[WB67] a screen reader is told messages, and of many their number', () => {
    assert.equal(announcement([], 'den'), '');
    assert.equal(announcement([item('one'), item('two')], 'den'), 'eve: one. eve: two');
    assert.equal(
      announcement(
        [1, 2, 3, 4].map((n) => item(`${n}`)),
        'den',
      ),
      '4 new messages in den',
    );
  });

  it('[WB66] title and icon say whether something waits, and how much of it is for the reader', () => {
    assert.equal(titleOf('Harbour', { unread: 0, mentions: 0 }), 'Harbour');
    assert.equal(titleOf('Harbour', { unread: 3, mentions: 0 }), '• Harbour');
    assert.equal(titleOf('', { unread: 3, mentions: 2 }), '(2) Skein');
    const icons = [
      { unread: 0, mentions: 0 },
      { unread: 1, mentions: 0 },
      { unread: 1, mentions: 1 },
    ].map(iconOf);
    assert.equal(new Set(icons).size, 3);
  });

  it('[WB66] rules: of rooms mentions, of direct ones everything, unless something else is wished; muted is muted', () => {
    assert.equal(ruleOf(NO_WISHES, den, 'public', false), 'mentions');
    assert.equal(ruleOf(NO_WISHES, den, 'direct', false), 'all');
    const wishes = withRule(NO_WISHES, den, 'all');
    assert.equal(ruleOf(wishes, den, 'public', false), 'all');
    assert.equal(ruleOf(wishes, den, 'public', true), 'none');
    assert.deepEqual(readWishes(JSON.parse(JSON.stringify(writeWishes({ ...wishes, isQuiet: true, order: 'recent' })))), {
      ...wishes,
      isQuiet: true,
      order: 'recent',
    });
    for (const odd of [null, 7, [], { rules: 'x' }, { rules: [['#a', 'loud'], 3] }, { order: 'upwards' }])
      assert.deepEqual(readWishes(odd), NO_WISHES);
  });
});
