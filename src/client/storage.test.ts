/** All storages of the library, by one contract. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { storageContract } from '../../test/contract/storage.ts';
import { memoryStorage } from './storage.ts';
import { fileStorage } from './storage-files.ts';
import { type IndexedDb, indexedDbStorage } from './storage-indexeddb.ts';

const folder = mkdtempSync(join(tmpdir(), 'skein-storage-'));
after(() => rmSync(folder, { recursive: true }));
let places = 0;

storageContract('memory', () => {
  const values = new Map<string, string>();
  return async () => memoryStorage(values);
});
storageContract('files', () => {
  const directory = join(folder, `${places++}`);
  return () => fileStorage(directory);
});
storageContract('IndexedDB', () => {
  const factory = new IDBFactory() as unknown as IndexedDb;
  return () => indexedDbStorage('skein', factory);
});
