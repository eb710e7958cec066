/**
 * A bounded queue that is fair to sources: they take turns, each source's own in order. A source may have only so many waiting; and when all places are
 * taken, whoever comes from a source with fewer gets the last place of the source with most. So one source keeps nobody out, and neither do many
 * until each of them has a single one waiting.
 */

export interface TurnsOptions {
  /** Waiting, all together. */
  readonly waitingMax: number;
  /** Waiting of one source. */
  readonly ofSourceMax: number;
}

export class Turns<T> {
  readonly #options: TurnsOptions;
  /** What waits, by source; the source whose turn it is comes first. */
  readonly #waiting = new Map<string, T[]>();
  #count = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  /** Queues one. What has to go for it is returned: another's, or the one itself where it finds no place; null where there is room. */
  add(source: string, item: T): T | null {
    const own = this.#waiting.get(source) ?? [];
    if (own.length >= this.#options.ofSourceMax) return item;
    let gone: T | null = null;
    if (this.#count >= this.#options.waitingMax) {
      const [most, list] = this.#longest();
      if (list.length <= own.length + 1) return item;
      gone = list.at(-1)!;
      this.remove(most, gone);
    }
    own.push(item);
    this.#waiting.set(source, own);
    this.#count++;
    return gone;
  }

  #longest(): readonly [string, readonly T[]] {
    return [...this.#waiting].reduce((most, one) => (one[1].length > most[1].length ? one : most));
  }

  /** The next in turn, out of the queue; undefined where nothing waits. */
  next(): T | undefined {
    for (const [source, list] of this.#waiting) {
      const item = list.shift()!;
      this.#count--;
      this.#waiting.delete(source);
      if (list.length > 0) this.#waiting.set(source, list);
      return item;
    }
    return undefined;
  }

  /** Takes one out of the queue; false where it is not in it. */
  remove(source: string, item: T): boolean {
    const list = this.#waiting.get(source);
    const at = list?.indexOf(item) ?? -1;
    if (!list || at < 0) return false;
    list.splice(at, 1);
    this.#count--;
    if (list.length === 0) this.#waiting.delete(source);
    return true;
  }
}
