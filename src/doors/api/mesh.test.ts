import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiScene } from '../../../test/people/api-scene.ts';
import type { WireMesh, WireMeshChange } from '../../api/mesh.ts';
import { withChange } from '../../client/mesh.ts';
import type { NodeId } from '../../core/ids.ts';
import type { ApiClient } from './testing/client.ts';

const changes = (client: ApiClient): WireMeshChange[] => client.events.flatMap((event) => (event.type === 'mesh' ? event.mesh : []));

describe('the picture of the network, over the API', () => {
  it('[AP24] whoever has a session is given it, with what is for everybody; addresses, warnings and reasons are for owners alone', async () => {
    const { client, bot, crown, session, node, mesh, url } = await apiScene();
    const { author, token, key } = await bot('olga');
    await crown(author);
    node.loop.warn('the clock of this machine is an hour ahead: set it right', 'clock');
    mesh.look();
    const [guest, program, owner] = [await client('ann'), await client(), await session(author, key)];
    await program.ask<'token'>({ do: 'token', name: 'olga', token });
    const seen = await guest.ask<'mesh'>({ do: 'mesh' });
    assert.deepEqual([seen.self, seen.nodes.length, seen.links, seen.delicate], [node.loop.node.id, 1, [], undefined]);
    const [self] = seen.nodes;
    assert.deepEqual(
      [self!.state, self!.name, self!.vitals?.version, self!.vitals?.storeBytes, self!.people],
      ['self', 'solo', '0.0.0', 4096, 2],
    );
    assert.deepEqual([seen.own.clock, seen.own.warnings, seen.own.lateMs, seen.own.writes], [false, 1, 2, true]);
    assert.equal((await program.ask<'mesh'>({ do: 'mesh' })).delicate, undefined, 'an app password administers nothing');
    const { delicate } = await owner.ask<'mesh'>({ do: 'mesh' });
    assert.deepEqual(
      delicate!.warnings.map(({ about, words }) => [about, words]),
      [['clock', 'the clock of this machine is an hour ahead: set it right']],
    );
    const rest = await fetch(`${url}/api/v1/mesh`, { headers: { authorization: `Bearer ${token}` } });
    const whole = (await rest.json()) as WireMesh;
    assert.deepEqual([whole.self, 'delicate' in whole], [node.loop.node.id, false]);
    assert.equal((await fetch(`${url}/api/v1/mesh`)).status, 401);
    const stranger = await client();
    const refused = await stranger.reply({ do: 'mesh' });
    assert.equal(refused.type === 'refused' && refused.refused.type, 'not open');
  });

  it('[AP25] whoever watches it is told what changed, and nothing where nothing did, until they stop', async () => {
    const { client, node, mesh, bot, crown, session } = await apiScene();
    const { author, key } = await bot('olga');
    await crown(author);
    const [ann, owner] = [await client('ann'), await session(author, key)];
    mesh.look();
    const [first, ofOwner] = [
      await ann.ask<'watch mesh'>({ do: 'watch mesh', on: true }),
      await owner.ask<'watch mesh'>({ do: 'watch mesh', on: true }),
    ];
    mesh.look();
    mesh.look();
    await client('bob');
    node.loop.warn('the disk is nearly full: make room', 'disk');
    mesh.look();
    await ann.until(() => changes(ann).length > 0);
    assert.equal(changes(ann).length, 1);
    const [change] = changes(ann);
    assert.deepEqual([change!.nodes?.map(({ people }) => people), change!.own?.warnings, 'delicate' in change!], [[3], 1, false]);
    const { atMs: _, delicate, ...now } = mesh.picture();
    const { atMs, ...kept } = withChange(first!, change!);
    assert.deepEqual(kept, now);
    assert.ok(atMs > 0);
    await owner.until(() => changes(owner).length > 0);
    assert.deepEqual(withChange(ofOwner!, changes(owner)[0]!).delicate, delicate);
    assert.equal(await ann.ask<'watch mesh'>({ do: 'watch mesh', on: false }), null);
    node.loop.warn('', 'disk');
    mesh.look();
    await owner.until(() => changes(owner).length > 1);
    assert.equal(changes(ann).length, 1);
    assert.equal(changes(owner)[1]!.delicate?.warnings.length, 0);
  });

  it('[AP25] so many may watch; who leaves watches no more', async () => {
    const { mesh, client } = await apiScene();
    mesh.look();
    const ann = await client('ann');
    await ann.ask<'watch mesh'>({ do: 'watch mesh', on: true });
    ann.close();
    await ann.closed;
    const { MeshWatchers } = await import('./mesh.ts');
    const door = { port: { administers: () => false }, tell: () => undefined, flush: () => undefined };
    const watchers = new MeshWatchers(door as never, mesh);
    const readers = Array.from({ length: 501 }, (_, no) => ({ no }) as never);
    assert.deepEqual(readers.map((reader) => watchers.watch(reader) === null).lastIndexOf(false), 499);
    watchers.unwatch(readers[0]!);
    assert.notEqual(watchers.watch(readers[500]!), null);
  });

  it('[AP25] a change holds what a picture became, also where nodes and links go', () => {
    const link = (a: string, b: string, more = {}) => ({ a: a as NodeId, b: b as NodeId, ...more });
    const mesh = {
      atMs: 1,
      self: 'a',
      nodes: [],
      links: [link('a', 'b'), link('a', 'c'), link('b', 'c')],
      own: {},
      events: [],
    } as unknown as WireMesh;
    const change = { atMs: 2, links: [link('a', 'c', { suspect: true })], parted: [['a', 'b']] } as unknown as WireMeshChange;
    const next = withChange(mesh, change);
    assert.deepEqual(next.links, [link('a', 'c', { suspect: true }), link('b', 'c')]);
    assert.equal(next.own, mesh.own);
    assert.equal(next.nodes, mesh.nodes);
    assert.equal(withChange(mesh, { atMs: 3 }).links, mesh.links);
  });
});
