/** Where the library keeps what must outlive it: texts under keys. What was set is there after the promise of `flush` that came behind it. */

export interface Storage {
  /** All that is kept. */
  load(): Promise<ReadonlyMap<string, string>>;
  /** Null: not kept any more. The order of calls is kept. */
  set(key: string, value: string | null): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps nothing beyond the process. */
export function memoryStorage(values = new Map<string, string>()): Storage {
  return {
    load: async () => new Map(values),
    set(key, value) {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
    flush: async () => undefined,
    close: async () => undefined,
  };
}

/** Writes one after the other, the last value of each key alone: what changes faster than it can be written is not written each time. */
export class Pending {
  readonly #values = new Map<string, string | null>();
  readonly #write: (key: string, value: string | null) => Promise<void>;
  #running: Promise<void> | null = null;
  /** The last error of the medium; the next value is tried again. */
  #error: unknown = null;

  constructor(write: (key: string, value: string | null) => Promise<void>) {
    this.#write = write;
  }

  set(key: string, value: string | null): void {
    // At the end, as the session's cursor must not come before what it covers.
    this.#values.delete(key);
    this.#values.set(key, value);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  async #run(): Promise<void> {
    for (let next = this.#values.entries().next(); !next.done; next = this.#values.entries().next()) {
      const [key, value] = next.value;
      this.#values.delete(key);
      try {
        await this.#write(key, value);
        this.#error = null;
      } catch (error) {
        this.#error = error;
      }
    }
  }

  async flush(): Promise<void> {
    while (this.#running) await this.#running;
    if (this.#error) throw this.#error;
  }
}
