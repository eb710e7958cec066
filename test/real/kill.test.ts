/**
 * The kill test: three processes, six clients of a real IRC library, real chat, and two of the nodes killed with messages in flight, in every order.
 */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { judge } from '../../src/demo/judge.ts';
import { NodeGroup, type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { type Chat, chat } from './chat.ts';
import { exportsAtOneVector } from './faults.ts';
import { FrameworkClient } from './framework-client.ts';

const NICKS = ['ann', 'bo', 'chi', 'dev', 'eva', 'finn'];
/** Messages a second over all clients, and how long they talk, in ms. */
const RATE = 250;
const TALK_MS = 5000;
const ORDERS = [
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 2],
  [2, 0],
  [2, 1],
] as const;

async function kill(node: NodeProcess): Promise<void> {
  node.irc = null;
  await node.kill('SIGKILL');
}

/** Talks at the rate; after a third and two thirds of the time the victims die. */
async function talk(clients: readonly FrameworkClient[], { texts }: Chat, victims: readonly NodeProcess[]): Promise<void> {
  const begun = performance.now();
  const deaths = [...victims];
  for (let i = 0; performance.now() - begun < TALK_MS; ) {
    const elapsed = performance.now() - begun;
    if (deaths.length > 0 && elapsed > ((victims.length - deaths.length + 1) * TALK_MS) / 3) void kill(deaths.shift()!);
    while (i < (elapsed / 1000) * RATE) {
      for (let n = 0; n < clients.length && !clients[(i + n) % clients.length]!.post(texts[i]!); n++);
      i++;
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
}

/** Waits until nothing new is shown to anybody for a second. */
async function quiet(clients: readonly FrameworkClient[]): Promise<void> {
  let last = '';
  let sinceMs = performance.now();
  await until('it is quiet', () => {
    const now = clients.map((client) => `${client.shown.length} ${client.ready}`).join();
    if (now !== last || !clients.every((client) => client.ready)) sinceMs = performance.now();
    last = now;
    return performance.now() - sinceMs > 1000;
  });
}

describe('the kill test', () => {
  const groups: NodeGroup[] = [];
  const everyone: FrameworkClient[] = [];
  after(async () => {
    for (const client of everyone) client.end();
    for (const group of groups) await group.remove();
  });
  const words = chat((RATE * TALK_MS) / 1000 + 100);

  for (const order of ORDERS) {
    it(`[P1, P2, P3, P4, P5, P6, P9] of three nodes, first number ${order[0]} and then number ${order[1]} are killed: nothing echoed is lost, nothing doubles`, async (t) => {
      const group = new NodeGroup();
      groups.push(group);
      const nodes = await group.network(['a', 'b', 'c']);
      const clients = NICKS.map((nick, i) => new FrameworkClient(nick, '#kill', nodes, i % 3));
      everyone.push(...clients);
      for (const client of clients) client.start();
      await until('all clients are served', () => clients.every((client) => client.ready));
      const victims = order.map((i) => nodes[i]!);
      await talk(clients, words, victims);
      await quiet(clients);
      const survivor = nodes.find((node) => !victims.includes(node))!;
      // Held by k nodes survives the death of k-1: of three nodes two are dead, so whatever three held is here.
      const heldByAll = clients.flatMap(({ sent }) => sent.filter(({ id, held }) => id !== null && held === 3));
      const alone = new Set(clients[0]!.shown.map(({ id }) => id));
      const lost = heldByAll.filter(({ id }) => !alone.has(id!));
      assert.deepEqual(lost, [], 'a message held by three nodes is not at the survivor');
      for (const node of victims) await node.start();
      const [status] = await untilEqual(nodes);
      await quiet(clients);
      await Promise.all(clients.map((client) => client.reread()));
      for (const { promise, broken } of judge(clients)) assert.deepEqual(broken, [], promise);
      const [first, ...rest] = await exportsAtOneVector(nodes);
      for (const other of rest) assert.ok(other === first, 'the canonical exports differ');
      const echoed = clients.flatMap(({ sent }) => sent.filter(({ id }) => id !== null));
      const below = echoed.filter(({ held, wanted }) => held < wanted).length;
      const failovers = clients.flatMap((client) => client.failovers).sort((a, b) => a - b);
      assert.ok(echoed.length > 300, 'too little was said for a test');
      assert.ok(failovers.length >= 4, 'nobody failed over');
      t.diagnostic(
        `${words.source}; survivor ${survivor.name}; ${status!.state.messages} messages, ${echoed.length} echoed (${below} below the wanted copies), ${clients.flatMap(({ sent }) => sent).length - echoed.length} unechoed; failover ${Math.round(failovers[0]!)} to ${Math.round(failovers.at(-1)!)} ms; ${clients.reduce((sum, { repeats }) => sum + repeats, 0)} repeats dropped by id`,
      );
      for (const client of clients) client.end();
      await group.remove();
    });
  }
});
