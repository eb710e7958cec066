/**
 * Where `skein chat` keeps sessions and outboxes: `$XDG_STATE_HOME/skein/chat`, a folder for each name at each node or network it is asked for, readable to its owner alone.
 *
 * One client at a time has a folder. A second one under the same name (a script beside an open terminal) is the same person by the session's key, and keeps nothing.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type As, type Chat, connect, fileStorage, memoryStorage, RefusedError, type Storage, StorageInUseError } from '../client/index.ts';
import { foldName } from '../core/text.ts';

const LAST = 'last-name';

export function stateHome(): string {
  const base = process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
  return join(base, 'skein', 'chat');
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

export class Places {
  readonly #folder: string;

  /** `place`: what tells this network's sessions from others': a data directory, or the nodes that were named. */
  constructor(place: string) {
    this.#folder = join(stateHome(), digest(place));
  }

  lastName(): string | null {
    try {
      return readFileSync(join(this.#folder, LAST), 'utf8').trim() || null;
    } catch {
      return null;
    }
  }

  remember(name: string): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.#folder, LAST), `${name}\n`, { mode: 0o600 });
  }

  #folderOf(name: string): string {
    return join(this.#folder, digest(foldName(name)));
  }

  /** Connects under a name: whoever was a guest or logged in under it goes on as who they were. */
  async connect(urls: readonly string[], name: string, as: As): Promise<Chat> {
    const isGoingOn = as === 'resume' || 'guest' in as;
    if (isGoingOn) {
      try {
        return await this.#open(urls, name, 'resume');
      } catch (error) {
        if (as === 'resume' || !(error instanceof RefusedError)) throw error;
      }
    }
    return this.#open(urls, name, as);
  }

  async #open(urls: readonly string[], name: string, as: As): Promise<Chat> {
    const storage = await this.#storage(name);
    try {
      return await connect({ urls, as, storage });
    } catch (error) {
      await storage.close();
      throw error;
    }
  }

  async #storage(name: string): Promise<Storage> {
    const folder = this.#folderOf(name);
    try {
      return await fileStorage(folder);
    } catch (error) {
      if (!(error instanceof StorageInUseError)) throw error;
      return memoryStorage(sessionIn(folder));
    }
  }
}

/** Who the other client is, and the nodes it knows: not its outbox, which is its own to send. */
function sessionIn(folder: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const key of ['session', 'nodes']) {
    const name = `k-${Buffer.from(key).toString('hex')}.json`;
    if (readdirSync(folder).includes(name)) values.set(key, readFileSync(join(folder, name), 'utf8'));
  }
  return values;
}
