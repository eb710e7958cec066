/** Who is in a private room, found from the ops of law one after the other: not by the code that doors ask. */

import type { AuthorId, RoomId } from '../../src/core/ids.ts';
import type { House } from './town.ts';

/** Whether somebody is in a private room, op by op. */
export function isInside({ engine: { law } }: House, author: AuthorId, room: RoomId): boolean {
  let inside = false;
  let banned = false;
  for (const op of law.ops) {
    if (law.voidOf(op) !== null) continue;
    const { body, head, id } = op;
    const isHere = head.room === room;
    if (isHere && body.law === 'founded' && head.author === author) inside = true;
    if (!('subject' in body) || body.subject !== author || law.isUndone(id)) continue;
    if (isHere && body.law === 'invitation') inside = true;
    if (isHere && body.law === 'role') inside = body.role !== 'none';
    if (isHere && body.law === 'kick') inside = false;
    if (body.law === 'ban' && (isHere || head.room === '')) banned = true;
  }
  return inside && !banned;
}
