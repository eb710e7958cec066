import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { ENTRY_BYTES_MAX, readEntry } from '../core/entry.ts';
import { FEED_KIND, feedInfo } from '../core/feed.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { seededRandom } from '../lib/prng.ts';
import type { Have, NodeRecord } from '../wire/frame.ts';
import { Budgets } from './budgets.ts';
import { Copies } from './copies.ts';
import {
  GRAFT_AGAIN_MS,
  GRAFT_MS,
  ORIGIN_BYTES_BURST,
  ORIGIN_FEEDS_BURST,
  ORIGIN_FEEDS_PER_S,
  REDIAL_MS_MAX,
  WAITING_ORIGIN_BYTES_MAX,
} from './limits.ts';
import { SyncLink } from './link.ts';
import { Log } from './log.ts';
import { Missing } from './missing.ts';
import { Peers } from './peers.ts';

const id = (n: number): NodeId => n.toString(16).padStart(64, '0') as NodeId;
const feed = (n: number): FeedId => n.toString(16).padStart(32, '0') as FeedId;
const signature = new Uint8Array(64);

describe('log', () => {
  const make = (): Log => new Log(suite, network, new FeedWriter(50).key, { feeds: [] });
  const writer = new FeedWriter(51);
  const [arrival, one, two, three] = [writer.arrive(), writer.post(['1']), writer.post(['2']), writer.post(['3'])];

  it('[LG1] an entry waits for its predecessor and its deps, and is repeated only once held', () => {
    const log = make();
    assert.equal(log.offer(two), 'waiting');
    assert.equal(log.offer(two), 'repeated');
    assert.equal(log.offer(one), 'waiting');
    assert.equal(log.offer(arrival), 'staged');
    assert.equal(log.waitingBytes, 0);
    assert.deepEqual(
      log.nextBatch(1)?.map(({ seq }) => seq),
      [1, 1, 2],
    );
    assert.equal(log.durable.size, 0);
    log.committed(1);
    assert.equal(log.durable.get(two.feed), 2);
    assert.equal(log.offer(one), 'repeated');
  });

  it('[LG2] what failed is forgotten and taken again; the node’s own words are said again in the new feeds', () => {
    const log = make();
    log.incarnate('aa'.repeat(16));
    for (const entry of [arrival, one]) log.offer(entry);
    log.nextBatch(1);
    log.committed(1);
    for (const entry of [two, three]) log.offer(entry);
    log.write(7, [writer.message('mine')], false);
    log.write(0, [{ head: writer.head({ kind: 6 }), payload: null }], false);
    assert.equal(log.nextBatch(2)?.length, 3);
    assert.deepEqual(log.failed(), [7]);
    assert.equal(log.stagedSeq(two.feed), 1);
    log.incarnate('bb'.repeat(16));
    assert.equal(log.offer(three), 'waiting');
    assert.equal(log.offer(two), 'staged');
    assert.deepEqual(
      log.nextBatch(3)?.map(({ heads }) => heads[0]!.kind),
      [32, 32, 6],
    );
    assert.equal(log.writeOps, 0);
  });

  it('[LG2] what a lost entry named is named again by the one in its place', () => {
    const log = make();
    log.incarnate('ee'.repeat(16));
    for (const entry of [arrival, one]) log.offer(entry);
    log.nextBatch(1);
    log.committed(1);
    log.write(1, [writer.message('lost')], false);
    const [lost] = log.nextBatch(2)!;
    log.failed();
    log.write(2, [writer.message('kept')], false);
    const [kept] = log.nextBatch(3)!;
    assert.equal(lost!.deps.get(one.feed), 1);
    assert.deepEqual(kept!.deps, lost!.deps);
  });

  it('[LG3] a faulty entry is refused, and the true one still taken', () => {
    const log = make();
    log.offer(arrival);
    const at = one.bytes.length - 70;
    assert.equal(typeof log.offer(readEntry(suite, one.bytes.with(at, one.bytes[at]! ^ 1), one.payloads)), 'object');
    assert.equal(log.offer(one), 'staged');
  });

  it('[LG5] what waits of one member does not take the room of the others', () => {
    const log = make();
    const flood = new FeedWriter(53);
    flood.arrive();
    flood.post(['first']);
    let verdict: unknown = 'waiting';
    for (let i = 0; i < 400 && verdict === 'waiting'; i++)
      verdict = log.offer(flood.post(Array.from({ length: 12 }, () => 'x'.repeat(4000))));
    assert.equal(verdict, 'dropped');
    assert.ok(log.waitingBytes <= WAITING_ORIGIN_BYTES_MAX);
    const other = new FeedWriter(54);
    const hello = other.arrive();
    const word = other.post(['hello'], new Map([[feed(1), 1]]));
    assert.equal(log.offer(hello), 'staged');
    assert.equal(log.offer(word), 'waiting');
  });

  it('[LG4] however many feeds are held, an entry keeps its size, and all of them are named as deps', () => {
    const key = new FeedWriter(52).key;
    const feeds = Array.from({ length: 3500 }, (_, i) => {
      const info = feedInfo(suite, network, { node: id(i + 1), kind: FEED_KIND.content, incarnation: 'cc'.repeat(16) });
      return { info, tip: { seq: 5, hash: new Uint8Array(32), hlc: 1 } };
    });
    const log = new Log(suite, network, key, { feeds });
    log.incarnate('dd'.repeat(16));
    for (let i = 0; i < 300; i++) log.write(i + 1, [writer.message('x'.repeat(300))], false);
    const entries = log.nextBatch(1)!;
    assert.ok(entries.every(({ bytes, payloads }) => bytes.length + payloads.length <= ENTRY_BYTES_MAX));
    assert.equal(
      entries.reduce((sum, { heads }) => sum + heads.length, 0),
      300,
    );
    const named = new Set(entries.slice(0, entries.findIndex(({ heads }) => heads.length > 0) + 1).flatMap(({ deps }) => [...deps.keys()]));
    assert.equal(named.size, 3500);
  });
});

