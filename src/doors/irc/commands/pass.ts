/** PASS: `account:password`, for clients that can do no more; kept until the session opens. */

import { copyText } from '../post.ts';
import type { IrcCommand } from './command.ts';

export const pass: IrcCommand = {
  paramsMin: 1,
  early: true,
  run(door, session, [text]) {
    if (session.state === 'open') return door.reply(session, '462', 'You may not reregister');
    session.pass = copyText(text!);
  },
};
