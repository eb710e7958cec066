/** The rooms in the order of the side: rooms by name, then direct ones by name. Pure. */

import type { RoomView, View } from '../../../src/client/view.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { compareText } from '../../../src/lib/bytes.ts';

export interface RoomLine {
  readonly id: RoomId;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly with: AuthorId | null;
  readonly unread: number;
  readonly mentions: number;
  readonly isMuted: boolean;
}

export interface RoomList {
  readonly rooms: readonly RoomLine[];
  readonly direct: readonly RoomLine[];
}

/** What the name of a room is without its `#`: the side shows a sign for that. */
export function plainName(name: string, kind: RoomLine['kind']): string {
  return kind === 'public' ? name.replace(/^#/, '') : name;
}

function lineOf({ room, unread, mentions }: RoomView, isMuted: boolean): RoomLine {
  return { id: room.id, name: plainName(room.name, room.kind), kind: room.kind, with: room.with ?? null, unread, mentions, isMuted };
}

export function roomList({ rooms, muted, blocked }: Pick<View, 'rooms' | 'muted' | 'blocked'>): RoomList {
  const shown = [...rooms.values()].filter(({ room }) => (room.kind === 'direct' ? !room.with || !blocked.has(room.with) : room.joined));
  const lines = shown.map((one) => lineOf(one, muted.has(one.room.id)));
  lines.sort((a, b) => compareText(a.name.toLowerCase(), b.name.toLowerCase()) || compareText(a.id, b.id));
  return { rooms: lines.filter(({ kind }) => kind !== 'direct'), direct: lines.filter(({ kind }) => kind === 'direct') };
}

/** What waits in all rooms, for the title of the page. */
export function waiting({ rooms, direct }: RoomList): { readonly unread: number; readonly mentions: number } {
  const heard = [...rooms, ...direct].filter(({ isMuted }) => !isMuted);
  return { unread: heard.reduce((sum, one) => sum + one.unread, 0), mentions: heard.reduce((sum, one) => sum + one.mentions, 0) };
}
