import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { type Entry, sealEntry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { proveFork } from '../core/fork-proof.ts';
import { decodeFrame } from '../wire/frame.ts';
import type { Effect } from './effects.ts';
import { Forks } from './forks.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';

const make = (): Log => new Log(suite, network, new FeedWriter(70).key, { feeds: [] });

function take(log: Log, ...entries: readonly Entry[]): void {
  for (const entry of entries) assert.equal(log.offer(entry), 'staged');
  log.nextBatch(1);
  log.committed(1);
}

/** Another entry than `entry` for its place, signed by the same node. */
function twin(writer: FeedWriter, entry: Entry, before: Entry | null): Entry {
  const { feed, hlc, governance, deps, header } = entry;
  const tip = before ?? { seq: 0, hash: entry.prevHash, hlc: 0 };
  return sealEntry(suite, writer.key, { network, feed, tip, hlc, governance, deps, header, ops: [writer.message('another')] });
}

describe('cuts', () => {
  const writer = new FeedWriter(71);
  const [arrival, one, two, three] = [writer.arrive(), writer.post(['1']), writer.post(['2']), writer.post(['3'])];
  const other = new FeedWriter(72);
  const otherArrives = other.arrive();
  const dependent = other.entry(FEED_KIND.content, [other.message('answer')], new Map([[three.feed, 3]]));

  it('[LG6, P12] beyond a cut nothing is taken or counted, what names it counts as having it, and all comes back when the cut is undone', () => {
    const log = make();
    take(log, arrival, one, two);
    assert.equal(log.offer(otherArrives), 'staged');
    assert.equal(log.offer(dependent), 'waiting');
    log.cap(new Map([[two.feed, 1]]));
    assert.equal(log.durable.get(two.feed), 1);
    assert.equal(log.offer(three), 'withheld');
    assert.deepEqual(
      log.nextBatch(2)?.map(({ feed, seq }) => [feed, seq]),
      [
        [otherArrives.feed, 1],
        [dependent.feed, 1],
      ],
    );
    log.committed(2);
    log.cap(new Map());
    assert.equal(log.durable.get(two.feed), 2);
    assert.equal(log.offer(three), 'staged');
  });

  it('[LG7] what follows an entry of which no copy is left comes once that was said, and counts', () => {
    const log = make();
    take(log, arrival, one);
    assert.equal(log.offer(three), 'waiting');
    log.lose(two.feed, 2, two.hash);
    assert.deepEqual(
      log.nextBatch(1)?.map(({ seq }) => seq),
      [3],
    );
    log.committed(1);
    assert.equal(log.durable.get(three.feed), 3);
  });

  it('[FK1] two entries for one place are found by what follows them, by coming again, and by tips; asked for back to where they part, they are the proof', () => {
    const log = make();
    const forked = twin(writer, two, one);
    const after = sealEntry(suite, writer.key, { ...three, tip: forked, ops: [writer.message('follows')] });
    take(log, arrival, one, two);
    assert.equal(log.offer(after), 'forked');
    const links = new Links(network, () => undefined);
    const link = new SyncLink(1, 'ab'.repeat(32) as never, 'x', true, 0);
    link.phase = 'open';
    links.all.set(1, link);
    const forks = new Forks(suite, links, log);
    const said = (): Effect[] => links.takeEffects();
    const asked = (effects: readonly Effect[]): unknown[] =>
      effects.flatMap((effect) => (effect.type === 'send' ? [decodeFrame(network, effect.bytes)] : []));
    const now = { wallMs: 0, monoMs: 1 };
    forks.suspect(link, two.feed, 2);
    forks.tick(true, now);
    assert.deepEqual(asked(said()), [{ type: 'fetch', feed: two.feed, seqs: [2] }]);
    assert.equal(forks.takes(link, forked), true);
    assert.deepEqual(said(), [{ type: 'compare', link: 1, entry: forked }]);
    forks.compared(link, two, forked);
    assert.deepEqual(said(), [{ type: 'fork', proof: proveFork(writer.info(FEED_KIND.content), [two, forked]) }]);
    take(log, three);
    forks.compared(link, three, after);
    forks.tick(true, now);
    assert.deepEqual(asked(said()), [{ type: 'fetch', feed: two.feed, seqs: [2] }]);
    forks.compareTips(link, [{ feed: three.feed, seq: 3, hash: after.hash.subarray(0, 16) }]);
    forks.tick(true, now);
    assert.deepEqual(asked(said()), [{ type: 'fetch', feed: two.feed, seqs: [3] }]);
    forks.compareTips(link, [{ feed: three.feed, seq: 2, hash: two.hash.subarray(0, 16) }]);
    forks.tick(true, now);
    assert.equal(forks.takes(link, one), false);
    const unsigned = { ...forked, bytes: forked.bytes.map((byte, i) => (i === forked.bytes.length - 1 ? byte ^ 1 : byte)) };
    forks.compared(link, two, unsigned);
    assert.deepEqual(said(), []);
  });

  it('[FK1] a fork is found up to the last entry that a cut lets count, and not beyond', () => {
    const log = make();
    take(log, arrival, one, two, three);
    const links = new Links(network, () => undefined);
    const link = new SyncLink(1, 'ab'.repeat(32) as never, 'x', true, 0);
    link.phase = 'open';
    links.all.set(1, link);
    const forks = new Forks(suite, links, log);
    log.cap(new Map([[two.feed, 2]]));
    for (const seq of [2, 3]) forks.suspect(link, two.feed, seq);
    forks.tick(true, { wallMs: 0, monoMs: 1 });
    const asked = links.takeEffects().flatMap((effect) => (effect.type === 'send' ? [decodeFrame(network, effect.bytes)] : []));
    assert.deepEqual(asked, [{ type: 'fetch', feed: two.feed, seqs: [2] }]);
    assert.equal(forks.takes(link, twin(writer, two, one)), true);
    assert.equal(forks.takes(link, twin(writer, three, two)), false);
  });
});
