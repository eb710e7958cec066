/** The sessions of this node, and by whom: one person may have several, which share their rooms. */

import type { AuthorId, RoomId } from '../core/ids.ts';
import type { KeyCertificate } from '../core/kinds/proof.ts';
import type { Door, SessionNo } from '../core/port.ts';
import type { KeyPair } from '../core/suite.ts';

/** How the key of a session speaks for its account. */
export interface Certified {
  /** From the session's own up to the account's. */
  readonly chain: readonly KeyCertificate[];
  /** The account's own key. */
  readonly root: string;
}

export interface Session {
  readonly no: SessionNo;
  readonly door: Door;
  /** The address it comes from; empty for none. */
  readonly source: string;
  author: AuthorId | null;
  /** The public key. */
  publicKey: string | null;
  /** The key itself, from which grants are signed anew when the node opens new feeds; null where its client keeps it. */
  key: KeyPair | null;
  /** The grant that the client gave, where it keeps the key. */
  grant: Uint8Array | null;
  /** Whether its client has yet to grant this incarnation of the node: until then nothing is written for it. */
  awaitsGrant: boolean;
  /** Null for a guest, who is their session. */
  certified: Certified | null;
  name: string;
  /** Rooms it is in or asked to be in: those of all sessions of its person here. */
  rooms: Set<RoomId>;
  /** The highest history key it was shown outside its present rooms. */
  shownKey: number;
  /** Whether its grant is durable: from then on the law may end it. */
  isGranted: boolean;
}

/** Whether a session may do all that its person may: no device that may only speak, an app password for one, is behind it. */
export function mayAll({ certified }: Pick<Session, 'certified'>): boolean {
  return certified === null || certified.chain.slice(1).every(({ may }) => may === 'all');
}

interface Own {
  readonly sessions: Set<Session>;
  readonly rooms: Set<RoomId>;
}

export class Sessions {
  readonly #all = new Map<SessionNo, Session>();
  readonly #own = new Map<AuthorId, Own>();
  #next = 1;

  /** How many there are of each door that has a name, and of doors that have none. */
  byDoor(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { door } of this.#all.values()) counts.set(door.name ?? 'other', (counts.get(door.name ?? 'other') ?? 0) + 1);
    return counts;
  }

  get size(): number {
    return this.#all.size;
  }

  get(no: SessionNo): Session | undefined {
    return this.#all.get(no);
  }

  open(door: Door, source: string): SessionNo {
    const no = this.#next++ as SessionNo;
    const nobody = { author: null, certified: null, name: '', rooms: new Set<RoomId>(), shownKey: 0, isGranted: false };
    const keyless = { publicKey: null, key: null, grant: null, awaitsGrant: false };
    this.#all.set(no, { no, door, source, ...nobody, ...keyless });
    return no;
  }

  remove(session: Session): void {
    this.#all.delete(session.no);
  }

  /** The people with sessions here. */
  authors(): IterableIterator<AuthorId> {
    return this.#own.keys();
  }

  isOwn(author: AuthorId): boolean {
    return this.#own.has(author);
  }

  of(author: AuthorId): ReadonlySet<Session> {
    return this.#own.get(author)?.sessions ?? new Set();
  }

  /** By author, for those who ask only whether somebody is here. */
  get own(): ReadonlyMap<AuthorId, unknown> {
    return this.#own;
  }

  /** A session becomes one of somebody's; `rooms` are theirs where it is the first. */
  join(session: Session, author: AuthorId, rooms: Iterable<RoomId>): void {
    let own = this.#own.get(author);
    if (!own) this.#own.set(author, (own = { sessions: new Set(), rooms: new Set(rooms) }));
    own.sessions.add(session);
    session.author = author;
    session.rooms = own.rooms;
  }

  /** Takes a session from its person; whether it was the last one here. */
  leave(session: Session): boolean {
    const { author } = session;
    const own = author === null ? undefined : this.#own.get(author);
    session.author = null;
    session.rooms = new Set();
    own?.sessions.delete(session);
    if (author === null || own?.sessions.size !== 0) return false;
    return this.#own.delete(author);
  }

  /** Somebody with sessions here is in these rooms, and in no others. */
  setRooms(author: AuthorId, inside: Iterable<RoomId>): void {
    const rooms = this.#own.get(author)?.rooms;
    rooms?.clear();
    for (const room of inside) rooms?.add(room);
  }

  /** Somebody with sessions here is in a room from now on, or is not. */
  move(author: AuthorId, room: RoomId, inside: boolean): void {
    const rooms = this.#own.get(author)?.rooms;
    if (inside) rooms?.add(room);
    else rooms?.delete(room);
  }
}
