/** Who is linked with whom, and how far members are from each other in links, as far as the records of all tell. */

import type { NodeId } from '../core/ids.ts';
import type { NodeRecord } from '../wire/frame.ts';

/** Of each member those it is linked with; a link counts where both ends report it. */
export type Graph = ReadonlyMap<NodeId, readonly NodeId[]>;

export function graphOf(records: ReadonlyMap<NodeId, NodeRecord>): Graph {
  const reported = new Map([...records].map(([node, { links }]) => [node, new Set(links)]));
  return new Map([...reported].map(([node, links]) => [node, [...links].filter((other) => reported.get(other)?.has(node))]));
}

/** Links from a member to each other one (breadth first). */
export function distances(graph: Graph, from: NodeId): Map<NodeId, number> {
  const found = new Map([[from, 0]]);
  // What is added to a map while it is walked is walked too.
  for (const [node, distance] of found) {
    for (const next of graph.get(node) ?? []) if (!found.has(next)) found.set(next, distance + 1);
  }
  return found;
}
