/** What a session does in each trouble by itself. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FeedId } from '../core/ids.ts';
import { seededRandom } from '../lib/prng.ts';
import { FakeClient } from './testing/fake-client.ts';
import { FakeNetwork, type FakeNode, ROOM } from './testing/fake-network.ts';

function town(nodes: number, clients = 1, urls?: readonly string[]) {
  const network = new FakeNetwork(seededRandom(7), nodes);
  const people = Array.from({ length: clients }, (_, i) => new FakeClient(network, i, {}, urls));
  network.time.run(100);
  for (const one of people) one.join();
  network.time.run(200);
  return { network, people, one: people[0]!, run: (ms: number) => network.time.run(network.time.nowMs + ms) };
}

const state = ({ session }: FakeClient): string => session.view.connection.state;

function nodeOf({ session, network }: FakeClient): FakeNode {
  const { connection } = session.view;
  assert.ok(connection.state === 'online', JSON.stringify(connection));
  return network.node(connection.url);
}

const saidBy = (one: FakeClient): { do: string }[] =>
  one.effects.flatMap((effect) => (effect.type === 'send' ? [JSON.parse(effect.text)] : []));
const posts = (one: FakeClient): number => saidBy(one).filter((said) => said.do === 'post').length;

describe('a session in trouble', () => {
  it('[CB6, P9] a node dies: another serves in well under a second, also one that nobody named', () => {
    const network = new FakeNetwork(seededRandom(7), 3);
    const one = new FakeClient(network, 0, {}, [network.urls[0]!]);
    network.time.run(100);
    one.join();
    network.time.run(200);
    for (let i = 0; i < 20; i++) {
      const node = nodeOf(one);
      node.stop();
      network.time.run(network.time.nowMs + 1000);
      assert.notEqual(nodeOf(one), node);
      node.start();
    }
    assert.ok(Math.max(...one.failoversMs) < 600, `${Math.max(...one.failoversMs)} ms`);
    assert.equal(one.session.view.failovers, 20);
  });

  it('[CB6] ten thousand who lose their node come back spread over time and over the others', () => {
    const network = new FakeNetwork(seededRandom(9), 3);
    network.nodes[0]!.stop();
    const tries = Array.from({ length: 500 }, (_, i) => {
      const one = new FakeClient(network, i % 89);
      one.work();
      return one;
    });
    network.time.run(2000);
    for (const one of tries) assert.equal(state(one), 'online');
    const [, second, third] = network.nodes.map(({ opened }) => opened);
    assert.ok(second! > 200 && third! > 200, `${second} and ${third}`);
  });

  it('[CB7] a node that hangs is left: at once when something is asked of it, and else when it is asked whether it is there', () => {
    const { one, run } = town(3);
    const first = nodeOf(one);
    first.isStuck = true;
    one.post('are you there?');
    run(5500);
    assert.notEqual(nodeOf(one), first);
    const second = nodeOf(one);
    second.isStuck = true;
    run(18_000);
    assert.notEqual(nodeOf(one), second);
  });

  it('[CB7] a node that is slow again and again is left for a better one; where all are slow, nobody wanders about', () => {
    const { one, network, run } = town(2);
    const slow = nodeOf(one);
    slow.slowMs = 2000;
    run(60_000);
    assert.notEqual(nodeOf(one), slow);
    for (const node of network.nodes) node.slowMs = 2000;
    const before = one.session.view.failovers;
    run(300_000);
    assert.ok(one.session.view.failovers - before <= 5, `${one.session.view.failovers - before} times`);
  });

  it('[CB7] a node that is alone is given time', () => {
    const { one, run } = town(1);
    nodeOf(one).isStuck = true;
    one.post('hello');
    run(10_000);
    assert.equal(state(one), 'online');
    nodeOf(one).isStuck = false;
    run(100);
    assert.equal(one.ids().length, 1);
  });

  it('[CB9] a new incarnation is granted before anything else is said; the session is opened with its key alone', () => {
    const { one, run } = town(1);
    const before = saidBy(one).length;
    nodeOf(one).tell({ type: 'regrant', feed: 'ab'.repeat(16) as FeedId });
    run(1.5);
    one.post('under the new one');
    run(500);
    const said = saidBy(one).slice(before);
    assert.equal(said[0]!.do, 'regrant');
    assert.equal(one.ids().length, 1);
    assert.deepEqual(Object.keys(saidBy(one)[0]!).sort(), ['ask', 'do', 'grant', 'key', 'name']);
  });

  it('[CB8] what changes nothing twice is asked again at the next node; of the rest, if it was under way, nobody knows', async () => {
    const { one, run } = town(2);
    const node = nodeOf(one);
    node.isStuck = true;
    const members = one.ask({ do: 'members', room: ROOM });
    const kick = one.ask({ do: 'kick', room: ROOM, person: one.session.author!, reason: '' });
    run(1);
    node.stop();
    run(1000);
    assert.equal((await members).type, 'ok');
    assert.equal((await kick).type, 'unknown');
    for (const each of one.network.nodes) each.stop();
    run(100);
    const offline = one.ask({ do: 'kick', room: ROOM, person: one.session.author!, reason: '' });
    run(40_000);
    assert.equal((await offline).type, 'refused');
  });

  it('[CB5] refused for now, it is handed in again when the refusal said; refused for good, it waits for its author, also over a restart', () => {
    const { one, network, run } = town(1);
    let refusals = 0;
    network.refuse = ({ do: what }) => (what === 'post' && refusals++ < 3 ? { type: 'flood', words: 'wait', retryMs: 400 } : null);
    const first = one.post('one');
    one.post('two');
    run(1100);
    assert.equal(one.ids().length, 0);
    run(400);
    assert.equal(one.ids()[0], first);
    assert.equal(one.ids().length, 2);
    network.refuse = ({ do: what }) => (what === 'post' ? { type: 'silenced', words: 'You are muted.' } : null);
    const third = one.post('three');
    run(100);
    const shown = () => one.session.view.rooms.get(ROOM)!.timeline.at(-1)!;
    assert.deepEqual(shown().delivery, { state: 'refused', words: 'You are muted.' });
    run(2000);
    one.reboot();
    run(500);
    assert.deepEqual([shown().id, shown().delivery!.state], [third, 'refused']);
    const before = posts(one);
    network.refuse = () => null;
    run(5000);
    assert.equal(posts(one), before);
    one.session.retry(third, one.now);
    one.work();
    run(500);
    assert.equal(one.ids()[2], third);
    assert.equal(shown().delivery!.state, 'held');
  });

  it('[CB5] what was written with no node in reach is sent when there is one, though the machine went off meanwhile', () => {
    const { one, network, run } = town(2);
    for (const node of network.nodes) node.stop();
    run(50);
    for (const text of ['a', 'b', 'c']) one.post(text);
    assert.equal(one.session.view.rooms.get(ROOM)!.timeline.length, 3);
    run(3000);
    one.reboot();
    assert.deepEqual(
      one.session.view.rooms.get(ROOM)!.timeline.map(({ text }) => text),
      ['a', 'b', 'c'],
    );
    for (const node of network.nodes) node.start();
    run(3000);
    assert.equal(one.ids().length, 3);
    for (let i = 0; i < 40; i++) {
      network.spread();
      run(500);
    }
    const { timeline } = one.session.view.rooms.get(ROOM)!;
    assert.deepEqual(
      timeline.map(({ text, delivery }) => [text, delivery]),
      ['a', 'b', 'c'].map((text) => [text, { state: 'held', held: 2, wanted: 2 }]),
    );
    assert.equal(JSON.parse(one.kept.get('outbox')!).messages.length, 0);
  });

  it('[CB4, P7] at a node that holds less, what was shown stays, and the node is caught up with it later', () => {
    const { people, network, run } = town(2, 2);
    const [one, two] = people;
    network.nodes[1]!.stop();
    run(1000);
    one!.post('only here');
    run(200);
    assert.equal(two!.ids().length, 1);
    network.nodes[0]!.stop();
    network.nodes[1]!.start();
    run(60_000);
    for (const each of people) {
      assert.equal(nodeOf(each), network.nodes[1]);
      assert.equal(each.ids().length, 1, 'it stays');
    }
    network.nodes[0]!.start();
    for (let i = 0; i < 10; i++) {
      network.spread();
      run(100);
    }
    for (const each of people) assert.equal(each.ids().length, 1);
  });

  it('[CB9] who is told that it is over tries nothing any more', () => {
    const { one, network, run } = town(2);
    network.refuse = ({ do: what }) => (what === 'guest' ? { type: 'silenced', words: 'You are banned.' } : null);
    nodeOf(one).stop();
    run(15_000);
    assert.deepEqual(one.session.view.connection, { state: 'over', type: 'silenced', why: 'You are banned.' });
    assert.equal(one.session.wakeMs, null);
  });
});
