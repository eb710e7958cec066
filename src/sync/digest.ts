/** Digests of vectors: thousands of feeds that both sides hold alike are compared by the hashes of the buckets they fall into, so that only unlike buckets are told. */

import type { FeedId } from '../core/ids.ts';
import type { Hashing } from '../core/suite.ts';
import { type ReadonlyVector, sortedVector, type Vector } from '../core/vector.ts';
import { Writer } from '../lib/codec.ts';
import { BUCKET_BITS_MAX, BUCKET_BITS_MIN, BUCKET_HASH_BYTES } from '../wire/frame.ts';

/** Feeds in a bucket, about. */
const BUCKET_FEEDS = 16;

/** How many bits of a feed's id name its bucket, where there are so many feeds. */
export function bucketBits(feeds: number): number {
  return Math.min(BUCKET_BITS_MAX, Math.max(BUCKET_BITS_MIN, Math.ceil(Math.log2(Math.max(1, feeds) / BUCKET_FEEDS))));
}

/** Feed ids are hashes: their first bits are as good as random. */
export function bucketOf(feed: FeedId, bits: number): number {
  return Number.parseInt(feed.slice(0, 4), 16) >> (16 - bits);
}

/** One hash after the other for all buckets, without the feeds named in `except`; of an empty bucket zeros. */
export function digestOf(hashing: Hashing, vector: ReadonlyVector, bits: number, except: ReadonlyVector): Uint8Array {
  const buckets = new Map<number, Vector>();
  for (const [feed, seq] of vector) {
    if (except.has(feed)) continue;
    const bucket = bucketOf(feed, bits);
    const known = buckets.get(bucket);
    if (known) known.set(feed, seq);
    else buckets.set(bucket, new Map([[feed, seq]]));
  }
  const digest = new Uint8Array(BUCKET_HASH_BYTES << bits);
  for (const [bucket, feeds] of buckets) digest.set(hashOf(hashing, feeds), bucket * BUCKET_HASH_BYTES);
  return digest;
}

function hashOf(hashing: Hashing, feeds: ReadonlyVector): Uint8Array {
  const writer = new Writer(512);
  for (const [feed, seq] of sortedVector(feeds)) writer.hex(feed).varint(seq);
  return hashing.sha256(writer.view()).subarray(0, BUCKET_HASH_BYTES);
}

/** The buckets in which two digests of as many bits are unlike. */
export function unlike(a: Uint8Array, b: Uint8Array): Set<number> {
  const buckets = new Set<number>();
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) buckets.add(Math.floor(i / BUCKET_HASH_BYTES));
  return buckets;
}
