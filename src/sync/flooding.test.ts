import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { network } from '../../test/fixture/writer.ts';
import type { NodeId } from '../core/ids.ts';
import { seededRandom } from '../lib/prng.ts';
import { ALLOWANCE } from './budgets.ts';
import type { Effect } from './effects.ts';
import { Flooding } from './flooding.ts';
import { FLOOD_OVER_MS, FRAMES_LOOK_MS, PEER_FRAMES_PER_S } from './limits.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Peers } from './peers.ts';

const [here, there] = ['0a'.repeat(32), 'fe'.repeat(32)] as NodeId[] as [NodeId, NodeId];

function make() {
  const links = new Links(network, () => undefined);
  const link = new SyncLink(1, there, '', true, 0);
  link.phase = 'open';
  links.all.set(1, link);
  const peers = new Peers(here, seededRandom(1), 8, new Map(), []);
  const signature = new Uint8Array(64);
  peers.learn({ node: there, name: 'south', atMs: 1, feed: '00' as never, addresses: [], links: [], vitals: new Uint8Array(0), signature });
  const warned = (): string[] =>
    links.takeEffects().flatMap((effect: Effect) => (effect.type === 'warn' && effect.about?.includes(there) ? [effect.warning] : []));
  return { flooding: new Flooding(links, peers, ALLOWANCE), link, warned };
}

describe('flooding', () => {
  it('[BU2] a member beyond its budget is named with what it does and how to end it, once, until it was quiet for a while', () => {
    const { flooding, warned } = make();
    for (let nowMs = 0; nowMs <= 30_000; nowMs += 1000) {
      flooding.note(there, 'feeds', nowMs);
      flooding.tick(nowMs);
    }
    const [warning, ...more] = warned();
    assert.match(warning!, /^node south floods: .*16384 feeds.* 8 MiB a second.* skein revoke fefefefefefe$/);
    assert.deepEqual(more, []);
    flooding.tick(30_000 + FLOOD_OVER_MS - 1);
    assert.deepEqual(warned(), []);
    flooding.tick(30_000 + FLOOD_OVER_MS);
    assert.deepEqual(warned(), ['']);
    flooding.note(there, 'feeds', 60_000);
    assert.equal(warned().length, 1);
    flooding.forget(there);
    flooding.forget(there);
    assert.deepEqual(warned(), [''], 'it was cut off');
  });

  it('[BU2] so is a peer that sends more frames than it may, and none that sends as many', () => {
    const { flooding, link, warned } = make();
    const most = (PEER_FRAMES_PER_S * FRAMES_LOOK_MS) / 1000;
    link.frames = most;
    flooding.tick(FRAMES_LOOK_MS);
    assert.deepEqual(warned(), []);
    link.frames = most + 1;
    flooding.tick(2 * FRAMES_LOOK_MS);
    assert.match(warned()[0]!, /^node south floods: it sends more than 10000 frames a second; to end it: skein revoke fefefefefefe$/);
    assert.equal(link.frames, 0);
    for (let nowMs = 3 * FRAMES_LOOK_MS; nowMs <= 2 * FRAMES_LOOK_MS + FLOOD_OVER_MS; nowMs += FRAMES_LOOK_MS) flooding.tick(nowMs);
    assert.deepEqual(warned(), ['']);
  });
});
