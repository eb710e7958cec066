/** Version vectors: for each feed the highest entry held without gaps, all its deps held too. Feeds of which nothing is held are absent. */

import { compareText } from '../lib/bytes.ts';
import { DecodeError, type Reader, type Writer } from '../lib/codec.ts';
import { FEED_ID_BYTES, type FeedId } from './ids.ts';

export type Vector = Map<FeedId, number>;
export type ReadonlyVector = ReadonlyMap<FeedId, number>;

/** Feeds in one encoded vector, at most. */
export const VECTOR_FEEDS_MAX = 16_384;

/** Whether `a` holds all that `b` names. */
export function covers(a: ReadonlyVector, b: ReadonlyVector): boolean {
  for (const [feed, seq] of b) if ((a.get(feed) ?? 0) < seq) return false;
  return true;
}

/** Raises `into` to hold all that `from` names. Returns whether it rose. */
export function raise(into: Vector, from: ReadonlyVector): boolean {
  let rose = false;
  for (const [feed, seq] of from) {
    if ((into.get(feed) ?? 0) >= seq) continue;
    into.set(feed, seq);
    rose = true;
  }
  return rose;
}

/** What of `now` is beyond `before`. */
export function beyond(now: ReadonlyVector, before: ReadonlyVector): Vector {
  const delta: Vector = new Map();
  for (const [feed, seq] of now) if ((before.get(feed) ?? 0) < seq) delta.set(feed, seq);
  return delta;
}

export function equalVectors(a: ReadonlyVector, b: ReadonlyVector): boolean {
  return a.size === b.size && covers(a, b) && covers(b, a);
}

/** The entries of a vector in the order of the feeds. */
export function sortedVector(vector: ReadonlyVector): [FeedId, number][] {
  return [...vector].sort((a, b) => compareText(a[0], b[0]));
}

export function writeVector(writer: Writer, vector: ReadonlyVector): void {
  writer.varint(vector.size);
  for (const [feed, seq] of sortedVector(vector)) writer.hex(feed).varint(seq);
}

export function readVector(reader: Reader): Vector {
  const vector: Vector = new Map();
  const size = reader.count(VECTOR_FEEDS_MAX);
  let before = '';
  for (let i = 0; i < size; i++) {
    const feed = reader.hex(FEED_ID_BYTES) as FeedId;
    const seq = reader.varint();
    if (feed <= before || seq === 0) throw new DecodeError('a vector out of order');
    vector.set(feed, seq);
    before = feed;
  }
  return vector;
}
