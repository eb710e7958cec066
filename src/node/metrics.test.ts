import assert from 'node:assert/strict';
import { request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { ApiClient } from '../doors/api/testing/client.ts';
import { listenHttp } from '../doors/http/server.ts';
import { Accounts } from './accounts.ts';
import { Admin } from './admin.ts';
import { LoopDelay } from './loop-delay.ts';
import { Metrics } from './metrics.ts';
import { solo, suite } from './testing/solo.ts';

const setup = { spend: async () => ({ fault: 'over', words: '' }) as const };
const page = () => ({ network: 'n', node: 'n', peers: [], irc: 'off' });

async function scene(t: TestContext) {
  const node = await solo('open', 1, true);
  const delay = new LoopDelay();
  let nowMs = 0;
  const metrics = new Metrics({ loop: node.loop, delay, version: '1.2.3', storeBytes: () => 12_345, monoMs: () => nowMs });
  const accounts = new Accounts({ ...node, suite, secret: new Uint8Array(32), floods: true, now: () => node.clock.nowMs });
  const admin = new Admin({ ...node, identity: { network: node.network, networkKey: new Uint8Array(32) }, now: () => node.clock.nowMs });
  const mesh = { picture: () => ({}) as never, onLook: () => () => undefined };
  const names = { hosts: ['chat.example.org'], origins: [] };
  const api = { port: node.loop, hashing: suite, guests: true, accounts, mesh, admin, version: '0.0.0', ...names };
  const http = await listenHttp({ host: '127.0.0.1', port: 0, ready: async () => true, page, setup, api, metrics: () => metrics.text() });
  t.after(async () => {
    await http.close();
    await node.close();
    delay.close();
  });
  /** A scrape, a while after the last. */
  const scrape = async (): Promise<string> => {
    nowMs += 2000;
    return (await fetch(`${http.address}/metrics`)).text();
  };
  return { ...http, scrape };
}

function sample(text: string, series: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  assert.ok(line, `${series} is not there`);
  return Number(line.slice(series.length + 1));
}

const seriesOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('skein_'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')));

describe('what Prometheus is told', () => {
  it('[MT1] messages, acknowledgements, refusals by why, sessions by door, commits by time, and how the loop, the store and the process are', async (t) => {
    const { address, scrape } = await scene(t);
    const one = await ApiClient.connect(address);
    await one.guest('ann');
    await one.ask<'join'>({ do: 'join', room: '#square' });
    const post = () => one.reply({ do: 'post', to: { room: '#square' as never }, style: 'text', text: 'hello' });
    for (let i = 0; i < 3; i++) await post();
    const before = await scrape();
    assert.equal(sample(before, 'skein_acknowledged_total'), 3);
    assert.equal(sample(before, 'skein_messages_total'), 3);
    for (let i = 0; i < 30; i++) await post();
    const text = await scrape();
    const refused = sample(text, 'skein_refused_total{why="flood"}');
    assert.ok(refused > 0);
    assert.equal(sample(text, 'skein_acknowledged_total') + refused, 33);
    assert.equal(sample(text, 'skein_sessions{door="api"}'), 1);
    assert.equal(sample(text, 'skein_info{version="1.2.3"}'), 1);
    assert.equal(sample(text, 'skein_store_bytes'), 12_345);
    assert.equal(sample(text, 'skein_links{state="up"}'), 0);
    const commits = sample(text, 'skein_commit_seconds_count');
    assert.ok(commits >= 5);
    assert.equal(sample(text, 'skein_commit_seconds_bucket{le="+Inf"}'), commits);
    const buckets = [...text.matchAll(/^skein_commit_seconds_bucket\{le="[^"]+"\} (\d+)$/gm)].map(([, count]) => Number(count));
    assert.deepEqual(
      buckets,
      buckets.toSorted((a, b) => a - b),
    );
    assert.ok(sample(text, 'skein_commit_seconds_sum') > 0);
    for (const series of ['process_resident_memory_bytes', 'skein_loop_late_seconds{quantile="0.99"}', 'skein_lag_entries'])
      sample(text, series);
    one.close();
  });

  it('[MT2] nothing of people, rooms, texts, keys or addresses, and no more series where there are more of them', async (t) => {
    const { address, scrape } = await scene(t);
    const visit = async (name: string, room: string): Promise<ApiClient> => {
      const one = await ApiClient.connect(address);
      await one.guest(name);
      await one.ask<'join'>({ do: 'join', room });
      await one.ask<'post'>({ do: 'post', to: { room: room as never }, style: 'text', text: `secret of ${name}` });
      return one;
    };
    const first = await visit('wilhelmina', '#treehouse');
    const few = seriesOf(await scrape());
    for (let i = 0; i < 12; i++) await visit(`person${i}`, `#cellar${i}`);
    const text = await scrape();
    assert.deepEqual(seriesOf(text), few);
    for (const word of [
      'wilhelmina',
      'treehouse',
      'secret',
      'person1',
      'cellar',
      '127.0.0.1',
      first.key.publicKey,
      first.hello.node.id,
      first.hello.network.id,
    ])
      assert.ok(!text.includes(word), word);
  });

  it('[MT3] is kept from pages that gave themselves a name of this machine’s, and made once a second at most', async (t) => {
    const { address, port } = await scene(t);
    const asked = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        request(`${address}/metrics`, { headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode!);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(await asked(`127.0.0.1:${port}`), 200);
    assert.equal(await asked('chat.example.org'), 200);
    assert.equal(await asked('evil.example.org'), 421);
    const texts = await Promise.all(Array.from({ length: 5 }, async () => (await fetch(`${address}/metrics`)).text()));
    assert.equal(new Set(texts).size, 1);
    const answer = await fetch(`${address}/metrics`);
    assert.match(answer.headers.get('content-type')!, /^text\/plain; version=0\.0\.4/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });
});
