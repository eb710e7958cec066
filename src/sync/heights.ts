/** How high entries reach in each feed. */

import type { Entry } from '../core/entry.ts';
import type { Vector } from '../core/vector.ts';

export function heights(entries: readonly Entry[]): Vector {
  return new Map(entries.map(({ feed, seq }) => [feed, seq]));
}
