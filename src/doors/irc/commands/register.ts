/** REGISTER (IRCv3 draft/account-registration): makes an account. No mail is sent, so there is nothing to verify. */

import type { IrcDoor } from '../door.ts';
import { loggedIn } from '../login.ts';
import { register as make } from '../registering.ts';
import type { Session } from '../session.ts';
import { tryOpen } from '../welcome.ts';
import type { IrcCommand } from './command.ts';

const NAME = 'REGISTER';

export const register: IrcCommand = {
  paramsMin: 3,
  early: true,
  run(door, session, [account, , password]) {
    if (session.isAccount) return door.fail(session, NAME, 'ALREADY_AUTHENTICATED', account!, 'You are logged in already');
    const name = account === '*' ? session.wantedNick || session.nick : account!;
    if (name === '') return door.fail(session, NAME, 'NEED_NICK', '*', 'Choose a name with NICK first, or name the account');
    make(door, session, { name, password: password!, invitation: '' }, (made) => {
      if ('code' in made) return door.fail(session, NAME, made.code, name, made.wrong);
      succeeded(door, session, made.name);
    });
  },
};

function succeeded(door: IrcDoor, session: Session, name: string): void {
  door.sendPlain(session, NAME, 'SUCCESS', name, 'Account successfully registered');
  loggedIn(door, session);
  tryOpen(door, session);
}
