/** What ops take in an entry, in bytes: a little more than they do. */

import type { Op } from '../core/op.ts';

/** A head without its room and body. */
const HEAD_BYTES = 160;

export function opBytes(op: Op): number {
  return HEAD_BYTES + op.head.room.length * 3 + op.head.body.length + (op.payload?.length ?? 0);
}

export function opsBytes(ops: readonly Op[]): number {
  return ops.reduce((sum, op) => sum + opBytes(op), 0);
}
