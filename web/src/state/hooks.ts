/** How components read: the view of the client library, the app's own state, the address. Each takes the part it shows, and is drawn anew when that part is another object. */

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Chat, RoomView, View } from 'skein/client';
import type { RoomId } from '../../../src/core/ids.ts';
import { type Route, readRoute } from './route.ts';
import { type Session, sessionStore } from './session.ts';
import type { Ui, UiAction } from './ui.ts';
import { uiStore } from './ui-store.ts';

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error('useChat is for what is inside the chat');
  return chat;
}

/** A part of the view. `select` has to give the same object for as long as nothing changed: a field of the view, not something made of it. */
export function useView<T>(select: (view: View) => T): T {
  const chat = useChat();
  const subscribe = useCallback((listener: () => void) => chat.subscribe(listener), [chat]);
  return useSyncExternalStore(subscribe, () => select(chat.view));
}

export function useRoom(id: RoomId): RoomView | undefined {
  return useView((view) => view.rooms.get(id));
}

/** A part of the app's own state; the same holds for `select`. */
export function useUi<T>(select: (ui: Ui) => T): T {
  return useSyncExternalStore(uiStore.subscribe, () => select(uiStore.ui()));
}

export const dispatch: (action: UiAction) => void = uiStore.dispatch;

export function useSession(): Session {
  return useSyncExternalStore(sessionStore.subscribe, sessionStore.now);
}

function onHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

let lastHash: string | null = null;
let lastRoute: Route = readRoute('');

function routeNow(): Route {
  if (location.hash !== lastHash) {
    lastHash = location.hash;
    lastRoute = readRoute(lastHash);
  }
  return lastRoute;
}

export function useRoute(): Route {
  return useSyncExternalStore(onHash, routeNow);
}

/** Says in a notice why something did not work. */
export function complain(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  dispatch({ type: 'notice', kind: 'bad', words });
}
