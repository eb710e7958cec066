/** NICK: the name to register with, or another one. */

import { checkName, foldName } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { isReserved } from '../people.ts';
import { copyText } from '../post.ts';
import type { Session } from '../session.ts';
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
    if (session.state === 'open') return rename(door, session, name);
    // Of an account's name is judged when the session opens: it may be logged in by then.
    if (!door.port.accountNamed(name)) {
      if ('fault' in checkName(name)) return door.reply(session, '432', name, 'Erroneous nickname');
      if (door.port.isNameTaken(name)) return door.reply(session, '433', name, 'Nickname is already in use');
    }
    session.nick = name;
    tryOpen(door, session);
  },
};

/** An account keeps its name; but where it came second to it, it may choose another. */
function rename(door: IrcDoor, session: Session, name: string): void {
  if (!session.isAccount) return door.ask(session, { type: 'rename', name }, { type: 'rename', name });
  if (!session.nick.includes('~')) return door.reply(session, '447', 'You are shown under the name of your account');
  door.ask(session, { type: 'rename', name }, { type: 'settle name', person: session.author!, name });
}
