/**
 * When the store is to erase: some time after an op that erases something was folded, so that a word that withholds it has come by then if it was on its way; and once
 * after the start, for what a crash left. That time is a courtesy: what was erased too soon is a gap that peers fill (see ADR 21).
 */

import type { Entry } from '../core/entry.ts';
import { type Erasure, erasableIn, isOrphaned } from '../core/erasure.ts';
import type { Change } from '../core/state.ts';

/** How long what was erased by right stays on the disk, in ms. */
export const ERASE_AFTER_MS = 60_000;

export class Erasing {
  readonly #erasure: Erasure;
  readonly #afterMs: number;
  #dueMs: number | null = null;
  #isStarted = false;
  #epoch = 0;

  constructor(erasure: Erasure, afterMs: number) {
    this.#erasure = erasure;
    this.#afterMs = afterMs;
  }

  /** An entry was folded. */
  folded(entry: Entry, changes: readonly Change[], nowMs: number): void {
    const { erases, epoch } = this.#erasure;
    if (!erases) return;
    const isNews = epoch !== this.#epoch || changes.some(({ type }) => type === 'remove');
    this.#epoch = epoch;
    // It may also lack what was erased by right where it came from, and shows by now: the store has to say so.
    const isToDo = erasableIn(this.#erasure, entry).length > 0 || isOrphaned(this.#erasure, entry);
    if (isNews || isToDo) this.#dueMs ??= nowMs + this.#afterMs;
  }

  /** Whether the store is to erase now. */
  isDue(nowMs: number): boolean {
    if (!this.#isStarted && this.#erasure.erases) this.#dueMs ??= nowMs + this.#afterMs;
    this.#isStarted = true;
    if (this.#dueMs === null || nowMs < this.#dueMs) return false;
    this.#dueMs = null;
    return true;
  }
}
