/** NICK: the name to register with, or another one. */

import { checkName, foldName } from '../../../core/text.ts';
import { isReserved } from '../people.ts';
import { copyText } from '../post.ts';
import { tryOpen } from '../welcome.ts';
import type { IrcCommand } from './command.ts';

export const nick: IrcCommand = {
  paramsMin: 0,
  early: true,
  run(door, session, [raw]) {
    if (!raw) return door.reply(session, '431', 'No nickname given');
    const name = copyText(raw);
    if (isReserved(name)) return door.reply(session, '432', name, 'Erroneous nickname: services have that name');
    if (session.state === 'open' && session.isAccount && foldName(name) === foldName(session.nick)) return;
    if (session.state === 'open') return door.ask(session, { type: 'rename', name }, { type: 'rename', name });
    // Of an account's name is judged when the session opens: it may be logged in by then.
    if (!door.port.accountNamed(name)) {
      if ('fault' in checkName(name)) return door.reply(session, '432', name, 'Erroneous nickname');
      if (door.port.isNameTaken(name)) return door.reply(session, '433', name, 'Nickname is already in use');
    }
    session.nick = name;
    tryOpen(door, session);
  },
};