describe('budgets', () => {
  it('[BU1] a member gets its burst, then its rate; others are not touched; what was put off is asked for when there is room', () => {
    const budgets = new Budgets();
    const take = (node: number, nowMs: number): boolean => budgets.take(id(node), 1, 1000, nowMs);
    let taken = 0;
    while (take(1, 0)) taken++;
    assert.equal(taken, ORIGIN_FEEDS_BURST);
    assert.ok(take(2, 0) && !budgets.hasRoom(id(1), 100));
    assert.ok(budgets.take(id(1), 0, 1000, 100), 'feeds that are open go on');
    assert.ok(take(1, 1000 / ORIGIN_FEEDS_PER_S) && !take(1, 1000 / ORIGIN_FEEDS_PER_S));
    assert.ok(budgets.take(id(3), 0, ORIGIN_BYTES_BURST, 0) && !budgets.take(id(3), 0, 1, 0) && budgets.take(id(3), 0, 1, 1000));

    const links = new Map([[1, new SyncLink(1, id(9), '', true, 0)]]);
    const link = links.get(1)!;
    link.phase = 'open';
    link.learn(new Map([[feed(1), 1]]));
    const missing = new Missing(
      links,
      () => 0,
      (origin, nowMs) => nowMs >= 5000 || origin !== id(1),
    );
    missing.note(link, feed(1), 1, 0);
    missing.defer(feed(1), id(1), 0);
    const asked: number[] = [];
    for (let nowMs = 0; nowMs <= 8000; nowMs += 50) if (missing.due(nowMs).length > 0) asked.push(nowMs);
    assert.ok(asked[0]! >= 5000 && asked.length > 1, `${asked}`);
  });
});

describe('copies', () => {
  it('[CP1] counts holders as far as their haves tell, and passes on only what is new', () => {
    const copies = new Copies();
    const have = (holder: number, seq: number): Have => ({ holder: id(holder), vector: new Map([[feed(1), seq]]), signature });
    assert.ok(copies.learn(have(1, 5)) && copies.learn(have(2, 3)) && !copies.learn(have(1, 4)));
    assert.deepEqual([copies.count(feed(1), 3), copies.count(feed(1), 4), copies.count(feed(1), 6)], [2, 1, 0]);
    assert.deepEqual(
      [copies.heldBy(feed(1), 0), copies.heldBy(feed(1), 1), copies.heldBy(feed(1), 2), copies.heldBy(feed(1), 3)],
      [Number.MAX_SAFE_INTEGER, 5, 3, 0],
    );
    assert.deepEqual(
      copies.newest(feed(1), 1).map(({ holder }) => holder),
      [id(1)],
    );
    assert.deepEqual(copies.holders(feed(1), 4), [id(1)]);
  });
});

