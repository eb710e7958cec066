/** The rooms in the order of the side: by name, or as something was said last, rooms first and then direct ones. Pure. */

import type { RoomView, View } from '../../../src/client/view.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { compareText } from '../../../src/lib/bytes.ts';
import { NO_WISHES, ruleOf, type Wishes } from '../state/wishes.ts';

export interface RoomLine {
  readonly id: RoomId;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'direct';
  readonly with: AuthorId | null;
  readonly unread: number;
  readonly mentions: number;
  readonly isMuted: boolean;
  readonly isArchived: boolean;
  /** When something was said last, as far as it was loaded. */
  readonly lastMs: number;
}

export interface RoomList {
  readonly rooms: readonly RoomLine[];
  readonly direct: readonly RoomLine[];
}

/** What the name of a room is without its `#`: the side shows a sign for that. */
export function plainName(name: string, kind: RoomLine['kind']): string {
  return kind === 'public' ? name.replace(/^#/, '') : name;
}

function lineOf({ room, unread, mentions, timeline }: RoomView, isMuted: boolean): RoomLine {
  const { id, kind, name, archived } = room;
  const about = { id, name: plainName(name, kind), kind, with: room.with ?? null };
  return { ...about, unread, mentions, isMuted, isArchived: archived, lastMs: timeline.at(-1)?.atMs ?? 0 };
}

type Rooms = Pick<View, 'rooms' | 'muted' | 'blocked'>;

export function roomList({ rooms, muted, blocked }: Rooms, wishes: Pick<Wishes, 'rules' | 'order'> = NO_WISHES): RoomList {
  const shown = [...rooms.values()].filter(({ room }) => (room.kind === 'direct' ? !room.with || !blocked.has(room.with) : room.joined));
  const lines = shown.map((one) => lineOf(one, ruleOf(wishes, one.room.id, one.room.kind, muted.has(one.room.id)) === 'none'));
  const byName = (a: RoomLine, b: RoomLine): number => compareText(a.name.toLowerCase(), b.name.toLowerCase()) || compareText(a.id, b.id);
  lines.sort((a, b) => (wishes.order === 'recent' ? b.lastMs - a.lastMs : 0) || byName(a, b));
  return { rooms: lines.filter(({ kind }) => kind !== 'direct'), direct: lines.filter(({ kind }) => kind === 'direct') };
}

/** What waits in all rooms, for the title of the page. */
export function waiting({ rooms, direct }: RoomList): { readonly unread: number; readonly mentions: number } {
  const heard = [...rooms, ...direct].filter(({ isMuted }) => !isMuted);
  return { unread: heard.reduce((sum, one) => sum + one.unread, 0), mentions: heard.reduce((sum, one) => sum + one.mentions, 0) };
}
