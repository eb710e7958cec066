/** The storage of a client in a browser: one IndexedDB database, one object store of texts. Its few methods are described here, so that the library needs no types of a browser. */

import { Pending, type Storage } from './storage.ts';

interface Asked<T> {
  readonly result: T;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface Opening extends Asked<Database> {
  onupgradeneeded: (() => void) | null;
}

interface Objects {
  put(value: string, key: string): unknown;
  delete(key: string): unknown;
  getAll(): Asked<string[]>;
  getAllKeys(): Asked<string[]>;
}

interface Transaction {
  objectStore(name: string): Objects;
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
}

interface Database {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite', options?: { durability: 'strict' }): Transaction;
  close(): void;
}

export interface IndexedDb {
  open(name: string, version: number): Opening;
}

const STORE = 'kept';

function answered<T>(asked: Asked<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** `name`: of the database; a page that has several clients gives each its own. */
export async function indexedDbStorage(
  name = 'skein',
  factory = (globalThis as unknown as { indexedDB: IndexedDb }).indexedDB,
): Promise<Storage> {
  const opening = factory.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answered(opening);
  const pending = new Pending((key, value) => write(database, key, value));
  return {
    async load() {
      const objects = database.transaction(STORE, 'readonly').objectStore(STORE);
      const [keys, values] = await Promise.all([answered(objects.getAllKeys()), answered(objects.getAll())]);
      return new Map(keys.map((key, i) => [key, values[i]!]));
    },
    set: (key, value) => pending.set(key, value),
    flush: () => pending.flush(),
    async close() {
      await pending.flush().finally(() => database.close());
    },
  };
}

function write(database: Database, key: string, value: string | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    const objects = transaction.objectStore(STORE);
    if (value === null) objects.delete(key);
    else objects.put(value, key);
  });
}
