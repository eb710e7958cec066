/** Where what was not read begins, and what came since the reader left the end. Pure. */

import type { Item } from 'skein/client';
import type { AuthorId, MessageId } from '../../../src/core/ids.ts';

/** More than so many are not counted. */
export const COUNT_MAX = 999;

interface Asked {
  /** Messages of others that were not read. */
  readonly count: number;
  /** The last of them. */
  readonly last: MessageId | null;
  readonly me: AuthorId | undefined;
}

/** The first of them; null where it is not in the timeline. */
export function firstOf(timeline: readonly Item[], { count, last, me }: Asked): MessageId | null {
  if (count === 0) return null;
  let left = count;
  let isIn = last === null;
  for (let i = timeline.length - 1; i >= 0; i--) {
    const item = timeline[i]!;
    isIn ||= item.id === last;
    if (isIn && item.author !== me && --left === 0) return item.id;
  }
  return null;
}

/** How many messages of others are behind one; up to COUNT_MAX. */
export function countBehind(timeline: readonly Item[], id: MessageId | null, me: AuthorId | undefined): number {
  if (id === null) return 0;
  let count = 0;
  for (let i = timeline.length - 1; i >= 0 && count < COUNT_MAX; i--) {
    const item = timeline[i]!;
    if (item.id === id) return count;
    if (item.author !== me) count++;
  }
  return count;
}
