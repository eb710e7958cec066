/** What a screen reader is told of messages that come to the open room: in few words, and not more often than one can listen. Pure. */

import type { Item } from '../../../src/client/view.ts';
import { glance } from './decide.ts';

/** Words are at least so far apart, in ms. */
export const APART_MS = 2500;
/** So many messages are read out; of more it is said how many came. */
const READ_MAX = 3;
const LETTERS = 240;

export function announcement(items: readonly Item[], roomName: string): string {
  if (items.length === 0) return '';
  if (items.length > READ_MAX) return `${items.length} new messages in ${roomName}`;
  return items.map(({ name, text }) => `${name}: ${glance(text ?? 'removed', LETTERS)}`).join('. ');
}
