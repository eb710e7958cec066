/** NAMES: who is in a room. */

import type { AuthorId } from '../../../core/ids.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import type { IrcDoor } from '../door.ts';
import { NAMES_LETTERS_MAX } from '../limits.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

/** The people of a room, in as many lines as it takes. */
export function sendNames(door: IrcDoor, session: Session, room: string, people: Iterable<AuthorId>): void {
  let names = '';
  for (const author of people) {
    const { nick } = door.people.of(author);
    if (names.length + nick.length >= NAMES_LETTERS_MAX) {
      door.reply(session, '353', '=', room, names);
      names = '';
    }
    names += names === '' ? nick : ` ${nick}`;
  }
  if (names !== '') door.reply(session, '353', '=', room, names);
  door.reply(session, '366', room, 'End of NAMES list');
}

export const names: IrcCommand = {
  paramsMin: 0,
  run(door, session, [rooms]) {
    if (rooms === undefined) return door.reply(session, '366', '*', 'Name a channel');
    for (const name of rooms.split(',')) {
      const id = publicRoomId(name);
      const known = door.rooms.get(id);
      if (known && session.rooms?.has(known)) sendNames(door, session, known.name, known.roster);
      else if (door.port.state.rooms.has(id)) sendNames(door, session, roomName(door.port.state, id), door.port.present(id));
      else door.reply(session, '366', name, 'End of NAMES list');
    }
  },
};
