import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FRAME_HEAD_BYTES, FrameSplitter, joinFrames } from './frames.ts';
import { FRAME_BYTES_MAX } from './transport.ts';

function join(frames: Uint8Array[]): Uint8Array {
  return joinFrames(
    frames,
    frames.reduce((sum, frame) => sum + FRAME_HEAD_BYTES + frame.length, 0),
  );
}

/** The twin: waits for everything, then cuts. */
function splitWhole(stream: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at < stream.length; ) {
    const length = view.getUint32(at);
    frames.push(stream.slice(at + FRAME_HEAD_BYTES, at + FRAME_HEAD_BYTES + length));
    at += FRAME_HEAD_BYTES + length;
  }
  return frames;
}

function head(length: number): Uint8Array {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES);
  bytes.writeUInt32BE(length);
  return bytes;
}

describe('frames on a stream', () => {
  it('come out as they went in, however the stream is cut', () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(frames, cuts, (sent, sizes) => {
        const stream = join(sent);
        const got: Uint8Array[] = [];
        const splitter = new FrameSplitter((frame) => got.push(frame));
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const end = at + sizes[turn % sizes.length]!;
          assert.equal(splitter.push(stream.subarray(at, end)), true);
          at = end;
        }
        assert.deepEqual(got.map(Buffer.from), splitWhole(stream).map(Buffer.from));
        assert.deepEqual(got.map(Buffer.from), sent.map(Buffer.from));
      }),
      { numRuns: 300 },
    );
  });

  it('are not copied where they came whole', () => {
    const stream = join([new Uint8Array(10), new Uint8Array(20)]);
    new FrameSplitter((frame) => assert.equal(frame.buffer, stream.buffer)).push(stream);
  });

  it('are accepted at the limit and refused one byte above, as soon as the head is in', () => {
    assert.equal(new FrameSplitter(() => {}).push(head(FRAME_BYTES_MAX)), true);
    assert.equal(new FrameSplitter(() => {}).push(head(FRAME_BYTES_MAX + 1)), false);
    assert.equal(new FrameSplitter(() => {}).push(head(0xffffffff)), false);
  });

  it('behind a refused one are not delivered', () => {
    let delivered = 0;
    const splitter = new FrameSplitter(() => delivered++);
    splitter.push(Buffer.concat([join([new Uint8Array(1)]), head(FRAME_BYTES_MAX + 1), join([new Uint8Array(1)])]));
    assert.equal(delivered, 1);
  });
});
