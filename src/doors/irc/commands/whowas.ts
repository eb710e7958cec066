/** WHOWAS: nobody is remembered; clients ask when WHOIS found nobody. */

import type { IrcCommand } from './command.ts';

export const whowas: IrcCommand = {
  paramsMin: 1,
  run(door, session, [name]) {
    door.reply(session, '406', name!, 'There was no such nickname');
    door.reply(session, '369', name!, 'End of WHOWAS');
  },
};
