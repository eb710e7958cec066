/** What can be done with a message, by whom. Pure. */

import type { Item, RoomView } from 'skein/client';
import type { AuthorId } from '../../../src/core/ids.ts';

/** Power in a room (api/protocol.ts, WireRoom) from which on one moderates. */
export const MODERATES = 2;

export interface Doings {
  readonly reply: boolean;
  readonly react: boolean;
  readonly edit: boolean;
  readonly pin: boolean;
  readonly remove: boolean;
  readonly report: boolean;
  /** Kick, mute, ban its author. */
  readonly moderate: boolean;
}

const NOTHING: Doings = { reply: false, react: false, edit: false, pin: false, remove: false, report: false, moderate: false };

export function doingsOf(item: Item, room: RoomView['room'], me: AuthorId | undefined): Doings {
  if (item.text === null || (item.delivery && item.delivery.state !== 'held')) return NOTHING;
  const isMine = item.author === me;
  const isDirect = room.kind === 'direct';
  const speaks = !room.archived;
  const moderates = !isDirect && room.power >= MODERATES;
  return {
    reply: speaks,
    react: speaks,
    edit: isMine && speaks && item.style === 'text',
    pin: isDirect || moderates,
    remove: isMine || moderates,
    report: !isMine,
    moderate: moderates && !isMine && !item.imported,
  };
}
