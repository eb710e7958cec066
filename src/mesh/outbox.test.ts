import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FRAME_HEAD_BYTES, FrameSplitter } from './frames.ts';
import { QUEUE_BYTES_HIGH, QUEUE_BYTES_LOW, WRITE_BYTES_MAX } from './limits.ts';
import { Outbox } from './outbox.ts';

function fixture() {
  const sink = {
    ready: true,
    backlogBytes: 0,
    blocks: [] as Uint8Array[],
    write(block: Uint8Array) {
      this.blocks.push(block);
    },
  };
  const seen = { drained: 0 };
  const outbox = new Outbox(sink, () => {
    seen.drained += 1;
  });
  return { sink, seen, outbox };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an outbox', () => {
  it('writes what one turn sent as one block, after the turn', async () => {
    const { sink, outbox } = fixture();
    for (let i = 0; i < 100; i++) outbox.push(new Uint8Array(i));
    assert.equal(sink.blocks.length, 0);
    await turn();
    assert.equal(sink.blocks.length, 1);
    const sizes: number[] = [];
    new FrameSplitter((frame) => sizes.push(frame.length)).push(sink.blocks[0]!);
    assert.deepEqual(sizes, [...Array(100).keys()]);
  });

  it('keeps a write to its limit, but for a single frame that is bigger', async () => {
    const { sink, outbox } = fixture();
    for (const size of [30_000, 30_000, 30_000, 200_000, 5]) outbox.push(new Uint8Array(size));
    await turn();
    assert.deepEqual(
      sink.blocks.map((block) => block.length),
      [2 * 30_004, 30_004, 200_004, 9],
    );
    assert.ok(2 * 30_004 <= WRITE_BYTES_MAX);
  });

  it('counts what waits in it and below it', () => {
    const { sink, outbox } = fixture();
    sink.ready = false;
    sink.backlogBytes = 7;
    outbox.push(new Uint8Array(10));
    assert.equal(outbox.queuedBytes, FRAME_HEAD_BYTES + 10 + 7);
  });

  it('says false above the high-water mark, and drained once below half', async () => {
    const { sink, seen, outbox } = fixture();
    sink.ready = false;
    assert.equal(outbox.push(new Uint8Array(QUEUE_BYTES_HIGH - FRAME_HEAD_BYTES)), true);
    assert.equal(outbox.push(new Uint8Array(0)), false);
    await turn();
    sink.ready = true;
    sink.backlogBytes = QUEUE_BYTES_LOW;
    outbox.flush();
    assert.equal(seen.drained, 0);
    sink.backlogBytes = QUEUE_BYTES_LOW - 1;
    outbox.flush();
    outbox.flush();
    assert.equal(seen.drained, 1);
  });

  it('keeps the order through a sink that stalls again and again', () => {
    const { sink, outbox } = fixture();
    const total = 20_000;
    for (let i = 0; i < total; i++) outbox.push(Uint8Array.of(i >> 8, i));
    sink.write = (block) => {
      sink.blocks.push(block);
      sink.ready = false;
    };
    while (outbox.queuedBytes > 0) {
      sink.ready = true;
      outbox.flush();
    }
    let next = 0;
    const splitter = new FrameSplitter((frame) => assert.equal(frame[0]! * 256 + frame[1]!, next++));
    for (const block of sink.blocks) splitter.push(block);
    assert.equal(next, total);
  });
});
