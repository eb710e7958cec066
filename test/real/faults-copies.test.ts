/** Data directories that were copied: a backup that is put back, and two copies that run at once. */

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { exportsAtOneVector, inRoom, judged, meshOf, type Person, Scene, settled, untilLinked } from './faults.ts';

/** Makes one folder's files another's, without sockets. */
function copyFiles(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { mode: 0o700 });
  for (const name of readdirSync(from)) if (statSync(join(from, name)).isFile()) copyFileSync(join(from, name), join(to, name));
}

/** Lets everybody say so much more; how much was said in all, `from` before. */
async function chat(scene: Scene, people: readonly Person[], each: number, from = 0): Promise<number> {
  const before = people.map(({ echoed }) => echoed);
  const talk = scene.talk(people, 10, from);
  await until('there is talk', () => people.every(({ echoed }, i) => echoed >= before[i]! + each));
  talk.end();
  await settled(people);
  return talk.turns;
}

async function stopped(node: NodeProcess): Promise<() => Promise<void>> {
  const { host, port } = meshOf(node);
  node.irc = null;
  await node.kill('SIGTERM');
  return () => node.start(['--mesh', `${host}:${port}`]);
}

async function untilWarned(nodes: readonly NodeProcess[], pattern: RegExp, forMs: number): Promise<void> {
  const isWarned = async (node: NodeProcess): Promise<boolean> => (await node.status()).warnings.some((warning) => pattern.test(warning));
  for (const node of nodes) await until(`${node.name} warns: ${pattern}`, () => isWarned(node), forMs);
}

describe('copied data directories', () => {
  it('[RP19] a node put back to an old backup loses nothing and forks nothing: its own old entries come back from its peers', async (t) => {
    const scene = new Scene(t);
    const nodes = await scene.group().network(['a', 'b', 'c']);
    const [a, b] = nodes as [NodeProcess, NodeProcess];
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    const people = await scene.peopleAt(nodes);
    let said = await chat(scene, people, 20);
    const backup = `${b.directory}.backup`;
    const again = await stopped(b);
    copyFiles(b.directory, backup);
    await again();
    await inRoom(people);
    said = await chat(scene, people, 40, said);
    const { entries } = (await a.status()).state;
    const afterwards = await stopped(b);
    copyFiles(backup, b.directory);
    await afterwards();
    await inRoom(people);
    await chat(scene, people, 10, said);
    const [status] = await untilEqual(nodes);
    assert.equal(new Set(await exportsAtOneVector([a, b])).size, 1);
    await judged(people);
    assert.ok(status!.state.entries > entries);
    for (const node of nodes) assert.deepEqual((await node.status()).warnings, []);
  });

  it('[RP19, PE5] of two copies that run at once both are written to and everything is kept everywhere; every node warns of them', async (t) => {
    const scene = new Scene(t);
    const group = scene.group();
    const nodes = await group.network(['a', 'b', 'c']);
    const [a, b, c] = nodes as [NodeProcess, NodeProcess, NodeProcess];
    await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
    const first = await scene.peopleAt(nodes);
    const said = await chat(scene, first, 20);
    const again = await stopped(b);
    const twin = group.add('b');
    copyFiles(b.directory, twin.directory);
    await again();
    await twin.start();
    await untilLinked([a, b, twin, c], { a: 'bc', b: 'ac', c: 'ab' });
    const people = [...first, ...['tess', 'tim'].map((nick) => scene.person(nick, [twin]))];
    await inRoom(people);
    await chat(scene, people, 40, said);
    const [, bo, , tess] = people as [Person, Person, Person, Person];
    const held = [bo, tess].map(({ client }) => client.sent.filter(({ id }) => id !== null).at(-1)!);
    assert.deepEqual(
      held.map(({ held, wanted }) => `${held}/${wanted}`),
      ['3/3', '3/3'],
      'both copies together are one of three',
    );
    await untilWarned([a, b, twin, c], /two running copies of node b: .*stop one of them/, 30_000);
    await untilEqual([a, b, twin, c]);
    const exports = await exportsAtOneVector([a, b, twin, c]);
    assert.equal(new Set(exports).size, 1);
    const stayed = people.filter(({ client }) => client.failovers.length === 0);
    assert.deepEqual(
      stayed.map(({ client }) => client.repeats),
      stayed.map(() => 0),
    );
    await judged(people);
    const links = (await a.status()).links.map(({ name, state }) => `${name} ${state}`);
    t.diagnostic(`${links.join(', ')}; ${(await a.status()).state.messages} messages`);
  });
});
