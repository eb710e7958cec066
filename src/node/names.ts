/** Which names are free: of guests those that nobody present has, of accounts those that no account has or could be taken for. */

import type { Refusal } from '../core/commands.ts';
import type { AuthorId } from '../core/ids.ts';
import { NameIndex, scriptFault } from '../core/lookalike.ts';
import type { SessionNo } from '../core/port.ts';
import type { State } from '../core/state.ts';
import { foldName } from '../core/text.ts';
import type { People } from './people.ts';
import type { Rights } from './rights.ts';

/** Words of the doors' own: whoever writes to them means the node. */
const RESERVED: ReadonlySet<string> = new Set(['nickserv', 'chanserv', 'skein', 'everyone', 'here', 'all']);

export class Names {
  readonly #state: State;
  readonly #people: People;
  readonly #rights: Rights;
  /** Names asked for and not yet durable. */
  readonly #claims = new Map<string, SessionNo>();
  /** The names of accounts by their looks, as they were when they were looked at. */
  readonly #looks = new NameIndex();
  readonly #indexed = new Map<AuthorId, string>();

  constructor(state: State, people: People, rights: Rights) {
    this.#state = state;
    this.#people = people;
    this.#rights = rights;
    this.refresh();
  }

  /** Accounts may have other names. */
  refresh(): void {
    for (const { author, name } of this.#state.accounts.values()) {
      const before = this.#indexed.get(author);
      if (before === name) continue;
      if (before) this.#looks.remove(before);
      if (name) this.#looks.add(name);
      this.#indexed.set(author, name);
    }
    for (const [author, name] of this.#indexed) {
      if (this.#state.accounts.has(author)) continue;
      if (name) this.#looks.remove(name);
      this.#indexed.delete(author);
    }
  }

  claim(folded: string, by: SessionNo): void {
    this.#claims.set(folded, by);
  }

  unclaim(folded: string, by: SessionNo): void {
    if (this.#claims.get(folded) === by) this.#claims.delete(folded);
  }

  #isClaimed(folded: string, by: SessionNo): boolean {
    const claimer = this.#claims.get(folded);
    return claimer !== undefined && claimer !== by;
  }

  /** Why a guest cannot have a name. */
  guestFault(name: string, by: SessionNo, author: AuthorId): Refusal | null {
    const folded = foldName(name);
    if (RESERVED.has(folded) || this.#isClaimed(folded, by)) return { type: 'name in use' };
    if (this.#rights.accountNamed(name) !== null) return { type: 'name registered' };
    const [like] = this.#looks.find(name);
    if (like !== undefined) return { type: 'name alike', like };
    const isTaken = this.#people.named(name).some((other) => other !== author && this.#people.isServed(other));
    return isTaken ? { type: 'name in use' } : null;
  }

  /** Why an account cannot have a name; `who`: whose session asks, which may have the name as a guest, or be the account. */
  accountFault(name: string, by: SessionNo, who: AuthorId | null): Refusal | null {
    const folded = foldName(name);
    if (RESERVED.has(folded) || this.#isClaimed(folded, by)) return { type: 'name in use' };
    const owner = this.#rights.accountNamed(name);
    if (owner !== null && owner !== who) return { type: 'name in use' };
    if (scriptFault(name)) return { type: 'name alike', like: null };
    const own = who === null ? undefined : this.#indexed.get(who);
    const like = this.#looks.find(name).find((one) => one !== own);
    if (like !== undefined) return { type: 'name alike', like };
    const isTaken = this.#people.named(name).some((other) => other !== who && this.#people.isServed(other));
    return isTaken ? { type: 'name in use' } : null;
  }
}
