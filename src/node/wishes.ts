/**
 * What the accounts that have sessions here want to hear less of: read from the store once, and renewed by what becomes durable. The last word on each room and each
 * person counts, so it is no matter which of the two tells of it.
 */

import type { AuthorId, RoomId } from '../core/ids.ts';
import { comparePlaces } from '../core/order.ts';
import type { Change, Wish } from '../core/state.ts';

/** Accounts whose wishes are remembered; one that was forgotten is read anew. */
const ACCOUNTS_MAX = 10_000;

/** The wishes of one account. */
export class Wished {
  readonly #last = new Map<string, Wish>();

  note(wish: Wish): void {
    const subject = wish.about.type === 'room' ? wish.about.room : wish.about.person;
    const known = this.#last.get(subject);
    if (!known || comparePlaces(known.place, wish.place) < 0) this.#last.set(subject, wish);
  }

  get all(): Wish[] {
    return [...this.#last.values()].sort((a, b) => comparePlaces(a.place, b.place));
  }

  /** Whether they block anybody. */
  get blocksAny(): boolean {
    for (const { about, on } of this.#last.values()) if (on && about.type === 'person') return true;
    return false;
  }

  blocks(person: AuthorId): boolean {
    return this.#last.get(person)?.on ?? false;
  }

  isMuted(room: RoomId): boolean {
    return this.#last.get(room)?.on ?? false;
  }
}

export class Wishes {
  /** Kept while they are read, too: what becomes durable meanwhile may not be in what is read. */
  readonly #of = new Map<AuthorId, { readonly wished: Wished; readonly read: Promise<Wished> }>();

  /** What an account wants, as far as it is durable; `read` asks the store for it. */
  of(author: AuthorId, read: () => Promise<readonly Wish[]>): Promise<Wished> {
    const known = this.#of.get(author);
    if (known) return known.read;
    const wished = new Wished();
    const reading = read().then(
      (wishes) => {
        for (const wish of wishes) wished.note(wish);
        return wished;
      },
      (error: unknown) => {
        this.#of.delete(author);
        throw error;
      },
    );
    this.#of.set(author, { wished, read: reading });
    if (this.#of.size > ACCOUNTS_MAX) this.#of.delete(this.#of.keys().next().value!);
    return reading;
  }

  /** Something became durable. */
  note(change: Change): void {
    if (change.type === 'prefer') this.#of.get(change.wish.author)?.wished.note(change.wish);
    // Any of them may count no more, or count again.
    if (change.type === 'refolded') this.#of.clear();
  }
}
