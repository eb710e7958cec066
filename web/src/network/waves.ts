/**
 * A message on its way: from the node at which it was written, along links, until each node that can be reached has it. Pure.
 *
 * Which links it really took only the nodes know; by the shortest ways it is there at the same time or sooner.
 */

import type { NodeId } from '../../../src/core/ids.ts';
import type { Picture } from './picture.ts';

export interface Step {
  readonly from: NodeId;
  readonly to: NodeId;
  /** How many links it passed before. */
  readonly hop: number;
}

/** The steps of a wave, at most `most`; empty where the origin is not in the picture. */
export function waveFrom(origin: NodeId, { byId }: Pick<Picture, 'byId'>, most: number): Step[] {
  const steps: Step[] = [];
  const hops = new Map<NodeId, number>([[origin, 0]]);
  for (const [from, hop] of hops) {
    for (const to of byId.get(from)?.links ?? []) {
      if (hops.has(to)) continue;
      if (steps.length >= most) return steps;
      hops.set(to, hop + 1);
      steps.push({ from, to, hop });
    }
  }
  return steps;
}
