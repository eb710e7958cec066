/** Whether a message that came is told of, and how. Pure. */

import type { Item } from '../../../src/client/view.ts';
import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import type { Rule } from '../state/wishes.ts';

export interface Situation {
  readonly me: AuthorId | null;
  /** The room that is looked at. */
  readonly open: RoomId | null;
  readonly isBlocked: boolean;
  readonly isDirect: boolean;
  readonly rule: Rule;
  /** Do not disturb. */
  readonly isQuiet: boolean;
  /** Whether the page is seen. */
  readonly isShown: boolean;
  /** Whether the system may show something. */
  readonly maySystem: boolean;
}

/** Older messages are no news, in ms: what somebody missed is counted at the side. */
export const NEWS_MS = 10 * 60_000;

/** `page`: in the page itself. What is seen where it stands is told of by nobody. */
export function telling(item: Item, at: Situation, nowMs: number): 'none' | 'page' | 'system' {
  if (item.author === at.me || item.text === null || item.imported || at.isBlocked) return 'none';
  if (at.isQuiet || at.rule === 'none' || at.open === item.room || nowMs - item.atMs > NEWS_MS) return 'none';
  // A direct message names whom it is for, unless they want to hear of their name alone.
  if (at.rule === 'mentions' && !item.mentions) return 'none';
  if (at.isShown) return 'page';
  return at.maySystem ? 'system' : 'none';
}

/** A text in one line, so short that it can be read at a glance. */
export function glance(text: string, lettersMax = 140): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= lettersMax ? line : `${letters.slice(0, lettersMax - 1).join('')}…`;
}

export interface Told {
  readonly room: RoomId;
  readonly roomName: string;
  readonly isDirect: boolean;
  readonly item: Item;
}

export interface Word {
  readonly room: RoomId;
  /** Absent: of several messages. */
  readonly id?: Item['id'];
  readonly title: string;
  readonly body: string;
}

/** From so many messages of one room on they are told of together. */
const TOGETHER_MIN = 3;

/** What came at once, in as few words as it takes: each message, or of many in a room how many. */
export function wordsFor(told: readonly Told[]): readonly Word[] {
  const rooms = Map.groupBy(told, ({ room }) => room);
  return [...rooms].flatMap(([room, some]): Word[] => {
    const [first] = some;
    if (some.length >= TOGETHER_MIN) return [{ room, title: first!.roomName, body: `${some.length} new messages` }];
    return some.map(({ item, isDirect, roomName }) => ({
      room,
      id: item.id,
      title: isDirect ? item.name : `${item.name} in ${roomName}`,
      body: glance(item.text ?? ''),
    }));
  });
}
