import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import type { FeedTip } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import type { FeedId, NodeId } from '../core/ids.ts';
import { NO_BYTES } from '../core/op.ts';
import { decodeFrame, encodeFrame } from '../wire/frame.ts';
import { Copies } from './copies.ts';
import type { Effect, Hole } from './effects.ts';
import { Forks } from './forks.ts';
import { Holes } from './holes.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';
import { Mending } from './mending.ts';

const now = { wallMs: 1, monoMs: 1 };

/** A feed of five entries, and a link to a peer that holds it whole. */
function scene() {
  const writer = new FeedWriter(91);
  const arrive = writer.arrive();
  const posts = Array.from({ length: 5 }, (_, i) => writer.post([`message ${i}`]));
  const info = writer.info(FEED_KIND.content);
  const hole = (seq: number, hash: Uint8Array | null = null): Hole => ({ feed: info.feed, seq, hash });
  const links = new Links(network, () => undefined);
  const link = new SyncLink(1, new FeedWriter(92).key.publicKey as NodeId, '', true, 0);
  link.phase = 'open';
  link.learn(new Map([[info.feed, 5]]));
  links.all.set(1, link);
  const sent = () =>
    links.takeEffects().flatMap((effect: Effect) => {
      const frame = effect.type === 'send' ? decodeFrame(network, effect.bytes) : null;
      assert.ok(!(frame instanceof Error), String(frame));
      return frame ?? [];
    });
  const logOf = (tip: FeedTip): Log => {
    const law = { info: writer.info(FEED_KIND.governance), tip: { seq: 1, hash: arrive.hash, hlc: arrive.hlc } };
    return new Log(suite, network, new FeedWriter(90).key, { feeds: [law, { info, tip }] });
  };
  return { writer, posts, info, hole, links, link, sent, logOf };
}

describe('holes', () => {
  it('[ST12, RP20] holes that were found in any order are asked for in a frame that peers can read', () => {
    const { posts, hole, links, link, sent, logOf } = scene();
    const log = logOf({ seq: 5, hash: posts[4]!.hash, hlc: posts[4]!.hlc });
    const options = { suite, network, key: new FeedWriter(90).key, loaded: { feeds: [] } };
    const mending = new Mending(options as never, links, log, new Copies());
    mending.damaged([hole(4), hole(2), hole(3)], now);
    const frames = sent();
    const { feed } = hole(1);
    assert.deepEqual(
      frames.filter(({ type }) => type === 'fetch'),
      [{ type: 'fetch', feed, seqs: [2, 3, 4] }],
    );
    assert.equal(link.phase, 'open');
  });

  it('[ST14, RP20] of a last entry that is a hole no hash is told to peers, and what follows waits until it is mended', () => {
    const { writer, posts, info, links, link, sent, logOf } = scene();
    const log = logOf({ seq: 5, hash: NO_BYTES, hlc: 0 });
    const forks = new Forks(suite, links, log);
    const tips = () => {
      forks.open(link);
      return sent().flatMap((frame) => (frame.type === 'tips' ? frame.tips.map(({ feed, seq }) => [feed === info.feed, seq]) : []));
    };
    assert.deepEqual(tips(), [[false, 1]]);
    const next = writer.post(['next']);
    assert.equal(log.offer(next), 'waiting');
    log.mended(posts[3]!);
    assert.equal(log.stagedSeq(info.feed), 5);
    log.mended(posts[4]!);
    assert.equal(log.stagedSeq(info.feed), 6);
    assert.deepEqual(tips(), [
      [true, 5],
      [false, 1],
    ]);
  });

  it('[LG7] so it does where an owner said that no copy of it is left', () => {
    const { writer, posts, info, logOf } = scene();
    const log = logOf({ seq: 5, hash: NO_BYTES, hlc: 0 });
    assert.equal(log.offer(writer.post(['next'])), 'waiting');
    log.lose(info.feed, 5, posts[4]!.hash);
    assert.equal(log.stagedSeq(info.feed), 6);
  });

  it('[ST12] a hole without a hash is mended by what its node signed, and nothing else', () => {
    const { posts, info, hole } = scene();
    const holes = new Holes(suite, new Map<FeedId, typeof info>([[info.feed, info]]), [hole(2), hole(3, posts[2]!.hash)]);
    assert.deepEqual(
      posts.map((post) => holes.fits(post)),
      [false, true, true, false, false],
    );
    const other = new FeedWriter(93);
    other.arrive();
    other.post(['1']);
    assert.equal(holes.fits({ ...other.post(['2']), feed: info.feed }), false);
  });

  it('[WR1] numbers of a feed are read as they were written', () => {
    const { feed } = scene().info;
    const frame = { type: 'fetch', feed, seqs: [1, 7, 300] } as const;
    assert.deepEqual(decodeFrame(network, encodeFrame(network, frame)), frame);
  });
});
