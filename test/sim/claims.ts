/** Claims that a hostile member made, with a clock of before all, to what a checkpoint covered already; and whether any of them has come before. */

import type { MessageId } from '../../src/core/ids.ts';
import { idOf, type Reference } from './reference.ts';

export interface Claim {
  /** A room's id, or a name. */
  readonly to: string;
  /** The op that was covered, and the hostile one. */
  readonly covered: MessageId;
  readonly by: MessageId;
  /** The checkpoints that were in force then. */
  readonly checkpoints: readonly MessageId[];
}

/**
 * Nothing can be said where the op, or a checkpoint of then, is not in force any more (withheld, or lost with its disk), nor where a checkpoint of somebody who had not
 * heard of these comes before them.
 */
export function judgeClaim({ to, covered, by, checkpoints }: Claim, reference: Reference): { counted: string; events: string[] } {
  const { law } = reference;
  const found = (id: string) => law.inForce.ops.findIndex((op) => idOf(op) === id);
  const [first, second] = [found(covered), found(by)];
  const places = checkpoints.map(found);
  const last = Math.max(...places);
  const isBefore = law.inForce.ops.slice(0, last).some((op) => op.head.kind === 22 && !checkpoints.includes(idOf(op) as MessageId));
  if (first < 0 || isBefore || places.includes(-1))
    return { counted: 'a claim to what was covered, of which the cover is gone', events: [] };
  return { counted: 'a backdated claim had no effect', events: second >= 0 && second < first ? [to] : [] };
}
