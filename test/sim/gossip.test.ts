import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GossipWorld } from './gossip.ts';
import { measureGossip } from './gossip-measure.ts';

const QUIET = { nodes: 25, opsPerSecond: 100, linkMs: 100, cutsPerSecond: 0, restarts: 0 };

describe('gossip', () => {
  it('[GO1] 25 nodes, 100 ms a link, 100 operations/s: under 12 frames an operation, everywhere in 400 ms (median) and 600 ms (at most)', () => {
    const { framesPerOp, toAll, duplicates, equal, links } = measureGossip({ ...QUIET, seed: 1, seconds: 10 });
    assert.ok(framesPerOp < 12, `${framesPerOp}`);
    assert.ok(toAll.p50 < 400 && toAll.max < 600, JSON.stringify(toAll));
    assert.ok(duplicates < 0.01 && equal, `${duplicates}`);
    assert.ok(links.min >= 5 && links.max <= 8, JSON.stringify(links));
  });

  it('[GO2] with links cut and nodes restarting all converge, and hear of things soon', () => {
    const result = measureGossip({ ...QUIET, seed: 2, seconds: 10, cutsPerSecond: 0.05, restarts: 0.1 });
    assert.ok(result.cuts > 20 && result.restarted > 1);
    assert.ok(result.equal);
    assert.ok(result.toAll.p99 < 2500, JSON.stringify(result.toAll));
  });

  it('[PE3] a hub parts from its surplus, a lost neighbour is replaced, and the network stays one', () => {
    const world = new GossipWorld({ seed: 3, nodes: 20, delayMs: 20 });
    for (const node of world.nodes) if (node.index > 0) node.seeds = ['sim:0'];
    world.run(15_000);
    const degrees = world.degrees();
    assert.ok(Math.min(...degrees) >= 4 && Math.max(...degrees) <= 8, degrees.join());
    const [victim] = world.nodes;
    victim!.kill(true);
    world.run(12_000);
    assert.ok(Math.min(...world.degrees()) >= 4, world.degrees().join());
    for (const { replica } of world.nodes) if (replica) assert.equal(replica.reachable().size, 18);
  });

  it('[GO3] without pushing, haves and grafts alone bring everything everywhere, also past a full mesh', () => {
    const world = new GossipWorld({ seed: 4, nodes: 12, delayMs: 5, push: false });
    world.run(6000);
    world.run(3000, 20);
    world.run(6000);
    assert.ok(world.isEqual());
    assert.ok(world.sent.every(({ reached }) => reached.size === 12));
  });
});
