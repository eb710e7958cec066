/** INVITE: into private rooms; a public one is open to everybody. */

import { isIn } from '../comings.ts';
import { findPerson, noSuchNick } from '../post.ts';
import { knownRoom } from '../room-name.ts';
import type { IrcCommand } from './command.ts';

export const invite: IrcCommand = {
  paramsMin: 2,
  run(door, session, [nick, name]) {
    const room = knownRoom(door, session, name!);
    if (room === null) return;
    if (room[0] !== '!') return door.fail(session, 'INVITE', 'NOT_NEEDED', name!, 'Anybody may join this channel: tell them its name');
    if (!isIn(door, session, room)) return door.reply(session, '442', name!, 'You are not in that channel');
    const person = findPerson(door, nick!);
    if (!person) return noSuchNick(door, session, nick!);
    if (door.port.mayRead(person, room)) return door.reply(session, '443', nick!, name!, 'is already on channel');
    door.task(session, 'INVITE', name!, { type: 'invite', room, person }, (answer) => {
      if (answer.type === 'done') door.reply(session, '341', door.people.of(person).nick, door.rooms.get(room)?.name ?? name!);
      return answer.type === 'done';
    });
  },
};
