/**
 * How much of one member's feeds is taken in a time. A member that opens feeds without end, or writes more than people do, fills nobody's disk with it: what is beyond its budget
 * waits where it is, and is asked for when there is room again. Buckets that fill at a steady rate (RFC 2697’s token bucket, with one colour).
 */

import type { NodeId } from '../core/ids.ts';
import { ORIGIN_BYTES_BURST, ORIGIN_BYTES_PER_S, ORIGIN_FEEDS_BURST, ORIGIN_FEEDS_PER_S, PEER_FRAMES_PER_S } from './limits.ts';

/** What one member may, before it is put off or people are told of it: a burst, and so much in each second after; frames without a burst. */
export interface Allowance {
  readonly feedsBurst: number;
  readonly feedsPerS: number;
  readonly bytesBurst: number;
  readonly bytesPerS: number;
  readonly framesPerS: number;
}

export const ALLOWANCE: Allowance = {
  feedsBurst: ORIGIN_FEEDS_BURST,
  feedsPerS: ORIGIN_FEEDS_PER_S,
  bytesBurst: ORIGIN_BYTES_BURST,
  bytesPerS: ORIGIN_BYTES_PER_S,
  framesPerS: PEER_FRAMES_PER_S,
};

interface Bucket {
  feeds: number;
  bytes: number;
  atMs: number;
}

export class Budgets {
  readonly #buckets = new Map<NodeId, Bucket>();
  readonly #allowance: Allowance;

  constructor(allowance = ALLOWANCE) {
    this.#allowance = allowance;
  }

  /** Takes room for bytes of a member's feeds, and for one more feed; whether there was room. */
  take(origin: NodeId, feeds: 0 | 1, bytes: number, nowMs: number): boolean {
    const bucket = this.#filled(origin, nowMs);
    if (bucket.feeds < feeds || bucket.bytes <= 0) return false;
    bucket.feeds -= feeds;
    // An entry may be larger than what is left; the next one then waits the longer.
    bucket.bytes -= bytes;
    return true;
  }

  /** Whether there is room for a feed and some bytes. */
  hasRoom(origin: NodeId, nowMs: number): boolean {
    const { feeds, bytes } = this.#filled(origin, nowMs);
    return feeds >= 1 && bytes > 0;
  }

  #filled(origin: NodeId, nowMs: number): Bucket {
    const { feedsBurst, feedsPerS, bytesBurst, bytesPerS } = this.#allowance;
    let bucket = this.#buckets.get(origin);
    if (!bucket) this.#buckets.set(origin, (bucket = { feeds: feedsBurst, bytes: bytesBurst, atMs: nowMs }));
    const seconds = Math.max(0, nowMs - bucket.atMs) / 1000;
    bucket.feeds = Math.min(feedsBurst, bucket.feeds + seconds * feedsPerS);
    bucket.bytes = Math.min(bytesBurst, bucket.bytes + seconds * bytesPerS);
    bucket.atMs = nowMs;
    return bucket;
  }
}
