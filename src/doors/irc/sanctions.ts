/** Words of law as readers are shown them: who was given a say, kicked, banned, muted or invited, and what was undone. */

import { hlcMs } from '../../core/hlc.ts';
import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import type { LawOp } from '../../core/law/body.ts';
import type { Sanction } from '../../core/port.ts';
import { accountChanged, leaveWith, quit } from './comings.ts';
import type { IrcDoor } from './door.ts';
import { prefixChange } from './prefixes.ts';
import type { Room } from './room.ts';
import { roomName } from './room-name.ts';
import { gatherTold } from './room-notices.ts';
import { doing } from './told.ts';

export function sanctioned(door: IrcDoor, { head, body, id, key }: LawOp): void {
  const room = head.room as RoomId | '';
  switch (body.law) {
    case 'role':
      return roleGiven(door, room, body.subject, head.author);
    case 'invitation':
      return invited(door, room as RoomId, body.subject, head.author);
    case 'kick':
      return kicked(door, room as RoomId, body.subject, head.author, body.reason);
    case 'ban':
    case 'mute': {
      const untilMs = body.until === 0 ? null : hlcMs(body.until);
      const { subject: person, reason, law: does } = body;
      return silenced(door, { id, does, room, person, by: head.author, untilMs, reason, atMs: hlcMs(key) });
    }
    case 'settle':
      return accountChanged(door, body.subject);
    case 'undo':
      return undone(door, head.target as MessageId, head.author);
    default:
      return;
  }
}

function roleGiven(door: IrcDoor, id: RoomId | '', subject: AuthorId, by: AuthorId): void {
  const person = door.people.of(by);
  for (const room of id === '' ? door.rooms.values() : [door.rooms.get(id)]) {
    if (!room) continue;
    if (room.roster.has(subject)) gatherTold(door, room, prefixChange(door, room, subject, person));
    if (room.id[0] === '!') dropMembers(door, room);
  }
}

/** Whoever reads a private room and does not belong there any more leaves it. */
export function dropOutsiders(door: IrcDoor, room: Room): void {
  for (const { author } of [...room.readers]) {
    if (author === null || door.port.mayRead(author, room.id)) continue;
    leaveWith(door, room, author, doing(door.people.of(author), 'PART', room.name, 'No longer a member of this room'));
  }
}

/** Also those who are at another node. */
function dropMembers(door: IrcDoor, room: Room): void {
  dropOutsiders(door, room);
  for (const author of [...room.roster]) {
    if (!door.port.mayRead(author, room.id))
      leaveWith(door, room, author, doing(door.people.of(author), 'PART', room.name, 'No longer a member of this room'));
  }
}

function invited(door: IrcDoor, id: RoomId, subject: AuthorId, by: AuthorId): void {
  if (!door.port.mayRead(subject, id)) return;
  const name = door.rooms.get(id)?.name ?? roomName(door.port.state, id);
  for (const session of door.sessionsOf(subject))
    if (!session.hidden?.has(by)) door.send(session, doing(door.people.of(by), 'INVITE', session.nick, name)(session.caps));
}

function kicked(door: IrcDoor, id: RoomId, subject: AuthorId, by: AuthorId, reason: string): void {
  const room = door.rooms.get(id);
  if (!room) return;
  const { nick } = door.people.of(subject);
  leaveWith(door, room, subject, doing(door.people.of(by), 'KICK', room.name, nick, reason === '' ? nick : reason));
}

/** As it is shown in lists of bans: a mute is one of kind `m`. */
export function maskOf(door: IrcDoor, { does, person }: Pick<Sanction, 'does' | 'person'>): string {
  const mask = `${door.people.of(person).nick}!*@*`;
  return does === 'mute' ? `m:${mask}` : mask;
}

/** Whom a mask names: a name, `name!*@*` or `$a:account`, after `m:` where a mute is meant. */
export function readMask(mask: string): { does: 'ban' | 'mute'; name: string } {
  const isMute = mask.startsWith('m:');
  const rest = (isMute ? mask.slice(2) : mask).replace(/^\$a:/, '').replace(/!.*$/s, '');
  return { does: isMute ? 'mute' : 'ban', name: rest };
}

function silenced(door: IrcDoor, sanction: Sanction): void {
  const { room: id, person, by, does, reason } = sanction;
  if (id === '') {
    if (does === 'ban' && !door.port.isPresent(person)) quit(door, person, reason === '' ? 'Banned' : `Banned: ${reason}`);
    return;
  }
  const room = door.rooms.get(id);
  if (!room) return;
  room.sanctions.set(sanction.id, sanction);
  gatherTold(door, room, doing(door.people.of(by), 'MODE', room.name, '+b', maskOf(door, sanction)));
  if (does === 'ban') kicked(door, id, person, by, reason);
}

function undone(door: IrcDoor, target: MessageId, by: AuthorId): void {
  for (const room of door.rooms.values()) {
    const sanction = room.sanctions.get(target);
    if (!sanction) continue;
    room.sanctions.delete(target);
    gatherTold(door, room, doing(door.people.of(by), 'MODE', room.name, '-b', maskOf(door, sanction)));
  }
}
