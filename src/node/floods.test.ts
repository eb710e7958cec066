import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthorId, RoomId } from '../core/ids.ts';
import type { Command, SessionNo } from '../core/port.ts';
import { Floods } from './floods.ts';
import type { Session } from './sessions.ts';

const door = { answer: () => undefined, notices: () => undefined, ended: () => undefined, flush: () => undefined };

function session(no: number, author: string, source: string): Session {
  const rest = {
    publicKey: null,
    key: null,
    grant: null,
    awaitsGrant: false,
    certified: null,
    name: '',
    rooms: new Set<RoomId>(),
    shownKey: 0,
    isGranted: true,
  };
  return { no: no as SessionNo, door, source, author: author as AuthorId, ...rest };
}

const post: Command = { type: 'post', to: { room: '#r' as RoomId }, style: 'text', text: 'x' };

describe('floods', () => {
  it('[FL6] a person may say twenty things at once and two a second, over all their sessions; others are not slowed by them', () => {
    const floods = new Floods();
    const sessions = [session(1, 'a', '192.0.2.1'), session(2, 'a', '192.0.2.2')];
    let taken = 0;
    for (let i = 0; i < 50; i++) if (floods.take(sessions[i % 2]!, post, 1000) === 0) taken++;
    assert.equal(taken, 20);
    assert.equal(floods.take(sessions[0]!, post, 1000), 500);
    assert.equal(floods.take(sessions[0]!, post, 1499), 1);
    assert.equal(floods.take(sessions[1]!, post, 1500), 0);
    assert.equal(floods.take(session(3, 'b', '192.0.2.1'), post, 1500), 0);
  });

  it('[FL6] many people at one address share what ten may; accounts made there are few; reading and leaving are free', () => {
    const floods = new Floods();
    let taken = 0;
    for (let i = 0; i < 400; i++) if (floods.take(session(i, `p${i}`, '192.0.2.9'), post, 5000) === 0) taken++;
    assert.equal(taken, 200);
    const register = { type: 'register' } as Command;
    const made = Array.from({ length: 9 }, (_, i) => floods.take({ ...session(i, '', '192.0.2.9'), author: null }, register, 5000));
    assert.deepEqual(
      made.map((wait) => wait === 0),
      [true, true, true, true, true, false, false, false, false],
    );
    assert.ok(made[5]! > 600_000);
    for (let i = 0; i < 500; i++) assert.equal(floods.take(session(1, 'p1', '192.0.2.9'), { type: 'read', room: '' }, 5000), 0);
  });
});
