import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomId } from '../../src/core/ids.ts';
import { authorId } from '../../src/core/ids.ts';
import { CUT_FEEDS_MAX } from '../../src/node/desk.ts';
import { Town } from './town.ts';

const ROOM = '#square' as RoomId;

describe('accounts at the doors', () => {
  it('[AC8] an account made at one node logs in at another; a wrong key does not', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    assert.equal(ada.author, authorId(town.suite, town.keyOf('ada').publicKey));
    const there = town.houses[1]!.visit();
    assert.deepEqual(there.refused(there.login(ada.author, town.signer('guess'))), { type: 'bad key' });
    assert.deepEqual(there.refused(there.login(authorId(town.suite, town.keyOf('nobody').publicKey), town.signer('ada'))), {
      type: 'no account',
    });
    assert.deepEqual(there.say(there.login(ada.author, town.signer('ada'))), { type: 'opened', author: ada.author, name: 'ada' });
    assert.deepEqual(there.refused(there.login(ada.author, town.signer('ada'))), { type: 'not allowed' }, 'a session is of one account');
    there.join(ROOM);
    there.post(ROOM, 'from the other node');
    town.settle();
    assert.deepEqual(town.houses[0]!.texts(ROOM), ['from the other node']);
  });

  it('[AC9] a guest who logs in or registers is the account from then on, in the same rooms', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    ada.join('#home');
    const guest = town.guest(1, 'visitor');
    const before = guest.author;
    guest.join(ROOM);
    town.settle();
    guest.logIn(ada.author, 'ada');
    town.settle();
    const [here, there] = [town.houses[1]!, town.houses[0]!];
    assert.deepEqual(here.told('identified'), [{ type: 'identified', author: before, by: ada.author }]);
    assert.deepEqual([...guest.session!.rooms].sort(), ['#home', ROOM]);
    for (const house of [here, there]) {
      const ends = house.told('end').filter(({ author }) => author === before);
      assert.equal(ends.length, 1, 'the guest ends once');
      assert.deepEqual(house.members(ROOM), [ada.author]);
      assert.equal(house.engine.people.presence(before), null);
    }
    const types = here.heard.map(({ type, ...rest }) => ({ type, author: 'author' in rest ? rest.author : null }));
    const identified = types.findIndex(({ type }) => type === 'identified');
    assert.ok(
      types.findIndex(({ type, author }) => type === 'account' && author === ada.author) < identified,
      'after the account is there',
    );
    assert.ok(types.findIndex(({ type, author }) => type === 'end' && author === before) > identified, 'before the guest ends');

    const other = town.guest(1, 'bob');
    const bob = other.author;
    other.join(ROOM);
    other.register('bob', 'bob');
    assert.deepEqual(here.told('identified').at(-1), { type: 'identified', author: bob, by: other.author });
    assert.ok(other.session!.rooms.has(ROOM));
  });

  it('[AC9] a guest with two sessions of one key is there until the last of them logs in', () => {
    const town = new Town(1);
    const ada = town.citizen(0, 'ada');
    const key = town.keyOf('guest');
    const [one, other] = [town.houses[0]!.visit(), town.houses[0]!.visit()];
    one.does({ type: 'open', name: 'gus', key });
    const gus = one.author;
    other.does({ type: 'open', name: 'gus', key });
    one.logIn(ada.author, 'ada');
    assert.deepEqual(town.houses[0]!.told('identified'), []);
    assert.ok(town.houses[0]!.engine.people.presence(gus));
    other.logIn(ada.author, 'ada');
    assert.deepEqual(town.houses[0]!.told('identified'), [{ type: 'identified', author: gus, by: ada.author }]);
    assert.equal(town.houses[0]!.engine.people.presence(gus), null);
  });

  it('[AC10] sessions of one account are one person in the same rooms, at one node and at several', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    const [second, third] = [town.houses[0]!.visit(), town.houses[1]!.visit()];
    second.logIn(ada.author, 'ada');
    third.logIn(ada.author, 'ada');
    town.settle();
    ada.join(ROOM);
    town.settle();
    for (const one of [ada, second, third]) assert.ok(one.session!.rooms.has(ROOM));
    third.does({ type: 'part', room: ROOM, reason: '' });
    town.settle();
    assert.ok(!ada.session!.rooms.has(ROOM));
    ada.join(ROOM);
    ada.ask({ type: 'close', reason: 'bye' });
    second.ask({ type: 'close', reason: 'bye' });
    town.settle();
    for (const house of town.houses) {
      assert.deepEqual(house.told('end'), [], 'a session elsewhere is left');
      assert.deepEqual(house.members(ROOM), [ada.author]);
    }
    third.ask({ type: 'close', reason: 'bye' });
    town.settle();
    assert.equal(town.houses[0]!.told('end').length, 1);
    const again = town.houses[0]!.visit();
    again.logIn(ada.author, 'ada');
    assert.ok(again.session!.rooms.has(ROOM), 'an account is in its rooms while it is away');
  });

  it('[AC11] who logs out ends one session or all, at every node', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    const [second, third] = [town.houses[0]!.visit(), town.houses[1]!.visit()];
    second.logIn(ada.author, 'ada');
    third.logIn(ada.author, 'ada');
    town.settle();
    const key = third.session!.key!.publicKey;
    const signer = town.signer('ada');
    assert.deepEqual(ada.refused({ type: 'log out', signer: town.signer('guess'), keys: [] }), { type: 'bad key' });
    ada.does({ type: 'log out', signer, keys: [key] });
    town.run();
    assert.deepEqual([ada.ending, second.ending, third.ending], [null, null, 'logged out']);
    ada.join(ROOM);
    ada.post(ROOM, 'still here');
    const all = ada.say({ type: 'log out', signer, keys: [] });
    assert.deepEqual(all, { type: 'done' }, 'also who ends their own session is answered');
    assert.deepEqual([ada.ending, second.ending], ['logged out', 'logged out']);
    town.settle();
    for (const house of town.houses) assert.equal(house.engine.people.presence(ada.author), null);
    assert.deepEqual(town.houses[1]!.texts(ROOM), ['still here']);
    third.house.visit().logIn(ada.author, 'ada');
  });

  it('[AC12] a password changed on one side of a partition is the password on the other after healing, and what the old one began is over', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    ada.join(ROOM);
    const there = town.houses[1]!.visit();
    there.logIn(ada.author, 'ada');
    town.divide(1);
    assert.deepEqual(ada.refused(ada.rekey(ada.author, town.signer('guess'), 'new')), { type: 'bad key' });
    ada.does(ada.rekey(ada.author, town.signer('ada'), 'new'));
    ada.post(ROOM, 'with the new password');
    there.post(ROOM, 'with the old one');
    const late = town.houses[1]!.visit();
    late.logIn(ada.author, 'ada');
    town.heal();
    assert.deepEqual([ada.ending, there.ending, late.ending], [null, 'logged out', 'logged out']);
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['with the new password']);
    const again = town.houses[1]!.visit();
    assert.deepEqual(again.refused(again.login(ada.author, town.signer('ada'))), { type: 'bad key' });
    again.logIn(ada.author, 'new');
    again.post(ROOM, 'and here');
    town.settle();
    assert.deepEqual(town.houses[0]!.texts(ROOM), ['with the new password', 'and here']);
    ada.say({ type: 'log out', signer: town.signer('new'), keys: [] });
    town.settle();
    assert.equal(ada.ending, 'logged out', 'the session that changed the password is one like any other');
  });

  it('[AC13] an app password speaks for its account and does not change it', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    const { add, signer } = ada.appPassword(town.signer('ada'), 'skein-secret');
    ada.does(add);
    town.settle();
    const bot = town.houses[1]!.visit();
    assert.deepEqual(bot.refused(bot.login(ada.author, ada.appPassword(town.signer('guess'), 'skein-other').signer)), { type: 'bad key' });
    bot.does(bot.login(ada.author, signer));
    bot.join(ROOM);
    bot.post(ROOM, 'beep');
    assert.deepEqual(bot.refused(bot.rekey(ada.author, signer, 'mine')), { type: 'bad key' });
    assert.deepEqual(bot.refused({ type: 'log out', signer, keys: [] }), { type: 'bad key' });
    assert.deepEqual(bot.refused({ type: 'delete account', person: ada.author, signer, erase: false }), { type: 'bad key' });
    assert.deepEqual(bot.refused(bot.appPassword(signer, 'skein-more').add), { type: 'bad key' });
    ada.does({ type: 'log out', signer: town.signer('ada'), keys: [signer.key.publicKey] });
    town.settle();
    assert.deepEqual([ada.ending, bot.ending], [null, 'logged out'], 'with the device, what it certified');
    const again = town.houses[1]!.visit();
    assert.deepEqual(again.refused(again.login(ada.author, signer)), { type: 'bad key' });
    assert.deepEqual(town.houses[0]!.texts(ROOM), ['beep']);
  });

  it('[AC14] an owner resets the password of an account, and nobody else does', () => {
    const town = new Town(2);
    const [olga, ada, eve] = [town.owner(0), town.citizen(1, 'ada'), town.citizen(1, 'eve')];
    assert.deepEqual(eve.refused(eve.rekey(ada.author, null, 'mine', false)), { type: 'not allowed' });
    assert.deepEqual(ada.refused(ada.rekey(ada.author, null, 'mine', false)), { type: 'not allowed' }, 'also for oneself');
    olga.does(olga.rekey(ada.author, null, 'reset', false));
    town.settle();
    assert.deepEqual([olga.ending, ada.ending], [null, 'logged out']);
    const again = town.houses[1]!.visit();
    assert.deepEqual(again.refused(again.login(ada.author, town.signer('ada'))), { type: 'bad key' });
    again.logIn(ada.author, 'reset');
    assert.deepEqual(olga.refused(olga.rekey(town.guest(0, 'gus').author, null, 'x', false)), { type: 'no account' });
  });

  it('[AC15] a deleted account is gone everywhere: its sessions, its name, what would be written to it; with erasing also what it wrote', () => {
    const town = new Town(2);
    const [ada, bob] = [town.citizen(0, 'ada'), town.citizen(1, 'bob')];
    for (const one of [ada, bob]) one.join(ROOM);
    ada.post(ROOM, 'mine');
    bob.post({ author: ada.author }, 'are you there?');
    town.settle();
    assert.deepEqual(bob.refused({ type: 'delete account', person: ada.author, signer: null, erase: true }), { type: 'not allowed' });
    assert.deepEqual(bob.refused({ type: 'delete account', person: ada.author, signer: town.signer('bob'), erase: true }), {
      type: 'bad key',
    });
    assert.deepEqual(ada.say({ type: 'delete account', person: ada.author, signer: town.signer('ada'), erase: true }), { type: 'done' });
    town.settle();
    assert.equal(ada.ending, 'the account was deleted');
    for (const house of town.houses) {
      assert.deepEqual(house.texts(ROOM), [null]);
      assert.deepEqual(house.members(ROOM), [bob.author]);
      assert.equal(house.engine.rights.accountNamed('ada'), null);
      assert.deepEqual(house.store.unreadNow(ada.author, []), []);
    }
    const post = { type: 'post', to: { author: ada.author }, style: 'text', text: 'hello?' } as const;
    assert.deepEqual(bob.refused(post), { type: 'no such person' });
    const back = town.houses[1]!.visit();
    assert.deepEqual(back.refused(back.login(ada.author, town.signer('ada'))), { type: 'no account' });
    back.register('ada', 'another ada');
    assert.equal(back.house.nameOf(back.author), 'ada');
  });

  it('[AC15] without erasing, what a deleted account wrote stays; an owner may delete it too', () => {
    const town = new Town(2);
    const [olga, ada] = [town.owner(0), town.citizen(1, 'ada')];
    ada.join(ROOM);
    ada.post(ROOM, 'stays');
    town.settle();
    olga.does({ type: 'delete account', person: ada.author, signer: null, erase: false });
    town.settle();
    assert.equal(ada.ending, 'the account was deleted');
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['stays']);
  });

  it('[AC16] the last owner stays: they are neither deleted nor given another role', () => {
    const town = new Town(1);
    const olga = town.owner(0);
    const remove = { type: 'delete account', person: olga.author, signer: town.signer('olga'), erase: false } as const;
    const demote = { type: 'role', room: '', person: olga.author, role: 'moderator' } as const;
    assert.deepEqual(olga.refused(remove), { type: 'last owner' });
    assert.deepEqual(olga.refused(demote), { type: 'last owner' });
    const ada = town.citizen(0, 'ada');
    assert.deepEqual(ada.refused({ type: 'role', room: '', person: ada.author, role: 'owner' }), { type: 'not allowed' });
    olga.does({ type: 'role', room: '', person: ada.author, role: 'owner' });
    olga.does(demote);
    assert.equal(town.houses[0]!.engine.rights.power(olga.author, ''), 2);
    assert.deepEqual(ada.refused({ type: 'role', room: '', person: ada.author, role: 'none' }), { type: 'last owner' });
  });

  it('[AC17] where registration is closed or by invitation, an account needs it', () => {
    const closed = new Town(1, { registration: 'closed' }).houses[0]!.visit();
    assert.deepEqual(closed.refused(closed.registration('ada', 'ada')), { type: 'registration', policy: 'closed' });
    closed.open('ada');
    const invite = new Town(1, { registration: 'invite' }).houses[0]!.visit();
    assert.deepEqual(invite.refused(invite.registration('ada', 'ada')), { type: 'registration', policy: 'invite' });
    assert.deepEqual(invite.refused(invite.registration('ada', 'ada', 'XXXXX-XXXXX-XXXXX-XXXXX')), {
      type: 'bad invitation',
      fault: 'mistyped',
    });
  });

  it('[AC19] a ban, a new password or a deletion that would have to name more feeds than an entry holds is refused', () => {
    const town = new Town(1);
    const [house] = town.houses;
    const ada = town.owner(0, 'ada').author;
    const bob = town.citizen(0, 'bob');
    bob.ask({ type: 'close', reason: '' });
    town.settle();
    const again = house!.visit();
    again.logIn(ada, 'ada');
    again.join('#diary');
    // After each failure of its disk a node goes on in new feeds.
    for (let i = 0; i < CUT_FEEDS_MAX / 2; i++) {
      house!.input({ type: 'writable' });
      again.post('#diary' as RoomId, 'again');
    }
    const tooLong = { type: 'bad text', fault: 'too long' };
    assert.deepEqual(again.refused(again.rekey(ada, town.signer('ada'), 'new')), tooLong);
    assert.deepEqual(again.refused({ type: 'log out', signer: town.signer('ada'), keys: [] }), tooLong);
    assert.deepEqual(again.refused({ type: 'ban', room: '', person: ada, forMs: 0, reason: '' }), tooLong);
    again.does({ type: 'ban', room: '', person: bob.author, forMs: 0, reason: '' });
    again.join(ROOM);
    again.post(ROOM, 'the node goes on');
    assert.deepEqual(house!.texts(ROOM), ['the node goes on']);
  });

  it('[AC18] an invitation is good for so many accounts and so long, also for those who use it at once', () => {
    const town = new Town(2, { registration: 'invite' });
    const token = town.invite(0, 2, 3_600_000);
    const visitors = [0, 0, 0].map(() => town.houses[0]!.visit());
    const asked = visitors.map((visitor, i) => visitor.ask(visitor.registration(`person${i}`, `person${i}`, token)));
    town.run();
    const answers = visitors.map((visitor, i) => visitor.answered(asked[i]!).type);
    assert.deepEqual(answers, ['opened', 'opened', 'refused']);
    town.settle();
    const there = town.houses[1]!.visit();
    assert.deepEqual(there.refused(there.registration('late', 'late', token)), { type: 'bad invitation', fault: 'used up' });
    const short = town.invite(0, 9, 10_000);
    there.register('early', 'early', short);
    town.pass(10_000);
    const late = town.houses[1]!.visit();
    assert.deepEqual(late.refused(late.registration('late', 'late', short)), { type: 'bad invitation', fault: 'expired' });
    const other = new Town(1, { registration: 'invite' }).houses[0]!.visit();
    assert.deepEqual(other.refused(other.registration('late', 'late', short)), { type: 'bad invitation', fault: 'unknown' });
  });
});
