import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomId } from '../../src/core/ids.ts';
import { Town, type Visitor } from './town.ts';

const ROOM = '#square' as RoomId;

/** Both sides of a partition make an account of one name; the first one by the order of law keeps it. */
function clash(town: Town): { first: Visitor; second: Visitor } {
  town.divide(1);
  const first = town.houses[0]!.visit();
  first.register('ada', 'one');
  town.pass(1000);
  const second = town.houses[1]!.visit();
  second.register('Ada', 'other');
  second.join(ROOM);
  second.post(ROOM, 'mine');
  return { first, second };
}

describe('names at the doors', () => {
  it('[NM4] a name that somebody has, is about to have, or that the doors keep for themselves is refused', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'ada');
    const [one, other] = [town.houses[0]!.visit(), town.houses[0]!.visit()];
    const asked = [one.ask({ type: 'open', name: 'gus' }), other.ask({ type: 'open', name: 'GUS' })];
    town.run();
    assert.equal(one.answered(asked[0]!).type, 'opened');
    assert.deepEqual(other.answered(asked[1]!), { type: 'refused', refusal: { type: 'name in use' } });
    const both = [town.houses[0]!.visit(), town.houses[0]!.visit()] as const;
    const made = [both[0].ask(both[0].registration('bob', 'b0')), both[1].ask(both[1].registration('Bob', 'b1'))];
    town.run();
    assert.equal(both[0].answered(made[0]!).type, 'opened');
    assert.deepEqual(both[1].answered(made[1]!), { type: 'refused', refusal: { type: 'name in use' } });
    town.settle();
    const there = town.houses[1]!.visit();
    assert.deepEqual(there.refused({ type: 'open', name: 'gus' }), { type: 'name in use' });
    assert.deepEqual(there.refused(there.registration('gus', 'g')), { type: 'name in use' }, 'a guest is called that');
    assert.deepEqual(there.refused(there.registration('ADA', 'a')), { type: 'name in use' });
    for (const name of ['NickServ', 'ChanServ', 'skein', 'everyone', 'here', 'all']) {
      assert.deepEqual(there.refused({ type: 'open', name }), { type: 'name in use' });
      assert.deepEqual(there.refused(there.registration(name, 'x')), { type: 'name in use' });
    }
    assert.deepEqual(ada.refused({ type: 'settle name', person: ada.author, name: 'NickServ' }), { type: 'name in use' });
    there.open('freddy');
  });

  it('[NM5] a guest has no name of an account, present or not, nor one that looks like it', () => {
    const town = new Town(2);
    const ada = town.citizen(0, 'alice');
    ada.ask({ type: 'close', reason: '' });
    town.settle();
    const guest = town.houses[1]!.visit();
    assert.deepEqual(guest.refused({ type: 'open', name: 'ALICE' }), { type: 'name registered' });
    assert.deepEqual(guest.refused({ type: 'open', name: 'аlice' }), { type: 'name alike', like: 'alice' }, 'a Cyrillic letter');
    guest.open('guest1');
    assert.deepEqual(guest.refused({ type: 'rename', name: 'alice' }), { type: 'name registered' });
    assert.deepEqual(guest.refused({ type: 'rename', name: 'a1ice' }), { type: 'name alike', like: 'alice' });
    assert.deepEqual(guest.refused(guest.registration('alіce', 'x')), { type: 'name alike', like: null }, 'mixed scripts');
    assert.deepEqual(guest.refused(guest.registration('a1ice', 'x')), { type: 'name alike', like: 'alice' });
    guest.does({ type: 'rename', name: 'someone' });
    assert.equal(guest.house.nameOf(guest.author), 'someone');
    guest.logIn(ada.author, 'alice');
    assert.equal(guest.house.nameOf(guest.author), 'alice');
  });

  it('[NM6] of accounts that take one name in a partition the first keeps it; the other is told, keeps everything, and takes another', () => {
    const town = new Town(2);
    const { first, second } = clash(town);
    const accountsTold = (): number => town.houses[1]!.told('account').filter(({ author }) => author === second.author).length;
    const before = accountsTold();
    town.heal();
    for (const house of town.houses) {
      assert.deepEqual([house.nameOf(first.author), house.nameOf(second.author)], ['ada', 'Ada~2']);
      assert.deepEqual(house.texts(ROOM), ['mine']);
      assert.equal(house.engine.rights.accountNamed('ada'), first.author);
      assert.equal(house.engine.rights.accountNamed('ada~2'), second.author);
    }
    assert.equal(accountsTold(), before + 1, 'the account that lost its name is told of, though nobody wrote about it');
    assert.equal(second.ending, null);
    assert.ok(second.session!.rooms.has(ROOM));
    assert.deepEqual(second.refused({ type: 'settle name', person: second.author, name: 'ada' }), { type: 'name in use' });
    second.does({ type: 'settle name', person: second.author, name: 'adele' });
    town.settle();
    for (const house of town.houses) assert.deepEqual([house.nameOf(first.author), house.nameOf(second.author)], ['ada', 'adele']);
    second.post(ROOM, 'still me');
    const again = town.houses[0]!.visit();
    again.logIn(second.author, 'other');
  });

  it('[NM6] an account takes another name by its own word, and looks like itself', () => {
    const town = new Town(1);
    const ada = town.citizen(0, 'ada');
    ada.does({ type: 'rename', name: 'Ada' });
    assert.equal(ada.house.nameOf(ada.author), 'Ada');
    const bob = town.citizen(0, 'bob');
    assert.deepEqual(bob.refused({ type: 'rename', name: 'ada' }), { type: 'name in use' });
    assert.deepEqual(bob.refused({ type: 'settle name', person: ada.author, name: 'eve' }), { type: 'not allowed' });
    ada.does({ type: 'rename', name: 'adele' });
    bob.does({ type: 'rename', name: 'ada' });
    assert.deepEqual(
      [ada, bob].map(({ author }) => ada.house.nameOf(author)),
      ['adele', 'ada'],
    );
  });

  it('[NM7] an owner says whose a name is', () => {
    const town = new Town(2);
    const olga = town.owner(0);
    const { first, second } = clash(town);
    town.heal();
    const told = town.houses[0]!.told('account').filter(({ author }) => author === first.author).length;
    olga.does({ type: 'settle name', person: second.author, name: 'ada' });
    town.settle();
    for (const house of town.houses) assert.deepEqual([house.nameOf(first.author), house.nameOf(second.author)], ['ada~2', 'ada']);
    assert.equal(town.houses[0]!.told('account').filter(({ author }) => author === first.author).length, told + 1);
    assert.deepEqual(first.refused({ type: 'settle name', person: first.author, name: 'ada' }), { type: 'name in use' });
  });

  it('[NM8] a guest who had a name that is an account’s after healing has another, by their own node', () => {
    const town = new Town(2);
    town.divide(1);
    const guest = town.guest(0, 'ada');
    guest.join(ROOM);
    const ada = town.houses[1]!.visit();
    ada.register('ada', 'ada');
    town.heal();
    for (const house of town.houses) {
      assert.equal(house.nameOf(ada.author), 'ada');
      assert.equal(house.nameOf(guest.author), 'ada~2');
      assert.deepEqual(house.members(ROOM), [guest.author]);
      assert.equal(house.told('rename').filter(({ author }) => author === guest.author).length, 1);
    }
    guest.post(ROOM, 'still a guest');
  });
});
