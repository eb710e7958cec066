/**
 * How much one person, and one address, may ask of a node in a short time. A person's sessions share what is theirs; so do the sessions of an address, which is
 * more, as many people may sit behind one. What is refused says when to come again.
 */

import type { Command } from '../core/commands.ts';
import { type BucketOptions, Buckets } from '../lib/buckets.ts';
import { sourceOf } from '../lib/source.ts';
import type { Session } from './sessions.ts';

const KEYS_MAX = 16_384;
const HOUR_MS = 3_600_000;

/** Twenty at once, then two a second. */
const WORDS: BucketOptions = { burst: 20, rate: 2, perMs: 1000, keysMax: KEYS_MAX };
/** Of an address: as much as ten people. */
const ADDRESS_WORDS: BucketOptions = { burst: 200, rate: 20, perMs: 1000, keysMax: KEYS_MAX };
/** Sessions that begin at one address. */
const SESSIONS: BucketOptions = { burst: 60, rate: 1, perMs: 1000, keysMax: KEYS_MAX };
/** Accounts that are made from one address. */
const ACCOUNTS: BucketOptions = { burst: 5, rate: 5, perMs: HOUR_MS, keysMax: KEYS_MAX };
/** Rooms that one person makes or enters. */
const ROOMS: BucketOptions = { burst: 60, rate: 1, perMs: 2000, keysMax: KEYS_MAX };
const PRIVATE_ROOMS: BucketOptions = { burst: 10, rate: 10, perMs: HOUR_MS, keysMax: KEYS_MAX };
/** Reactions are cheap to give, and loud in numbers. */
const REACTIONS: BucketOptions = { burst: 30, rate: 3, perMs: 1000, keysMax: KEYS_MAX };

interface Limit {
  readonly buckets: Buckets;
  /** Whose bucket it is; empty for nobody's. */
  readonly key: (session: Session) => string;
}

const byPerson = ({ author }: Session): string => author ?? '';
const byAddress = ({ source }: Session): string => (source === '' ? '' : sourceOf(source));

export class Floods {
  readonly #words: readonly Limit[] = [
    { buckets: new Buckets(WORDS), key: byPerson },
    { buckets: new Buckets(ADDRESS_WORDS), key: byAddress },
  ];
  readonly #sessions: readonly Limit[] = [{ buckets: new Buckets(SESSIONS), key: byAddress }];
  readonly #accounts: readonly Limit[] = [{ buckets: new Buckets(ACCOUNTS), key: byAddress }];
  readonly #rooms: readonly Limit[] = [{ buckets: new Buckets(ROOMS), key: byPerson }];
  readonly #privateRooms: readonly Limit[] = [{ buckets: new Buckets(PRIVATE_ROOMS), key: byPerson }];
  readonly #reactions: readonly Limit[] = [{ buckets: new Buckets(REACTIONS), key: byPerson }, this.#words[1]!];

  /** Takes what a command costs; 0 where there is enough, else the ms until there is, and nothing is taken. */
  take(session: Session, command: Command, nowMs: number): number {
    const limits = this.#limitsOf(command).filter(({ key }) => key(session) !== '');
    const waitMs = Math.max(0, ...limits.map(({ buckets, key }) => buckets.waitMs(key(session), 1, nowMs)));
    if (waitMs === 0) for (const { buckets, key } of limits) buckets.take(key(session), 1, nowMs);
    return waitMs;
  }

  #limitsOf({ type }: Command): readonly Limit[] {
    switch (type) {
      case 'open':
      case 'open granted':
      case 'log in':
      case 'log in granted':
        return this.#sessions;
      case 'register':
        return this.#accounts;
      case 'join':
      case 'part':
        return this.#rooms;
      case 'make private room':
        return this.#privateRooms;
      case 'react':
        return this.#reactions;
      case 'read':
      case 'close':
      // The node asks for it.
      case 'regrant':
      // Whispers have limits of their own.
      case 'typing':
        return [];
      default:
        return this.#words;
    }
  }
}
