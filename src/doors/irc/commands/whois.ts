/** WHOIS: a person, their rooms and their node. */

import type { AuthorId } from '../../../core/ids.ts';
import { personOf } from '../../../core/state.ts';
import { isMember } from '../comings.ts';
import type { IrcDoor } from '../door.ts';
import { NAMES_LETTERS_MAX } from '../limits.ts';
import { hostOf, isReserved, serverName } from '../people.ts';
import { findPerson } from '../post.ts';
import { prefixOf } from '../prefixes.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

function sendRooms(door: IrcDoor, session: Session, nick: string, author: AuthorId): void {
  const { state } = door.port;
  let rooms = '';
  for (const id of personOf(state, author)?.rooms ?? []) {
    if (!isMember(door, id, author) || !door.port.mayRead(session.author, id)) continue;
    const name = prefixOf(door.port, id, author) + roomName(state, id);
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
    const author = findPerson(door, mask);
    if (isReserved(mask)) {
      door.reply(session, '311', 'NickServ', 'services', door.server, '*', 'Accounts: say HELP');
    } else if (author) {
      const { nick } = door.people.of(author);
      const node = door.port.nodeOf(author)?.name ?? 'unknown';
      door.reply(session, '311', nick, door.people.userOf(author), hostOf(author), '*', nick);
      if (door.port.state.accounts.has(author)) door.reply(session, '330', nick, door.people.nameOf(author), 'is logged in as');
      const away = door.port.isPresent(author) ? door.port.awayOf(author) : 'is away';
      if (away !== null) door.reply(session, '301', nick, away);
      sendRooms(door, session, nick, author);
      if (door.port.isPresent(author)) door.reply(session, '312', nick, serverName(node), `Skein node ${node}`);
    } else {
      door.reply(session, '401', mask, 'No such nick: nobody of that name is here now, and it is no account');
    }
    door.reply(session, '318', mask, 'End of WHOIS list');
  },
};
