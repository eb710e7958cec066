/** USER: the rest of registration; what it says is not used. */

import { tryOpen } from '../welcome.ts';
import type { IrcCommand } from './command.ts';

export const user: IrcCommand = {
  paramsMin: 4,
  early: true,
  run(door, session) {
    if (session.state === 'open') return door.reply(session, '462', 'You may not reregister');
    session.hasUser = true;
    tryOpen(door, session);
  },
};
