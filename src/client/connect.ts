/** Makes clients: finds out who they are, from what is kept, a name, a password or an app password. */

import { toHex } from '../lib/bytes.ts';
import { type As, type Chat, RefusedError } from './chat.ts';
import { Client } from './client.ts';
import type { Identity } from './identity.ts';
import { type Kept, readKept } from './keeping.ts';
import { LIMITS, type Limits } from './limits.ts';
import type { Platform } from './platform.ts';
import { memoryStorage, type Storage } from './storage.ts';

export interface ConnectOptions {
  /** Where nodes answer: `http://host:port`. One is enough; the client learns of others. */
  readonly urls: readonly string[];
  readonly as: As;
  /** Where the outbox, the session and the cursor are kept; in memory, where nothing else is said. */
  readonly storage?: Storage;
  readonly limits?: Partial<Limits>;
  readonly platform?: Platform;
}

/** Resolves when it is known who the client is: with a password, after a node was reached; else at once. `ready` of the client tells when it is online. */
export async function connectOn(platform: Platform, { urls, as, storage = memoryStorage(), limits }: ConnectOptions): Promise<Chat> {
  const kept = readKept(await storage.load());
  const identity = await identityOf(platform, [...new Set([...urls, ...kept.nodes])], as, kept);
  const isSame = kept.session !== null && sameIdentity(kept.session.identity, identity);
  if (kept.session && !isSame) for (const key of (await storage.load()).keys()) storage.set(key, null);
  return new Client({ platform, storage, identity, urls, kept: isSame ? kept : null, limits: { ...LIMITS, ...limits } });
}

/** Whoever was a guest, or somebody else, before leaves nothing to whoever comes. */
function sameIdentity(a: Identity, b: Identity): boolean {
  if (a.type === 'account' && b.type === 'account') return a.author === b.author;
  if (a.type === 'guest' && b.type === 'guest') return a.seed === b.seed;
  return a.type === 'token' && b.type === 'token' && a.name === b.name;
}

async function identityOf(platform: Platform, urls: readonly string[], as: As, kept: Kept): Promise<Identity> {
  const before = kept.session?.identity;
  if (as === 'resume') {
    if (before) return before;
    throw new RefusedError({ type: 'nothing kept', words: 'There is no session to go on with: log in.' });
  }
  if ('guest' in as) {
    if (before?.type === 'guest' && before.asked === as.guest) return before;
    return { type: 'guest', name: as.guest, asked: as.guest, seed: toHex(platform.random.bytes(32)) };
  }
  if ('token' in as) return { type: 'token', name: as.account, token: as.token };
  // Whoever goes on with a session needs none of it: a page loads it when it is asked for a password.
  const { logIn, register, setUp } = await import('./password.ts');
  if ('setup' in as) return setUp(platform, urls[0]!, as);
  if ('register' in as) return register(platform, urls, as.register, as.password, as.invitation);
  return logIn(platform, urls, as.account, as.password);
}
