/** WHOIS: a person, their rooms and their node. */

import type { AuthorId } from '../../../core/ids.ts';
import type { IrcDoor } from '../door.ts';
import { NAMES_LETTERS_MAX } from '../limits.ts';
import { hostOf, serverName } from '../people.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

function sendRooms(door: IrcDoor, session: Session, nick: string, author: AuthorId): void {
  const { state } = door.port;
  let rooms = '';
  for (const id of state.guests.get(author)?.rooms ?? []) {
    if (!state.rooms.get(id)?.members.get(author)?.value) continue;
    const name = roomName(state, id);
    if (rooms.length + name.length >= NAMES_LETTERS_MAX) {
      door.reply(session, '319', nick, rooms);
      rooms = '';
    }
    rooms += rooms === '' ? name : ` ${name}`;
  }
  if (rooms !== '') door.reply(session, '319', nick, rooms);
}

export const whois: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    const mask = params.at(-1)!;
    const author = door.port.presentByName(mask);
    if (author) {
      const { nick } = door.people.of(author);
      const node = door.port.nodeOf(author)?.name ?? 'unknown';
      door.reply(session, '311', nick, 'guest', hostOf(author), '*', nick);
      sendRooms(door, session, nick, author);
      door.reply(session, '312', nick, serverName(node), `Skein node ${node}`);
    } else {
      door.reply(session, '401', mask, 'No such nick: nobody of that name is here now');
    }
    door.reply(session, '318', mask, 'End of WHOIS list');
  },
};
