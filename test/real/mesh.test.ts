/** The mesh of real processes: who links with whom, what survives a restart, what an invitation is good for. */

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { NodeGroup, type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';

const groups: NodeGroup[] = [];
const newGroup = (): NodeGroup => {
  const group = new NodeGroup();
  groups.push(group);
  return group;
};

/** The names a node is linked with. */
async function linksOf(node: NodeProcess): Promise<string> {
  const { links } = await node.status();
  return links
    .filter(({ state }) => state === 'up')
    .map(({ name }) => name)
    .sort()
    .join('');
}

async function untilLinks(nodes: readonly NodeProcess[], wanted: Readonly<Record<string, string>>): Promise<void> {
  await until(`links are ${JSON.stringify(wanted)}`, async () => {
    for (const node of nodes) if (node.running && (await linksOf(node)) !== wanted[node.name]) return false;
    return true;
  });
}

/** Waits until every one of the nodes is linked with every other, over however many links between them. */
async function untilOneNetwork(nodes: readonly NodeProcess[]): Promise<void> {
  await until('the rest is one network', async () => {
    const links = new Map<string, string>();
    for (const node of nodes) links.set(node.name, await linksOf(node));
    const reached = new Set([nodes[0]!.name]);
    for (const name of reached) for (const next of links.get(name) ?? '') reached.add(next);
    return nodes.every(({ name }) => reached.has(name));
  });
}

/** Brings messages into the log of a node without any door. */
async function bringIn(node: NodeProcess, text: string): Promise<void> {
  const line = { room: '#r', atMs: 1_700_000_000_000, nick: 'ann', style: 'text', text, n: 0 };
  await askNode(controlPath(node.directory), { command: 'import' }, [JSON.stringify(line)]);
}

describe('mesh of processes', () => {
  after(async () => {
    for (const group of groups) await group.remove();
  });

  it('[MS1] three nodes link with each other, and a restart on new ports needs no invitation', async () => {
    const [a, b, c] = (await newGroup().network(['a', 'b', 'c'])) as [NodeProcess, NodeProcess, NodeProcess];
    await untilLinks([a, b, c], { a: 'bc', b: 'ac', c: 'ab' });
    await bringIn(a, 'before');
    await untilEqual([a, b, c]);
    for (const node of [a, b, c]) {
      await node.kill();
      await node.start();
      await untilLinks([a, b, c], { a: 'bc', b: 'ac', c: 'ab' });
    }
    await untilLinks([a, b, c], { a: 'bc', b: 'ac', c: 'ab' });
    await bringIn(c, 'after');
    const [status] = await untilEqual([a, b, c]);
    assert.equal(status!.state.messages, 2);
  });

  it('[MS2, P8] a row stays a row, and when its middle dies the rest link up past it', async () => {
    const group = newGroup();
    const nodes = await group.network(['a', 'b', 'c', 'd', 'e'], { 'mesh.full_up_to': 0 }, 'previous');
    const [a, , c, , e] = nodes as [NodeProcess, NodeProcess, NodeProcess, NodeProcess, NodeProcess];
    await untilLinks(nodes, { a: 'b', b: 'ac', c: 'bd', d: 'ce', e: 'd' });
    await bringIn(a, 'along the row');
    await untilEqual(nodes);
    await c.kill();
    await untilOneNetwork(nodes.filter((node) => node !== c));
    await bringIn(e, 'past the middle');
    const rest = nodes.filter((node) => node !== c);
    assert.equal((await untilEqual(rest))[0]!.state.messages, 2);
    await c.start();
    assert.equal((await untilEqual(nodes))[0]!.state.messages, 2);
  });

  it('[MS3, P12] an invitation is refused when it is used up, expired, damaged or of another network; the last node alive can invite', async () => {
    const group = newGroup();
    const [a, b] = (await group.network(['a', 'b'])) as [NodeProcess, NodeProcess];
    await a.kill();
    const once = await b.invite();
    await group.add('c').start(['--join', once]);
    await assert.rejects(group.add('d').start(['--join', once]), /the invitation was used up/);
    const short = await b.invite(1, 1000);
    await until('it expired', () => new Promise((resolve) => setTimeout(() => resolve(true), 1100)));
    const e = group.add('e');
    await assert.rejects(e.start(['--join', short]), /the invitation has expired/);
    await e.start(['--join', await b.invite()]);
    await assert.rejects(group.add('f').start(['--join', `${once.slice(0, 40)}`]), /the invitation is damaged/);
    await assert.rejects(group.add('g').start(['--join', 'hello']), /no invitation/);
    const [other] = (await newGroup().network(['x'])) as [NodeProcess];
    const foreign = await other.invite();
    const directory = group.nodes[1]!;
    await directory.kill();
    await assert.rejects(directory.start(['--join', foreign]), /is of the network/);
  });

  it('[MS4] a port in use and a directory in use are refused in words', async () => {
    const group = newGroup();
    const [a] = (await group.network(['a'])) as [NodeProcess];
    const b = group.add('b');
    await assert.rejects(b.start(['--irc', `127.0.0.1:${a.irc!.port}`]), /--irc .*the port is in use: choose another/);
    await assert.rejects(
      b.start(['--mesh', `127.0.0.1:${/tcp\/(\d+)/.exec(a.mesh[0]!)![1]}`]),
      /--mesh .*the port is in use: choose another/,
    );
    await assert.rejects(b.start(['--data', a.directory]), /is in use by another Skein process/);
    await assert.rejects(b.start(['--copies', 'many']), /--copies takes a whole number/);
  });

  it('[MS5] a copied data directory forks nothing: both go on, and all hold the same', async () => {
    const group = newGroup();
    const [a, b] = (await group.network(['a', 'b'])) as [NodeProcess, NodeProcess];
    await bringIn(b, 'once');
    await untilEqual([a, b]);
    await b.kill();
    const twin = group.add('b');
    for (const file of readdirSync(b.directory)) if (!file.endsWith('.sock')) cpSync(join(b.directory, file), join(twin.directory, file));
    await b.start();
    await bringIn(b, 'by the one');
    await untilEqual([a, b]);
    await b.kill();
    await twin.start();
    await bringIn(twin, 'by the other');
    await untilEqual([a, twin]);
    await twin.kill();
    await b.start();
    assert.equal((await untilEqual([a, b]))[0]!.state.messages, 3);
  });

  it('[MS6] a store of a newer version is refused and keeps its content', async () => {
    const group = newGroup();
    const [a] = (await group.network(['a'])) as [NodeProcess];
    await a.kill();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(join(a.directory, 'log.db'));
    db.exec('PRAGMA user_version = 9');
    db.close();
    await assert.rejects(a.start(), /written by a newer version of Skein/);
    const secrets = readFileSync(join(a.directory, 'identity.json'), 'utf8');
    assert.match(secrets, /"seed"/);
    writeFileSync(join(a.directory, 'identity.json'), secrets);
  });
});
