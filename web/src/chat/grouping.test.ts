import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../src/client/view.ts';
import type { AuthorId, FeedId, MessageId, RoomId } from '../../../src/core/ids.ts';
import { isPrepended, standingOf } from './grouping.ts';

const MINUTE_MS = 60_000;
const dayOf = (atMs: number): number => Math.floor(atMs / 86_400_000);

function item(id: string, atMs: number, rest: Partial<Item> = {}): Item {
  const base = { room: '#den' as RoomId, author: 'a' as AuthorId, name: 'ann', style: 'text', text: id } as const;
  return { ...base, id: id as MessageId, atMs, place: [atMs, 'f' as FeedId, 1, 0], ...rest };
}

describe('how messages stand to each other', () => {
  const one = item('1', 10 * MINUTE_MS);
  const head = (next: Item, before: Item | undefined = one): boolean => standingOf(next, before, null, dayOf).isHead;

  it('[WB6] one person within five minutes is one group; an answer, an action, an import, another name or a long pause begin another', () => {
    assert.equal(standingOf(one, undefined, null, dayOf).isHead, true);
    assert.equal(head(item('2', 14 * MINUTE_MS)), false);
    assert.equal(head(item('2', 15 * MINUTE_MS)), true);
    for (const other of [
      { author: 'b' as AuthorId },
      { name: 'Ann' },
      { style: 'action' },
      { target: one.id },
      { imported: true },
    ] as Partial<Item>[])
      assert.equal(head(item('2', 11 * MINUTE_MS, other)), true, JSON.stringify(other));
  });

  it('[WB6] a day begins where the date does; what was not read has its line', () => {
    const late = item('2', 86_400_000 - 1);
    const early = item('3', 86_400_000 + 1);
    assert.deepEqual(standingOf(early, late, null, dayOf), { isHead: true, isNewDay: true, isFirstUnread: false });
    assert.deepEqual(standingOf(item('4', 11 * MINUTE_MS), one, '4' as MessageId, dayOf), {
      isHead: true,
      isNewDay: false,
      isFirstUnread: true,
    });
  });

  it('[WB7] a page of what is before is told from what comes behind or between', () => {
    const list = [one, item('2', 11 * MINUTE_MS)];
    const older = item('0', 1);
    assert.equal(isPrepended(list, [older, ...list]), true);
    assert.equal(isPrepended(list, [...list, item('3', 12 * MINUTE_MS)]), false);
    assert.equal(isPrepended(list, [one, item('1b', 10.5 * MINUTE_MS), list[1]!]), false);
    assert.equal(isPrepended(list, [older, ...list, item('3', 12 * MINUTE_MS)]), false);
    assert.equal(isPrepended([], list), false);
  });
});
