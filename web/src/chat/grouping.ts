/** How a message stands to the one before it: whether its author's name shows again, and whether a day begins. Pure. */

import type { Item } from '../../../src/client/view.ts';
import type { MessageId } from '../../../src/core/ids.ts';

/** What one person writes within so many ms is one group. */
const GROUP_MS = 5 * 60_000;

export interface Standing {
  /** It begins a group: with its author's name and mark. */
  readonly isHead: boolean;
  readonly isNewDay: boolean;
  readonly isFirstUnread: boolean;
}

/** `dayOf`: a number for each day of the reader's calendar. */
export function standingOf(item: Item, before: Item | undefined, firstUnread: MessageId | null, dayOf: (atMs: number) => number): Standing {
  const isNewDay = before === undefined || dayOf(before.atMs) !== dayOf(item.atMs);
  const isFirstUnread = item.id === firstUnread;
  return { isHead: isNewDay || isFirstUnread || !continues(item, before!), isNewDay, isFirstUnread };
}

function continues(item: Item, before: Item): boolean {
  if (item.author !== before.author || item.name !== before.name || item.imported !== before.imported) return false;
  if (item.style !== 'text' || before.style !== 'text' || item.target !== undefined) return false;
  return Math.abs(item.atMs - before.atMs) < GROUP_MS;
}

/** Whether what is new in a list stands before all of it: the place of the reader is then kept from its end. */
export function isPrepended(before: readonly Item[], now: readonly Item[]): boolean {
  if (before.length === 0 || now.length <= before.length) return false;
  return before[0] !== now[0] && before[0]!.id === now[now.length - before.length]?.id && before.at(-1)!.id === now.at(-1)!.id;
}
