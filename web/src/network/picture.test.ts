import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WireNode, WirePerson } from '../../../src/api/protocol.ts';
import type { AuthorId, NodeId } from '../../../src/core/ids.ts';
import { nodeAside } from './arrows.ts';
import { fit, Layout, spacing, WHOLE } from './layout.ts';
import { picture, type Sight, sightOf } from './picture.ts';
import { waveFrom } from './waves.ts';
import { bytesWords, listWords, nodeWords, rttWords, spanWords, summary } from './words.ts';

const node = (name: string, state: WireNode['state'], ...links: string[]): WireNode => ({
  ...{ id: name as NodeId, name, state, rttMs: state === 'up' ? 4 : null, urls: [] },
  links: links as NodeId[],
});
const draw = (sight: Sight, people: readonly WirePerson[] = [], me: string | null = null) =>
  picture(sight, new Map(people.map((one) => [one.author, one])), me as AuthorId | null);
const of = (...nodes: WireNode[]) => draw(sightOf(nodes));

describe('the picture of the network', () => {
  it('[WB40] two nodes are linked where both say so; who is out of reach and whom nobody names is lost', () => {
    const all = of(node('a', 'self', 'b', 'c'), node('b', 'up', 'a', 'c'), node('c', 'up', 'a'));
    assert.deepEqual(
      all.links.map(({ key, rttMs }) => [key, rttMs]),
      [
        ['a b', 4],
        ['a c', 4],
      ],
    );
    assert.deepEqual([all.parts, all.lost], [[['a', 'b', 'c']], []]);
    const one = of(node('a', 'self', 'b'), node('b', 'up', 'a'), node('c', 'down', 'a', 'b'));
    assert.deepEqual([one.links.map(({ key }) => key), one.parts, one.lost], [['a b'], [['a', 'b']], ['c']]);
    assert.match(summary(one).title, /^c is out of reach$/);
    assert.match(summary(one).words, /^2 nodes go on/);
  });

  it('[WB40] nodes out of reach that were linked with each other are a part of their own', () => {
    const split = of(node('a', 'self', 'b'), node('b', 'up', 'a'), node('c', 'down', 'd', 'a'), node('d', 'down', 'c'), node('e', 'down'));
    assert.deepEqual(
      [split.parts, split.lost],
      [
        [
          ['a', 'b'],
          ['c', 'd'],
        ],
        ['e'],
      ],
    );
    assert.deepEqual(
      split.links.map(({ key }) => key),
      ['a b', 'c d'],
    );
    assert.equal(summary(split).title, 'The network is in 2 parts');
    assert.match(summary(split).words, /^c, d and e are out of reach/);
    const spots = place(split);
    const reach = (ids: readonly string[]): number[] => ids.map((id) => spots.get(id as NodeId)!.x);
    assert.ok(Math.min(...reach(['c', 'd'])) > Math.max(...reach(['a', 'b'])) + 60, 'they stand apart');
  });

  it('[WB40] who is served where: oneself first; of people who are elsewhere the number alone', () => {
    const person = (author: string, at: string | null, present = true): WirePerson => ({
      ...{ author: author as AuthorId, name: author, account: false, present, away: null, role: null },
      node: at as NodeId | null,
    });
    const sight: Sight = { nodes: [{ ...node('a', 'self'), people: 5 }, node('b', 'up')], links: [] };
    const drawn = draw(sight, [person('ann', 'a'), person('me', 'a'), person('bo', 'b'), person('gone', 'b', false)], 'me');
    assert.deepEqual(
      drawn.byId.get('a' as NodeId)!.served.map(({ name }) => name),
      ['me', 'ann'],
    );
    assert.deepEqual([drawn.byId.get('a' as NodeId)!.count, drawn.byId.get('b' as NodeId)!.count], [5, 1]);
    assert.equal(nodeWords(drawn.byId.get('b' as NodeId)!), 'b, in reach, no link, serves 1 person');
  });

  it('[WB41] the same network is placed alike each time, and whoever stays hardly moves when another goes', () => {
    const before = ring(30);
    assert.deepEqual([...place(before)], [...place(ring(30))]);
    const layout = new Layout();
    const first = settle(layout, before);
    assert.equal(layout.take(before), false, 'nothing changed: nothing is placed anew');
    const after = settle(layout, ring(30, 7));
    const moved = [...after].map(([id, { x, y }]) => Math.hypot(x - first.get(id)!.x, y - first.get(id)!.y));
    const size = Math.max(...[...first.values()].map(({ x }) => x)) - Math.min(...[...first.values()].map(({ x }) => x));
    assert.ok(moved.sort((a, b) => a - b)[15]! < size / 10, `half of them moved by less than ${moved[15]} of ${size}`);
  });

  it('[WB41] a hundred nodes are placed in slices, apart from each other, within the box', () => {
    let nowMs = 0;
    const layout = new Layout();
    layout.take(ring(100));
    let slices = 1;
    while (layout.step(() => (nowMs += 1))) slices++;
    assert.ok(slices > 10 && slices < 200, `${slices} slices`);
    const spots = fit(layout.spots(), { width: 900, height: 560 }, WHOLE);
    assert.equal(spots.size, 100);
    for (const { x, y } of spots.values()) assert.ok(x >= 0 && x <= 900 && y >= 0 && y <= 560, `${x} ${y}`);
    assert.ok(spacing(spots) > 20, `${spacing(spots)} px`);
  });

  it('[WB42] an arrow leads to what is near and straight ahead on that side', () => {
    const spots = new Map(Object.entries({ mid: { x: 0, y: 0 }, east: { x: 90, y: 10 }, far: { x: 300, y: 0 }, north: { x: 20, y: -80 } }));
    const from = (key: string): string | null => nodeAside(key, 'mid', spots);
    assert.deepEqual([from('ArrowRight'), from('ArrowUp'), from('ArrowDown'), from('Enter')], ['east', 'north', null, null]);
  });

  it('[WB43] a message runs along the shortest ways, once to each node that can be reached', () => {
    const line = of(node('a', 'self', 'b'), node('b', 'up', 'a', 'c'), node('c', 'up', 'b'), node('d', 'down'));
    assert.deepEqual(waveFrom('a' as NodeId, line, 9), [
      { from: 'a', to: 'b', hop: 0 },
      { from: 'b', to: 'c', hop: 1 },
    ]);
    assert.deepEqual(waveFrom('z' as NodeId, line, 9), []);
    assert.equal(waveFrom('n0' as NodeId, ring(100), 60).length, 60);
  });

  it('[WB40] numbers are said as people say them', () => {
    assert.deepEqual([0.04, 0.42, 9.96, 31.4].map(rttWords), ['< 0.1 ms', '0.4 ms', '10.0 ms', '31 ms']);
    assert.deepEqual([200, 1500, 119_000, 7_300_000, 180_000_000].map(spanWords), [
      ...['less than a second', '1 second', '1 minute', '2 hours', '2 days'],
    ]);
    assert.deepEqual([12, 48_000_000, 1_240].map(bytesWords), ['12 B', '48 MB', '1.2 kB']);
    assert.equal(listWords(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  });
});

/** A ring with links across it; `lost`: one that is out of reach. */
function ring(count: number, lost: number | null = null) {
  const name = (no: number): string => `n${(no + count) % count}`;
  const others = (no: number): string[] => [1, -1, 9, -9].map((step) => name(no + step));
  const nodes = Array.from({ length: count }, (_, no) =>
    no === lost ? node(name(no), 'down') : node(name(no), no === 0 ? 'self' : 'up', ...others(no)),
  );
  return of(...nodes);
}

function settle(layout: Layout, drawn: ReturnType<typeof ring>) {
  layout.take(drawn);
  while (layout.step(() => 0));
  return layout.spots();
}

function place(drawn: ReturnType<typeof ring>) {
  return settle(new Layout(), drawn);
}
