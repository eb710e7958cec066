/** Faults of links between real processes: cut, held back, slow, and in circles. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';
import { addressBy, deliveryTimes, inWords, judged, quantile, rerouted, Scene, SEED, settled, untilLinked, untilLinkIs } from './faults.ts';
import type { TcpProxy } from './proxy.ts';

/** Only the links there are: nobody dials past the proxy before it was cut. */
const ROW = { 'mesh.full_up_to': 0 };

/** A newcomer that joins at the host through a proxy of its own. */
async function joinThroughProxy(scene: Scene, node: NodeProcess, host: NodeProcess): Promise<{ node: NodeProcess; proxy: TcpProxy }> {
  const proxy = await scene.proxyBefore(host);
  await node.start(['--join', rerouted(await host.invite(), [addressBy(proxy, host)])]);
  return { node, proxy };
}

/** Brings history into a node's log, without any door. */
async function bringIn(node: NodeProcess, count: number, bytes: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      room: '#old',
      atMs: 1_700_000_000_000 + n,
      nick: 'ann',
      style: 'text',
      text: `${n} ${'old words '.repeat(bytes / 10)}`,
      n: 0,
    }),
  );
  await askNode(controlPath(node.directory), { command: 'import' }, lines);
}

describe('links of processes', () => {
  it('[RP1] a link cut by RST in the middle of a frame resumes: nothing is lost or doubled', async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const random = seededRandom(SEED);
    const scene = new Scene(t);
    const group = scene.group();
    const [a] = (await group.network(['a'], ROW)) as [NodeProcess];
    const b = await joinThroughProxy(scene, group.add('b', ROW), a);
    const c = await joinThroughProxy(scene, group.add('c', ROW), a);
    const nodes = [a, b.node, c.node];
    const people = await scene.peopleAt(nodes);
    const talk = scene.talk(people, 3);
    for (const [{ node, proxy }, way] of [
      [b, 'down'],
      [c, 'up'],
    ] as const) {
      const before = people[0]!.echoed;
      await until('there is talk', () => people[0]!.echoed > before + 30);
      proxy.cutAfter(way, 1 + random.below(400));
      await until('the cut came and the link is gone', () => proxy.cuts.length === 1 && proxy.open === 0);
      await untilLinkIs('up', node, 'a');
      const then = people.map(({ echoed }) => echoed);
      await until('all are echoed again', () => people.every(({ echoed }, i) => echoed > then[i]! + 5));
    }
    talk.end();
    await judged(people);
    assert.deepEqual(
      people.map(({ client }) => client.repeats),
      [0, 0, 0],
    );
    await untilEqual(nodes);
    t.diagnostic(`cuts: ${JSON.stringify([...b.proxy.cuts, ...c.proxy.cuts])}; ${talk.turns} messages`);
  });

  it('[RP2] a newcomer whose every connection is cut, first while it is let in, then while it catches up, gets in with the same invitation and catches up', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const [a] = (await group.network(['a'], ROW)) as [NodeProcess];
    await bringIn(a, 2000, 600);
    const proxy = await scene.proxyBefore(a);
    const cuts = [7, 90, 300, 700, 1100, 300_000];
    proxy.onCut = () => {
      const next = cuts.shift();
      if (next !== undefined) proxy.cutAfter('down', next);
    };
    proxy.cutAfter('down', cuts.shift()!);
    const b = group.add('b', ROW);
    await b.start(['--join', rerouted(await a.invite(), [addressBy(proxy, a)])]);
    const [status] = await untilEqual([a, b]);
    assert.equal(status!.state.messages, 2000);
    t.diagnostic(`${proxy.accepted} connections, cut ${proxy.cuts.length} times, ${cuts.length} cuts left`);
    assert.deepEqual([proxy.cuts.length, cuts.length], [6, 0]);
  });

  it('[RP3] a message whose only forwarder dies between receiving and forwarding still arrives, once', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const [a, b] = (await group.network(['a', 'b'], ROW)) as [NodeProcess, NodeProcess];
    const { node: c, proxy } = await joinThroughProxy(scene, group.add('c', ROW), b);
    const nodes = [a, b, c];
    await untilLinked(nodes, { a: 'b', b: 'ac', c: 'b' });
    const people = await scene.peopleAt([a, c]);
    const [ann, carl] = people as [(typeof people)[0], (typeof people)[0]];
    ann.post('before');
    await settled(people);
    proxy.stall();
    ann.post('held at b');
    await until('b has it and c has not', () => ann.echoed === 2);
    const held = ann.client.sent[1]!;
    assert.deepEqual([held.held, held.wanted, carl.shownMs.has('held at b')], [2, 3, false]);
    await b.kill('SIGKILL');
    await until('it arrives past b', () => carl.shownMs.has('held at b'));
    await untilLinked([a, c], { a: 'c', c: 'a' });
    proxy.resume();
    carl.post('answer');
    await judged(people);
    await untilEqual([a, c]);
    await b.start();
    const [status] = await untilEqual(nodes);
    assert.equal(status!.state.messages, 3);
  });

  it('[RP4] in a triangle and in a square every message shows once to everybody', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const three = await group.network(['a', 'b', 'c']);
    await untilLinked(three, { a: 'bc', b: 'ac', c: 'ab' });
    const square = scene.group();
    const row = await square.network(['a', 'b', 'c'], ROW, 'previous');
    const d = square.add('d', ROW);
    const invitation = await row[2]!.invite();
    await untilEqual(row);
    await d.start(['--join', rerouted(invitation, [row[2]!.mesh[0]!, row[0]!.mesh[0]!])]);
    const four = [...row, d];
    await untilLinked(four, { a: 'bd', b: 'ac', c: 'bd', d: 'ac' });
    for (const nodes of [three, four]) {
      const people = await scene.peopleAt(nodes);
      const talk = scene.talk(people, 4);
      await until('much was said', () => people.every(({ echoed }) => echoed >= 60));
      talk.end();
      await judged(people);
      assert.deepEqual(new Set(people.map(({ client }) => client.repeats)), new Set([0]));
      const [status] = await untilEqual(nodes);
      assert.equal(
        status!.state.messages,
        people.reduce((sum, { client }) => sum + client.sent.length, 0),
      );
      t.diagnostic(inWords(`${nodes.length} nodes, delivery`, deliveryTimes(people[0]!, people.at(-1)!)));
    }
  });

  it('[RP5] a slow link delays nobody else, and catches up when it is fast again', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const config = { ...ROW, copies: 2 };
    const [a, b] = (await group.network(['a', 'b'], config)) as [NodeProcess, NodeProcess];
    const { node: c, proxy } = await joinThroughProxy(scene, group.add('c', config), a);
    const people = await scene.peopleAt([a, b, c]);
    const [ann, bo, carl] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    proxy.throttle(20_000);
    proxy.delay(100);
    await bringIn(a, 2000, 600);
    await until('b has the history', async () => (await b.status()).state.messages >= 2000);
    const fromMs = performance.now();
    const talk = scene.talk([ann, bo], 10);
    await until('much was said', () => Math.min(ann.echoed, bo.echoed) >= 150);
    talk.end();
    await until('both were shown all', () => Number.isFinite(quantile(deliveryTimes(ann, bo), 1) + quantile(deliveryTimes(bo, ann), 1)));
    const echoes = [...ann.echoTimes(fromMs), ...bo.echoTimes(fromMs)];
    const deliveries = [...deliveryTimes(ann, bo, fromMs), ...deliveryTimes(bo, ann, fromMs)];
    t.diagnostic(inWords('echo', echoes));
    t.diagnostic(inWords('delivery', deliveries));
    assert.ok(quantile(echoes, 0.5) < 100 && quantile(deliveries, 0.5) < 100 && quantile(deliveries, 0.99) < 1000);
    const { links } = await c.status();
    const link = links.find(({ name }) => name === 'a')!;
    t.diagnostic(
      `c has links ${JSON.stringify(links.map(({ name, state }) => [name, state]))}; carl was shown ${carl.shownMs.size} of ${ann.shownMs.size}`,
    );
    assert.ok(link.address!.includes(`/tcp/${proxy.port}`), 'the slow link is still the one');
    proxy.throttle(Number.POSITIVE_INFINITY);
    proxy.delay(0);
    await judged(people);
    await untilEqual([a, b, c]);
  });
});
