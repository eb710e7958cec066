/** Why the law, as it is now, keeps somebody from what they ask for: told at once, where the fold would only make it void. */

import type { Refusal } from '../core/commands.ts';
import type { Folder } from '../core/fold.ts';
import { hlcMs } from '../core/hlc.ts';
import type { AuthorId, RoomId } from '../core/ids.ts';
import { isPrivateRoomId } from '../core/kinds/room.ts';
import type { LawOp, Role } from '../core/law/body.ts';
import type { Power } from '../core/law/verdicts.ts';
import { banOf, mayRead } from '../core/may-read.ts';
import type { Sanction } from '../core/port.ts';
import { foldName } from '../core/text.ts';

export class Rights {
  readonly #folder: Folder;
  /** What the clock says, as a history key. */
  readonly #now: () => number;

  constructor(folder: Folder, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  power(author: AuthorId, room: RoomId | ''): Power {
    return this.#folder.law.verdicts.power(author, room, null);
  }

  isInside(author: AuthorId, room: RoomId): boolean {
    return this.#folder.law.verdicts.isInside(author, room, null);
  }

  /** Whether somebody may act against somebody. */
  moderates(author: AuthorId, person: AuthorId, room: RoomId | ''): boolean {
    const power = this.power(author, room);
    return power >= 2 && power >= this.power(person, room);
  }

  /** Why somebody may not enter a room, or read one that is private. */
  entryFault(author: AuthorId, room: RoomId): Refusal | null {
    if (isPrivateRoomId(room) && !this.isInside(author, room)) return { type: 'no such room' };
    const ban = banOf(this.#folder, author, room, this.#now());
    return ban && silenced(ban);
  }

  /** Why somebody is not let into the network at all. */
  outFault(author: AuthorId): Refusal | null {
    const ban = banOf(this.#folder, author, '', this.#now());
    return ban && silenced(ban);
  }

  /** Why somebody may not speak in a room. */
  speakFault(author: AuthorId, room: RoomId): Refusal | null {
    const op = this.#folder.law.verdicts.silencedBy(author, room, this.#now());
    if (op) return silenced(op);
    if (isPrivateRoomId(room) && !this.isInside(author, room)) return { type: 'no such room' };
    const settings = this.#folder.state.rooms.get(room)?.settings?.value;
    return settings?.archived ? { type: 'archived' } : null;
  }

  /** Seconds that a room wants between two messages of this person. */
  slowSeconds(author: AuthorId, room: RoomId): number {
    const seconds = this.#folder.state.rooms.get(room)?.settings?.value.slowSeconds ?? 0;
    return seconds > 0 && this.power(author, room) < 2 ? seconds : 0;
  }

  /** Whether somebody may read a direct room only its two people know; any other by its kind. */
  mayRead(author: AuthorId | null, room: RoomId, isTheirs: () => boolean): boolean {
    return mayRead(this.#folder, author, room, this.#now(), isTheirs);
  }

  /** The account that shows under a name. */
  accountNamed(name: string): AuthorId | null {
    const { state, law } = this.#folder;
    const folded = foldName(name);
    for (const base of new Set([folded, folded.replace(/~\d+$/, '')])) {
      for (const author of law.claimants(base)) {
        const account = state.accounts.get(author);
        if (account && !account.isDeleted && foldName(account.name) === folded) return author;
      }
    }
    return null;
  }

  isAccount(author: AuthorId): boolean {
    const account = this.#folder.state.accounts.get(author);
    return account !== undefined && !account.isDeleted;
  }

  /** Who was given a role in a room or (empty) in the network, by the last word on each; a room's founder owns it where nobody said otherwise. */
  roles(room: RoomId | ''): Map<AuthorId, Role> {
    const { law } = this.#folder;
    const roles = new Map<AuthorId, Role>();
    const founder = room === '' ? null : law.verdicts.founder(room, null);
    if (founder !== null) roles.set(founder, 'owner');
    for (const op of law.ops) {
      if (op.body.law === 'role' && op.head.room === room && law.voidOf(op) === null) roles.set(op.body.subject, op.body.role);
    }
    return roles;
  }

  /** The bans, mutes and kicks of a room or (empty) of the network that are in force, the oldest first. */
  sanctions(room: RoomId | ''): Sanction[] {
    const { law } = this.#folder;
    const sanctions: Sanction[] = [];
    for (const { body, head, id, place } of law.ops.filter(
      (op) => op.head.room === room && law.voidOf(op) === null && !law.isUndone(op.id),
    )) {
      if (body.law !== 'ban' && body.law !== 'mute' && body.law !== 'kick') continue;
      const until = body.law === 'kick' ? 0 : body.until;
      if (until !== 0 && until <= this.#now()) continue;
      const { subject: person, reason } = body;
      const untilMs = until === 0 ? null : hlcMs(until);
      sanctions.push({ id, does: body.law, room, person, by: head.author, untilMs, reason, atMs: hlcMs(place.key) });
    }
    return sanctions;
  }

  /** The accounts that own the network. */
  owners(): AuthorId[] {
    return [...this.#folder.state.accounts.keys()].filter((author) => this.isAccount(author) && this.power(author, '') === 4);
  }
}

/** The word of a ban or a mute to whom it concerns. */
export function silenced({ body }: LawOp): Refusal {
  if (body.law !== 'ban' && body.law !== 'mute') return { type: 'not allowed' };
  return { type: 'silenced', by: body.law, untilMs: body.until === 0 ? null : hlcMs(body.until), reason: body.reason };
}
