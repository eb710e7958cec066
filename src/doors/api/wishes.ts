/** What a session's account wants to hear less of: read when it opens, and kept up by what becomes durable. */

import type { Event } from '../../api/protocol.ts';
import type { ApiDoor } from './door.ts';
import type { Reader } from './reader.ts';

/** Reads it anew; false where it could not be read, or the session is over. */
export async function loadWishes(door: ApiDoor, reader: Reader): Promise<boolean> {
  const wishes = await door.port.wishes(reader.no).catch(() => null);
  if (!wishes || reader.state === 'closed') return false;
  const on = wishes.filter((wish) => wish.on).map(({ about }) => about);
  reader.muted = new Set(on.flatMap((about) => (about.type === 'room' ? [about.room] : [])));
  const blocked = on.flatMap((about) => (about.type === 'person' ? [about.person] : []));
  reader.hidden = blocked.length > 0 ? new Set(blocked) : null;
  return true;
}

export function wishesEvent({ muted, hidden }: Reader): Extract<Event, { type: 'wishes' }> {
  return { type: 'wishes', muted: [...muted], blocked: [...(hidden ?? [])] };
}
