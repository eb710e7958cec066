/**
 * Where in the app somebody is, as the address says it behind `#`, which browsers send to nobody. Pure.
 *
 * `#/` the chat, `#/room/ID` a room, `#/room/ID/MESSAGE` a message in it, `#/network`, `#/admin`, `#/settings`; `#setup=TOKEN` and `#invite=TOKEN` are links that somebody
 * was given: their secrets are taken out of the address as soon as they were read (`shown`).
 */

import type { MessageId, RoomId } from '../../../src/core/ids.ts';

export type Route =
  | { readonly page: 'chat'; readonly room: RoomId | null; readonly message: MessageId | null }
  | { readonly page: 'network' | 'admin' | 'settings' }
  | { readonly page: 'setup'; readonly token: string }
  | { readonly page: 'invite'; readonly token: string };

export type Page = Route['page'];

const CHAT: Route = { page: 'chat', room: null, message: null };

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `hash`: of the address, with its `#`. What is none of the app's addresses is the chat. */
export function readRoute(hash: string): Route {
  const [, kind, token] = /^#(setup|invite)=(.+)$/.exec(hash) ?? [];
  if (kind && token) return { page: kind as 'setup' | 'invite', token: decoded(token) };
  const [, page, first, second] = hash.split('/');
  switch (page) {
    case 'room':
      if (!first) return CHAT;
      return { page: 'chat', room: decoded(first) as RoomId, message: second ? (decoded(second) as MessageId) : null };
    case 'network':
    case 'admin':
    case 'settings':
      return { page };
    default:
      return CHAT;
  }
}

export function roomHash(room: RoomId | null, message?: MessageId): string {
  if (room === null) return '#/';
  return `#/room/${encodeURIComponent(room)}${message ? `/${encodeURIComponent(message)}` : ''}`;
}

/** What the address says instead of a secret; null where it may stay. */
export function shown(route: Route): string | null {
  return route.page === 'setup' || route.page === 'invite' ? `#/${route.page}` : null;
}
