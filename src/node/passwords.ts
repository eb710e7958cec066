/**
 * Passwords that a node is shown (by IRC's SASL PLAIN, by the command line) become keys: Argon2id by Node's own `crypto.argon2`, on threads of its pool.
 *
 * At most two at a time, so that the disk and DNS find a thread of the pool's four, and with a core left for the loop; the rest wait in turns (lib/turns.ts), or are told when to come back. No
 * error and no log names a password, a seed or a name.
 */

import { argon2 } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { encodeKdf, type Kdf, newKdf, preparePassword, readKdf, SALT_BYTES, SEED_BYTES } from '../core/kdf.ts';
import type { Hashing } from '../core/suite.ts';
import { foldName, type TextFault } from '../core/text.ts';
import { concatBytes, utf8 } from '../lib/bytes.ts';
import { Turns } from '../lib/turns.ts';

const AT_ONCE_MAX = 2;
/** At two at a time and 35 ms each, the last of 64 waits about a second. */
const WAITING_MAX = 64;
const WAITING_OF_SOURCE_MAX = 4;
const RETRY_MS_MIN = 1000;
const RETRY_MS_MAX = 30_000;
/** What one hash is taken to last before any was measured. */
const FIRST_GUESS_MS = 50;
/** How much the newest measurement counts. */
const NEWEST_SHARE = 0.2;
const DECOY_TAG = 'skein/decoy-kdf/1\0';

export type Derived =
  | { readonly seed: Uint8Array }
  | { readonly busy: true; readonly retryMs: number }
  /** The password cannot be one, the account has no key made from a password, or who asked is gone. */
  | { readonly refused: TextFault | 'bad kdf' | 'gone' };

interface Job {
  readonly source: string;
  readonly message: Buffer;
  readonly kdf: Kdf;
  readonly tell: (derived: Derived) => void;
  /** The connection ended: nobody is told any more. */
  isGone: boolean;
}

export interface PasswordsOptions {
  readonly waitingMax?: number;
  readonly ofSourceMax?: number;
  /** Hashed at a time; by default two, or one on a machine with one or two cores. */
  readonly atOnceMax?: number;
}

export class Passwords {
  readonly #turns: Turns<Job>;
  readonly #waitingMax: number;
  readonly #atOnceMax: number;
  #running = 0;
  #meanMs = FIRST_GUESS_MS;

  constructor(options: PasswordsOptions = {}) {
    const {
      waitingMax = WAITING_MAX,
      ofSourceMax = WAITING_OF_SOURCE_MAX,
      atOnceMax = Math.min(AT_ONCE_MAX, Math.max(1, availableParallelism() - 1)),
    } = options;
    this.#atOnceMax = atOnceMax;
    this.#turns = new Turns({ waitingMax, ofSourceMax });
    this.#waitingMax = waitingMax;
  }

  /** How many wait, and how many are hashed, for `status`. */
  get load(): { readonly waiting: number; readonly running: number } {
    return { waiting: this.#turns.count, running: this.#running };
  }

  /**
   * The seed of the key that a password makes with an account's kdf. A name that does not exist is given decoyKdf's, so that it takes as long.
   * `source` is who asks (lib/source.ts); `gone` is aborted when their connection ends: what waits then leaves the queue, what runs is not told.
   */
  derive(password: string, kdf: Uint8Array, source: string, gone?: AbortSignal): Promise<Derived> {
    const prepared = preparePassword(password);
    if ('fault' in prepared) return Promise.resolve({ refused: prepared.fault });
    const read = readKdf(kdf);
    if (read instanceof Error) return Promise.resolve({ refused: 'bad kdf' });
    if (gone?.aborted) return Promise.resolve({ refused: 'gone' });
    return new Promise((resolve) => {
      const leave = (): void => this.#leave(job);
      const tell = (derived: Derived): void => {
        gone?.removeEventListener('abort', leave);
        resolve(derived);
      };
      const job: Job = { source, message: Buffer.from(prepared.password), kdf: read, tell, isGone: false };
      gone?.addEventListener('abort', leave, { once: true });
      const without = this.#turns.add(source, job);
      if (without) this.#end(without, this.#busy());
      this.#fill();
    });
  }

  #busy(): Derived {
    const ms = (this.#meanMs * (this.#waitingMax + this.#atOnceMax)) / this.#atOnceMax;
    return { busy: true, retryMs: Math.round(Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, ms))) };
  }

  #leave(job: Job): void {
    job.isGone = true;
    if (this.#turns.remove(job.source, job)) this.#end(job, { refused: 'gone' });
  }

  /** Every job ends here once; its password is not kept. */
  #end(job: Job, derived: Derived): void {
    job.message.fill(0);
    job.tell(job.isGone ? { refused: 'gone' } : derived);
  }

  #fill(): void {
    while (this.#running < this.#atOnceMax) {
      const job = this.#turns.next();
      if (!job) return;
      this.#running++;
      this.#hash(job);
    }
  }

  #hash(job: Job): void {
    const { memoryKiB: memory, passes, lanes: parallelism, salt: nonce } = job.kdf;
    const began = performance.now();
    // An error here is want of memory: there will be some again.
    const done = (error: Error | null, key: Uint8Array | undefined): void => {
      this.#meanMs += NEWEST_SHARE * (performance.now() - began - this.#meanMs);
      this.#running--;
      this.#end(job, error || !key ? this.#busy() : { seed: new Uint8Array(key) });
      this.#fill();
    };
    try {
      argon2('argon2id', { message: job.message, nonce, parallelism, tagLength: SEED_BYTES, memory, passes }, done);
    } catch {
      setImmediate(done, new Error('no hash'), undefined);
    }
  }
}

/**
 * The kdf that is told and hashed with for a name without an account: the same each time, and of the same form as a true one, so that neither its
 * look nor the time tells which accounts exist. `secret` must be the same on all nodes and known to them alone (made from the network's key, say):
 * a name with another salt at each node would be known for one that does not exist.
 */
export function decoyKdf(hashing: Hashing, secret: Uint8Array, name: string): Uint8Array {
  const salt = hashing.sha256(concatBytes(utf8(DECOY_TAG), hashing.sha256(secret), utf8(foldName(name)))).slice(0, SALT_BYTES);
  return encodeKdf(newKdf(salt));
}
