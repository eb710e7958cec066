/** What every kind of op is to the fold: it is read whole, with the signatures in it, before anything is changed. */

import type { Entry } from '../entry.ts';
import type { FeedInfo } from '../feed.ts';
import { type AuthorId, authorId } from '../ids.ts';
import type { LawOp } from '../law/body.ts';
import type { Law } from '../law/law.ts';
import type { Head } from '../op.ts';
import { comparePlaces, type Place } from '../order.ts';
import type { Change, Register, State, Void } from '../state.ts';
import type { Hashing, Suite } from '../suite.ts';

/** One op as it lies in the log. */
export interface Reading {
  readonly entry: Entry;
  readonly feed: FeedInfo;
  readonly head: Head;
  readonly place: Place;
  readonly payload: Uint8Array | null;
}

/** One op and all that its meaning may depend on. */
export interface Context extends Reading {
  readonly hashing: Hashing;
  readonly state: State;
  readonly law: Law;
  /** The op as law, where its kind is. */
  readonly op: LawOp | null;
}

/** A kind of op: `read` throws DecodeError for a bad body, or says why the op is void; `fold` changes the state, and says what it changed. */
export interface Kind<B> {
  read(suite: Suite, reading: Reading): B | Void;
  fold(context: Context, body: B): Change | null | Void;
}

/** A kind by the types that are its own affair. */
export type AnyKind = Kind<unknown>;

/** Sets a register where the place is later than the one that set it. */
export function win<T>(register: Register<T>, value: T, at: Place): boolean {
  if (comparePlaces(at, register.at) <= 0) return false;
  register.value = value;
  register.at = at;
  return true;
}

/** Why the author cannot be said to have written the op; null where they can. */
export function standing({ law, entry, feed, head, place }: Context): Void | null {
  return law.verdicts.standing({ head, feed, place }, entry.governance);
}

/** Why an op with no author but its node, or with a proof of its own, does not count; null where it does. */
export function withheld({ law, feed, head, place }: Reading & { law: Law }): Void | null {
  return law.verdicts.withheldBy({ head, feed, place }) ? 'withheld' : null;
}

/** Whether the op is the node's own word. */
export function isOwn(hashing: Hashing, { feed, head }: Reading): boolean {
  return head.author === (authorId(hashing, feed.node) as AuthorId);
}
