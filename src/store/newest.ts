/** Ops of one kind by their keys, newest first: those that share a key are read together and put in the order of their places. */

import { comparePlaces, type HistoryKey, type Place } from '../core/order.ts';
import type { About } from '../core/state.ts';

export interface KeyedRow {
  readonly no: number;
  readonly key: HistoryKey;
}

/** What these rows (the highest key first) say that sorts before a place, newest first. `read`: what counts of a row, null for nothing. */
export function* newestOf(rows: Iterable<unknown>, read: (no: number) => About | null, before: Place | null): Generator<About> {
  let group: About[] = [];
  let groupKey = -1;
  const inOrder = (): About[] => group.sort((a, b) => comparePlaces(b.place, a.place));
  for (const row of rows) {
    const { no, key } = row as KeyedRow;
    if (key !== groupKey) {
      yield* inOrder();
      group = [];
    }
    groupKey = key;
    const about = read(no);
    if (about && (!before || comparePlaces(about.place, before) < 0)) group.push(about);
  }
  yield* inOrder();
}
