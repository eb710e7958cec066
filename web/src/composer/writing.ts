/** Why one cannot write in a room, or not yet, or not so much: told before it is sent. Pure. */

import type { Item, RoomView } from 'skein/client';
import type { AuthorId } from '../../../src/core/ids.ts';
import { TEXT_BYTES_MAX } from '../../../src/core/text.ts';
import { MODERATES } from '../chat/message-doings.ts';

/** From this share of the limit on it is told how much there is. */
const TOLD_FROM = 0.8;

/** Nothing can be said there; null: it can. */
export function closedWords({ archived, joined, kind }: Pick<RoomView['room'], 'archived' | 'joined' | 'kind'>): string | null {
  if (archived) return 'This room is archived: it can be read, and nothing can be said in it.';
  if (!joined && kind !== 'direct') return 'You are not in this room.';
  return null;
}

/** How long one still has to wait in a slow room, in ms. */
export function waitMs(room: RoomView['room'], timeline: readonly Item[], me: AuthorId | undefined, nowMs: number): number {
  if (room.slowSeconds === 0 || room.power >= MODERATES || room.kind === 'direct') return 0;
  const last = timeline.findLast((item) => item.author === me && item.delivery?.state !== 'refused');
  return last ? Math.max(0, last.atMs + room.slowSeconds * 1000 - nowMs) : 0;
}

export function slowWords(slowSeconds: number, leftMs: number): string {
  return `Slow mode: one message in ${slowSeconds} s. You can say something in ${Math.ceil(leftMs / 1000)} s.`;
}

/** How much there is, where it comes near the limit. */
export function sizeWords(bytes: number, locale?: string): { readonly words: string; readonly isTooLong: boolean } | null {
  if (bytes < TEXT_BYTES_MAX * TOLD_FROM) return null;
  const number = (n: number): string => n.toLocaleString(locale);
  const isTooLong = bytes > TEXT_BYTES_MAX;
  const words = `${number(bytes)} of ${number(TEXT_BYTES_MAX)} bytes${isTooLong ? ': too long for one message' : ''}`;
  return { words, isTooLong };
}
