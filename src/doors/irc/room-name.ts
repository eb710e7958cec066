/** Names of rooms as IRC clients are shown them. */

import type { RoomId } from '../../core/ids.ts';
import type { State } from '../../core/state.ts';

function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * The founder's spelling where clients, which compare by ASCII, take it for the same room as the id; the id otherwise. So the name may change when a
 * healed partition brings an earlier founder, and still no client takes it for another room.
 */
export function roomName(state: State, id: RoomId): string {
  const name = state.rooms.get(id)?.name?.value;
  return name !== undefined && asciiLower(name) === id ? name : id;
}
