/** ISON: which of some people are here. */

import type { IrcCommand } from './command.ts';

export const ison: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    const here: string[] = [];
    for (const name of params.join(' ').split(' ')) {
      const author = name === '' ? null : door.port.presentByName(name);
      if (author) here.push(door.people.of(author).nick);
    }
    door.reply(session, '303', here.join(' '));
  },
};
