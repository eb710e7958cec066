/** PING: a sign of life for the client. */

import { formatLine } from '../line.ts';
import type { IrcCommand } from './command.ts';

export const ping: IrcCommand = {
  paramsMin: 1,
  early: true,
  run: (door, session, [token]) =>
    door.send(session, formatLine({ tags: '', source: door.server, command: 'PONG', params: [door.server, token!] })),
};
