/** VERSION: what runs here. */

import type { IrcCommand } from './command.ts';

export const version: IrcCommand = {
  paramsMin: 0,
  run: (door, session) => door.reply(session, '351', 'skein', door.server, 'Skein'),
};
