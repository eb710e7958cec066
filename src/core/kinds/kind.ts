/** What every kind of op is to the fold. */

import type { Entry } from '../entry.ts';
import type { FeedInfo } from '../feed.ts';
import type { AuthorId } from '../ids.ts';
import type { Head } from '../op.ts';
import { comparePlaces, type Place } from '../order.ts';
import type { Change, Register, State, Void } from '../state.ts';
import type { Hashing } from '../suite.ts';

/** One op and all that its meaning may depend on. */
export interface Context {
  readonly hashing: Hashing;
  readonly state: State;
  readonly entry: Entry;
  readonly feed: FeedInfo;
  readonly head: Head;
  readonly place: Place;
  readonly payload: Uint8Array | null;
}

/** Folds one op: what it changed, nothing where a later op had won already, or why it is void. Throws DecodeError for a bad body. */
export type Fold = (context: Context) => Change | null | Void;

/** Sets a register where the place is later than the one that set it. */
export function win<T>(register: Register<T>, value: T, at: Place): boolean {
  if (comparePlaces(at, register.at) <= 0) return false;
  register.value = value;
  register.at = at;
  return true;
}

/** Whether the author had granted the writing node, as far as the entry itself rests on its governance feed. */
export function isGranted({ state, entry, feed, head }: Context): boolean {
  const grant = state.guests.get(head.author)?.grants.get(feed.sibling);
  return grant !== undefined && (feed.feed === feed.sibling || grant.seq <= entry.governance);
}

/** Whether the op is the node's own word. */
export function isOwn({ hashing, feed, head }: Context, authorOf: (hashing: Hashing, key: string) => AuthorId): boolean {
  return head.author === authorOf(hashing, feed.node);
}
