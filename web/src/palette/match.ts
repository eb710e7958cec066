/** How well a name fits what somebody typed: all its letters in their order, best where they begin words. Pure. */

import { foldName } from '../../../src/core/text.ts';

/** Null: it does not fit. More is better. */
export function fit(name: string, typed: string): number | null {
  const text = foldName(name);
  const sought = foldName(typed).replace(/\s+/g, '');
  if (sought === '') return 0;
  const whole = text.indexOf(sought);
  if (whole >= 0) return 1000 - whole + (isBegin(text, whole) ? 500 : 0) - text.length / 100;
  let at = -1;
  let points = 0;
  for (const letter of sought) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    points += isBegin(text, next) ? 10 : next === at + 1 ? 5 : 1;
    at = next;
  }
  return points - text.length / 100;
}

function isBegin(text: string, at: number): boolean {
  return at === 0 || /[\s#&_\-./]/.test(text[at - 1]!);
}

export interface Fitting {
  readonly name: string;
  /** Other words by which it is found. */
  readonly also?: string;
}

/** Those that fit, the best first; of equals the earlier one. */
export function best<T extends Fitting>(things: readonly T[], typed: string, max: number): readonly T[] {
  const points = things.flatMap((thing, i) => {
    const own = fit(thing.name, typed);
    const other = thing.also ? fit(thing.also, typed) : null;
    const most = Math.max(own ?? Number.NEGATIVE_INFINITY, (other ?? Number.NEGATIVE_INFINITY) - 1);
    return most === Number.NEGATIVE_INFINITY ? [] : [{ thing, most, i }];
  });
  points.sort((a, b) => b.most - a.most || a.i - b.i);
  return points.slice(0, max).map(({ thing }) => thing);
}
