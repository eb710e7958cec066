import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomId } from '../../src/core/ids.ts';
import type { RoomSettings } from '../../src/core/state.ts';
import { Town, type Visitor } from './town.ts';

const ROOM = '#square' as RoomId;
const PLAIN: RoomSettings = { description: '', archived: false, slowSeconds: 0, retentionSeconds: 0, name: '' };

function set(owner: Visitor, room: RoomId, settings: Partial<RoomSettings>): void {
  owner.does({ type: 'set room', room, settings: { ...PLAIN, ...settings } });
  owner.town.settle();
}

function privateRoom(owner: Visitor, name: string): RoomId {
  const made = owner.does({ type: 'make private room', name });
  owner.town.settle();
  return (made as { room: RoomId }).room;
}

describe('rooms at the doors', () => {
  it('[RM1] a public room is made by who enters it first, is open to all, and theirs', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    ada.join('#Square');
    town.settle();
    const gus = town.guest(1, 'gus');
    gus.join('#SQUARE');
    town.settle();
    for (const house of town.houses) {
      assert.equal(house.engine.state.rooms.get(ROOM)!.name!.value, '#Square');
      assert.deepEqual(house.members(ROOM).sort(), [ada.author, gus.author].sort());
      assert.deepEqual([house.engine.rights.power(ada.author, ROOM), house.engine.rights.power(gus.author, ROOM)], [3, 0]);
      assert.ok(house.mayRead(null, ROOM));
    }
    gus.does({ type: 'topic', room: ROOM, text: 'cats' });
    assert.deepEqual(gus.refused({ type: 'topic', room: ROOM, text: 'two\nlines' }), { type: 'bad text', fault: 'bad character' });
    assert.deepEqual(gus.refused({ type: 'topic', room: '#other' as RoomId, text: 'x' }), { type: 'not in room' });
    gus.does({ type: 'part', room: ROOM, reason: 'bye' });
    assert.deepEqual(gus.refused({ type: 'post', to: { room: ROOM }, style: 'text', text: 'x' }), { type: 'not in room' });
    assert.deepEqual(gus.refused({ type: 'join', room: 'square' }), { type: 'bad text', fault: 'bad character' });
  });

  it('[RM2] a private room is there only for who was invited', () => {
    const town = new Town(2);
    const [ada, bob, eve] = [town.citizen(0, 'ada'), town.citizen(1, 'bob'), town.citizen(1, 'eve')];
    const room = privateRoom(ada, 'den');
    assert.match(room, /^![0-9a-f]{32}$/);
    assert.deepEqual(town.guest(0, 'gus').refused({ type: 'make private room', name: 'mine' }), { type: 'no account' });
    ada.post(room, 'secret');
    town.settle();
    const away = { type: 'no such room' } as const;
    assert.deepEqual(bob.refused({ type: 'join', room }), away);
    assert.deepEqual(bob.refused({ type: 'invite', room, person: bob.author }), { type: 'not allowed' });
    ada.does({ type: 'invite', room, person: bob.author });
    town.settle();
    for (const house of town.houses) {
      assert.deepEqual(
        [ada, bob, eve].map(({ author }) => house.mayRead(author, room)),
        [true, true, false],
      );
      assert.ok(!house.mayRead(null, room));
    }
    bob.join(room);
    bob.post(room, 'hello');
    bob.does({ type: 'topic', room, text: 'of the den' });
    assert.deepEqual(eve.refused({ type: 'join', room }), away);
    for (const command of [
      { type: 'post', to: { room }, style: 'text', text: 'x' },
      { type: 'topic', room, text: 'x' },
    ] as const)
      assert.deepEqual(eve.refused(command), { type: 'not in room' });
    town.settle();
    assert.deepEqual(town.houses[0]!.texts(room), ['secret', 'hello']);
    ada.does({ type: 'kick', room, person: bob.author, reason: 'enough' });
    town.settle();
    assert.deepEqual(bob.refused({ type: 'join', room }), away);
    assert.deepEqual(
      town.houses.map((house) => house.mayRead(bob.author, room)),
      [false, false],
    );
  });

  it('[RM2] who is banned from a private room, or has no role there any more, reads it no more', () => {
    const town = new Town(2);
    const [ada, bob, cid] = [town.citizen(0, 'ada'), town.citizen(1, 'bob'), town.citizen(1, 'cid')];
    const room = privateRoom(ada, 'den');
    for (const one of [bob, cid]) {
      ada.does({ type: 'role', room, person: one.author, role: 'member' });
      town.settle();
      one.join(room);
    }
    town.settle();
    ada.does({ type: 'ban', room, person: bob.author, forMs: 0, reason: '' });
    ada.does({ type: 'role', room, person: cid.author, role: 'none' });
    town.settle();
    for (const house of town.houses)
      assert.deepEqual(
        [bob, cid].map(({ author }) => house.mayRead(author, room)),
        [false, false],
      );
    for (const one of [bob, cid]) assert.ok(!one.session!.rooms.has(room));
  });

  it('[RM3] the founder of a private room may write in it at another node at once', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    const there = town.houses[1]!.visit();
    there.logIn(ada.author, 'ada');
    town.settle();
    const room = privateRoom(ada, 'den');
    there.post(room, 'from there');
    town.settle();
    for (const house of town.houses) assert.deepEqual(house.texts(room), ['from there']);
  });

  it('[RM4] a room’s owner sets it; an archived one takes no words', () => {
    const town = new Town(2);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(1, 'bob')];
    ada.join(ROOM);
    town.settle();
    bob.join(ROOM);
    const settings = { ...PLAIN, description: 'about cats', archived: true };
    assert.deepEqual(bob.refused({ type: 'set room', room: ROOM, settings }), { type: 'not allowed' });
    set(ada, ROOM, { description: 'about cats', archived: true });
    assert.equal(town.houses[1]!.engine.state.rooms.get(ROOM)!.settings!.value.description, 'about cats');
    for (const one of [ada, bob]) {
      assert.deepEqual(one.refused({ type: 'post', to: { room: ROOM }, style: 'text', text: 'x' }), { type: 'archived' });
      assert.deepEqual(one.refused({ type: 'topic', room: ROOM, text: 'x' }), { type: 'archived' });
    }
    set(ada, ROOM, {});
    bob.post(ROOM, 'open again');
    const room = privateRoom(ada, 'den');
    set(ada, room, { name: 'cellar' });
    assert.equal(town.houses[1]!.engine.state.rooms.get(room)!.settings!.value.name, 'cellar');
  });

  it('[RM4] what cannot be set is refused, not taken and void', () => {
    const town = new Town(1);
    const ada = town.citizen(0, 'ada');
    ada.join(ROOM);
    const bad = (settings: Partial<RoomSettings>): unknown =>
      ada.refused({ type: 'set room', room: ROOM, settings: { ...PLAIN, ...settings } });
    assert.deepEqual(bad({ description: 'x'.repeat(391) }), { type: 'bad text', fault: 'too long' });
    assert.deepEqual(bad({ description: '\u0002bold' }), { type: 'bad text', fault: 'bad character' });
    assert.deepEqual(bad({ slowSeconds: 86_401 }), { type: 'bad text', fault: 'too long' });
    assert.deepEqual(bad({ retentionSeconds: 3_155_760_001 }), { type: 'bad text', fault: 'too long' });
    for (const seconds of [-1, 0.5, Number.NaN])
      assert.deepEqual(bad({ slowSeconds: seconds }), { type: 'bad text', fault: 'bad character' });
    assert.deepEqual(bad({ name: 'cellar' }), { type: 'not allowed' });
    assert.deepEqual(ada.refused({ type: 'set room', room: '#nowhere' as RoomId, settings: PLAIN }), { type: 'no such room' });
    assert.equal(town.houses[0]!.engine.state.rooms.get(ROOM)!.settings, null);
    set(ada, ROOM, { slowSeconds: 86_400, retentionSeconds: 3_155_760_000, description: 'x'.repeat(390) });
  });

  it('[RM5] in a slow room the time to wait is exact, over all sessions and nodes; moderators wait for nothing', () => {
    const town = new Town(2);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(0, 'bob')];
    ada.join(ROOM);
    town.settle();
    bob.join(ROOM);
    set(ada, ROOM, { slowSeconds: 60 });
    const there = town.houses[1]!.visit();
    there.logIn(bob.author, 'bob');
    const post = { type: 'post', to: { room: ROOM }, style: 'text', text: 'x' } as const;
    bob.post(ROOM, 'first');
    assert.deepEqual(bob.refused(post), { type: 'slow', retryMs: 60_000 });
    town.pass(59_999);
    for (const one of [bob, there]) assert.deepEqual(one.refused(post), { type: 'slow', retryMs: 1 });
    town.pass(1);
    there.post(ROOM, 'second');
    for (let i = 0; i < 3; i++) ada.post(ROOM, 'as owner');
  });

  it('[RM5] a clock that is ahead makes nobody wait longer', () => {
    const town = new Town(1);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(0, 'bob')];
    ada.join(ROOM);
    bob.join(ROOM);
    set(ada, ROOM, { slowSeconds: 10 });
    const prepared = { client: '01'.repeat(16) as never, salt: new Uint8Array(16), after: (town.nowMs + 3_600_000) * 1024 };
    bob.does({ type: 'post', to: { room: ROOM }, style: 'text', text: 'an hour ahead', prepared });
    assert.deepEqual(bob.refused({ type: 'post', to: { room: ROOM }, style: 'text', text: 'x' }), { type: 'slow', retryMs: 10_000 });
    town.pass(10_000);
    bob.post(ROOM, 'later');
  });

  it('[RM6] nodes erase what is past its time in a room, and nothing younger or elsewhere', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    ada.join(ROOM);
    ada.join('#kept');
    ada.post('#kept' as RoomId, 'kept');
    set(ada, ROOM, { retentionSeconds: 60 });
    ada.post(ROOM, 'old');
    town.pass(50_000);
    ada.post(ROOM, 'young');
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['old', 'young']);
    town.pass(25_000);
    for (const house of town.houses) {
      assert.deepEqual(house.texts(ROOM), [null, 'young']);
      assert.deepEqual(house.texts('#kept' as RoomId), ['kept']);
    }
    town.pass(60_000);
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), [null, null]);
    const count = (): number => town.houses[0]!.told('retain').length;
    const before = count();
    town.pass(600_000);
    assert.equal(count(), before, 'where nothing is said nothing is erased again');
    assert.ok(before <= 137_000 / 2500, `${before} steps, by both nodes`);
  });

  it('[RM7] what comes late from a part of the network that knew of no limit is erased too', () => {
    const town = new Town(3);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(2, 'bob')];
    ada.join(ROOM);
    town.settle();
    bob.join(ROOM);
    town.divide(2);
    set(ada, ROOM, { retentionSeconds: 60 });
    bob.post(ROOM, 'in the partition');
    ada.post(ROOM, 'in time');
    town.pass(120_000);
    assert.deepEqual(
      town.houses.map((house) => house.texts(ROOM)),
      [[null], [null], ['in the partition']],
    );
    town.heal();
    town.pass(30_000);
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), [null, null]);
  });

  it('[RM6] a node that has nobody to bear out its clock erases nothing, and says the time no more than once', () => {
    const town = new Town(2);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(1, 'bob')];
    ada.join(ROOM);
    town.settle();
    bob.join(ROOM);
    town.divide(1);
    set(ada, ROOM, { retentionSeconds: 60 });
    ada.post(ROOM, 'kept for now');
    const { log } = town.houses[0]!.engine.replica;
    town.pass(120_000);
    const entries = [...log.durable.values()].reduce((sum, seq) => sum + seq, 0);
    town.pass(600_000);
    assert.deepEqual(town.houses[0]!.texts(ROOM), ['kept for now']);
    assert.equal(
      [...log.durable.values()].reduce((sum, seq) => sum + seq, 0),
      entries,
      'nothing is written meanwhile',
    );
    town.heal();
    town.pass(30_000);
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), [null]);
  });

  it('[RM8] owners give roles in their room, to accounts; a role counts at once for what is written elsewhere', () => {
    const town = new Town(2);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(1, 'bob')];
    ada.join(ROOM);
    town.settle();
    bob.join(ROOM);
    const id = bob.post(ROOM, 'pin me');
    town.settle();
    const role = { type: 'role', room: ROOM, person: bob.author, role: 'moderator' } as const;
    assert.deepEqual(bob.refused(role), { type: 'not allowed' });
    assert.deepEqual(ada.refused({ ...role, person: town.guest(0, 'gus').author }), { type: 'no account' });
    assert.deepEqual(ada.refused({ ...role, person: '00'.repeat(16) as never }), { type: 'no such person' });
    assert.deepEqual(ada.refused({ ...role, room: '#nowhere' as RoomId }), { type: 'no such room' });
    assert.deepEqual(bob.refused({ type: 'pin', room: ROOM, target: id, on: true }), { type: 'not allowed' });
    ada.does(role);
    town.run();
    // The right was given at one node and is used at another, whose own word names it.
    bob.does({ type: 'pin', room: ROOM, target: id, on: true });
    town.settle();
    for (const house of town.houses) {
      assert.equal(house.shown(ROOM)[0]!.pinned, true);
      assert.deepEqual(
        [...house.engine.rights.roles(ROOM)],
        [
          [ada.author, 'owner'],
          [bob.author, 'moderator'],
        ],
      );
    }
  });

  it('[RM9] two owners who demote each other in a partition are both none, alike everywhere; the root key makes another', () => {
    const town = new Town(2);
    const [olga, omar] = [town.owner(0, 'olga'), town.owner(1, 'omar')];
    town.divide(1);
    olga.does({ type: 'role', room: '', person: omar.author, role: 'none' });
    omar.does({ type: 'role', room: '', person: olga.author, role: 'none' });
    town.heal();
    for (const house of town.houses)
      assert.deepEqual(
        [olga, omar].map(({ author }) => house.engine.rights.power(author, '')),
        [0, 0],
      );
    town.crown(olga.author, 'owner');
    assert.deepEqual(
      town.houses.map((house) => house.engine.rights.power(olga.author, '')),
      [4, 4],
    );
  });
});
