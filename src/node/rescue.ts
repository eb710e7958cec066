/** A log that is damaged as a database: set aside under another name, what is whole in it saved into a new one, and the operator told. */

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { fromHex } from '../lib/bytes.ts';
import { DamagedLogError } from '../store/damage.ts';
import { LogWriter } from '../store/log-writer.ts';
import { lacksPages } from '../store/pages.ts';
import { type Salvaged, salvage } from '../store/salvage.ts';
import { discard, openLogReader, StoreVersionError } from '../store/schema.ts';
import { LOG_FILE, SqliteStore, VIEWS_FILE, type WithVerified } from '../store/sqlite.ts';
import type { StoredLog } from '../store/store.ts';
import { verifyLog } from '../store/verify.ts';
import type { Verified } from './commands-about.ts';

const SUFFIXES = ['', '-wal', '-shm'];

export interface OpenedStore {
  readonly store: SqliteStore;
  readonly stored: StoredLog;
  /** What the operator has to know; null where all is well. */
  readonly alarm: string | null;
}

/**
 * Opens the store of a directory and reads what the node needs; a damaged one is saved first. `suspect`: damage was met while it was in use, so all of it is
 * read before, and the views are made anew. Throws StoreVersionError, and whatever else is no damage.
 */
export async function openStore(
  suite: Suite & WithVerified,
  network: NetworkId,
  directory: string,
  suspect: boolean,
): Promise<OpenedStore> {
  const isCut = lacksPages(join(directory, LOG_FILE));
  const damage = isCut ? new DamagedLogError('its end is missing') : suspect ? examine(suite, network, directory) : null;
  const opened = damage ? { damage } : await tryOpen(suite, network, directory);
  if (!('damage' in opened)) return { ...opened, alarm: null };
  const { alarm } = rescue(suite, network, directory, opened.damage);
  const again = await tryOpen(suite, network, directory);
  if ('damage' in again) throw again.damage;
  return { ...again, alarm };
}

async function tryOpen(
  suite: Suite & WithVerified,
  network: NetworkId,
  directory: string,
): Promise<{ store: SqliteStore; stored: StoredLog } | { damage: Error }> {
  let store: SqliteStore | null = null;
  try {
    store = new SqliteStore(suite, network, directory);
    return { store, stored: await store.load() };
  } catch (error) {
    await store?.close();
    if (isEnvironment(error)) throw error;
    return { damage: error as Error };
  }
}

/** SQLite’s words for a disk or a file that cannot be used now: no permission, busy, no memory, read-only, failing, full, not to be opened. */
const ENVIRONMENT = new Set([3, 5, 6, 7, 8, 10, 13, 14, 23]);

/** Whether an error says nothing about what is in the log. */
function isEnvironment(error: unknown): boolean {
  if (error instanceof StoreVersionError || !(error instanceof Error)) return true;
  const { errcode, code } = error as { errcode?: number; code?: string };
  return errcode === undefined ? /^E[A-Z]+$/.test(code ?? '') : ENVIRONMENT.has(errcode & 0xff);
}

/** Reads the whole log, and makes its indexes anew where they are wrong; what makes it unusable. */
function examine(suite: Suite, network: NetworkId, directory: string): Error | null {
  removeViews(directory);
  const file = join(directory, LOG_FILE);
  try {
    const db = openLogReader(file);
    const { corrupt, ids } = verifyLog(db, suite, network);
    db.close();
    if (corrupt !== null) return new DamagedLogError(corrupt);
    if (ids) return null;
    const writer = new LogWriter(file);
    writer.reindex(suite);
    writer.close();
    return null;
  } catch (error) {
    if (isEnvironment(error)) throw error;
    return error as Error;
  }
}

/** `skein verify` of a node that is stopped: damaged entries become holes, which its next start asks of peers; a log that is of no use is saved. */
export function verifyStopped(suite: Suite, network: NetworkId, directory: string): Verified {
  const damage = examine(suite, network, directory);
  if (damage) {
    const { kept, holes } = rescue(suite, network, directory, damage);
    return { entries: kept, damaged: holes, mended: 0, corrupt: null };
  }
  const file = join(directory, LOG_FILE);
  const db = openLogReader(file);
  const { entries, holes } = verifyLog(db, suite, network);
  db.close();
  const writer = new LogWriter(file);
  writer.dig(holes.map(({ feed, seq, hash }) => ({ feed: fromHex(feed), seq, hash })));
  writer.close();
  return { entries, damaged: holes.length, mended: 0, corrupt: null };
}

function removeViews(directory: string): void {
  discard(join(directory, VIEWS_FILE));
}

/** Saves what can be saved of the log in a directory that nobody uses; what is to be told of it. */
export function rescue(suite: Suite, network: NetworkId, directory: string, damage: Error): Salvaged & { alarm: string } {
  const aside = setAside(directory);
  const saved = salvage(suite, network, join(directory, aside), join(directory, LOG_FILE));
  removeViews(directory);
  const alarm =
    `the log on this disk was damaged (${damage.message}): ${saved.kept} entries of it were saved, ${saved.damaged} could not be read, ` +
    `${saved.holes} or more are asked of other nodes; the damaged file is ${aside}; a disk that does this should be replaced`;
  return { ...saved, alarm };
}

/** Gives the log another name; which. */
function setAside(directory: string): string {
  let n = 1;
  while (existsSync(join(directory, `${LOG_FILE}.damaged-${n}`))) n++;
  const name = `${LOG_FILE}.damaged-${n}`;
  for (const suffix of SUFFIXES) {
    const file = join(directory, LOG_FILE + suffix);
    if (existsSync(file)) renameSync(file, join(directory, name + suffix));
  }
  return name;
}
