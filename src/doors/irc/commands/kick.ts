/** KICK: puts people out of a room. */

import { REASON_LENGTH_MAX } from '../../../core/text.ts';
import { isMember } from '../comings.ts';
import { TARGETS_MAX } from '../limits.ts';
import { findPerson, noSuchNick } from '../post.ts';
import { knownRoom } from '../room-name.ts';
import type { IrcCommand } from './command.ts';

export const kick: IrcCommand = {
  paramsMin: 2,
  run(door, session, [name, nicks, words]) {
    const room = knownRoom(door, session, name!);
    if (room === null) return;
    const reason = (words ?? '').slice(0, REASON_LENGTH_MAX).toWellFormed();
    for (const nick of nicks!.split(',').slice(0, TARGETS_MAX)) {
      const person = findPerson(door, nick);
      if (!person) noSuchNick(door, session, nick);
      else if (!isMember(door, room, person)) door.reply(session, '441', nick, name!, 'They are not in that channel');
      else door.task(session, 'KICK', name!, { type: 'kick', room, person, reason });
    }
  },
};
