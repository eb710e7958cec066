import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FeedWriter, network } from '../../test/fixture/writer.ts';
import type { AuthorId, FeedId, NodeId, RoomId } from '../core/ids.ts';
import { decodeFrame, encodeFrame, encodeSeveral, type SaidFrame } from './frame.ts';

const node = 'ab'.repeat(32) as NodeId;
const feed = 'cd'.repeat(16) as FeedId;
const signature = new Uint8Array(64).fill(7);
const writer = new FeedWriter(1);
const { header } = writer.arrive();
const entry = writer.post(['hello']);

const whispered = { node, feed, number: 6, author: 'ef'.repeat(16) as AuthorId, signature };

const FRAMES: readonly SaidFrame[] = [
  { type: 'hello', network, name: 'n', chain: header!.chain, token: new Uint8Array(32).fill(1) },
  { type: 'admitted', chain: header!.chain },
  { type: 'refused', reason: 'no' },
  { type: 'vector', vector: new Map([[feed, 3]]) },
  { type: 'have', have: { holder: node, vector: new Map([[feed, 3]]), signature } },
  { type: 'entries', entries: [{ bytes: entry.bytes, payloads: entry.payloads }] },
  { type: 'want', feed, after: 9 },
  { type: 'prune', feed },
  {
    type: 'record',
    record: { node, name: 'n', atMs: 5, feed, addresses: ['/ip4/1'], links: [node], vitals: Uint8Array.of(1, 2), signature },
  },
  { type: 'ping', atMs: 1 },
  { type: 'pong', atMs: 2, wallMs: 1_790_000_000_000 },
  { type: 'tips', tips: [{ feed, seq: 3, hash: new Uint8Array(16).fill(7) }] },
  { type: 'fetch', feed, seqs: [1, 4, 9] },
  { type: 'holes', word: { holder: node, feed, atMs: 5, seqs: [2, 3], signature: new Uint8Array(64).fill(1) } },
  { type: 'known', records: new Map([[node, 4]]) },
  { type: 'part' },
  { type: 'served', except: [feed] },
  { type: 'vector part', vector: new Map([[feed, 3]]) },
  { type: 'digest', recent: new Map([[feed, 3]]), bits: 4, hashes: new Uint8Array(256).fill(3) },
  { type: 'unlike', buckets: [0, 15], vector: new Map([[feed, 3]]) },
  { type: 'whisper', whisper: { ...whispered, said: { type: 'typing', to: { room: '#r' as RoomId }, on: true } }, hops: 0 },
  { type: 'whisper', whisper: { ...whispered, said: { type: 'typing', to: { author: whispered.author }, on: false } }, hops: 3 },
  { type: 'whisper', whisper: { ...whispered, said: { type: 'away', text: 'lunch' } }, hops: 255 },
  { type: 'awaited', feeds: [feed] },
  { type: 'proofs', proofs: [new Uint8Array(270).fill(5), new Uint8Array(0)] },
  { type: 'heard', addresses: new Map([[node, ['/ip4/1', '/ip4/2']]]) },
];

describe('frame', () => {
  it('[WR1] every kind is read as it was written', () => {
    for (const frame of FRAMES)
      assert.deepEqual(structuredClone(decodeFrame(network, encodeFrame(network, frame))), structuredClone(frame));
  });

  it('[WR2] an unknown kind is skipped; a frame of another network, cut or with more behind is an Error', () => {
    assert.deepEqual(decodeFrame(network, Uint8Array.of(200, 1, 2)), { type: 'unknown' });
    for (const frame of FRAMES) {
      const bytes = encodeFrame(network, frame);
      assert.ok(decodeFrame(network, bytes.subarray(0, -1)) instanceof Error, frame.type);
      assert.ok(decodeFrame(network, Uint8Array.of(...bytes, 0)) instanceof Error, frame.type);
    }
    const have = encodeFrame(network, FRAMES[4]!);
    assert.ok(decodeFrame(feed as never, have) instanceof Error);
  });

  it('[WR4] frames are said together as one, but not one level deeper', () => {
    const encoded = FRAMES.map((frame) => encodeFrame(network, frame));
    const together = encodeSeveral(encoded);
    assert.deepEqual(structuredClone(decodeFrame(network, together)), structuredClone({ type: 'several', frames: [...FRAMES] }));
    assert.ok(decodeFrame(network, encodeSeveral([together])) instanceof Error);
    assert.ok(decodeFrame(network, encodeSeveral([encoded[0]!.subarray(0, -1)])) instanceof Error);
  });

  it('[WR3] whatever the bytes, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodeFrame(network, bytes) !== undefined),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.nat(FRAMES.length - 1), fc.nat(), fc.nat(255), (which, at, value) => {
        const bytes = encodeFrame(network, FRAMES[which]!);
        bytes[at % bytes.length] = value;
        return decodeFrame(network, bytes) !== undefined;
      }),
    );
  });
});
