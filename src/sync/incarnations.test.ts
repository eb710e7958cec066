import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FeedId, NodeId } from '../core/ids.ts';
import { Incarnations } from './incarnations.ts';
import { COPY_MS } from './limits.ts';

const node = 'aa' as NodeId;
const [one, two, three] = ['01', '02', '03'] as FeedId[] as [FeedId, FeedId, FeedId];

describe('incarnations', () => {
  it('[PE5] a new incarnation is word that the one before is gone', () => {
    const known = new Incarnations();
    assert.equal(known.isPast(node, one), false);
    known.learn(node, one, 100, 0);
    assert.deepEqual([known.isLive(node, one), known.isPast(node, two)], [true, true]);
    known.learn(node, two, 200, 1);
    assert.deepEqual([known.isLive(node, one), known.isLive(node, two), known.isPast(node, one)], [false, true, true]);
    known.learn(node, three, 300, 2);
    assert.deepEqual([known.isLive(node, two), known.isLive(node, three), known.copied().size], [false, true, 0]);
  });

  it('[PE5] one that goes on signing runs beside the later one, and is warned of once it does so again', () => {
    const known = new Incarnations();
    known.learn(node, one, 100, 0);
    known.learn(node, two, 200, 1);
    known.learn(node, one, 201, 2);
    assert.deepEqual([known.isLive(node, one), known.isLive(node, two), known.copied().size], [true, true, 0]);
    known.learn(node, two, 202, 3);
    known.learn(node, one, 203, 4);
    assert.deepEqual([...known.copied()], [node]);
  });

  it('[PE5] a copy that falls silent is forgotten, and the latest never', () => {
    const known = new Incarnations();
    for (const [i, feed] of [one, two, one, two, one, two].entries()) known.learn(node, feed, 100 + i, i);
    assert.equal(known.copied().size, 1);
    known.learn(node, two, 200, COPY_MS);
    known.expire(COPY_MS + 5);
    assert.deepEqual([known.isPast(node, one), known.isLive(node, two), known.copied().size], [true, true, 0]);
    known.expire(10 * COPY_MS);
    assert.equal(known.isLive(node, two), true);
  });
});
