import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireAct } from '../../../src/api/protocol.ts';
import { actWords, inForce, isUndoable, joined } from './acts.ts';

const act = (does: string, more: Partial<WireAct> = {}): WireAct =>
  ({
    ...{ id: does, place: [1, 'f', 1, 0], does, room: '', by: 'ann', byName: 'ann', person: 'bob', personName: 'bob' },
    ...{ atMs: 1, untilMs: null, reason: '', what: '', target: null, undoneBy: null, ...more },
  }) as WireAct;

describe('the moderation log, as it is told', () => {
  it('[WB54] what was done, in words', () => {
    assert.equal(actWords(act('ban')), 'banned bob');
    assert.equal(actWords(act('role', { what: 'owner' })), 'made bob an owner');
    assert.equal(actWords(act('role', { what: 'moderator' })), 'made bob a moderator');
    assert.equal(actWords(act('revoke', { what: 'mill' })), 'cut off the node mill');
    assert.equal(actWords(act('what comes later')), 'what comes later');
  });

  it('[WB54] bans and mutes hold until they end or are taken back; what was taken back is not again', () => {
    const acts = [
      act('ban'),
      act('mute', { untilMs: 50 }),
      act('kick'),
      act('ban', { id: 'over' as never, untilMs: 10 }),
      act('ban', { id: 'undone' as never, undoneBy: 'ann' as never }),
    ];
    assert.deepEqual(
      inForce(acts, 20).map(({ id }) => id),
      ['ban', 'mute'],
    );
    assert.deepEqual(
      acts.filter(isUndoable).map(({ id }) => id),
      ['ban', 'mute', 'kick', 'over'],
    );
  });

  it('[WB54] pages are joined, each act once, as it was told last', () => {
    const [later] = [act('ban', { undoneBy: 'ann' as never })];
    assert.deepEqual(joined([act('kick'), act('ban')], [later!, act('mute')]), [act('kick'), later, act('mute')]);
  });
});
