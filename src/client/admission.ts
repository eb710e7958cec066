/** What to do when a node opens no session: try the next, take another name, or give up. */

import type { Refused } from '../api/protocol.ts';
import type { Identity } from './identity.ts';

export type Verdict =
  | { readonly type: 'elsewhere' }
  | { readonly type: 'over' }
  /** At once, at the same node. */
  | { readonly type: 'again'; readonly identity: Identity };

/** Refusals that another node might not give: it may know more. */
const MAY_KNOW_LESS = new Set(['no account', 'bad key', 'not allowed', 'silenced', 'registration']);
const NAME_TAKEN = new Set(['name in use', 'name alike', 'name registered']);
const NAMES_MAX = 5;
const REFUSALS_MAX = 6;

export class Admission {
  readonly #refusedAt = new Set<string>();
  #names = 0;
  #refusals = 0;

  /** `others`: addresses beside this one. `known`: who the client is to those it talks to; null where it was nobody yet. */
  refused({ type, retryMs }: Refused, url: string, others: readonly string[], known: Identity | null): Verdict {
    if (retryMs !== undefined) return { type: 'elsewhere' };
    // Somebody took the name of a guest who was away; whoever they talk to knows them by something like it.
    if (NAME_TAKEN.has(type) && known?.type === 'guest' && this.#names++ < NAMES_MAX)
      return { type: 'again', identity: { ...known, name: `${known.name}_` } };
    this.#refusedAt.add(url);
    // Nodes that cannot be reached might know more for ever.
    if (++this.#refusals >= REFUSALS_MAX) return { type: 'over' };
    const isLeft = others.some((other) => !this.#refusedAt.has(other));
    return MAY_KNOW_LESS.has(type) && isLeft ? { type: 'elsewhere' } : { type: 'over' };
  }

  opened(): void {
    this.#refusedAt.clear();
    this.#refusals = 0;
    this.#names = 0;
  }
}
