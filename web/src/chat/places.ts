/** Where somebody reads in a room: at its end, or at a message whose upper edge is so far below that of the page. Remembered for each room while the app is open. */

import type { VirtualizerHandle } from 'virtua';
import { indexOfId } from '../../../src/client/find.ts';
import type { Item } from '../../../src/client/view.ts';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';

export type Place = 'end' | { readonly id: MessageId; readonly top: number };

export const places = new Map<RoomId, Place>();

function rowOf(box: HTMLElement, id: MessageId): HTMLElement | null {
  return box.querySelector(`[data-message="${CSS.escape(id)}"]`);
}

/** Nearer to the end than this, in px, is at it. */
const END_PX = 40;

/** The first message that shows whole or in part; `hasEnd`: whether the end is a place. */
export function placeIn(box: HTMLElement, hasEnd: boolean): Place {
  if (hasEnd && box.scrollHeight - box.scrollTop - box.clientHeight <= END_PX) return 'end';
  const edge = box.getBoundingClientRect().top;
  for (const row of box.querySelectorAll<HTMLElement>('[data-message]')) {
    const { top, bottom } = row.getBoundingClientRect();
    if (bottom > edge) return { id: row.dataset['message'] as MessageId, top: top - edge };
  }
  return 'end';
}

/** Brings a place back. What is drawn is moved by what it is off; else the list goes there. */
export function restore(place: Exclude<Place, 'end'>, timeline: readonly Item[], list: VirtualizerHandle, box: HTMLElement): void {
  const row = rowOf(box, place.id);
  if (row) {
    const off = row.getBoundingClientRect().top - box.getBoundingClientRect().top - place.top;
    if (Math.abs(off) >= 1) list.scrollBy(off);
    return;
  }
  const index = indexOfId(timeline, place.id);
  if (index >= 0) list.scrollToIndex(index, { align: 'start', offset: -place.top });
}
