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

const SAMPLES = 30;
/** Trips of one person and in one room: what is kept grows with each, and what clients hold in memory has a limit. */
const TRIPS = 200;
const MISSED = 3;
const LONG_MS = 60_000;

const shownIn = (client: Chat, room: RoomId): string[] =>
  (client.view.rooms.get(room)?.timeline ?? []).filter(({ place }) => place[1] !== ('' as string)).map(({ text }) => text!);

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
    let round = 0;
    let room = '#cuts0' as RoomId;
    let kept = new Map<string, string>();
    let expected: string[] = [];

    /** Everything of the room so far is with the witness, once; what follows is in another, and of somebody else. */
    const moveOn = async (): Promise<void> => {
      if (round > 0) assert.deepEqual(shownIn(witness, room), expected);
      [room, kept, expected] = [`#cuts${round / TRIPS}` as RoomId, new Map(), []];
      await witness.join(room);
    };

    /** One round trip of everything. */
    const trip = async (cut: { readonly way: Way; readonly bytes: number } | null): Promise<void> => {
      const no = round;
      const isFirst = round % TRIPS === 0;
      if (isFirst) await moveOn();
      round++;
      for (let i = 0; i < MISSED; i++) {
        await witness.post(room, `missed ${no}.${i}`);
        expected.push(`missed ${no}.${i}`);
      }
      if (cut) proxy.cutAfter(cut.way, cut.bytes);
      const as = isFirst ? ({ guest: `ann${no / TRIPS}` } as const) : ('resume' as const);
      const ann = await connect({ urls, as, storage: memoryStorage(kept), limits: { page: 2, store: 4 * TRIPS } });
      t.after(() => ann.close());
      if (isFirst) void ann.join(room);
      expected.push(`hers ${no}`);
      await ann.post(room, `hers ${no}`);
      const people = [ann, witness];
      const has = (): string => people.map((one) => shownIn(one, room).length).join(' and ');
      await until('both have everything', () => people.every((one) => shownIn(one, room).length >= expected.length), LONG_MS).catch(
        (error) => {
          throw new Error(`${cut?.way} ${cut?.bytes}: ${has()} of ${expected.length}`, { cause: error });
        },
      );
      for (const one of people) assert.deepEqual(shownIn(one, room).slice(-40), expected.slice(-40), `${cut?.way} ${cut?.bytes}`);
      await ann.close();
    };

    // What a trip takes, with some room: positions beyond its end cut nothing.
    const whole = { up: 1700, down: 3500 };
    const step = process.env['SKEIN_SOAK'] ? 1 : null;
    for (const way of ['up', 'down'] as const) {
      const before = proxy.cuts.length;
      const stride = step ?? Math.ceil(whole[way] / SAMPLES);
      for (let bytes = 1; bytes < whole[way]; bytes += stride) {
        // Whoever is there for the first time is not cut off: it is the coming back that is.
        if (round % TRIPS === 0) await trip(null);
        await trip({ way, bytes });
      }
      t.diagnostic(`${way}: ${proxy.cuts.length - before} cuts in ${Math.ceil(whole[way] / stride)} trips`);
      assert.ok(proxy.cuts.length > before);
      // What is left of the last plan.
      proxy.cutAfter(way, Number.MAX_SAFE_INTEGER);
    }
    assert.deepEqual(shownIn(witness, room), expected);
  });
});
