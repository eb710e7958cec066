import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { nodeMaker, transportContract } from '../../test/contract/transport.ts';
import { memoryHub } from './memory.ts';

transportContract('memory', () => memoryHub().transport);

describe('the handles of a memory hub', () => {
  let hub = memoryHub();
  const { make, makePair, close } = nodeMaker(() => hub.transport);
  afterEach(async () => {
    await close();
    hub = memoryHub();
  });

  it('cut takes a link down at once and refuses dials, heal lets them through again', async () => {
    const [a, b] = await makePair();
    const names = [a.link.node, b.link.node] as const;
    a.link.send(new Uint8Array(10));
    hub.cut(...names);
    await Promise.all([a.untilCount('down'), b.untilCount('down')]);
    assert.equal(b.count('frame'), 0);
    await assert.rejects(a.transport.dial(b.address), /cut off/);
    hub.heal(...names);
    await a.transport.dial(b.address);
    await Promise.all([a.untilCount('up', 2), b.untilCount('up', 2)]);
  });

  it('cut leaves other links alone', async () => {
    const [a, b] = await makePair();
    const c = await make();
    await c.transport.dial(a.address);
    await c.untilCount('up');
    hub.cut(a.seen[0]!.link.node, b.link.node);
    await b.untilCount('down');
    c.link.send(new Uint8Array(1));
    await a.untilCount('frame');
    assert.equal(c.count('down'), 0);
  });

  it('a stalled link fills up, and gives everything once it is resumed', async () => {
    const [a, b] = await makePair();
    const names = [a.link.node, b.link.node] as const;
    hub.stall(...names);
    let sent = 1;
    while (a.link.send(new Uint8Array(100_000))) sent += 1;
    hub.resume(...names);
    await Promise.all([a.untilCount('drained'), b.untilCount('frame', sent)]);
  });
});
