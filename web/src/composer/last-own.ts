/** The message that is edited next: one's own last one that can be. Pure. */

import type { Item } from 'skein/client';
import type { AuthorId } from '../../../src/core/ids.ts';

/** Farther back than this, in messages, it is not looked for. */
const LOOK_MAX = 500;

export function lastOwn(timeline: readonly Item[], me: AuthorId | undefined): Item | null {
  const last = timeline
    .slice(-LOOK_MAX)
    .findLast(
      ({ author, style, text, delivery }) =>
        author === me && style === 'text' && text !== null && (delivery === undefined || delivery.state === 'held'),
    );
  return last ?? null;
}
