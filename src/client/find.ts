/** Finding a message in a timeline by its id, without an index that would have to be kept for each. Pure. */

import type { MessageId } from '../core/ids.ts';
import type { Item } from './view.ts';

/** Messages that are looked at around the place where an id would be. */
const LOOK_AROUND = 3_000;

/** Where a message is; -1 where it is not. Ids begin with the time at which they were made, so it is looked for from there outwards. */
export function indexOfId(timeline: readonly Item[], id: MessageId): number {
  const madeMs = Number.parseInt(id.slice(0, 12), 16);
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeline[middle]!.atMs < madeMs) low = middle + 1;
    else high = middle;
  }
  for (let away = 0; away <= LOOK_AROUND; away++) {
    if (timeline[low + away]?.id === id) return low + away;
    if (timeline[low - away]?.id === id) return low - away;
    if (low + away >= timeline.length && low - away < 0) break;
  }
  for (let i = timeline.length - 1; i >= Math.max(0, timeline.length - LOOK_AROUND); i--) if (timeline[i]!.id === id) return i;
  return -1;
}
