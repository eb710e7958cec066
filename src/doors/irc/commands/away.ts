/** AWAY: acknowledged to the client alone; who is away is not replicated yet. */

import type { IrcCommand } from './command.ts';

export const away: IrcCommand = {
  paramsMin: 0,
  run(door, session, [reason]) {
    if (reason) door.reply(session, '306', 'You have been marked as being away; others are not told');
    else door.reply(session, '305', 'You are no longer marked as being away');
  },
};
