import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MESH_EVENTS_MAX } from '../api/mesh.ts';
import type { NodeId } from '../core/ids.ts';
import { LinkFlows } from './link-flows.ts';
import { MeshEvents } from './mesh-events.ts';
import type { NodeState, Sight } from './mesh-sight.ts';

/** `states`: of the nodes b, c and on, with the number of the link to each where there is one. */
function sight(states: readonly (readonly [NodeState, number?])[], more: Partial<Sight> = {}): Sight {
  const others = states.map(([state, link], i) => {
    const id = 'bcdefgh'[i]! as NodeId;
    return { id, name: id, state, link: link === undefined ? null : ({ link } as never) };
  });
  return { nodes: [{ id: 'a' as NodeId, name: 'a', state: 'self', link: null }, ...others], holes: 0, writes: true, ...more };
}

const words = (events: MeshEvents, after = 0): string[] =>
  events.all
    .filter(({ no }) => no > after)
    .map((one) => [one.is, 'node' in one ? one.node : '', 'nodes' in one ? one.nodes.join('') : ''].join(' ').trim());

describe('what happened in the mesh', () => {
  it('[ND1] nodes that join, go silent, are lost, come back and are revoked, and links that come and go, are noted with the time', () => {
    const events = new MeshEvents();
    events.take(sight([['up', 1], ['down']]), 1000);
    assert.deepEqual(words(events), [], 'what is so at first is no event');
    events.take(
      sight([
        ['suspect', 1],
        ['up', 2],
      ]),
      2000,
    );
    assert.deepEqual(words(events), ['suspect b', 'linked c', 'up c']);
    events.take(sight([['down'], ['up', 2], ['up']]), 3000);
    assert.deepEqual(words(events, 3), ['parted b', 'down b', 'joined d']);
    events.take(sight([['up', 5], ['up', 6], ['revoked']]), 4000);
    assert.deepEqual(words(events, 6), ['linked b', 'up b', 'parted c', 'linked c', 'revoked d']);
    assert.deepEqual(
      events.all.map(({ atMs }) => atMs),
      [2000, 2000, 2000, 3000, 3000, 3000, 4000, 4000, 4000, 4000, 4000],
    );
    assert.deepEqual(
      ['b', 'c', 'd'].map((id) => events.sinceMs(id as NodeId)),
      [4000, 2000, 4000],
    );
  });

  it('[ND2] that several nodes are lost together, or the last one, is taken for a split, which heals when all of them are back', () => {
    const events = new MeshEvents();
    const at = (ms: number, ...states: NodeState[]): string[] => {
      const before = events.all.at(-1)?.no ?? 0;
      events.take(sight(states.map((state) => [state])), ms);
      return words(events, before).filter((one) => /split|healed/.test(one));
    };
    at(0, 'up', 'up', 'up', 'up');
    assert.deepEqual(at(1000, 'down', 'up', 'up', 'up'), []);
    assert.deepEqual(at(20_000, 'down', 'down', 'up', 'up'), [], 'one after the other');
    assert.deepEqual(at(25_000, 'down', 'down', 'down', 'up'), ['split  cd']);
    assert.deepEqual(at(26_000, 'down', 'up', 'down', 'up'), []);
    assert.deepEqual(at(27_000, 'down', 'up', 'up', 'up'), ['healed']);
    assert.deepEqual(at(60_000, 'down', 'down', 'up', 'up'), []);
    assert.deepEqual(at(80_000, 'down', 'down', 'down', 'up'), []);
    assert.deepEqual(at(100_000, 'down', 'down', 'down', 'down'), ['split  e'], 'it is alone');
    assert.deepEqual(at(101_000, 'up', 'down', 'down', 'up'), ['healed']);
  });

  it('[ND1] damage and its mending, and a disk that refuses, are noted; so many events are kept', () => {
    const events = new MeshEvents();
    events.take(sight([]), 0);
    for (const more of [{ holes: 3 }, { holes: 1 }, { holes: 0 }, { writes: false }, {}]) events.take(sight([], more), 1);
    assert.deepEqual(words(events), ['damaged', 'mended', 'disk refuses', 'disk writes']);
    for (let i = 0; i < 500; i++) events.take(sight([[i % 2 === 0 ? 'up' : 'down']]), i);
    assert.equal(events.all.length, MESH_EVENTS_MAX);
    assert.deepEqual(
      events.all.map(({ no }) => no),
      Array.from({ length: MESH_EVENTS_MAX }, (_, i) => events.all[0]!.no + i),
    );
  });

  it('[ND3] what flows over a link is told a second, over the last five looks', () => {
    const flows = new LinkFlows();
    const flow = { inEntries: 0, outEntries: 0, inBytes: 0, outBytes: 0 };
    const none = { inEntries: 0, outEntries: 0, inBytes: 0, outBytes: 0 };
    const look = (ms: number) => flows.take([{ link: 1, flow }], ms);
    look(0);
    assert.deepEqual([flows.of(1), flows.of(2)], [none, none]);
    Object.assign(flow, { inEntries: 30, inBytes: 1000, outBytes: 500, outEntries: 1 });
    look(2000);
    assert.deepEqual(flows.of(1), { inEntries: 15, outEntries: 0.5, inBytes: 500, outBytes: 250 });
    for (let ms = 3000; ms <= 7000; ms += 1000) look(ms);
    assert.deepEqual(flows.of(1), none);
    flows.take([], 8000);
    look(9000);
    assert.deepEqual(flows.of(1), none);
  });
});
