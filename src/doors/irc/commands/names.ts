/** NAMES: who is in a room. */

import type { AuthorId } from '../../../core/ids.ts';
import { USERHOST_IN_NAMES } from '../caps.ts';
import type { IrcDoor } from '../door.ts';
import { NAMES_LETTERS_MAX } from '../limits.ts';
import { prefixOf } from '../prefixes.ts';
import type { Prefix } from '../room.ts';
import { findRoom, roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

/** The people of a room, in as many lines as it takes. */
export function sendNames(
  door: IrcDoor,
  session: Session,
  room: string,
  people: Iterable<AuthorId>,
  prefixOf: (author: AuthorId) => Prefix,
): void {
  let names = '';
  for (const author of people) {
    const { nick, source } = door.people.of(author);
    const shown = prefixOf(author) + (session.has(USERHOST_IN_NAMES) ? source : nick);
    if (names.length + shown.length >= NAMES_LETTERS_MAX) {
      door.reply(session, '353', '=', room, names);
      names = '';
    }
    names += names === '' ? shown : ` ${shown}`;
  }
  if (names !== '') door.reply(session, '353', '=', room, names);
  door.reply(session, '366', room, 'End of NAMES list');
}

export const names: IrcCommand = {
  paramsMin: 0,
  run(door, session, [rooms]) {
    if (rooms === undefined) return door.reply(session, '366', '*', 'Name a channel');
    for (const name of rooms.split(',')) {
      const id = findRoom(door, session, name);
      const known = id === null ? undefined : door.rooms.get(id);
      if (known && session.rooms?.has(known))
        sendNames(door, session, known.name, known.roster, (author) => known.prefixes.get(author) ?? '');
      else if (id !== null && door.port.state.rooms.has(id))
        sendNames(door, session, roomName(door.port.state, id), door.port.present(id), (author) => prefixOf(door.port, id, author));
      else door.reply(session, '366', name, 'End of NAMES list');
    }
  },
};
