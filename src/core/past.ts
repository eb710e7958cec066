/**
 * The causal past of governance: what each governance feed had named of each other one, entry by entry, and the key that orders the law.
 *
 * The past of an op is what its feed had named by then (its own entries before it, and the sum of their deps). Content is judged at the place in its sibling
 * governance feed that its entry names, so no content entry is needed to know any past.
 *
 * A forked feed counts as far as the proof of its fork goes, for keys and pasts alike: beyond, each node holds a branch of its own, and all have to come to one order.
 */

import type { Entry } from './entry.ts';
import type { FeedId } from './ids.ts';
import type { HistoryKey } from './order.ts';
import type { ReadonlyVector } from './vector.ts';

/** A place in a governance feed: all that lies before it is the past. */
export interface Position {
  readonly feed: FeedId;
  readonly seq: number;
  readonly index: number;
}

const NOTHING: ReadonlyVector = new Map();

/** Behind every op of an entry. */
export const INDEX_END = 256;

/** What one feed had named of another: from entry `at[i]` on, so many entries as `upTo[i]`. */
interface Steps {
  readonly at: number[];
  readonly upTo: number[];
}

/** What the key of an entry is made of. */
interface Taken {
  readonly feed: FeedId;
  readonly seq: number;
  /** Its largest history key. */
  readonly own: HistoryKey;
  readonly deps: ReadonlyVector;
}

export class Pasts {
  readonly #named = new Map<FeedId, Map<FeedId, Steps>>();
  readonly #keys = new Map<FeedId, HistoryKey[]>();
  readonly #taken: Taken[] = [];
  /** By feed, what each of its entries named. */
  readonly #deps = new Map<FeedId, ReadonlyVector[]>();
  /** The clocks of the entries of each feed: they rise. */
  readonly #clocks = new Map<FeedId, HistoryKey[]>();
  /** How far feeds count that were proved to be forked. */
  readonly #ends = new Map<FeedId, number>();

  /** Takes the next entry of a governance feed; its deps were taken before. */
  add({ feed, seq, hlc, deps, heads }: Entry): void {
    const taken = { feed, seq, own: heads.reduce((key, { after }) => Math.max(key, after + 1), hlc), deps };
    this.#taken.push(taken);
    const named = this.#deps.get(feed) ?? [];
    named[seq - 1] = deps;
    this.#deps.set(feed, named);
    this.#order(taken);
    const clocks = this.#clocks.get(feed);
    if (clocks) clocks[seq - 1] = hlc;
    else this.#clocks.set(feed, [hlc]);
    for (const [other, upTo] of deps) this.#name(feed, seq, other, upTo);
  }

  #order({ feed, seq, own, deps }: Taken): void {
    let key = Math.max(own, 1 + this.key(feed, seq - 1));
    for (const [other, upTo] of deps) key = Math.max(key, 1 + this.key(other, upTo));
    const keys = this.#keys.get(feed) ?? [];
    keys[seq - 1] = key;
    this.#keys.set(feed, keys);
  }

  /** A feed was proved to be forked, and counts up to its entry `end`. Whether keys, or what checkpoints cover, may have changed by that. */
  fork(feed: FeedId, end: number): boolean {
    if (end >= this.#end(feed)) return false;
    this.#ends.set(feed, end);
    if (!this.#keys.has(feed) && !this.#isNamed(feed)) return false;
    this.#keys.clear();
    for (const taken of this.#taken) this.#order(taken);
    return true;
  }

  #isNamed(feed: FeedId): boolean {
    for (const named of this.#named.values()) if (named.has(feed)) return true;
    return false;
  }

  #end(feed: FeedId): number {
    return this.#ends.get(feed) ?? Number.MAX_SAFE_INTEGER;
  }

  #name(feed: FeedId, seq: number, other: FeedId, upTo: number): void {
    let named = this.#named.get(feed);
    if (!named) this.#named.set(feed, (named = new Map()));
    const steps = named.get(other);
    if (!steps) named.set(other, { at: [seq], upTo: [upTo] });
    else if (steps.upTo.at(-1)! < upTo) {
      steps.at.push(seq);
      steps.upTo.push(upTo);
    }
  }

  /** The governance key of an entry: no smaller than its history keys, and larger than those of all that it rests on, however wrong its clock. */
  key(feed: FeedId, seq: number): HistoryKey {
    return this.#keys.get(feed)?.[Math.min(seq, this.#end(feed)) - 1] ?? 0;
  }

  /** How many entries of `other` the feed had named by its entry `seq`. */
  named(feed: FeedId, seq: number, other: FeedId): number {
    const steps = this.#named.get(feed)?.get(other);
    if (!steps) return 0;
    const last = Math.min(seq, this.#end(feed));
    let low = 0;
    let high = steps.at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps.at[middle]! <= last) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : steps.upTo[low - 1]!;
  }

  #clock(feed: FeedId, seq: number): HistoryKey {
    return this.#clocks.get(feed)?.[Math.min(seq, this.#end(feed)) - 1] ?? 0;
  }

  /** The clocks of all governance feeds that a position rests on, and of its own entry. */
  *clocks({ feed, seq }: Position): Generator<readonly [FeedId, HistoryKey]> {
    yield [feed, this.#clock(feed, seq)];
    for (const other of this.#named.get(feed)?.keys() ?? []) yield [other, this.#clock(other, this.named(feed, seq, other))];
  }

  /** The last clocks of all governance feeds. */
  *lastClocks(): Generator<readonly [FeedId, HistoryKey]> {
    for (const [feed, clocks] of this.#clocks) yield [feed, this.#clock(feed, clocks.length)];
  }

  /** Whether an op of governance is in the past of a position. */
  has(op: Position, at: Position): boolean {
    if (op.feed === at.feed) return op.seq < at.seq || (op.seq === at.seq && op.index < at.index);
    return op.seq <= this.named(at.feed, at.seq, op.feed);
  }

  /** What an entry was the first of its feed to name; nothing where it does not count. */
  deps(feed: FeedId, seq: number): ReadonlyVector {
    return (seq <= this.#end(feed) && this.#deps.get(feed)?.[seq - 1]) || NOTHING;
  }

  /** How many entries of a feed count, of those that were taken. */
  length(feed: FeedId): number {
    return Math.min(this.#deps.get(feed)?.length ?? 0, this.#end(feed));
  }
}
