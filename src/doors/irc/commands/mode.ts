/** MODE: who has a say in a room, and who is kept out of it or silent there. */

import { HLC_PER_MS } from '../../../core/hlc.ts';
import type { RoomId } from '../../../core/ids.ts';
import { foldName } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { MODES_MAX } from '../limits.ts';
import { findPerson, noSuchNick } from '../post.ts';
import { isRoomName, knownRoom, roomName } from '../room-name.ts';
import { maskOf, readMask } from '../sanctions.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

/** Lists that clients ask for and that are always empty. */
const LISTS = new Map([
  ['e', ['349', 'End of channel exception list']],
  ['I', ['347', 'End of channel invite list']],
] as const);

/** Modes that every room has. */
const FIXED = 'nt';

interface Mode {
  readonly room: RoomId;
  /** As the client calls it. */
  readonly name: string;
  readonly on: boolean;
  readonly letter: string;
}

function show(door: IrcDoor, session: Session, id: RoomId): void {
  const room = door.port.state.rooms.get(id)!;
  const shown = door.rooms.get(id)?.name ?? roomName(door.port.state, id);
  door.reply(session, '324', shown, '+nt');
  if (room.name) door.reply(session, '329', shown, String(Math.floor(room.name.at.key / HLC_PER_MS / 1000)));
}

function listBans(door: IrcDoor, session: Session, id: RoomId, name: string): void {
  for (const sanction of door.port.sanctions(id)) {
    if (sanction.does === 'kick') continue;
    const { nick } = door.people.of(sanction.by);
    door.reply(session, '367', name, maskOf(door, sanction), nick, String(Math.floor(sanction.atMs / 1000)));
  }
  door.reply(session, '368', name, 'End of channel ban list');
}

function setBan(door: IrcDoor, session: Session, { room, name, on }: Mode, mask: string): void {
  const { does, name: whom } = readMask(mask);
  const person = findPerson(door, whom);
  if (!person) return noSuchNick(door, session, whom);
  if (on) return door.task(session, 'MODE', name, { type: does, room, person, forMs: 0, reason: '' });
  const sanction = door.port.sanctions(room).find((one) => one.person === person && one.does === does);
  if (sanction) door.task(session, 'MODE', name, { type: 'undo', target: sanction.id });
  else door.fail(session, 'MODE', 'NO_SUCH_BAN', name, mask, 'There is no such ban');
}

function setRole(door: IrcDoor, session: Session, { room, name, on, letter }: Mode, nick: string): void {
  const person = findPerson(door, nick);
  if (!person) return noSuchNick(door, session, nick);
  const role = !on ? 'member' : letter === 'q' ? 'owner' : 'moderator';
  door.task(session, 'MODE', name, { type: 'role', room, person, role });
}

function setOne(door: IrcDoor, session: Session, mode: Mode, args: string[]): void {
  const { letter, name, on } = mode;
  if (letter === 'q' || letter === 'o') {
    const nick = args.shift();
    if (nick === undefined) return door.reply(session, '461', 'MODE', 'Not enough parameters');
    return setRole(door, session, mode, nick);
  }
  if (letter === 'b') {
    const mask = args.shift();
    return mask === undefined ? listBans(door, session, mode.room, name) : setBan(door, session, mode, mask);
  }
  const list = LISTS.get(letter as 'e' | 'I');
  if (list) return door.reply(session, list[0], name, list[1]);
  if (!FIXED.includes(letter)) door.reply(session, '472', letter, 'is unknown mode char to me');
  else if (!on) door.reply(session, '482', name, 'This mode cannot be taken away');
}

function roomMode(door: IrcDoor, session: Session, target: string, modes: string | undefined, args: string[]): void {
  const room = knownRoom(door, session, target);
  if (room === null) return;
  if (modes === undefined || modes === '') return show(door, session, room);
  const name = door.rooms.get(room)?.name ?? roomName(door.port.state, room);
  let on = true;
  let count = 0;
  for (const letter of modes) {
    if (letter === '+' || letter === '-') on = letter === '+';
    else if (++count <= MODES_MAX) setOne(door, session, { room, name, on, letter }, args);
  }
}

export const mode: IrcCommand = {
  paramsMin: 1,
  run(door, session, [target, modes, ...args]) {
    if (isRoomName(target!)) return roomMode(door, session, target!, modes, args);
    if (foldName(target!) !== foldName(session.nick)) return door.reply(session, '502', 'You can only ask for your own modes');
    // Some clients set +i by themselves at every login: everybody is as visible as that.
    if (modes === '+i' || modes === '-i') return;
    if (modes) door.reply(session, '501', 'There are no user modes to set here');
    else door.reply(session, '221', '+');
  },
};
