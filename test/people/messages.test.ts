import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { directRoomId, type MessageId, type RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { Town, type Visitor } from './town.ts';

const ROOM = '#square' as RoomId;

function square(): { town: Town; ada: Visitor; bob: Visitor; cid: Visitor } {
  const town = new Town(2);
  const [ada, bob, cid] = [town.citizen(0, 'ada'), town.citizen(1, 'bob'), town.citizen(1, 'cid')];
  for (const one of [ada, bob]) {
    one.join(ROOM);
    town.settle();
  }
  return { town, ada, bob, cid };
}

describe('messages at the doors', () => {
  it('[ME1] a message may answer another; who wrote it edits it, everywhere, and nobody else does', () => {
    const { town, ada, bob } = square();
    const first = ada.post(ROOM, 'one');
    town.settle();
    const second = bob.post(ROOM, 'two', first);
    ada.does({ type: 'edit', room: ROOM, target: first, style: 'text', text: 'one and a half' });
    town.settle();
    for (const house of town.houses) {
      assert.deepEqual(house.texts(ROOM), ['one and a half', 'two']);
      assert.deepEqual(
        house.shown(ROOM).map(({ id, edited, target }) => ({ id, edited, target })),
        [
          { id: first, edited: true, target: undefined },
          { id: second, edited: false, target: first },
        ],
      );
    }
    assert.deepEqual(bob.refused({ type: 'edit', room: ROOM, target: first, style: 'text', text: 'x' }), { type: 'not allowed' });
    assert.deepEqual(ada.refused({ type: 'edit', room: ROOM, target: first, style: 'text', text: ' ' }), {
      type: 'bad text',
      fault: 'empty',
    });
    const text = 'x'.repeat(8193);
    assert.deepEqual(ada.refused({ type: 'post', to: { room: ROOM }, style: 'text', text }), { type: 'bad text', fault: 'too long' });
  });

  it('[ME2] who wrote a message removes it, and a moderator any in the room, with a reason', () => {
    const { town, ada, bob } = square();
    const [first, second, third] = [bob.post(ROOM, 'one'), bob.post(ROOM, 'two'), ada.post(ROOM, 'three')];
    town.settle();
    bob.does({ type: 'remove', room: ROOM, target: first, reason: '' });
    ada.does({ type: 'remove', room: ROOM, target: second, reason: 'rude' });
    assert.deepEqual(bob.refused({ type: 'remove', room: ROOM, target: third, reason: '' }), { type: 'not allowed' });
    town.settle();
    for (const house of town.houses) {
      assert.deepEqual(house.texts(ROOM), [null, null, 'three']);
      assert.deepEqual(
        house.engine.state.removals.get(second)!.map(({ by, reason }) => ({ by, reason })),
        [{ by: ada.author, reason: 'rude' }],
      );
    }
  });

  it('[ME3] anybody in the room reacts, once with each emoji; moderators pin', () => {
    const { town, ada, bob, cid } = square();
    const id = bob.post(ROOM, 'one');
    town.settle();
    for (const one of [ada, bob]) one.does({ type: 'react', room: ROOM, target: id, emoji: '👍', on: true });
    bob.does({ type: 'react', room: ROOM, target: id, emoji: '👍', on: true });
    bob.does({ type: 'react', room: ROOM, target: id, emoji: '👩‍👩‍👧‍👦', on: true });
    ada.does({ type: 'pin', room: ROOM, target: id, on: true });
    town.settle();
    for (const house of town.houses) {
      const [message] = house.shown(ROOM);
      assert.deepEqual(
        [...message!.reactions].sort(),
        [
          ['👍', [ada.author, bob.author].sort()],
          ['👩‍👩‍👧‍👦', [bob.author]],
        ].sort(),
      );
      assert.ok(message!.pinned);
    }
    ada.does({ type: 'react', room: ROOM, target: id, emoji: '👍', on: false });
    ada.does({ type: 'pin', room: ROOM, target: id, on: false });
    town.settle();
    const [message] = town.houses[1]!.shown(ROOM);
    assert.deepEqual(message!.reactions.get('👍'), [bob.author]);
    assert.ok(!message!.pinned);
    assert.deepEqual(bob.refused({ type: 'pin', room: ROOM, target: id, on: true }), { type: 'not allowed' });
    assert.deepEqual(cid.refused({ type: 'react', room: ROOM, target: id, emoji: '👍', on: true }), { type: 'not in room' });
    for (const emoji of ['', 'two words', '水'.repeat(22)])
      assert.equal(bob.refused({ type: 'react', room: ROOM, target: id, emoji, on: true }).type, 'bad text');
  });

  it('[ME4] a report reaches whoever reads the reports of the room, at every node', () => {
    const { town, ada, bob } = square();
    const id = ada.post(ROOM, 'rude');
    town.settle();
    assert.deepEqual(bob.refused({ type: 'report', room: ROOM, target: id, reason: '' }), { type: 'bad text', fault: 'empty' });
    bob.does({ type: 'report', room: ROOM, target: id, reason: 'it is rude' });
    town.settle();
    for (const house of town.houses) {
      const [report] = house.store.reportsNow([ROOM], null, 10);
      assert.deepEqual([report!.about.author, report!.message!.id], [bob.author, id]);
      assert.equal(decodeMessage((report!.about.does as { payload: Uint8Array }).payload).text, 'it is rude');
      assert.deepEqual(house.texts(ROOM), ['rude']);
    }
  });

  it('[ME5] a direct message reaches an account that is away; a guest who is gone, nobody', () => {
    const { town, ada, bob } = square();
    const gus = town.guest(1, 'gus');
    town.settle();
    ada.post({ author: gus.author }, 'hello guest');
    bob.ask({ type: 'close', reason: '' });
    gus.ask({ type: 'close', reason: '' });
    town.settle();
    ada.post({ author: bob.author }, 'are you there?');
    assert.deepEqual(ada.refused({ type: 'post', to: { author: gus.author }, style: 'text', text: 'x' }), { type: 'no such person' });
    assert.deepEqual(ada.refused({ type: 'post', to: { author: '00'.repeat(16) as never }, style: 'text', text: 'x' }), {
      type: 'no such person',
    });
    town.settle();
    const room = directRoomId(town.suite, ada.author, bob.author);
    for (const house of town.houses) {
      assert.deepEqual(house.store.unreadNow(bob.author, [ROOM]), [{ room, with: ada.author, count: 1 }]);
      assert.deepEqual(house.store.unreadNow(ada.author, [ROOM]), []);
    }
  });

  it('[ME6] direct rooms are read, and acted in, by their two people alone', () => {
    const { town, ada, bob, cid } = square();
    const id = ada.post({ author: bob.author }, 'between us');
    town.settle();
    const room = directRoomId(town.suite, ada.author, bob.author);
    for (const house of town.houses) {
      assert.deepEqual(
        [ada, bob, cid].map(({ author }) => house.mayRead(author, room)),
        [true, true, false],
      );
      assert.ok(!house.mayRead(null, room));
    }
    bob.does({ type: 'react', room, target: id, emoji: '👍', on: true });
    bob.does({ type: 'pin', room, target: id, on: true });
    const none = { type: 'no such message' };
    for (const command of [
      { type: 'react', room, target: id, emoji: '👍', on: true },
      { type: 'pin', room, target: id, on: true },
      { type: 'report', room, target: id, reason: 'x' },
      { type: 'edit', room, target: id, style: 'text', text: 'x' },
    ] as const)
      assert.deepEqual(cid.refused(command), none);
    town.settle();
    const [message] = town.houses[0]!.shown(room);
    assert.deepEqual([[...message!.reactions], message!.pinned], [[['👍', [bob.author]]], true]);
  });

  it('[ME7] what an account has read, and wants to hear less of, is the same at every node; guests have neither', () => {
    const { town, ada, bob, cid } = square();
    ada.post(ROOM, 'one');
    town.settle();
    for (const house of town.houses) assert.equal(house.store.unreadNow(bob.author, [ROOM])[0]!.count, 1);
    bob.does({ type: 'read', room: ROOM });
    bob.does({ type: 'prefer', about: { type: 'room', room: ROOM }, on: true });
    bob.does({ type: 'prefer', about: { type: 'person', person: cid.author }, on: true });
    town.settle();
    for (const house of town.houses) {
      assert.deepEqual(house.store.unreadNow(bob.author, [ROOM]), []);
      assert.deepEqual(
        house.store.wishesNow(bob.author).map(({ about, on }) => ({ about, on })),
        [
          { about: { type: 'room', room: ROOM }, on: true },
          { about: { type: 'person', person: cid.author }, on: true },
        ],
      );
    }
    ada.post(ROOM, 'two');
    town.settle();
    for (const house of town.houses) assert.equal(house.store.unreadNow(bob.author, [ROOM])[0]!.count, 1);
    const gus = town.guest(0, 'gus');
    assert.deepEqual(gus.refused({ type: 'prefer', about: { type: 'room', room: ROOM }, on: true }), { type: 'no account' });
    assert.deepEqual(gus.say({ type: 'read', room: ROOM }), { type: 'done' });
  });

  it('[ME8] a command about what cannot be in the log is refused, and writes nothing', () => {
    const { town, ada } = square();
    const id = ada.post(ROOM, 'one');
    town.settle();
    const count = ada.house.store.log.length;
    const bad = 'no id at all' as MessageId;
    const long = `#${'x'.repeat(70_000)}` as RoomId;
    for (const command of [
      { type: 'react', room: ROOM, target: bad, emoji: '👍', on: true },
      { type: 'pin', room: ROOM, target: bad, on: true },
      { type: 'edit', room: ROOM, target: bad, style: 'text', text: 'x' },
      { type: 'report', room: ROOM, target: bad, reason: 'x' },
      { type: 'remove', room: ROOM, target: bad, reason: 'x' },
      { type: 'remove', room: long, target: id, reason: 'x' },
      { type: 'undo', target: bad },
      { type: 'read', room: long },
      { type: 'prefer', about: { type: 'room', room: long }, on: true },
      { type: 'prefer', about: { type: 'person', person: 'nobody' as never }, on: true },
      { type: 'post', to: { room: ROOM }, style: 'text', text: 'x', target: bad },
      { type: 'log out', signer: town.signer('ada'), keys: ['no key'] },
      { type: 'log out', signer: town.signer('ada'), keys: Array.from({ length: 65 }, () => town.root.publicKey) },
      { type: 'rekey', person: ada.author, signer: town.signer('ada'), key: 'no key', kdf: new Uint8Array(3) },
      { type: 'rekey', person: ada.author, signer: town.signer('ada'), key: town.root.publicKey, kdf: new Uint8Array(257) },
    ] as const)
      ada.refused(command);
    const visitor = ada.house.visit();
    visitor.refused({ ...visitor.registration('long', 'long'), kdf: new Uint8Array(257) });
    town.settle();
    assert.equal(ada.house.store.log.length, count);
    for (const house of town.houses) assert.deepEqual(house.texts(ROOM), ['one']);
  });

  it('[ME9] the law that a node has heard of is named before what its people write, without their doing', () => {
    const { town, ada, bob, cid } = square();
    const room = (ada.does({ type: 'make private room', name: 'den' }) as { room: RoomId }).room;
    ada.does({ type: 'invite', room, person: cid.author });
    town.run();
    cid.join(room);
    bob.post(ROOM, 'beside');
    cid.post(room, 'in the den');
    ada.does({ type: 'mute', room: ROOM, person: bob.author, forMs: 0, reason: '' });
    town.run();
    bob.refused({ type: 'post', to: { room: ROOM }, style: 'text', text: 'muted' });
    town.settle();
    for (const house of town.houses) assert.deepEqual([house.texts(room), house.texts(ROOM)], [['in the den'], ['beside']]);
    // Nodes do not answer each other's news.
    const counts = town.houses.map((house) => house.store.log.length);
    town.settle();
    assert.deepEqual(
      town.houses.map((house) => house.store.log.length),
      counts,
    );
  });
});
