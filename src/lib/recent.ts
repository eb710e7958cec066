/** A map of bounded size: when it is full, what was longest not asked for and not set is forgotten. */
export class Recent<K, V> {
  readonly #map = new Map<K, V>();
  readonly #max: number;

  /** Throws a RangeError where there is room for nothing. */
  constructor(max: number) {
    if (!(max >= 1)) throw new RangeError('a map of no entries');
    this.#max = max;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    const value = this.#map.get(key);
    if (value === undefined) return undefined;
    this.#map.delete(key);
    this.#map.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#map.delete(key);
    if (this.#map.size >= this.#max) this.#map.delete(this.#map.keys().next().value!);
    this.#map.set(key, value);
  }

  delete(key: K): void {
    this.#map.delete(key);
  }
}
