import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { best, fit } from './match.ts';
import { actOf, nextOf, type Press, SHORTCUTS } from './shortcuts.ts';

const press = (key: string, rest: Partial<Press> = {}): Press => ({
  key,
  isMod: false,
  isAlt: false,
  isShift: false,
  isText: false,
  ...rest,
});

describe('the palette', () => {
  it('[WB69] finds by letters in their order, whatever their case and accents are in names, the best first', () => {
    assert.equal(fit('kitchen', 'kx'), null);
    assert.equal(fit('anything', ''), 0);
    const names = ['kitchen', 'Back kitchen', 'knitting', 'network'].map((name) => ({ name }));
    assert.deepEqual(
      best(names, 'KIT', 3).map(({ name }) => name),
      ['kitchen', 'Back kitchen', 'knitting'],
    );
    assert.deepEqual(best(names, 'zz', 3), []);
    assert.deepEqual(
      best([{ name: 'Join a room', also: 'directory' }, { name: 'Dear' }], 'dir', 5).map(({ name }) => name),
      ['Join a room'],
    );
  });
});

describe('keys', () => {
  it('[WB68] each does what the sheet says, and signs alone only where no text has the focus and they are wished for', () => {
    assert.equal(actOf(press('k', { isMod: true }), true), 'palette');
    assert.equal(actOf(press('k'), true), null);
    assert.equal(actOf(press('F', { isMod: true, isShift: true }), true), 'search');
    assert.equal(actOf(press('ArrowDown', { isAlt: true }), true), 'next room');
    assert.equal(actOf(press('ArrowDown', { isAlt: true, isShift: true }), true), 'next unread');
    assert.equal(actOf(press('ArrowDown'), true), null);
    assert.equal(actOf(press('Escape', { isShift: true }), true), 'all read');
    assert.equal(actOf(press('?', { isShift: true }), true), 'keys');
    assert.equal(actOf(press('?', { isShift: true, isText: true }), true), null);
    assert.equal(actOf(press('?', { isShift: true }), false), null);
    assert.equal(actOf(press('/', { isMod: true, isText: true }), false), 'keys');
    const acts = SHORTCUTS.filter(({ act }) => act !== null).map(({ keys }) => keys.join());
    assert.equal(new Set(acts).size, acts.length);
  });

  it('[WB68] lists go round', () => {
    assert.equal(nextOf([1, 2, 3], 3, 1), 1);
    assert.equal(nextOf([1, 2, 3], 1, -1), 3);
    assert.equal(nextOf([1, 2, 3], null, -1), 3);
    assert.equal(nextOf([], null, 1), null);
  });
});
