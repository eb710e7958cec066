/** A node that is cut off: what it wrote before stays, what it writes after shows nowhere else, and nobody has a link with it. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import type { Member } from '../../src/node/commands-about.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';
import { exportedTexts, linkState, Scene } from './faults.ts';
import { rawClient } from './raw-client.ts';

const ask = (node: NodeProcess, request: { command: string } & Record<string, unknown>) => askNode(controlPath(node.directory), request);

describe('revocation', () => {
  it('[RP21, P12] a revoked node loses its links within 5 s, and nothing it wrote after shows at the others', async (t) => {
    const scene = new Scene(t);
    const [a, b, c] = (await scene.group().network(['a', 'b', 'c'])) as [NodeProcess, NodeProcess, NodeProcess];
    const people = await Promise.all([a, b, c].map((node) => rawClient(node, scene, `at${node.name}`)));
    for (const [i, person] of people.entries()) person.say(`PRIVMSG #r :before ${i}`);
    await untilEqual([a, b, c]);
    const begun = performance.now();
    await ask(a, { command: 'revoke', node: 'c', reason: 'stolen' });
    for (const node of [a, b]) await until('the link is gone', async () => (await linkState(node, 'c')) !== 'up', 5000);
    await until('c knows', async () => (await c.status()).warnings.some((warning) => warning.includes('was revoked')), 5000);
    assert.ok(performance.now() - begun < 5000);
    people[2]!.say('PRIVMSG #r :after, from c');
    people[1]!.say('PRIVMSG #r :after, from b');
    await until('b is heard at a', async () => (await exportedTexts(a)).has('after, from b'));
    await untilEqual([a, b]);
    for (const node of [a, b]) {
      const texts = await exportedTexts(node);
      assert.deepEqual([texts.get('before 2'), texts.has('after, from c')], [1, false]);
      const members = (await ask(node, { command: 'nodes' })) as Member[];
      assert.deepEqual(
        members.map(({ name, state, reason }) => [name, state === 'revoked', reason]),
        [
          ['a', false, null],
          ['b', false, null],
          ['c', true, 'stolen'],
        ],
      );
    }
    await c.kill('SIGTERM');
    await c.start();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    assert.notEqual(await linkState(a, 'c'), 'up');
    await assert.rejects(ask(a, { command: 'revoke', node: 'c', reason: '' }), /was revoked already/);
    await assert.rejects(ask(a, { command: 'revoke', node: 'x', reason: '' }), /there is no node/);
    await assert.rejects(ask(a, { command: 'revoke', node: 'a', reason: '' }), /cannot revoke itself/);
  });
});
