/** The picture of the network in a town: what each node sees of the others. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiWatcher, TownApi } from './api-client.ts';
import { rest } from './door.ts';
import { Town } from './town.ts';

async function settle(town: Town): Promise<void> {
  await rest(town);
  for (let i = 0; i < 4; i++) {
    town.settle();
    await rest(town);
  }
}

async function scene() {
  const town = new Town(3);
  for (const [i, name] of ['ann', 'bob', 'cid'].entries()) town.citizen(i, name);
  const doors = town.houses.map((house) => new TownApi(house)) as [TownApi, TownApi, TownApi];
  const clients = doors.map((door) => new ApiWatcher(door));
  for (const [i, name] of ['ann', 'bob', 'bob'].entries()) await clients[i]!.logIn(name);
  const look = async () => {
    for (let i = 0; i < 12; i++) {
      for (const { mesh } of doors) mesh.look();
      town.pass(1000);
    }
    await settle(town);
    for (const { mesh } of doors) mesh.look();
    return doors.map(({ mesh }) => mesh.picture()) as [ReturnType<(typeof doors)[0]['mesh']['picture']>, never, never];
  };
  return { town, doors, look };
}

describe('the picture of the network', () => {
  it('[AP24] has all members with their states, who serves whom, their vitals by their own word, and links between others', async () => {
    const { town, look } = await scene();
    const [a, b, c] = town.houses.map(({ node }) => node) as unknown as [string, string, string];
    const [seen] = await look();
    const state = () => Object.fromEntries(seen.nodes.map((one) => [one.id, one.state]));
    assert.deepEqual(state(), { [a]: 'self', [b]: 'up', [c]: 'up' });
    assert.equal(seen.nodes[0]!.id, a);
    // Visitors that registered are there, and those that logged in over the API.
    assert.deepEqual(Object.fromEntries(seen.nodes.map(({ id, people }) => [id, people])), { [a]: 1, [b]: 1, [c]: 2 });
    for (const one of seen.nodes) {
      assert.deepEqual([one.vitals?.version, one.vitals?.writes, one.admittedMs !== null], ['0.0.0', true, true], one.name);
      if (one.id !== a) assert.deepEqual([one.behind, typeof one.rttMs], [0, 'number']);
    }
    assert.deepEqual(
      seen.links.map((link) => [link.a, link.b].join()).sort(),
      [[a, b].sort().join(), [a, c].sort().join(), [b, c].sort().join()].sort(),
    );
    assert.equal(seen.links.filter(({ flow }) => flow).length, 2);
    assert.equal(seen.own.behind, 0);
    assert.ok(seen.own.entries > 3);
  });

  it('[AP24] a node that was lost is in it with its state, and one that was revoked, with the reason for owners', async () => {
    const { town, doors, look } = await scene();
    await look();
    town.cut(2, 0);
    town.cut(2, 1);
    town.citizen(0, 'dee');
    const [lost] = await look();
    const c = town.houses[2]!.node;
    const of = (mesh: typeof lost) => mesh.nodes.find(({ id }) => id === c)!;
    assert.deepEqual([of(lost).state, of(lost).behind, of(lost).rttMs, lost.links.length], ['down', null, null, 1]);
    assert.equal(of(lost).people, 0);
    assert.ok(lost.events.some((event) => event.is === 'down' && event.node === c));
    assert.ok(of(lost).sinceMs > lost.nodes.find(({ state }) => state === 'up')!.sinceMs);
    town.houses[0]!.engine.members.revoke(c, 'stolen');
    await settle(town);
    const [revoked] = await look();
    assert.equal(of(revoked).state, 'revoked');
    assert.equal(revoked.delicate!.nodes.find(({ id }) => id === c)!.reason, 'stolen');
    assert.ok(revoked.events.some((event) => event.is === 'revoked' && event.node === c));
    assert.equal(doors[0].port.nodes().length, 2);
  });
});
