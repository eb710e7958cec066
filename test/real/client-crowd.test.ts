/** Thirty clients on three nodes that are killed and started again at random, under load: 25 s, with SKEIN_SOAK=1 (`npm run soak`) 120 s. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoomId } from '../../src/core/ids.ts';
import { NodeGroup, until } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { havoc, judge, person, quantile, say } from './crowd.ts';

const ROOM = '#crowd' as RoomId;
const CLIENTS = 30;
const FOR_MS = process.env['SKEIN_SOAK'] ? 120_000 : 25_000;
/** Messages a second, all together. */
const RATE = 30;

describe('a crowd and nodes that die', () => {
  it('[CB1, P2, P3, P6, P7] each client’s stream holds every acknowledged message once, in order', {
    timeout: FOR_MS + 240_000,
  }, async (t) => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
    const random = seededRandom(seed);
    const group = new NodeGroup();
    t.after(() => group.remove());
    const nodes = await group.network(['a', 'b', 'c'], { floods: 'off' });
    const urls = nodes.map(({ http }) => http);
    const isServed = (): boolean => nodes.some(({ running }) => running);
    const people = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => person(`p${i}`, urls, ROOM, {}, isServed)));
    t.after(() => Promise.all(people.map(({ client }) => client.close())));
    let count = 0;
    const talk = setInterval(() => say(people[random.below(CLIENTS)]!, ROOM, `message ${count++}`), 1000 / RATE);
    const kills = await havoc(nodes, random, FOR_MS);
    clearInterval(talk);
    const written = people.reduce((sum, one) => sum + one.written.length, 0);
    await until(
      'everybody has everything',
      () =>
        people.every(
          ({ client }) =>
            client.view.connection.state === 'online' &&
            client.view.rooms.get(ROOM)!.timeline.filter(({ place }) => place[1]).length === written,
        ),
      120_000,
    );
    await until('everything is acknowledged', () => people.every((one) => one.acknowledged.size === one.written.length), 60_000);
    judge(people, ROOM);
    const failovers = people.flatMap(({ failoversMs }) => failoversMs);
    const [p50, p99] = [quantile(failovers, 0.5), quantile(failovers, 0.99)].map(Math.round);
    t.diagnostic(`seed ${seed}: ${kills} kills, ${written} messages, ${failovers.length} failovers: p50 ${p50} ms, p99 ${p99} ms`);
    assert.ok(failovers.length > 0);
  });
});
