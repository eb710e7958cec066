/** Notifications of the system. Browsers ask their user once, and only after a press; where they have none, or were refused, the page does without. */

import { roomHash } from '../state/route.ts';
import type { Word } from './decide.ts';

export type Permission = 'missing' | 'default' | 'granted' | 'denied';

/** Without HTTPS, except on this machine, browsers have no notifications. */
export function permission(): Permission {
  if (!('Notification' in globalThis) || !isSecureContext) return 'missing';
  return Notification.permission;
}

/** To be called in answer to a press. */
export async function askPermission(): Promise<Permission> {
  if (permission() === 'missing') return 'missing';
  return Notification.requestPermission();
}

/** One of a room takes the place of the one before it. */
export async function showSystem({ room, id, title, body }: Word): Promise<void> {
  const options = { body, tag: room, icon: '/icon.svg' };
  const hash = roomHash(room, id);
  try {
    const shown = new Notification(title, options);
    shown.onclick = () => {
      focus();
      location.hash = hash;
      shown.close();
    };
  } catch {
    // Browsers of telephones show them through the service worker alone.
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, { ...options, data: { hash } });
  }
}
