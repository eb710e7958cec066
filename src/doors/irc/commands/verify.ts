/** VERIFY (IRCv3 draft/account-registration): accounts need none. */

import type { IrcCommand } from './command.ts';

export const verify: IrcCommand = {
  paramsMin: 2,
  early: true,
  run: (door, session, [account]) => door.fail(session, 'VERIFY', 'TEMPORARILY_UNAVAILABLE', account!, 'Accounts are not verified here'),
};
