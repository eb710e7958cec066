import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { network, suite } from '../../test/fixture/writer.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { covers, type Vector } from '../core/vector.ts';
import { decodeFrame } from '../wire/frame.ts';
import { Comparing } from './comparing.ts';
import { VECTOR_WHOLE_FEEDS } from './limits.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Missing } from './missing.ts';

const NOW = { wallMs: 0, monoMs: 0 };
const feed = (n: number): FeedId => suite.name('feed', Uint8Array.of(n >> 16, n >> 8, n)) as FeedId;

/** One side of a link, with what it sent. */
function side(durable: Vector, outbound: boolean, recent: ReadonlySet<FeedId>) {
  const links = new Links(network, () => undefined);
  const link = new SyncLink(1, 'ab'.repeat(32) as NodeId, '', outbound, 0);
  link.phase = 'open';
  links.all.set(1, link);
  const missing = new Missing(links.all, (one) => durable.get(one) ?? 0);
  const told = (): void => {
    link.told = true;
  };
  const comparing = new Comparing(suite, links, durable, missing, (one) => recent.has(one), told);
  const take = (bytes: Uint8Array): void => {
    const frame = decodeFrame(network, bytes);
    assert.ok(!(frame instanceof Error));
    if (frame.type === 'vector') comparing.vector(link, frame.vector, NOW);
    if (frame.type === 'vector part') comparing.part(link, frame.vector, NOW);
    if (frame.type === 'digest') comparing.digest(link, frame, NOW);
    if (frame.type === 'unlike') comparing.unlike(link, frame, NOW);
  };
  const sent = (): Uint8Array[] => links.takeEffects().flatMap((effect) => (effect.type === 'send' ? [effect.bytes] : []));
  return { durable, link, comparing, take, sent };
}

/** Lets two sides compare, and something happen before each frame arrives; all bytes that went. */
function compare(a: ReturnType<typeof side>, b: ReturnType<typeof side>, meanwhile: () => void = () => undefined): number {
  for (const one of [a, b]) one.comparing.open(one.link);
  const under = [
    { to: b, frames: a.sent() },
    { to: a, frames: b.sent() },
  ];
  let bytes = 0;
  for (let moved = true; moved; ) {
    moved = false;
    for (const { to, frames } of under) {
      const frame = frames.shift();
      if (!frame) continue;
      moved = true;
      bytes += frame.length;
      meanwhile();
      to.take(frame);
      under[to === b ? 1 : 0]!.frames.push(...to.sent());
    }
  }
  assert.ok(a.link.told && b.link.told);
  return bytes;
}

describe('comparing', () => {
  it('[CM1] of 5,000 feeds held alike but for one, little is said', () => {
    const many = (): Vector => new Map(Array.from({ length: 5000 }, (_, i) => [feed(i), 7]));
    const [a, b] = [side(many(), true, new Set()), side(many(), false, new Set())];
    a.durable.set(feed(77), 9);
    b.durable.set(feed(4711), 8);
    const bytes = compare(a, b);
    assert.ok(bytes < 12_000, `${bytes} bytes`);
    assert.deepEqual([b.link.holds.get(feed(77)), a.link.holds.get(feed(4711))], [9, 8]);
    assert.deepEqual(new Map([...a.link.holds].sort()), new Map([...b.durable].sort()));
    assert.deepEqual(new Map([...b.link.holds].sort()), new Map([...a.durable].sort()));
  });

  it('[CM2] by digest or whole, each side ends knowing what the other held, and nothing that it did not hold, also while both rise', () => {
    const size = fc.nat(3 * VECTOR_WHOLE_FEEDS);
    fc.assert(
      fc.property(size, size, size, fc.array(fc.tuple(fc.boolean(), fc.nat(400)), { maxLength: 12 }), (both, left, right, rises) => {
        const shared = Array.from({ length: both }, (_, i): [FeedId, number] => [feed(i), 1 + (i % 3)]);
        const own = (from: number, count: number): [FeedId, number][] => Array.from({ length: count }, (_, i) => [feed(from + i), 2]);
        const recent = new Set([feed(0), feed(1), feed(1001)]);
        const a = side(new Map([...shared, ...own(1000, left)]), true, recent);
        const b = side(new Map([...shared, ...own(2000 - (left % 7), right)]), false, recent);
        const [beforeA, beforeB] = [new Map(a.durable), new Map(b.durable)];
        const steps = [...rises];
        compare(a, b, () => {
          const [isA, n] = steps.shift() ?? [];
          if (n !== undefined) (isA ? a : b).durable.set(feed(n), ((isA ? a : b).durable.get(feed(n)) ?? 0) + 1);
        });
        assert.ok(covers(a.link.holds, beforeB) && covers(b.link.holds, beforeA));
        assert.ok(covers(b.durable, a.link.holds) && covers(a.durable, b.link.holds));
      }),
      { numRuns: 150 },
    );
  });

  it('[CM3] more feeds than fit a frame are told in parts', () => {
    const [a, b] = [
      side(new Map(), true, new Set()),
      side(new Map(Array.from({ length: 20_000 }, (_, i) => [feed(i), 1])), false, new Set()),
    ];
    compare(a, b);
    assert.equal(a.link.holds.size, 20_000);
  });
});
