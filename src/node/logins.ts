/** Passwords that come in at doors: hashed off the loop, slowed down where they are wrong, and as long for names that nobody has. */

import type { Suite } from '../core/suite.ts';
import { foldName } from '../core/text.ts';
import { sourceOf } from '../lib/source.ts';
import { decoyKdf, Passwords } from './passwords.ts';
import { Throttle } from './throttle.ts';

export class Logins {
  readonly #suite: Suite;
  readonly #secret: Uint8Array;
  readonly #passwords = new Passwords();
  readonly #throttle = new Throttle();
  /** The key of the account that shows under a name; null for none. */
  readonly #keyOf: (name: string) => string | null;
  readonly #nowMs: () => number;

  /** `secret`: the same on all nodes of the network, and known to nobody else. */
  constructor(suite: Suite, secret: Uint8Array, keyOf: (name: string) => string | null, nowMs: () => number) {
    this.#suite = suite;
    this.#secret = secret;
    this.#keyOf = keyOf;
    this.#nowMs = nowMs;
  }

  /** How many wait, and how many are hashed. */
  get load(): { readonly waiting: number; readonly running: number } {
    return this.#passwords.load;
  }

  /** The seed that a password makes; null where it can be nobody's. */
  async derive(password: string, kdf: Uint8Array | null, name: string, address: string): Promise<Uint8Array | null | { retryMs: number }> {
    const source = sourceOf(address);
    const account = foldName(name);
    const key = this.#keyOf(name);
    // A new account's first password is nobody's guess.
    const isTry = kdf === null || key !== null;
    const waitMs = isTry ? this.#throttle.attempt(source, account, this.#nowMs()) : 0;
    if (waitMs > 0) return { retryMs: waitMs };
    const derived = await this.#passwords.derive(password, kdf ?? decoyKdf(this.#suite, this.#secret, name), source);
    if ('busy' in derived) {
      if (isTry) this.#throttle.withdraw(source, account);
      return { retryMs: derived.retryMs };
    }
    if (!('seed' in derived) || kdf === null) return null;
    if (key !== null && this.#suite.keyPair(derived.seed).publicKey === key) this.#throttle.right(source, account);
    return derived.seed;
  }
}