describe('missing', () => {
  it('[MS1] asks one holder after the other for a feed that stands still, and not for one that moves', () => {
    const links = new Map([1, 2].map((n) => [n, new SyncLink(n, id(n), '', true, 0)]));
    for (const link of links.values()) {
      link.phase = 'open';
      link.learn(new Map([[feed(1), 9]]));
    }
    let held = 0;
    const missing = new Missing(links, () => held);
    for (const link of links.values()) missing.note(link, feed(1), 9, 0);
    assert.deepEqual(missing.due(GRAFT_MS - 1), []);
    assert.deepEqual(
      missing.due(GRAFT_MS).map(({ link, after }) => [link.link, after]),
      [[1, 0]],
    );
    assert.deepEqual(
      missing.due(GRAFT_MS + GRAFT_AGAIN_MS).map(({ link }) => link.link),
      [2],
    );
    held = 4;
    assert.deepEqual(missing.due(GRAFT_MS + 2 * GRAFT_AGAIN_MS), []);
    assert.deepEqual(
      missing.due(2 * GRAFT_MS + 2 * GRAFT_AGAIN_MS).map(({ after }) => after),
      [4],
    );
    held = 9;
    assert.deepEqual(missing.due(1e6), []);
  });
});

describe('peers', () => {
  const record = (node: number, links: number[], atMs = 1): NodeRecord => ({
    node: id(node),
    name: '',
    atMs,
    feed: '00' as FeedId,
    addresses: [`at ${node}`],
    links: links.map(id),
    vitals: new Uint8Array(0),
    signature,
  });

  it('[PE1] in reach is who is linked over links that both ends report', () => {
    const peers = new Peers(id(0), seededRandom(1), 8, new Map(), []);
    for (const one of [record(1, [0, 2]), record(2, [1, 3]), record(3, [])]) peers.learn(one);
    assert.deepEqual(peers.reachable(new Set([id(1)])), new Set([id(1), id(2)]));
    assert.equal(peers.learn(record(2, [], 0)), false);
    assert.equal(peers.learn(record(0, [], 9)), false);
  });

  it('[PE4] passes on addresses of members that have not spoken, and believes no others over what it knows', () => {
    const peers = new Peers(
      id(0),
      seededRandom(1),
      8,
      new Map([
        [id(1), ['old 1']],
        [id(2), ['old 2']],
      ]),
      [],
    );
    peers.learn(record(2, []));
    assert.deepEqual(peers.unheard(), new Map([[id(1), ['old 1']]]));
    peers.hear(
      new Map([
        [id(0), ['me']],
        [id(2), ['a lie']],
        [id(3), ['old 3']],
      ]),
    );
    assert.deepEqual(
      [peers.addresses.get(id(0)), peers.addresses.get(id(2)), peers.addresses.get(id(3))],
      [undefined, ['at 2'], ['old 3']],
    );
  });

  it('[PE2] dials whoever is out of reach, at most a second apart, also beyond a full mesh; in reach and unwanted nobody', () => {
    const peers = new Peers(id(0), seededRandom(1), 0, new Map(), ['seed']);
    peers.learn(record(1, []));
    assert.deepEqual(peers.due(new Set(), new Set(), 0), ['at 1', 'seed']);
    assert.deepEqual(peers.due(new Set(), new Set([id(1)]), 5000), ['seed']);
    let calls = 0;
    for (let now = 10_000; now < 20_000; now += 50) calls += peers.due(new Set([id(9)]), new Set(), now).length;
    assert.ok(calls >= 10_000 / (1.3 * REDIAL_MS_MAX), `${calls}`);
  });
});
