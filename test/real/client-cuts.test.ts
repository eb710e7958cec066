/**
 * The connection is cut at each byte of a login, of what was missed, of a message and of its acknowledgement: nothing is lost, nothing doubled.
 * Sixty positions; with SKEIN_SOAK=1 (`npm run soak`) all of them.
 */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Chat, connect, memoryStorage } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { NodeGroup, until } from '../../src/demo/processes.ts';
import { TcpProxy, type Way } from './proxy.ts';

const ROOM = '#cuts' as RoomId;
const SAMPLES = 30;
const MISSED = 3;
const LONG_MS = 60_000;

const shown = (client: Chat): string[] =>
  (client.view.rooms.get(ROOM)?.timeline ?? []).filter(({ place }) => place[1] !== ('' as string)).map(({ text }) => text!);

describe('a connection that is cut anywhere', () => {
  it('[CB1, CB5] at each byte of login, backfill, message and acknowledgement: nothing is lost or doubled', {
    timeout: 3_600_000,
  }, async (t) => {
    const group = new NodeGroup();
    t.after(() => group.remove());
    const [node] = await group.network(['a'], { floods: 'off' });
    const { hostname, port } = new URL(node!.http);
    const proxy = await TcpProxy.before(hostname, Number(port));
    t.after(() => proxy.close());
    const urls = [`http://127.0.0.1:${proxy.port}`];
    const witness = await connect({ urls: [node!.http], as: { guest: 'witness' } });
    t.after(() => witness.close());
    await witness.ready;
    await witness.join(ROOM);
    const kept = new Map<string, string>();
    const expected: string[] = [];
    let round = 0;

    /** One round trip of everything. Returns how many bytes it took each way. */
    const trip = async (cut: { readonly way: Way; readonly bytes: number } | null): Promise<void> => {
      const no = round++;
      for (let i = 0; i < MISSED; i++) {
        await witness.post(ROOM, `missed ${no}.${i}`);
        expected.push(`missed ${no}.${i}`);
      }
      if (cut) proxy.cutAfter(cut.way, cut.bytes);
      const as = no === 0 ? ({ guest: 'ann' } as const) : ('resume' as const);
      const ann = await connect({ urls, as, storage: memoryStorage(kept), limits: { page: 2, store: 1_000_000, keep: 1_000_000 } });
      t.after(() => ann.close());
      if (no === 0) void ann.join(ROOM);
      expected.push(`hers ${no}`);
      await ann.post(ROOM, `hers ${no}`);
      await until('both have everything', () => [ann, witness].every((one) => shown(one).length >= expected.length), LONG_MS);
      for (const one of [ann, witness]) assert.deepEqual(shown(one).slice(-40), expected.slice(-40), `${cut?.way} ${cut?.bytes}`);
      await ann.close();
    };

    await trip(null);
    // What a trip takes, with some room: positions beyond its end cut nothing.
    const whole = { up: 1700, down: 3500 };
    const step = process.env['SKEIN_SOAK'] ? 1 : null;
    for (const way of ['up', 'down'] as const) {
      const before = proxy.cuts.length;
      const stride = step ?? Math.ceil(whole[way] / SAMPLES);
      for (let bytes = 1; bytes < whole[way]; bytes += stride) await trip({ way, bytes });
      t.diagnostic(`${way}: ${proxy.cuts.length - before} cuts in ${Math.ceil(whole[way] / stride)} trips`);
      assert.ok(proxy.cuts.length > before);
      // What is left of the last plan.
      proxy.cutAfter(way, Number.MAX_SAFE_INTEGER);
    }
    const all = shown(witness);
    assert.equal(new Set(all).size, all.length, 'nothing is doubled');
    assert.deepEqual(all, expected);
  });
});
