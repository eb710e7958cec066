/** Removals that can still be taken back: each waits a few seconds before it is asked for, as what is removed does not come back. */

import { useCallback, useSyncExternalStore } from 'react';
import type { Chat } from 'skein/client';
import type { MessageId, RoomId } from '../../../src/core/ids.ts';
import { complain } from '../state/hooks.ts';

/** So long, in ms. */
export const UNDO_MS = 5000;

interface Removal {
  readonly chat: Chat;
  readonly room: RoomId;
  readonly id: MessageId;
}

let waiting: readonly Removal[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function become(next: readonly Removal[]): void {
  waiting = next;
  for (const listener of [...listeners]) listener();
}

/** Asks for all that wait. */
function carryOut(): void {
  clearTimeout(timer);
  const all = waiting;
  become([]);
  for (const { chat, room, id } of all) chat.remove(room, id).catch(complain);
}

export function removeSoon(chat: Chat, room: RoomId, id: MessageId): void {
  if (waiting.some((one) => one.id === id)) return;
  become([...waiting, { chat, room, id }]);
  resumeRemovals();
}

/** None of those that wait takes place. */
export function takeBack(): void {
  clearTimeout(timer);
  become([]);
}

/** While somebody is at the words that offer it, the time stands still. */
export function holdRemovals(): void {
  clearTimeout(timer);
}

export function resumeRemovals(): void {
  clearTimeout(timer);
  if (waiting.length > 0) timer = setTimeout(carryOut, UNDO_MS);
}

// Whoever closes the page meant it.
addEventListener('pagehide', carryOut);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** How many wait. */
export function useRemovals(): number {
  return useSyncExternalStore(subscribe, () => waiting.length);
}

/** Whether a message is about to be removed. */
export function useRemoval(id: MessageId): boolean {
  return useSyncExternalStore(
    subscribe,
    useCallback(() => waiting.length > 0 && waiting.some((one) => one.id === id), [id]),
  );
}
