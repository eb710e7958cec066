import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { type Entry, payloadsOf } from '../core/entry.ts';
import { blanked, gapsOf } from '../core/erasure.ts';
import { FEED_KIND } from '../core/feed.ts';
import { type Folder, makeFolder } from '../core/fold.ts';
import { authorId, messageId, type NodeId, type RoomId } from '../core/ids.ts';
import { removeBody } from '../core/kinds/erase.ts';
import { revokeBody } from '../core/kinds/owner.ts';
import { KIND, type Op } from '../core/op.ts';
import { Gaps } from './gaps.ts';
import { Log } from './log.ts';

const ROOM = '#r' as RoomId;

/** Ann, who removes a message of her own, and bob, who cuts her node off before that, having heard of it or not. */
function scene() {
  const [ann, bob] = [new FeedWriter(81), new FeedWriter(82)];
  const folder: Folder = makeFolder(suite);
  const log = new Log(suite, network, new FeedWriter(80).key, { feeds: [] }, folder);
  const arrive = ann.arrive();
  const op = ann.message('text');
  const post = ann.entry(FEED_KIND.content, [ann.message('other'), op]);
  const target = messageId(op.head.author, op.head.client);
  const removing = (by: FeedWriter): Op => ({
    head: by.head({ kind: KIND.remove, room: ROOM, target, body: removeBody('') }),
    payload: null,
  });
  const remove = ann.entry(FEED_KIND.governance, [removing(ann)]);
  const { node, feed } = ann.info(FEED_KIND.governance);
  const head = bob.head({ kind: KIND.revoke, author: authorId(suite, bob.key.publicKey) });
  const cut = new Map([
    [feed, 1],
    [post.feed, 1],
  ]);
  const revoking: Op = { head: { ...head, body: revokeBody(null, network, head, node as NodeId, 'stolen', cut) }, payload: null };
  const without = (entry: Entry, ...ops: number[]): Entry => ({ ...entry, payloads: blanked(payloadsOf(entry), ops) });
  /** Commits what is staged, and folds it. */
  const commit = (): Entry[] => {
    const entries = [...(log.nextBatch(1) ?? [])];
    if (entries.length > 0) log.committed(1);
    for (const entry of entries) folder.fold(entry);
    return entries;
  };
  const take = (...entries: Entry[]): void => {
    for (const entry of entries) assert.equal(log.offer(entry), 'staged');
    commit();
  };
  return { ann, bob, folder, log, arrive, post, remove, removing, revoking, without, take, commit };
}

describe('gaps', () => {
  it('[LG8] an entry without a payload is taken once the op that erased it is folded, and not before', () => {
    const { log, arrive, post, remove, without, take } = scene();
    take(arrive);
    assert.equal(log.offer(without(post, 1)), 'stripped');
    assert.equal(log.offer(without(post, 0, 1)), 'stripped');
    take(remove);
    assert.equal(log.offer(without(post, 0, 1)), 'stripped', 'the other one is erased by nothing');
    assert.equal(log.offer(without(post, 1)), 'staged');
  });

  it('[LG8] a removal that its writer had no right to explains no gap', () => {
    const { bob, log, arrive, post, removing, without, take } = scene();
    take(arrive, bob.arrive('bob'), bob.entry(FEED_KIND.governance, [removing(bob)]));
    assert.equal(log.offer(without(post, 1)), 'stripped');
    assert.equal(log.offer(post), 'staged');
  });

  it('[LG8] an entry that waited is judged when it is staged; a payload that is another one is a fault', () => {
    const { ann, log, arrive, post, remove, take } = scene();
    const next = ann.post(['next']);
    take(arrive, remove);
    assert.equal(log.offer(next), 'waiting');
    const { payloads } = ann.post(['a', 'b']);
    assert.deepEqual(log.offer({ ...post, payloads }), { fault: 'a payload is not the one its head names' });
    assert.equal(log.offer(post), 'staged');
    assert.equal(log.stagedSeq(post.feed), 2);
  });

  it('[LG9] what is erased already is kept without its payload when it comes late', () => {
    const { log, arrive, post, remove, take, commit } = scene();
    take(arrive, remove);
    assert.equal(log.offer(post), 'staged');
    assert.deepEqual(commit().map(gapsOf), [[1]]);
  });

  it('[FO12] what was erased by right explains its gap for good, though it is withheld; what knew that it was cut off never does', () => {
    const late = scene();
    const { ann, bob, folder, arrive, post, remove, revoking, without, take } = late;
    take(arrive, remove, bob.arrive('bob'), bob.entry(FEED_KIND.governance, [revoking]));
    const [head, place] = [post.heads[1]!, { key: post.hlc, feed: post.feed, seq: 1, index: 1 }];
    assert.deepEqual([folder.isErased(head, place), folder.mayLack(head, place)], [false, true]);
    assert.equal(late.log.offer(without(post, 1)), 'staged');

    const known = scene();
    const cutOff = known.bob.entry(FEED_KIND.governance, []);
    assert.equal(cutOff.seq, 1);
    const folded = makeFolder(suite);
    const bobs = new FeedWriter(82);
    const revoke = [bobs.arrive('bob'), bobs.entry(FEED_KIND.governance, [revoking])];
    const op = ann.message('again');
    const target = messageId(op.head.author, op.head.client);
    const after = ann.entry(
      FEED_KIND.governance,
      [{ head: ann.head({ kind: KIND.remove, room: ROOM, target, body: removeBody('') }), payload: null }],
      new Map([[revoke[1]!.feed, 2]]),
    );
    for (const entry of [arrive, remove, ...revoke, after]) folded.fold(entry);
    assert.equal(folded.mayLack(head, place), true);
    assert.equal(folded.mayLack(op.head, { ...place, index: 2 }), false);
  });

  it('[LG10] a gap that nothing in force explains is asked for, and filled by the whole entry alone', () => {
    const { ann, bob, folder, arrive, post, remove, revoking, without, take } = scene();
    take(arrive, remove, bob.arrive('bob'), bob.entry(FEED_KIND.governance, [revoking]));
    const gaps = new Gaps(suite, folder);
    gaps.note([{ feed: post.feed, seq: 1, hash: post.hash }]);
    assert.equal(gaps.fits(without(post, 1)), false);
    assert.equal(gaps.fits(ann.post(['another'])), false);
    assert.equal(gaps.fits(post), true);
    gaps.close(post.feed, 1);
    assert.equal(gaps.fits(post), false);
    gaps.note([{ feed: post.feed, seq: 1, hash: post.hash }]);
    gaps.note([]);
    assert.equal(gaps.has(post.feed, 1), false);
  });
});
