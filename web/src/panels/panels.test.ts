import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireAct, WirePerson, WireRole } from '../../../src/api/protocol.ts';
import type { AuthorId } from '../../../src/core/ids.ts';
import { KEEPINGS, keepingWords, withOwn, wordsOf } from './durations.ts';
import { isInForce } from './in-force.ts';
import { groupsOf } from './member-groups.ts';
import { dayStartMs, isEmpty, NOTHING_SOUGHT, pieces, times } from './search-query.ts';

function person(name: string, rest: Partial<WirePerson> = {}): WirePerson {
  return { author: name as AuthorId, name, account: true, present: true, away: null, node: null, role: null, ...rest };
}

describe('what panels show', () => {
  it('[WB60] days count from their first millisecond to their last, where the reader is', () => {
    assert.deepEqual(times({ ...NOTHING_SOUGHT, from: '2026-03-29', until: '2026-03-29' }), {
      fromMs: new Date(2026, 2, 29).getTime(),
      beforeMs: new Date(2026, 2, 30).getTime(),
    });
    assert.equal(dayStartMs('2026-12-31', 1), new Date(2027, 0, 1).getTime());
    for (const none of ['', '29.3.2026', '2026-3-29']) assert.equal(dayStartMs(none), null);
    assert.ok(isEmpty({ ...NOTHING_SOUGHT, text: '  ' }));
    assert.ok(!isEmpty({ ...NOTHING_SOUGHT, who: 'ann' }));
  });

  it('[WB60] a text falls into what was found and the rest, however marks lie', () => {
    assert.deepEqual(pieces('a kettle sings', [[2, 8]]), [
      { text: 'a ', isHit: false },
      { text: 'kettle', isHit: true },
      { text: ' sings', isHit: false },
    ]);
    assert.deepEqual(pieces('plain', []), [{ text: 'plain', isHit: false }]);
    assert.deepEqual(pieces('', []), []);
    for (const marks of [
      [
        [0, 3],
        [2, 5],
      ],
      [[4, 2]],
      [[0, 99]],
    ] as [number, number][][])
      assert.equal(
        pieces('kettle', marks)
          .map(({ text }) => text)
          .join(''),
        'kettle',
      );
  });

  it('[WB64] people stand in groups by the greater of their roles, those who are there first; so many at most', () => {
    const people = [
      person('zoe'),
      person('Ann', { away: 'tea' }),
      person('bo', { present: false }),
      person('cat', { role: 'owner', present: false }),
      person('dan'),
    ];
    const roles = { dan: 'moderator' } as Record<AuthorId, WireRole>;
    const names = (sought: string, max = 100) => {
      const { groups, hidden } = groupsOf(people, roles, { sought, max });
      return [...groups.map(({ name, members }) => `${name}: ${members.map((one) => one.person.name)}`), hidden];
    };
    assert.deepEqual(names(''), ['Owners: cat', 'Moderators: dan', 'People: zoe,Ann', 'Not here: bo', 0]);
    assert.deepEqual(names('AN'), ['Moderators: dan', 'People: Ann', 0]);
    assert.deepEqual(names('', 2), ['Owners: cat', 'Moderators: dan', 3]);
  });

  it('[WB63] what was set by other means is offered, too, and a shorter time says what it erases', () => {
    assert.equal(withOwn(KEEPINGS, 0), KEEPINGS);
    assert.equal(wordsOf(KEEPINGS, 86_400), 'a day');
    assert.equal(wordsOf(KEEPINGS, 3 * 86_400), '3 days');
    assert.equal(wordsOf(KEEPINGS, 90), '90 seconds');
    assert.equal(keepingWords(0, 0), null);
    assert.match(keepingWords(0, 86_400)!, /also what was said until now/);
    assert.match(keepingWords(7 * 86_400, 86_400)!, /also what was said until now/);
    assert.doesNotMatch(keepingWords(86_400, 7 * 86_400)!, /until now/);
    assert.match(keepingWords(86_400, 0)!, /does not come back/);
  });

  it('[WB65] in force is what was neither taken back nor is over', () => {
    const act = { does: 'ban', person: 'eve', undoneBy: null, untilMs: null } as WireAct;
    const eve = 'eve' as AuthorId;
    assert.ok(isInForce(act, eve, 5));
    assert.ok(isInForce({ ...act, does: 'mute', untilMs: 6 }, eve, 5));
    assert.ok(!isInForce({ ...act, untilMs: 5 }, eve, 5));
    assert.ok(!isInForce({ ...act, undoneBy: 'x' as AuthorId }, eve, 5));
    assert.ok(!isInForce({ ...act, does: 'kick' }, eve, 5));
    assert.ok(!isInForce(act, 'ann' as AuthorId, 5));
  });
});
