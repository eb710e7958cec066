/** WHO: the people of a room, or one person. */

import type { AuthorId } from '../../../core/ids.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import type { IrcDoor } from '../door.ts';
import { hostOf, serverName } from '../people.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

function sendWho(door: IrcDoor, session: Session, room: string, author: AuthorId): void {
  const { nick } = door.people.of(author);
  const node = door.port.nodeOf(author)?.name;
  const server = node === undefined ? '*' : serverName(node);
  const hops = server === door.server ? 0 : 1;
  door.reply(session, '352', room, 'guest', hostOf(author), server, nick, 'H', `${hops} ${nick}`);
}

export const who: IrcCommand = {
  paramsMin: 1,
  run(door, session, [mask]) {
    if (mask!.startsWith('#')) {
      const id = publicRoomId(mask!);
      const known = door.rooms.get(id);
      const people = known && session.rooms?.has(known) ? known.roster : door.port.present(id);
      for (const author of people) sendWho(door, session, roomName(door.port.state, id), author);
    } else {
      const author = door.port.presentByName(mask!);
      if (author) sendWho(door, session, '*', author);
    }
    door.reply(session, '315', mask!, 'End of WHO list');
  },
};
