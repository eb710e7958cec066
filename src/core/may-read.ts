/** Who may read what: a public room anybody, a private one who is inside, a direct one its two people. One answer for doors, search and exports. */

import type { Folder } from './fold.ts';
import type { AuthorId, RoomId } from './ids.ts';
import { isPrivateRoomId } from './kinds/room.ts';
import type { LawOp } from './law/body.ts';
import type { HistoryKey } from './order.ts';
import type { Message } from './state.ts';

type Governed = Pick<Folder, 'law'>;

/** The ban that keeps somebody out of a room, or out of the network; null for none. */
export function banOf({ law }: Governed, author: AuthorId, room: RoomId | '', now: HistoryKey): LawOp | null {
  const op = law.verdicts.silencedBy(author, room, now);
  return op?.body.law === 'ban' ? op : null;
}

/** Whether somebody may read a room. Of a direct room only its two people know whose it is. */
export function mayRead(folder: Governed, author: AuthorId | null, room: RoomId, now: HistoryKey, isTheirs: () => boolean): boolean {
  if (room[0] === '#') return true;
  if (author === null) return false;
  if (!isPrivateRoomId(room)) return isTheirs();
  return folder.law.verdicts.isInside(author, room, null) && banOf(folder, author, room, now) === null;
}

/** Whether somebody may read a message. */
export function mayReadMessage(folder: Governed, author: AuthorId, message: Message, now: HistoryKey): boolean {
  const { room, to } = message;
  return mayRead(folder, author, room, now, () => to !== null && (message.author === author || to === author));
}
