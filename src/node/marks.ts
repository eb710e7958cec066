/**
 * How far this node's sessions were shown each feed that is being written to: what a mark has to say, as by the time it is sealed more may have come (see
 * core/kinds/own.ts). What was quiet for a while is named by the deps of the mark's entry.
 */

import type { Entry } from '../core/entry.ts';
import type { FeedId } from '../core/ids.ts';
import { MARK_FEEDS_MAX } from '../core/kinds/own.ts';
import type { Vector } from '../core/vector.ts';

/** The longest time from a command to the seal of its entry, in ms, with a slow disk before it. */
const RECENT_MS = 60_000;

export class Marks {
  /** The last change comes last. */
  readonly #recent = new Map<FeedId, { readonly seq: number; readonly atMs: number }>();
  #arrived: Entry[] = [];

  /** Entries are durable; doors are told of them at the end of the turn. */
  arrive(entries: readonly Entry[]): void {
    this.#arrived.push(...entries);
  }

  /** Doors were told of all that arrived. */
  tell(nowMs: number): void {
    for (const { feed, seq } of this.#arrived) {
      this.#recent.delete(feed);
      this.#recent.set(feed, { seq, atMs: nowMs });
    }
    this.#arrived = [];
    for (const [feed, { atMs }] of this.#recent) {
      if (this.#recent.size <= MARK_FEEDS_MAX && nowMs - atMs <= RECENT_MS) break;
      this.#recent.delete(feed);
    }
  }

  /**
   * How far doors were told of each feed whose next entries may get into the past of a mark that is written now: those that were written to lately, that doors are not
   * told of yet, and that are at the disk. `committing`: the entries at the disk.
   */
  upTo(committing: readonly Entry[]): Vector {
    const told: Vector = new Map([...this.#recent].map(([feed, { seq }]) => [feed, seq]));
    for (const { feed, seq } of [...this.#arrived, ...committing]) if (!told.has(feed)) told.set(feed, seq - 1);
    return told;
  }
}
