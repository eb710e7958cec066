/**
 * Comparing what both sides of a new link hold. Few feeds are told whole. Of many, whoever made the call tells those written now and a digest of the rest; the other
 * answers with what it holds of the same and of the buckets that are unlike, and is told these in turn.
 */

import type { FeedId } from '../core/ids.ts';
import type { Hashing } from '../core/suite.ts';
import type { ReadonlyVector, Vector } from '../core/vector.ts';
import type { Frame } from '../wire/frame.ts';
import { bucketBits, bucketOf, digestOf, unlike } from './digest.ts';
import type { Now } from './effects.ts';
import { VECTOR_PART_FEEDS, VECTOR_RECENT_MAX, VECTOR_WHOLE_FEEDS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Missing } from './missing.ts';

type Digest = Extract<Frame, { type: 'digest' }>;
type Unlike = Extract<Frame, { type: 'unlike' }>;

/** What was said of this side while the answer to a digest is out. */
export interface Compared {
  readonly vector: ReadonlyVector;
  readonly recent: ReadonlyVector;
  readonly bits: number;
}

export class Comparing {
  readonly #hashing: Hashing;
  readonly #links: Links;
  readonly #durable: ReadonlyVector;
  readonly #missing: Missing;
  readonly #isWritten: (feed: FeedId) => boolean;
  readonly #told: (link: SyncLink) => void;

  /** `isWritten` tells feeds that rise now; `told` is called when all that the peer holds is known. */
  constructor(
    hashing: Hashing,
    links: Links,
    durable: ReadonlyVector,
    missing: Missing,
    isWritten: (feed: FeedId) => boolean,
    told: (link: SyncLink) => void,
  ) {
    this.#hashing = hashing;
    this.#links = links;
    this.#durable = durable;
    this.#missing = missing;
    this.#isWritten = isWritten;
    this.#told = told;
  }

  open(link: SyncLink): void {
    if (this.#durable.size <= VECTOR_WHOLE_FEEDS) this.#tell(link, this.#durable);
    else if (link.outbound) this.#digest(link);
  }

  #tell(link: SyncLink, vector: ReadonlyVector): void {
    link.hasTold = true;
    this.#links.send(link, { type: 'vector', vector: this.#parts(link, vector) });
  }

  /** Sends all but the last part of a vector; returns the last. */
  #parts(link: SyncLink, vector: ReadonlyVector): ReadonlyVector {
    const feeds = [...vector];
    let from = 0;
    for (; feeds.length - from > VECTOR_PART_FEEDS; from += VECTOR_PART_FEEDS) {
      this.#links.send(link, { type: 'vector part', vector: new Map(feeds.slice(from, from + VECTOR_PART_FEEDS)) });
    }
    return new Map(feeds.slice(from));
  }

  #digest(link: SyncLink): void {
    const recent: Vector = new Map();
    for (const [feed, seq] of this.#durable) {
      if (recent.size === VECTOR_RECENT_MAX) break;
      if (this.#isWritten(feed)) recent.set(feed, seq);
    }
    const bits = bucketBits(this.#durable.size);
    link.compared = { vector: new Map(this.#durable), recent, bits };
    this.#links.send(link, { type: 'digest', recent, bits, hashes: digestOf(this.#hashing, this.#durable, bits, recent) });
  }

  /** A part of what the peer holds. */
  part(link: SyncLink, vector: ReadonlyVector, now: Now): void {
    link.learn(vector);
    this.#missing.noteAll(link, vector, now.monoMs);
  }

  /** The last part of what the peer holds. */
  vector(link: SyncLink, vector: ReadonlyVector, now: Now): void {
    this.part(link, vector, now);
    if (!link.hasTold && !link.compared) this.#tell(link, this.#durable);
    this.#told(link);
  }

  digest(link: SyncLink, { recent, bits, hashes }: Digest, now: Now): void {
    const buckets = unlike(digestOf(this.#hashing, this.#durable, bits, recent), hashes);
    const mine: Vector = new Map();
    const alike: Vector = new Map();
    for (const [feed, seq] of this.#durable) (recent.has(feed) || buckets.has(bucketOf(feed, bits)) ? mine : alike).set(feed, seq);
    this.part(link, recent, now);
    link.learn(alike);
    link.hasTold = true;
    this.#links.send(link, { type: 'unlike', buckets: [...buckets].sort((a, b) => a - b), vector: this.#parts(link, mine) });
  }

  unlike(link: SyncLink, { buckets, vector }: Unlike, now: Now): void {
    const { compared } = link;
    if (!compared) return this.#links.close(link, 'an answer to no digest');
    link.compared = null;
    this.part(link, vector, now);
    const differing = new Set(buckets);
    const isUnlike = (feed: FeedId): boolean => differing.has(bucketOf(feed, compared.bits));
    link.learn(new Map([...compared.vector].filter(([feed]) => !compared.recent.has(feed) && !isUnlike(feed))));
    this.#tell(link, new Map([...this.#durable].filter(([feed]) => isUnlike(feed))));
    this.#told(link);
  }
}
