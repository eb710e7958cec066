import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageId, RoomId } from '../../src/core/ids.ts';
import { Town, type Visitor } from './town.ts';

const ROOM = '#square' as RoomId;
const OTHER = '#market' as RoomId;

interface Square {
  readonly town: Town;
  /** Owns the room, at the first node. */
  readonly ada: Visitor;
  /** At the second one. */
  readonly bob: Visitor;
}

function square(): Square {
  const town = new Town(2);
  const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(1, 'bob')];
  for (const one of [ada, bob]) {
    one.join(ROOM);
    town.settle();
  }
  return { town, ada, bob };
}

const post = (room: RoomId) => ({ type: 'post', to: { room }, style: 'text', text: 'x' }) as const;

/** The id of the last thing that is in force in a room. */
function last(one: Visitor, room: RoomId | ''): MessageId {
  return one.house.engine.rights.sanctions(room).at(-1)!.id;
}

describe('moderation at the doors', () => {
  it('[MO1] who is kicked is out of the room at every node, and may come back', () => {
    const { town, ada, bob } = square();
    const kick = { type: 'kick', room: ROOM, person: bob.author, reason: 'enough' } as const;
    assert.deepEqual(bob.refused({ ...kick, person: ada.author }), { type: 'not allowed' });
    ada.does(kick);
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.members(ROOM), [ada.author]);
    assert.deepEqual(bob.refused(post(ROOM)), { type: 'not in room' });
    assert.deepEqual(ada.refused(kick), { type: 'no such person' }, 'they are not there');
    bob.join(ROOM);
    bob.post(ROOM, 'back');
    assert.equal(bob.ending, null);
  });

  it('[MO2] who is banned from a room neither enters it nor writes there, is told until when, and why, and is there again when it is over', () => {
    const { town, ada, bob } = square();
    bob.post(ROOM, 'before');
    town.settle();
    const ban = { type: 'ban', room: ROOM, person: bob.author, forMs: 60_000, reason: 'spam' } as const;
    assert.deepEqual(bob.refused({ ...ban, person: ada.author }), { type: 'not allowed' });
    const untilMs = town.nowMs + 60_000;
    ada.does(ban);
    town.settle();
    const silenced = { type: 'silenced', by: 'ban', untilMs, reason: 'spam' } as const;
    assert.deepEqual(bob.refused({ type: 'join', room: ROOM }), silenced);
    assert.deepEqual(bob.refused(post(ROOM)), { type: 'not in room' });
    for (const house of town.houses) {
      assert.deepEqual(house.members(ROOM), [ada.author]);
      assert.deepEqual(house.texts(ROOM), ['before'], 'what was known before stays');
    }
    bob.join(OTHER);
    assert.equal(bob.ending, null);
    town.pass(60_000);
    bob.join(ROOM);
    bob.post(ROOM, 'after');
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['before', 'after']);
    assert.deepEqual(ada.house.engine.rights.sanctions(ROOM), [], 'it is in force no more');
  });

  it('[MO2] a ban that nobody gave an end is for good, and can be undone', () => {
    const { town, ada, bob } = square();
    ada.does({ type: 'ban', room: ROOM, person: bob.author, forMs: 0, reason: '' });
    town.settle();
    assert.deepEqual(bob.refused({ type: 'join', room: ROOM }), { type: 'silenced', by: 'ban', untilMs: null, reason: '' });
    const ban = last(ada, ROOM);
    assert.deepEqual(bob.refused({ type: 'undo', target: ban }), { type: 'not allowed' });
    ada.does({ type: 'undo', target: ban });
    town.settle();
    assert.deepEqual(ada.refused({ type: 'undo', target: ban }), { type: 'no such message' }, 'it is undone');
    bob.join(ROOM);
    bob.post(ROOM, 'back');
    town.settle();
    assert.deepEqual(town.houses[0]!.texts(ROOM), ['back']);
  });

  it('[MO3] a ban from the network made at one node ends the sessions at another with its reason, and shows nothing they write meanwhile', () => {
    const { town, ada, bob } = square();
    town.crown(ada.author, 'moderator');
    bob.post(ROOM, 'before');
    town.divide(1);
    const untilMs = town.nowMs + 60_000;
    ada.does({ type: 'ban', room: '', person: bob.author, forMs: 60_000, reason: 'spam' });
    bob.post(ROOM, 'meanwhile');
    town.heal();
    assert.equal(bob.ending, 'banned: spam');
    for (const house of town.houses) {
      assert.deepEqual(house.texts(ROOM), ['before']);
      assert.deepEqual(house.members(ROOM), [ada.author]);
    }
    const again = town.houses[1]!.visit();
    const silenced = { type: 'silenced', by: 'ban', untilMs, reason: 'spam' };
    assert.deepEqual(again.refused(again.login(bob.author, town.signer('bob'))), silenced);
    town.pass(60_000);
    again.logIn(bob.author, 'bob');
    again.post(ROOM, 'after');
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['before', 'after']);
  });

  it('[MO3] a guest is banned as anybody is, and undone their words show again', () => {
    const { town, ada } = square();
    town.crown(ada.author, 'moderator');
    const gus = town.guest(1, 'gus');
    gus.join(ROOM);
    town.divide(1);
    ada.does({ type: 'ban', room: '', person: gus.author, forMs: 0, reason: '' });
    gus.post(ROOM, 'meanwhile');
    town.heal();
    assert.equal(gus.ending, 'banned');
    assert.deepEqual(town.houses[0]!.texts(ROOM), []);
    ada.does({ type: 'undo', target: last(ada, '') });
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['meanwhile']);
  });

  it('[MO4] who is muted reads and is told at once until when they are not heard; undone or over, they are', () => {
    const { town, ada, bob } = square();
    const id = bob.post(ROOM, 'before');
    const untilMs = town.nowMs + 60_000;
    ada.does({ type: 'mute', room: ROOM, person: bob.author, forMs: 60_000, reason: 'shouting' });
    town.run();
    const silenced = { type: 'silenced', by: 'mute', untilMs, reason: 'shouting' } as const;
    for (const command of [
      post(ROOM),
      { type: 'topic', room: ROOM, text: 'x' },
      { type: 'edit', room: ROOM, target: id, style: 'text', text: 'x' },
      { type: 'react', room: ROOM, target: id, emoji: '👍', on: true },
    ] as const)
      assert.deepEqual(bob.refused(command), silenced);
    bob.does({ type: 'report', room: ROOM, target: id, reason: 'this one' });
    bob.join(OTHER);
    bob.post(OTHER, 'elsewhere they are heard');
    assert.ok(town.houses[1]!.members(ROOM).includes(bob.author));
    ada.does({ type: 'undo', target: last(ada, ROOM) });
    town.settle();
    bob.post(ROOM, 'heard');
    ada.does({ type: 'mute', room: ROOM, person: bob.author, forMs: 10_000, reason: '' });
    town.settle();
    bob.refused(post(ROOM));
    town.pass(10_000);
    bob.post(ROOM, 'heard again');
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['before', 'heard', 'heard again']);
  });

  it('[MO4] a mute in the network holds in every room and in direct ones', () => {
    const { town, ada, bob } = square();
    town.crown(ada.author, 'moderator');
    ada.does({ type: 'mute', room: '', person: bob.author, forMs: 0, reason: '' });
    town.settle();
    const silenced = { type: 'silenced', by: 'mute', untilMs: null, reason: '' };
    bob.join(OTHER);
    assert.deepEqual(bob.refused(post(OTHER)), silenced);
    assert.deepEqual(bob.refused({ ...post(ROOM), to: { author: ada.author } }), silenced);
    assert.equal(bob.ending, null);
  });

  it('[MO5] moderators act against who has no more power than they, and owners against all but the network’s', () => {
    const { town, ada, bob } = square();
    const olga = town.owner(1);
    const cid = town.citizen(0, 'cid');
    for (const one of [olga, cid]) one.join(ROOM);
    ada.does({ type: 'role', room: ROOM, person: bob.author, role: 'moderator' });
    town.settle();
    const mute = (person: Visitor) => ({ type: 'mute', room: ROOM, person: person.author, forMs: 0, reason: '' }) as const;
    bob.does(mute(cid));
    assert.deepEqual(bob.refused(mute(ada)), { type: 'not allowed' });
    assert.deepEqual(ada.refused(mute(olga)), { type: 'not allowed' });
    olga.does(mute(ada));
    town.settle();
    ada.refused(post(ROOM));
    assert.deepEqual(ada.refused({ type: 'undo', target: last(ada, ROOM) }), { type: 'not allowed' });
    assert.deepEqual(cid.refused({ type: 'ban', room: '', person: bob.author, forMs: 0, reason: '' }), { type: 'not allowed' });
    assert.deepEqual(ada.refused({ type: 'ban', room: '', person: cid.author, forMs: 0, reason: '' }), { type: 'not allowed' });
  });

  it('[MO6] a kick that is undone puts whom it put out back into the room, at their sessions too', () => {
    const { town, ada, bob } = square();
    ada.does({ type: 'kick', room: ROOM, person: bob.author, reason: 'a mistake' });
    town.settle();
    bob.refused(post(ROOM));
    ada.does({ type: 'undo', target: last(ada, ROOM) });
    town.settle();
    for (const house of town.houses) assert.ok(house.members(ROOM).includes(bob.author));
    bob.post(ROOM, 'back');
  });

  it('[MO7] what is in force can be read: who, by whom, until when, why', () => {
    const { town, ada, bob } = square();
    const atMs = town.nowMs;
    ada.does({ type: 'mute', room: ROOM, person: bob.author, forMs: 1000, reason: 'one' });
    ada.does({ type: 'ban', room: ROOM, person: bob.author, forMs: 0, reason: 'two' });
    town.run();
    for (const house of town.houses) {
      const read = house.engine.rights.sanctions(ROOM).map(({ id: _, ...rest }) => rest);
      const both = { room: ROOM, person: bob.author, by: ada.author, atMs };
      assert.deepEqual(read, [
        { ...both, does: 'mute', untilMs: atMs + 1000, reason: 'one' },
        { ...both, does: 'ban', untilMs: null, reason: 'two' },
      ]);
      assert.deepEqual(house.engine.rights.sanctions(''), []);
    }
  });
});
