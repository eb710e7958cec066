/** How far members are from each other, in links, as far as the records of all tell; a link counts where both ends report it. */

import type { NodeId } from '../core/ids.ts';
import type { NodeRecord } from '../wire/frame.ts';

/** Links from a member to each other one, on ways that do not lead through `without` (breadth first). */
export function distances(records: ReadonlyMap<NodeId, NodeRecord>, from: NodeId, without: NodeId): Map<NodeId, number> {
  const found = new Map([[from, 0]]);
  // What is added to a map while it is walked is walked too.
  for (const [node, distance] of found) {
    for (const next of records.get(node)?.links ?? []) {
      if (next === without || found.has(next) || !records.get(next)?.links.includes(node)) continue;
      found.set(next, distance + 1);
    }
  }
  return found;
}
