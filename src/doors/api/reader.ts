/** One connection of an API client, or one session that a door holds for a program: whose it is, what it reads, and what waits to be told to it. */

import type { Bye } from '../../api/protocol.ts';
import type { Answer } from '../../core/commands.ts';
import type { AuthorId, RoomId } from '../../core/ids.ts';
import type { SessionNo } from '../../core/port.ts';
import type { Item } from './turn.ts';

/** The sending side of a connection. Frames may be shared by many. */
export interface Output {
  /** Sends; false where more waits on the connection than may. */
  send(frame: string | Uint8Array): boolean;
  /** Says the last word and closes. */
  end(bye: Bye): void;
}

export class Reader {
  readonly no: SessionNo;
  readonly output: Output | null;
  /** Where it comes from (lib/source.ts); empty for nowhere. */
  readonly source: string;
  state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  author: AuthorId | null = null;
  isAccount = false;
  /** Rooms it is told of. */
  rooms = new Set<RoomId>();
  /** People with whom it has a direct room. */
  partners = new Set<AuthorId>();
  muted = new Set<RoomId>();
  /** Whom its account blocks; null for nobody. */
  hidden: Set<AuthorId> | null = null;
  /** How far its cursor was told, by the door's count. */
  at = 0;
  readonly pending = new Map<number, (answer: Answer) => void>();
  /** Requests that are not answered yet. */
  asked = 0;
  /** What came in while the session was being opened. */
  waiting: (() => void)[] = [];
  /** What this turn has for it alone. */
  own: Item[] = [];
  /** Rooms of this turn that have something. */
  turnRooms: RoomId[] | null = null;
  sinceMs = -1;

  /** `output`: null where nobody reads: the session is a program's, which asks and is answered. */
  constructor(no: SessionNo, output: Output | null, source: string) {
    this.no = no;
    this.output = output;
    this.source = source;
  }
}
