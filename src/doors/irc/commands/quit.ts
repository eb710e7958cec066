/** QUIT: the client leaves. */

import type { IrcCommand } from './command.ts';

export const quit: IrcCommand = {
  paramsMin: 0,
  early: true,
  run: (door, session, [reason]) => door.end(session, reason ? `Quit: ${reason}` : 'Quit'),
};
