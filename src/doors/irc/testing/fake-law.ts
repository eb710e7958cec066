/** Roles, invitations and sanctions of the fake node: who may do what, kept in tables and told as the fold tells them. */

import type { ClientId, MessageId, RoomId } from '../../../core/ids.ts';
import { type AuthorId, messageId } from '../../../core/ids.ts';
import type { LawBody, LawOp, Role } from '../../../core/law/body.ts';
import type { Power } from '../../../core/law/verdicts.ts';
import type { Place } from '../../../core/order.ts';
import type { Notice, Sanction } from '../../../core/port.ts';

const EMPTY: ReadonlyMap<AuthorId, Role> = new Map();

export class FakeLaw {
  readonly founders = new Map<RoomId, AuthorId>();
  readonly #roles = new Map<RoomId | '', Map<AuthorId, Role>>();
  readonly #inside = new Map<RoomId, Set<AuthorId>>();
  readonly all: Sanction[] = [];

  roles(room: RoomId | ''): ReadonlyMap<AuthorId, Role> {
    return this.#roles.get(room) ?? EMPTY;
  }

  power(author: AuthorId, room: RoomId | ''): Power {
    const network = this.roles('').get(author);
    if (network === 'owner') return 4;
    if (room) {
      const role = this.roles(room).get(author) ?? (this.founders.get(room) === author ? 'owner' : 'none');
      if (role === 'owner') return 3;
      if (role === 'moderator') return 2;
    }
    return network === 'moderator' ? 2 : 0;
  }

  moderates(author: AuthorId, subject: AuthorId, room: RoomId | ''): boolean {
    return this.power(author, room) >= 2 && this.power(author, room) >= this.power(subject, room);
  }

  give(room: RoomId | '', author: AuthorId, role: Role): void {
    this.#roles.set(room, new Map(this.roles(room)).set(author, role));
    if (room && role !== 'none') this.letIn(room, author);
  }

  letIn(room: RoomId, author: AuthorId): void {
    this.#inside.set(room, (this.#inside.get(room) ?? new Set()).add(author));
  }

  putOut(room: RoomId, author: AuthorId): void {
    this.#inside.get(room)?.delete(author);
  }

  isInside(author: AuthorId, room: RoomId): boolean {
    return this.#inside.get(room)?.has(author) ?? false;
  }

  sanctions(room: RoomId | ''): Sanction[] {
    return this.all.filter((one) => one.room === room);
  }

  /** What keeps somebody from speaking, there or everywhere. */
  silencedBy(author: AuthorId, room: RoomId | ''): Sanction | undefined {
    return this.all.find(
      (one) => one.person === author && one.does !== 'kick' && (one.room === '' || one.room === room || (room === '' && one.room === '')),
    );
  }

  isBanned(author: AuthorId): boolean {
    return this.all.some((one) => one.person === author && one.does === 'ban' && one.room === '');
  }

  /** The notice of an op of law. */
  op(by: AuthorId, room: RoomId | '', place: Place, body: LawBody, target: MessageId | '' = ''): Extract<Notice, { type: 'law' }> {
    const client = `1a${place.seq.toString(16).padStart(30, '0')}` as ClientId;
    const head = { kind: 0, author: by, client, room, target, after: 0, body: new Uint8Array(0), payloadHash: null };
    const op = { head, place, id: messageId(by, client), body, own: false, key: place.key, tables: [], rank: 0 };
    return { type: 'law', op: op as unknown as LawOp };
  }
}
