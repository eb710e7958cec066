/** NICKSERV and NS, CHANSERV and CS: messages to the services, for clients that have such commands. */

import { serveRooms } from '../chanserv.ts';
import { serve } from '../nickserv.ts';
import type { IrcCommand } from './command.ts';

export const nickserv: IrcCommand = {
  paramsMin: 1,
  run: (door, session, params) => serve(door, session, 'PRIVMSG', params.join(' ')),
};

export const chanserv: IrcCommand = {
  paramsMin: 1,
  run: (door, session, params) => serveRooms(door, session, 'PRIVMSG', params.join(' ')),
};
