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

  it('[GO4] a transfer that is cut at any frame goes on after the last whole entry', () => {
    // The writer is 60 entries ahead when the other starts, and goes on.
    const run = (cutAt: number): void => {
      const world = new GossipWorld({ seed: 5, nodes: 2, delayMs: 5 });
      const [writer, reader] = world.nodes;
      world.timeline.runUntil(1);
      const write = (): void => {
        world.sendAt(writer!);
        world.timeline.runUntil(world.timeline.nowMs + 0.3);
      };
      for (let i = 0; i < 60; i++) write();
      world.framesToCut = cutAt;
      for (let i = 0; i < 100; i++) {
        write();
        world.timeline.runUntil(world.timeline.nowMs + 2);
      }
      world.run(2500);
      assert.ok(world.framesToCut <= 0 && world.dials >= 2, 'the cut was made');
      assert.ok(world.isEqual() && world.sent.every(({ reached }) => reached.size === 2), `cut at frame ${cutAt}`);
      const { entries, repeated } = reader!.replica!.seen;
      assert.ok(entries - repeated >= 50 && repeated <= 64, `cut at frame ${cutAt}: ${entries} came, ${repeated} of them again`);
    };
    for (let cutAt = 1; cutAt <= 60; cutAt++) run(cutAt);
  });

  it('[GO5] a peer that talks but gives nothing of what it holds is called anew, with a warning', () => {
    const world = new GossipWorld({ seed: 6, nodes: 2, delayMs: 5 });
    world.timeline.runUntil(10);
    const [giver, taker] = world.nodes;
    giver!.blind = true;
    for (let i = 0; i < 5; i++) {
      world.sendAt(giver!);
      world.timeline.runUntil(world.timeline.nowMs + 1);
    }
    world.run(15_000);
    assert.ok(
      world.warnings.some((warning) => warning.includes('sends nothing of what it holds')),
      world.warnings.join(),
    );
    giver!.blind = false;
    world.run(3000);
    assert.ok(world.isEqual() && taker!.feeds.size > 0);
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
