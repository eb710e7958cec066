/** What the storage keeps, as texts under keys: who the client is and how far it was shown the log, its outbox, the nodes it knows, and the end of each timeline. */

import type { Cursor, WireRoom } from '../api/protocol.ts';
import { type AuthorId, isHexOf, type NetworkId, type RoomId } from '../core/ids.ts';
import type { Identity } from './identity.ts';
import type { Outgoing } from './outbox.ts';
import type { Item } from './view.ts';

/** What is kept of a room. */
export interface KeptRoom {
  readonly room: WireRoom;
  readonly items: readonly Item[];
  readonly isWhole: boolean;
  readonly cursor: Cursor;
}

/** The outbox; with what was shown when it was stored, as what waits in it comes after that, wherever it is handed in. */
export interface KeptOutbox {
  readonly after: number;
  readonly messages: readonly Outgoing[];
}

export interface KeptSession {
  readonly version: 1;
  readonly identity: Identity;
  readonly network: NetworkId | null;
  readonly author: AuthorId | null;
  /** The highest history key that was shown. */
  readonly after: number;
}

export const KEYS = { session: 'session', outbox: 'outbox', nodes: 'nodes' } as const;
const ROOM = 'room/';

export interface Kept {
  readonly session: KeptSession | null;
  readonly outbox: readonly Outgoing[];
  readonly nodes: readonly string[];
  readonly rooms: readonly KeptRoom[];
}

export function roomKey(room: RoomId): string {
  return ROOM + room;
}

/** Reads what is kept. What cannot be read is as if it were not there: the network has it all, but for the outbox. */
export function readKept(values: ReadonlyMap<string, string>): Kept {
  const session = parsed<KeptSession>(values.get(KEYS.session));
  const isSession = session?.version === 1 && 'type' in session.identity;
  if (!isSession) return { session: null, outbox: [], nodes: [], rooms: [] };
  const rooms = [...values].filter(([key]) => key.startsWith(ROOM)).map(([, value]) => parsed<KeptRoom>(value));
  const outbox = parsed<KeptOutbox>(values.get(KEYS.outbox));
  return {
    session: { ...session, after: Math.max(session.after, outbox?.after ?? 0) },
    outbox: (outbox?.messages ?? []).filter(({ id }) => isHexOf(id, 32)),
    nodes: parsed<string[]>(values.get(KEYS.nodes)) ?? [],
    rooms: rooms.filter((room) => room !== null),
  };
}

function parsed<T>(text: string | undefined): T | null {
  try {
    return text === undefined ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}
