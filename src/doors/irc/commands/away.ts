/** AWAY: tells everybody that somebody is away, or back. */

import { REASON_LENGTH_MAX } from '../../../core/text.ts';
import type { IrcCommand } from './command.ts';

export const away: IrcCommand = {
  paramsMin: 0,
  run(door, session, [reason]) {
    const text = (reason ?? '').slice(0, REASON_LENGTH_MAX).toWellFormed();
    door.task(session, 'AWAY', '*', { type: 'away', text }, (answer) => {
      if (answer.type !== 'done') return false;
      if (text === '') door.reply(session, '305', 'You are no longer marked as being away');
      else door.reply(session, '306', 'You have been marked as being away');
      return true;
    });
  },
};
