/** The API door in a town: what crosses nodes. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answers } from '../../src/api/protocol.ts';
import type { MessageId, NodeId, RoomId } from '../../src/core/ids.ts';
import { ApiWatcher, TownApi } from './api-client.ts';
import { rest } from './door.ts';
import { Town } from './town.ts';

const ROOM = '#square' as RoomId;

async function settle(town: Town): Promise<void> {
  await rest(town);
  town.settle();
  await rest(town);
}

describe('the API over several nodes', () => {
  it('[AP10] a message that was acknowledged is told of as more nodes hold it, until all do', async () => {
    const town = new Town(3);
    town.citizen(0, 'ann');
    const ann = new ApiWatcher(new TownApi(town.houses[0]!));
    await ann.logIn('ann');
    ann.ask({ do: 'join', room: ROOM });
    await settle(town);
    town.divide(1);
    const ask = ann.ask({ do: 'post', to: { room: ROOM }, style: 'text', text: 'alone' });
    await settle(town);
    const { id, held } = ann.value(ask) as { id: string; held: number };
    assert.equal(held, 1);
    const risen = () => ann.events.flatMap((event) => (event.type === 'copies' ? [[event.id, event.held]] : []));
    assert.deepEqual(risen(), []);
    town.heal();
    await settle(town);
    assert.deepEqual(risen().at(-1), [id, 3]);
    const [told] = [risen().length];
    town.pass(5000);
    await settle(town);
    assert.equal(risen().length, told);
  });

  it('[AP22] as nodes come to hold a message, they are told of; a revoked one is not', async () => {
    const town = new Town(3);
    town.citizen(0, 'ann');
    town.citizen(2, 'cid');
    const ann = new ApiWatcher(new TownApi(town.houses[0]!));
    await ann.logIn('ann');
    ann.ask({ do: 'join', room: ROOM });
    await settle(town);
    town.divide(1);
    const post = ann.ask({ do: 'post', to: { room: ROOM }, style: 'text', text: 'alone' });
    await settle(town);
    const { id } = ann.value(post) as { id: MessageId };
    const holders = async () => {
      const ask = ann.ask({ do: 'holders', room: ROOM, ids: [id] });
      await rest(town);
      return (ann.value(ask) as Answers['holders']).holders[id];
    };
    const [a, b, c] = town.houses.map(({ node }) => node) as [NodeId, NodeId, NodeId];
    assert.deepEqual(await holders(), [a]);
    town.heal();
    await settle(town);
    assert.deepEqual(await holders(), [a, b, c].sort());
    town.cut(2, 0);
    town.cut(2, 1);
    town.houses[0]!.engine.members.revoke(c, 'gone');
    await settle(town);
    assert.deepEqual(await holders(), [a, b].sort());
  });

  it('[AP22] of what is older a node knows from the vectors of its peers, after a restart too, and goes on knowing when they are gone', async () => {
    const town = new Town(3);
    town.citizen(0, 'ann');
    town.citizen(1, 'bob');
    const bob = new ApiWatcher(new TownApi(town.houses[1]!));
    await bob.logIn('bob');
    bob.ask({ do: 'join', room: ROOM });
    const post = bob.ask({ do: 'post', to: { room: ROOM }, style: 'text', text: 'old' });
    await settle(town);
    const { id } = bob.value(post) as { id: MessageId };
    for (const house of [town.houses[1]!, town.houses[0]!]) {
      house.restart();
      town.heal();
      await settle(town);
    }
    const ann = new ApiWatcher(new TownApi(town.houses[0]!));
    await ann.logIn('ann');
    const holders = async () => {
      const ask = ann.ask({ do: 'holders', room: ROOM, ids: [id] });
      await rest(town);
      return (ann.value(ask) as Answers['holders']).holders[id];
    };
    const all = town.houses.map(({ node }) => node).sort();
    assert.deepEqual(await holders(), all);
    town.divide(1);
    assert.deepEqual(await holders(), all);
  });

  it('[AP11] nodes tell where their APIs answer, and nobody dials that; revoked ones are told of no more', async () => {
    const town = new Town(3);
    const doors = town.houses.map((house) => new TownApi(house));
    town.citizen(1, 'bob');
    town.houses[1]!.engine.replica.records.setUrls(['http://192.0.2.7:7400']);
    town.pass(3000);
    await settle(town);
    const nodes = () => doors[0]!.port.nodes();
    assert.deepEqual(
      nodes()
        .map(({ state, urls }) => [state, urls])
        .sort(),
      [
        ['self', []],
        ['up', []],
        ['up', ['http://192.0.2.7:7400']],
      ].sort(),
    );
    for (const { engine } of town.houses)
      for (const known of engine.replica.peers.addresses.values()) assert.ok(known.every((one) => one.startsWith('town:')));
    town.cut(1, 0);
    town.cut(2, 1);
    town.houses[0]!.engine.members.revoke(town.houses[1]!.node, 'gone');
    await settle(town);
    assert.equal(nodes().length, 2);
  });

  it('[AP3] a session goes on at another node with the cursor of the first: what it was not told comes, once', async () => {
    const town = new Town(2);
    town.citizen(0, 'ann');
    town.citizen(1, 'bob');
    const doors = town.houses.map((house) => new TownApi(house)) as [TownApi, TownApi];
    const [ann, bob] = [new ApiWatcher(doors[0]), new ApiWatcher(doors[1])];
    await ann.logIn('ann');
    await bob.logIn('bob');
    for (const one of [ann, bob]) one.ask({ do: 'join', room: ROOM });
    await settle(town);
    for (let i = 0; i < 10; i++) {
      ann.ask({ do: 'post', to: { room: ROOM }, style: 'text', text: `a${i}` });
      bob.ask({ do: 'post', to: { room: ROOM }, style: 'text', text: `b${i}` });
      await rest(town);
      if (i === 5) doors[0].door.disconnect(ann.reader, '');
    }
    await settle(town);
    const seen = ann.events.flatMap((event) => (event.type === 'message' ? [event.message.id] : []));
    const again = new ApiWatcher(doors[1], undefined, ann.key);
    await again.logIn('ann');
    const ask = again.ask({ do: 'beyond', room: ROOM, cursor: ann.beyond, limit: 100 });
    await settle(town);
    const missed = (again.value(ask) as { messages: { id: string }[] }).messages.map(({ id }) => id);
    const all = town.houses[1]!.store.messages().map(({ id }) => id);
    assert.deepEqual([...seen, ...missed].sort(), [...all].sort());
  });
});
