/** NICKSERV and NS: messages to NickServ, for clients that have such commands. */

import { serve } from '../nickserv.ts';
import type { IrcCommand } from './command.ts';

export const nickserv: IrcCommand = {
  paramsMin: 1,
  run: (door, session, params) => serve(door, session, 'PRIVMSG', params.join(' ')),
};
