/**
 * The storage of a client on Node: one file a key, in a directory of its own, readable to its owner alone. A file is written beside its place, synced, and renamed over it, so
 * that it is there whole or as it was. One process at a time has a directory.
 */

import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Pending, type Storage } from './storage.ts';

/** Another process has the directory. */
export class StorageInUseError extends Error {
  override name = 'StorageInUseError';
}

const LOCK = 'lock';
const FILE = /^k-([0-9a-f]+)\.json$/;

const fileOf = (key: string): string => `k-${Buffer.from(key).toString('hex')}.json`;

export async function fileStorage(directory: string): Promise<Storage> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await lock(directory);
  const pending = new Pending((key, value) => write(directory, key, value));
  return {
    load: () => load(directory),
    set: (key, value) => pending.set(key, value),
    flush: () => pending.flush(),
    async close() {
      await pending.flush().finally(() => rm(join(directory, LOCK), { force: true }));
    },
  };
}

async function load(directory: string): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of await readdir(directory)) {
    const match = FILE.exec(name);
    if (match) values.set(Buffer.from(match[1]!, 'hex').toString(), await readFile(join(directory, name), 'utf8'));
  }
  return values;
}

async function write(directory: string, key: string, value: string | null): Promise<void> {
  const path = join(directory, fileOf(key));
  if (value === null) return rm(path, { force: true });
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(value);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  const folder = await open(directory, 'r');
  await folder.sync().finally(() => folder.close());
}

/** Takes the directory; what a process left that is gone is taken over. */
async function lock(directory: string): Promise<void> {
  const path = join(directory, LOCK);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, 'wx', 0o600);
      await file.writeFile(String(process.pid)).finally(() => file.close());
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(await readFile(path, 'utf8').catch(() => ''));
    if (pid > 0 && pid !== process.pid && isAlive(pid)) break;
    if (pid === process.pid) break;
    await rm(path, { force: true });
  }
  throw new StorageInUseError(`another client uses ${directory}: it can have one at a time`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
