/** MOTD: there is none. */

import type { IrcCommand } from './command.ts';

export const motd: IrcCommand = {
  paramsMin: 0,
  run: (door, session) => door.reply(session, '422', 'There is no message of the day'),
};
