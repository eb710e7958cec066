/**
 * A machine's disk: a store that outlives the process, commits that take time, errors, and a crash in the middle of a commit, which leaves the batch wholly
 * there or not at all.
 */

import type { Chain } from '../../src/core/admission.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Suite } from '../../src/core/suite.ts';
import type { Random } from '../../src/lib/prng.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Batch, Repeat } from '../../src/sync/effects.ts';
import type { Timeline } from './timeline.ts';

/** What is wrong with a disk. */
export type DiskState = 'good' | 'slow' | 'full' | 'lying';

export type Outcome =
  | { readonly repeats: readonly Repeat[] }
  | { readonly error: true; readonly written: boolean; readonly repeats: readonly Repeat[] };

export class Disk {
  readonly #timeline: Timeline;
  readonly #random: Random;
  readonly store: MemoryStore;
  state: DiskState = 'good';
  /** What the node keeps beside its log. */
  chain: Chain = [];
  remembered: ReadonlyMap<NodeId, readonly string[]> = new Map();
  #underWay: Batch | null = null;
  #process = 0;

  constructor(timeline: Timeline, random: Random, suite: Suite) {
    this.#timeline = timeline;
    this.#random = random;
    this.store = new MemoryStore(suite);
  }

  delayMs(): number {
    return this.state === 'slow' ? 60 + 340 * this.#random.unit() : 0.3 + 3 * this.#random.unit();
  }

  commit(batch: Batch, done: (outcome: Outcome) => void): void {
    if (this.#underWay) throw new Error('two batches at once');
    this.#underWay = batch;
    const process = this.#process;
    this.#timeline.after(this.delayMs(), () => {
      if (process !== this.#process) return;
      this.#underWay = null;
      if (this.state === 'full') return done({ error: true, written: false, repeats: [] });
      const repeats = this.store.append(batch);
      done(this.state === 'lying' ? { error: true, written: true, repeats } : { repeats });
    });
  }

  /** The process dies. */
  crash(): void {
    this.#process++;
    if (this.#underWay && this.#random.unit() < 0.5 && this.state !== 'full') this.store.append(this.#underWay);
    this.#underWay = null;
  }
}
