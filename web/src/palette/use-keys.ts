/** The keys that do something from anywhere (shortcuts.ts), at work. */

import { useEffect } from 'react';
import type { Chat } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { roomList } from '../chat/room-list.ts';
import { dispatch, useChat } from '../state/hooks.ts';
import { readRoute, roomHash } from '../state/route.ts';
import { uiStore } from '../state/ui-store.ts';
import { type Act, actOf, nextOf } from './shortcuts.ts';

function openRoom(): RoomId | null {
  const route = readRoute(location.hash);
  return route.page === 'chat' ? route.room : null;
}

function goRoom(chat: Chat, step: 1 | -1, isUnread: boolean): void {
  const { rooms, direct } = roomList(chat.view, uiStore.ui().wishes);
  const now = openRoom();
  const lines = [...rooms, ...direct].filter(({ id, unread, isMuted }) => !isUnread || id === now || (unread > 0 && !isMuted));
  const next = nextOf(
    lines.map(({ id }) => id),
    now,
    step,
  );
  if (next !== null && next !== now) location.hash = roomHash(next);
}

/** The parts of the page as one goes through them; those that are not there, or hidden, are passed over. */
function parts(): HTMLElement[] {
  const sought = ['nav[data-part] [data-rove][tabindex="0"]', '[data-part="messages"]', 'main textarea', 'aside[data-part]'];
  return sought
    .flatMap((one) => document.querySelector<HTMLElement>(one) ?? [])
    .filter((one) => one.checkVisibility({ visibilityProperty: true }));
}

function goPart(step: 1 | -1): void {
  const all = parts();
  const places = all.map((one) => one.closest('nav, aside') ?? one);
  const now = places.find((one) => one.contains(document.activeElement)) ?? null;
  const next = nextOf(places, now, step);
  if (next) all[places.indexOf(next)]?.focus();
}

function showSearch(): void {
  const { panel } = uiStore.ui();
  if (openRoom() === null) return;
  if (panel?.kind !== 'search') dispatch({ type: 'panel', panel: { kind: 'search' } });
  else document.querySelector<HTMLElement>('aside input[type="search"]')?.focus();
}

function perform(chat: Chat, act: Act): void {
  switch (act) {
    case 'palette':
      return dispatch({ type: 'dialog', dialog: uiStore.ui().dialog?.kind === 'palette' ? null : { kind: 'palette' } });
    case 'keys':
      return dispatch({ type: 'dialog', dialog: { kind: 'keys' } });
    case 'search':
      return showSearch();
    case 'next room':
      return goRoom(chat, 1, false);
    case 'room before':
      return goRoom(chat, -1, false);
    case 'next unread':
      return goRoom(chat, 1, true);
    case 'unread before':
      return goRoom(chat, -1, true);
    case 'next part':
      return goPart(1);
    case 'part before':
      return goPart(-1);
    case 'all read':
      for (const { room, unread } of chat.view.rooms.values()) if (unread > 0) chat.read(room.id);
  }
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** While a dialog is open only those count that open another one. */
function counts(act: Act): boolean {
  return uiStore.ui().dialog === null || act === 'palette';
}

export function useKeys(): void {
  const chat = useChat();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return;
      const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
      const press = { key, isMod: ctrlKey || metaKey, isAlt: altKey, isShift: shiftKey, isText: isText(event.target) };
      const act = actOf(press, uiStore.ui().wishes.hasLetterKeys);
      if (act === null || !counts(act)) return;
      event.preventDefault();
      perform(chat, act);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [chat]);
}
