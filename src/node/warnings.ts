/** What people should know of the node, in words that say what to do: by what it is about, for as long as it is so. */

import type { WireWarning } from '../api/mesh.ts';

/** Warnings that are kept; beyond, the oldest are forgotten. */
const WARNINGS_MAX = 20;

export class Warnings {
  readonly #all = new Map<string, WireWarning>();

  /** In place of what was told of the same, and (empty) nothing where that is over. Whether it is news. */
  tell(words: string, about: string, nowMs: number): boolean {
    const before = this.#all.get(about);
    this.#all.delete(about);
    if (words !== '') this.#all.set(about, { about, words, sinceMs: before?.sinceMs ?? nowMs });
    if (this.#all.size > WARNINGS_MAX) this.#all.delete(this.#all.keys().next().value!);
    return words !== '' && !before;
  }

  /** What was told last comes last. */
  get all(): WireWarning[] {
    return [...this.#all.values()];
  }

  /** Whether there is one about this. */
  has(about: string): boolean {
    return this.#all.has(about);
  }
}
