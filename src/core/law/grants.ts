/** Who may speak where: every session's grant to an incarnation of a node, as proved by itself. Whether the proof still holds is for the law to say. */

import type { FeedInfo } from '../feed.ts';
import type { AuthorId, FeedId } from '../ids.ts';
import type { Head } from '../op.ts';
import type { Place } from '../order.ts';
import type { Position } from '../past.ts';
import type { Proof } from './body.ts';

/** One grant; the proof is null where the author is a guest, who is their session. */
export interface Granted extends Position {
  readonly proof: Proof | null;
  /** The op itself. */
  readonly by: Subject;
}

/** Whatever is judged: an op of any kind. */
export interface Subject {
  readonly head: Head;
  readonly feed: FeedInfo;
  readonly place: Place;
}

/** All grants of one author to one incarnation, in the order of its feed. */
export interface Backing {
  /** The first entry that carries one. */
  readonly seq: number;
  readonly all: Granted[];
}

export class Grants {
  readonly #of = new Map<AuthorId, Map<FeedId, Backing>>();

  add(author: AuthorId, granted: Granted): void {
    let feeds = this.#of.get(author);
    if (!feeds) this.#of.set(author, (feeds = new Map()));
    const backing = feeds.get(granted.feed);
    if (backing) backing.all.push(granted);
    else feeds.set(granted.feed, { seq: granted.seq, all: [granted] });
  }

  /** The grants of an author to the incarnation of a governance feed. */
  get(author: AuthorId, feed: FeedId): Backing | undefined {
    return this.#of.get(author)?.get(feed);
  }

  /** Whether a governance feed carries a grant beyond some entry, by somebody or (null) by anybody. */
  isBeyond(feed: FeedId, seq: number, author: AuthorId | null): boolean {
    const backings = author === null ? [...this.#of.values()].map((feeds) => feeds.get(feed)) : [this.get(author, feed)];
    return backings.some((backing) => backing?.all.some((granted) => granted.seq > seq));
  }

  /** The governance feeds of the incarnations an author granted. */
  feeds(author: AuthorId): Iterable<FeedId> {
    return this.#of.get(author)?.keys() ?? [];
  }

  /** The keys of sessions of an account whose grants lie before a position. */
  *sessions(author: AuthorId, isPast: (granted: Position) => boolean): Generator<string> {
    for (const backing of this.#of.get(author)?.values() ?? []) {
      for (const granted of backing.all) if (granted.proof && isPast(granted)) yield granted.proof.keys[0]!;
    }
  }
}
