/** Faults of processes: stopped, killed at any moment, all at once. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import {
  deliveryTimes,
  exportedTexts,
  exportsWithHashes,
  inRoom,
  inWords,
  judged,
  linkState,
  type Person,
  quantile,
  Scene,
  SEED,
  sha256,
  untilLinked,
  untilLinkIs,
} from './faults.ts';
import { talkative } from './talkative.ts';

/** How often the writing node is killed. */
const KILLS = Number(process.env['SKEIN_KILLS'] ?? 50);

/** Waits until so much more was echoed to each. */
async function untilEchoed(people: readonly Person[], more: number): Promise<void> {
  const before = people.map(({ echoed }) => echoed);
  await until(`${more} more are echoed to each`, () => people.every(({ echoed }, i) => echoed >= before[i]! + more)).catch(
    (error: Error) => {
      const state = people.map(
        ({ client, echoed }, i) =>
          `${client.nick} at ${client.host}: ready ${client.ready}, ${echoed - before[i]!} more, last ${JSON.stringify(client.sent.at(-1))}`,
      );
      throw new Error(`${error.message}: ${state.join('; ')}`);
    },
  );
}

describe('faults of processes', () => {
  it('[RP6] a stopped peer delays nobody else, and when it goes on it catches up and is no stranger', async (t) => {
    const scene = new Scene(t);
    const nodes = await scene.group().network(['a', 'b', 'c']);
    const [a, b, c] = nodes as [NodeProcess, NodeProcess, NodeProcess];
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    const people = await scene.peopleAt([a, b, c, b]);
    const [ann, bo, , rita] = people as [Person, Person, Person, Person];
    const talk = scene.talk([ann, bo], 10);
    await untilEchoed([ann, bo], 50);
    const stoppedMs = performance.now();
    await c.kill('SIGSTOP');
    await until('three copies are no longer waited for', () => ann.client.sent.findLast(({ id }) => id !== null)!.wanted === 2);
    const suspectMs = performance.now();
    await untilEchoed([ann, bo], 100);
    const goesOnMs = performance.now();
    assert.deepEqual([await linkState(a, 'c'), await linkState(b, 'c')], ['suspect', 'suspect']);
    const late = [...ann.echoTimes(suspectMs), ...bo.echoTimes(suspectMs)];
    const deliveries = [...deliveryTimes(ann, bo, stoppedMs), ...deliveryTimes(bo, ann, stoppedMs)].filter(
      (ms) => ms < Number.POSITIVE_INFINITY,
    );
    t.diagnostic(`suspect after ${(suspectMs - stoppedMs).toFixed()} ms, stopped for ${(goesOnMs - stoppedMs).toFixed()} ms`);
    t.diagnostic(inWords('echo before', [...ann.echoTimes(), ...bo.echoTimes()].slice(0, 50)));
    t.diagnostic(inWords('echo with a stopped peer', late));
    // Who writes is shown what came after an own message with its echo, which may wait a second; who only reads waits for nothing.
    const read = deliveryTimes(ann, rita, stoppedMs).filter(Number.isFinite);
    t.diagnostic(inWords('delivery to who writes, with a stopped peer', deliveries));
    t.diagnostic(inWords('delivery to who reads, with a stopped peer', read));
    assert.ok(suspectMs - stoppedMs < 3500, 'the stopped one is not waited for any more');
    assert.ok(quantile(late, 0.5) < 100 && quantile(read, 0.5) < 100 && quantile(read, 0.99) < 500 && quantile(deliveries, 1) < 1500);
    const since = ann.client.sent.filter(({ text, id }) => id !== null && ann.postedMs.get(text)! > suspectMs);
    assert.deepEqual(new Set(since.map(({ held, wanted }) => `${held}/${wanted}`)), new Set(['2/2']));
    await c.kill('SIGCONT');
    await untilLinkIs('up', a, 'c');
    await untilEchoed([ann, bo], 20);
    assert.equal(ann.client.sent.findLast(({ id }) => id !== null)!.wanted, 3);
    talk.end();
    await judged(people);
    assert.deepEqual(new Set(people.flatMap(({ client }) => [client.repeats, client.failovers.length])), new Set([0]));
    await untilEqual(nodes);
  });

  it(`[RP7] killing the writing node at random moments ${KILLS} times loses no echoed message`, async (t) => {
    t.diagnostic(`seed ${SEED}`);
    const random = seededRandom(SEED);
    const scene = new Scene(t);
    const [a] = (await scene.group().network(['a'])) as [NodeProcess];
    const people = ['ann', 'bo'].map((nick) => scene.person(nick, [a]));
    await inRoom(people);
    const talks = people.map(talkative);
    for (let i = 0; i < KILLS; i++) {
      const before = people.reduce((sum, { echoed }) => sum + echoed, 0);
      await until('something is echoed', () => people.reduce((sum, { echoed }) => sum + echoed, 0) > before);
      await new Promise((resolve) => setTimeout(resolve, 5 + random.below(146)));
      a.irc = null;
      await a.kill('SIGKILL');
      await a.start();
    }
    await untilEchoed(people, 1);
    for (const talk of talks) talk.end();
    const echoed = people.flatMap(({ client }) => client.sent.filter(({ id }) => id !== null).map(({ text }) => text));
    const unknown = people.flatMap(({ client }) => client.sent.filter(({ id }) => id === null).map(({ text }) => text));
    await judged(people);
    const exported = await exportedTexts(a);
    assert.deepEqual(echoed.filter((text) => exported.get(text) !== 1).slice(0, 10), []);
    assert.deepEqual(unknown.filter((text) => (exported.get(text) ?? 0) > 1).slice(0, 10), []);
    t.diagnostic(`${echoed.length} echoed; of ${unknown.length} unknown ${unknown.filter((text) => exported.has(text)).length} are there`);
    assert.ok(echoed.length >= KILLS);
  });

  it('[RP8] all nodes killed at once while six people write lose nothing that was echoed, and end alike to the byte', async (t) => {
    const scene = new Scene(t);
    const nodes = await scene.group().network(['a', 'b', 'c']);
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    const people = ['ann', 'bo', 'chi', 'dev', 'eva', 'finn'].map((nick, i) => scene.person(nick, [nodes[i % 3]!]));
    await inRoom(people);
    const talks = people.map(talkative);
    for (let round = 0; round < 2; round++) {
      await untilEchoed(people, 20);
      const ports = nodes.map((node) => /\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(node.mesh[0]!)!);
      for (const node of nodes) node.irc = null;
      await Promise.all(nodes.map((node) => node.kill('SIGKILL')));
      await Promise.all(nodes.map((node, i) => node.start(['--mesh', `${ports[i]![1]}:${ports[i]![2]}`])));
      await inRoom(people);
    }
    await untilEchoed(people, 5);
    for (const talk of talks) talk.end();
    await judged(people);
    const statuses = await untilEqual(nodes);
    const { exports, hashes } = await exportsWithHashes(nodes);
    assert.deepEqual(exports.map(sha256), hashes);
    assert.ok(exports.every((one) => one === exports[0]));
    t.diagnostic(
      `${statuses[0]!.state.messages} messages; unknown: ${people.reduce((sum, { client }) => sum + client.sent.filter(({ id }) => id === null).length, 0)}`,
    );
  });
});
