/** A removed message: its text is gone from every byte of the files of every node, also of one that was down, and of one that was not there yet. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { resolveSettings } from '../../src/config/settings.ts';
import type { MessageId, RoomId } from '../../src/core/ids.ts';
import type { Command, Door } from '../../src/core/port.ts';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';
import { up } from '../../src/node/up.ts';
import { exportsAtOneVector, Scene } from './faults.ts';

const CONFIG = { 'erase.after': 1 };
const SECRET = 'xyzzyplugh';

/** The files of a node in which a word is found. */
function filesWith(directory: string, word: string): string[] {
  return readdirSync(directory).filter((name) => name.includes('.db') && readFileSync(join(directory, name)).includes(word));
}

describe('erasure', () => {
  it('[RP24, ST18] what is removed is gone from the files of all nodes', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const a = group.add('a');
    const flags = new Map(['mesh', 'http', 'irc'].map((flag) => [flag, '127.0.0.1:0']));
    const settings = resolveSettings(flags.set('name', 'a'), CONFIG);
    const node = await up({ directory: a.directory, settings, version: '0', log: () => undefined });
    scene.undo(() => node.close());
    const join = async (name: string): Promise<NodeProcess> => {
      const one = group.add(name, CONFIG);
      await one.start(['--join', (await askNode(controlPath(a.directory), { command: 'invite', uses: 1, forMs: 60_000 })) as string]);
      return one;
    };
    const [b, c] = [await join('b'), await join('c')];
    const all = [a, b, c];

    // Somebody at node a.
    const ids: MessageId[] = [];
    const door: Door = {
      answer: (_session, _token, answer) => void (answer.type === 'acknowledged' && ids.push(answer.id)),
      notices: () => undefined,
      ended: () => undefined,
      flush: () => undefined,
    };
    const { loop } = node;
    const session = loop.session(door);
    const say = (command: Command) => loop.command(session, 1, command);
    const room = '#r' as RoomId;
    say({ type: 'open', name: 'ann' });
    await until('ann is there', () => loop.presentByName('ann') !== null);
    say({ type: 'join', room });
    for (const text of ['before', `the word is ${SECRET}`, 'after'])
      say({ type: 'post', to: { room }, style: 'text', text } as unknown as Command);
    await until('all is acknowledged', () => ids.length === 3);
    await untilEqual(all);
    const holders = () => all.flatMap(({ directory, name }) => filesWith(directory, SECRET).map((file) => `${name} ${file}`));
    assert.ok(
      all.every(({ directory }) => filesWith(directory, SECRET).length > 0),
      holders().join(),
    );

    await c.kill('SIGTERM');
    say({ type: 'remove', room, target: ids[1]!, reason: 'a mistake' });
    await loop.settled();
    await until('it is gone at a and b', () => [a, b].every(({ directory }) => filesWith(directory, SECRET).length === 0));
    await c.start();
    const d = await join('d');
    all.push(d);
    await until('it is gone everywhere', () => holders().length === 0);
    await untilEqual(all);
    const exports = await exportsAtOneVector(all);
    assert.equal(new Set(exports).size, 1);
    assert.deepEqual([exports[0]!.includes(SECRET), exports[0]!.includes('before'), exports[0]!.includes('after')], [false, true, true]);
    for (const one of all) {
      const found = (await askNode(controlPath(one.directory), { command: 'verify' })) as { damaged: number };
      assert.equal(found.damaged, 0, one.name);
    }
  });
});
