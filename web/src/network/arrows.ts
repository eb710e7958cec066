/** Which node an arrow key leads to: of those on that side, the one that is near and straight ahead. Pure. */

import type { Spot } from './layout.ts';

const DIRECTIONS: Readonly<Record<string, Spot>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
/** What lies aside counts as so many times as far; what lies so many times further aside than ahead is not on that side. */
const ASIDE = 2;
const ASIDE_MAX = 3;

/** Null: the key is no arrow, or nothing is on that side. */
export function nodeAside<Id>(key: string, from: Id, spots: ReadonlyMap<Id, Spot>): Id | null {
  const [direction, here] = [DIRECTIONS[key], spots.get(from)];
  if (!direction || !here) return null;
  let [best, least]: [Id | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const [id, { x, y }] of spots) {
    const ahead = (x - here.x) * direction.x + (y - here.y) * direction.y;
    const aside = Math.abs((x - here.x) * direction.y) + Math.abs((y - here.y) * direction.x);
    const far = ahead + ASIDE * aside;
    if (id !== from && ahead > 0 && aside <= ahead * ASIDE_MAX && far < least) [best, least] = [id, far];
  }
  return best;
}
