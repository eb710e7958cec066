/** USERHOST: where some people are. */

import { hostOf } from '../people.ts';
import type { IrcCommand } from './command.ts';

const NAMES_MAX = 5;

export const userhost: IrcCommand = {
  paramsMin: 1,
  run(door, session, params) {
    const found: string[] = [];
    for (const name of params.slice(0, NAMES_MAX)) {
      const author = door.port.presentByName(name);
      const here = author && door.port.awayOf(author) === null ? '+' : '-';
      if (author) found.push(`${door.people.of(author).nick}=${here}${door.people.userOf(author)}@${hostOf(author)}`);
    }
    door.reply(session, '302', found.join(' '));
  },
};
