/** WHO: the people of a room, or one person. */

import type { AuthorId } from '../../../core/ids.ts';
import type { IrcDoor } from '../door.ts';
import { hostOf, serverName } from '../people.ts';
import { prefixOf } from '../prefixes.ts';
import type { Prefix } from '../room.ts';
import { findRoom, isRoomName, roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

function sendWho(door: IrcDoor, session: Session, room: string, author: AuthorId, prefix: Prefix): void {
  const { nick } = door.people.of(author);
  const node = door.port.nodeOf(author)?.name;
  const server = node === undefined ? '*' : serverName(node);
  const hops = server === door.server ? 0 : 1;
  const here = door.port.awayOf(author) === null ? 'H' : 'G';
  door.reply(session, '352', room, door.people.userOf(author), hostOf(author), server, nick, `${here}${prefix}`, `${hops} ${nick}`);
}

export const who: IrcCommand = {
  paramsMin: 1,
  run(door, session, [mask]) {
    const id = isRoomName(mask!) ? findRoom(door, session, mask!) : null;
    if (id !== null) {
      const known = door.rooms.get(id);
      const people = known && session.rooms?.has(known) ? known.roster : door.port.present(id);
      const name = known?.name ?? roomName(door.port.state, id);
      for (const author of people) sendWho(door, session, name, author, known?.prefixes.get(author) ?? prefixOf(door.port, id, author));
    } else {
      const author = door.port.presentByName(mask!);
      if (author) sendWho(door, session, '*', author, '');
    }
    door.reply(session, '315', mask!, 'End of WHO list');
  },
};
