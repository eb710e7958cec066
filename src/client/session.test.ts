/** The session against the fake network: what is acknowledged shows once, everywhere, in one order, whatever dies. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../lib/prng.ts';
import { FakeClient } from './testing/fake-client.ts';
import { FakeNetwork, ROOM } from './testing/fake-network.ts';

const online = (client: FakeClient): boolean => client.session.view.connection.state === 'online';

function town(seed: number, nodes: number, clients: number) {
  const network = new FakeNetwork(seededRandom(seed), nodes);
  const people = Array.from({ length: clients }, (_, i) => new FakeClient(network, i, { keep: 100_000 }));
  network.time.run(1000);
  for (const one of people) one.join();
  network.time.run(2000);
  return { network, people };
}

/** All is well again, and everything that waits gets where it belongs. */
function settle(network: FakeNetwork, people: readonly FakeClient[]): void {
  network.refuse = () => null;
  network.isBlocked = () => false;
  for (const node of network.nodes) {
    node.isStuck = false;
    if (!node.isUp) node.start();
  }
  // Whoever went off right after joining may not have kept it.
  for (const one of people) one.join();
  for (let i = 0; i < 200; i++) {
    network.spread();
    network.time.run(network.time.nowMs + 500);
  }
  for (let i = 0; i < 50; i++) {
    for (const one of people) if (!one.session.view.rooms.get(ROOM)!.isWhole) one.older();
    network.time.run(network.time.nowMs + 50);
  }
}

function judge(network: FakeNetwork, people: readonly FakeClient[]): void {
  const all = network.nodes[0]!.shown(ROOM).map(({ id }) => id);
  const held = new Set(all);
  for (const id of network.acknowledged) assert.ok(held.has(id), 'an acknowledged message is there');
  for (const one of people) {
    assert.ok(online(one), `client ${one.index} is online: ${JSON.stringify(one.session.view.connection)}`);
    assert.deepEqual(one.ids(), all, `client ${one.index} shows the history`);
    for (const { id } of one.sent) assert.ok(held.has(id), 'what was written was sent');
    assert.equal(one.session.view.rooms.get(ROOM)!.timeline.length, all.length, 'nothing waits');
    const mine = network.nodes[0]!.shown(ROOM).filter(({ author }) => author === one.session.author);
    assert.deepEqual(
      mine.map(({ text }) => text),
      one.sent.map(({ text }) => text),
      'in the order it was written in',
    );
  }
}

/** Everything at once, by dice. */
function storm(seed: number): void {
  const { network, people } = town(seed, 3, 4);
  const { random, time } = network;
  for (const node of network.nodes) node.skewMs = random.below(4000) - 2000;
  for (let step = 0; step < 400; step++) {
    const dice = random.unit();
    const node = network.nodes[random.below(3)]!;
    const one = people[random.below(people.length)]!;
    if (dice < 0.35) one.post(`${one.index} says ${step}`);
    else if (dice < 0.4) one.cut();
    else if (dice < 0.43 && network.nodes.filter(({ isUp }) => isUp).length > 1) node.stop();
    else if (dice < 0.5 && !node.isUp) node.start();
    else if (dice < 0.52) node.isStuck = !node.isStuck;
    else if (dice < 0.54) one.reboot();
    else if (dice < 0.56) network.isBlocked = random.unit() < 0.5 ? (a, b) => a === node || b === node : () => false;
    else if (dice < 0.58) network.refuse = (request) => (request.do === 'post' && random.unit() < 0.3 ? LATER[random.below(3)]! : null);
    else if (dice < 0.6) one.older();
    if (random.unit() < 0.5) network.spread();
    time.run(time.nowMs + random.below(120));
  }
  settle(network, people);
  judge(network, people);
}

const LATER = [
  { type: 'flood', words: 'too fast', retryMs: 300 },
  { type: 'busy', words: 'busy', retryMs: 100 },
  { type: 'not stored', words: 'disk full', retryMs: 700 },
];

describe('the session', () => {
  it('[CB1, P3, P6, P7] in a storm, every acknowledged message shows once, at everybody, in one order, and nothing that was shown vanishes', () => {
    for (let seed = 1; seed <= Number(process.env.SEEDS ?? 10); seed++) {
      try {
        storm(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
