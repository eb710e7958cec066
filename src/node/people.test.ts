import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import { emptyState, type State } from '../core/state.ts';
import { Copies } from '../sync/copies.ts';
import { GRACE_MS } from '../sync/limits.ts';
import { ACK_WAIT_MS, Acks } from './acks.ts';
import { People } from './people.ts';

const [here, there] = ['here', 'there'] as NodeId[] as [NodeId, NodeId];

function arrive(state: State, author: string, name: string, node: NodeId, key = 1): AuthorId {
  const place = { key, feed: 'f' as FeedId, seq: 1, index: 0 };
  const grant = { node, feed: `${node} feed` as FeedId, seq: 1, last: { seq: 1, index: 0 }, ended: false };
  state.guests.set(author as AuthorId, {
    author: author as AuthorId,
    name: { value: name, at: place },
    grants: new Map([[grant.feed, grant]]),
    rooms: new Set(),
  });
  return author as AuthorId;
}

function account(state: State, author: string, name: string, node: NodeId): AuthorId {
  const { grants, rooms } = state.guests.get(arrive(state, author, name, node))!;
  state.guests.delete(author as AuthorId);
  state.accounts.set(author as AuthorId, { author: author as AuthorId, name, grants, rooms, devices: new Map(), isDeleted: false });
  return author as AuthorId;
}

describe('people', () => {
  it('[PP1] a person is present while the node is in reach, and for the grace after', () => {
    const state = emptyState();
    const ann = arrive(state, 'a', 'Ann', there);
    const people = new People(
      state,
      here,
      () => false,
      () => false,
    );
    assert.equal(people.presence(ann), null);
    assert.deepEqual(people.reach(new Set([there]), 0), [{ type: 'back', author: ann, node: there }]);
    assert.deepEqual(people.named('ANN'), [ann]);
    assert.deepEqual(people.reach(new Set(), 100), []);
    assert.deepEqual(people.expire(100 + GRACE_MS - 1), []);
    assert.ok(people.presence(ann));
    assert.deepEqual(people.expire(100 + GRACE_MS), [{ type: 'gone', author: ann, node: there }]);
    assert.deepEqual(people.named('ann'), []);
  });

  it('[PP2] a name follows its person, also where a grant brought a new one; over, it is free', () => {
    const state = emptyState();
    const ann = arrive(state, 'a', 'ann', here);
    const people = new People(
      state,
      here,
      () => false,
      () => false,
    );
    state.guests.get(ann)!.name.value = 'eve';
    people.add(ann);
    assert.deepEqual([people.named('ann'), people.named('eve')], [[], [ann]]);
    for (const grant of state.guests.get(ann)!.grants.values()) grant.ended = true;
    people.remove(ann);
    assert.deepEqual(people.named('eve'), []);
  });

  it('[PP3] of two with one name the earlier keeps it', () => {
    const state = emptyState();
    const late = arrive(state, 'a', 'Ann', here, 9);
    arrive(state, 'b', 'ann', there, 3);
    const people = new People(
      state,
      here,
      () => false,
      () => false,
    );
    people.reach(new Set([there]), 0);
    assert.deepEqual(people.clashing(new Map([[late, null]]), [late]), [late]);
  });

  it('[PP4] an account is present as a guest is, and its name is its own', () => {
    const state = emptyState();
    const ann = account(state, 'a', 'ann', here);
    const guest = arrive(state, 'b', 'Ann', here, 1);
    const people = new People(
      state,
      here,
      () => false,
      () => false,
    );
    assert.ok(people.presence(ann));
    assert.deepEqual(people.clashing(new Map([ann, guest].map((author) => [author, null])), [guest]), [guest]);
    assert.equal(people.free('ann~7'), 'ann~2');
    const other = account(state, 'c', 'ann~2', here);
    people.account(other);
    assert.equal(people.free('ann'), 'ann~3');
    state.accounts.get(other)!.name = 'ann';
    state.accounts.get(ann)!.name = 'ann~2';
    people.account(other);
    assert.deepEqual(people.named('ann~2'), [ann]);
    state.accounts.get(ann)!.isDeleted = true;
    assert.deepEqual([people.presence(ann), people.named('ann~2')], [null, []]);
  });

  it('[PP5] whoever is banned from the network is not present, and neither is whom a change of the law took away', () => {
    const state = emptyState();
    const [ann, bob] = [arrive(state, 'a', 'ann', here), arrive(state, 'b', 'bob', here)];
    const banned = new Set([ann]);
    const people = new People(
      state,
      here,
      () => false,
      (author) => banned.has(author),
    );
    assert.deepEqual([people.presence(ann), people.named('ann'), people.isServed(ann)], [null, [], false]);
    banned.clear();
    assert.deepEqual(people.named('ann'), [ann]);
    state.guests.delete(bob);
    arrive(state, 'c', 'cid', here);
    people.refold();
    assert.deepEqual([people.presence(bob), people.named('bob'), people.named('cid')], [null, [], ['c']]);
    assert.deepEqual(people.clashing(new Map([[bob, null]]), [bob]), []);
  });
});

describe('acks', () => {
  const feed = 'f' as FeedId;
  const copies = new Copies();
  copies.learn({ holder: there, vector: new Map([[feed, 2]]), signature: new Uint8Array(64) });

  it('[AK1] acknowledges at the wanted number of copies, or after the wait with those there are', () => {
    const acks = new Acks<string>();
    for (const [i, item] of ['one', 'two', 'three'].entries()) acks.add(item, feed, i + 1, 0);
    assert.deepEqual(acks.due(copies, 2, 10), [
      { item: 'one', feed, seq: 1, held: 2 },
      { item: 'two', feed, seq: 2, held: 2 },
    ]);
    assert.equal(acks.size, 1);
    assert.deepEqual(acks.due(copies, 2, ACK_WAIT_MS - 1), []);
    assert.deepEqual(acks.due(copies, 2, ACK_WAIT_MS), [{ item: 'three', feed, seq: 3, held: 1 }]);
    assert.deepEqual([acks.size, acks.due(copies, 2, 1e9)], [0, []]);
  });
});
