/** SILENCE: whom the session's account blocks. Masks are names; whatever stands after a name is passed over. */

import { block, blockedNames } from '../blocking.ts';
import { findPerson, noSuchNick } from '../post.ts';
import type { IrcCommand } from './command.ts';

export const silence: IrcCommand = {
  paramsMin: 0,
  run(door, session, [mask]) {
    if (!mask || !/^[+-]/.test(mask)) {
      for (const name of blockedNames(door, session)) door.reply(session, '271', `${name}!*@*`);
      return door.reply(session, '272', 'End of SILENCE list');
    }
    const name = mask.slice(1).replace(/!.*$/, '');
    const person = findPerson(door, name);
    if (!person) return noSuchNick(door, session, name);
    block(door, session, person, mask[0] === '+', (told) => door.note(session, session.nick, told));
  },
};
