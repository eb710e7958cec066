/** Which lines of the moderation log are in force against somebody. Pure. */

import type { WireAct } from '../../../src/api/protocol.ts';
import type { AuthorId } from '../../../src/core/ids.ts';

export function isInForce(act: WireAct, author: AuthorId, nowMs: number): boolean {
  if (act.person !== author || act.undoneBy !== null) return false;
  return (act.does === 'ban' || act.does === 'mute') && (act.untilMs === null || act.untilMs > nowMs);
}
