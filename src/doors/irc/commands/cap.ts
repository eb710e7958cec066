/** CAP: which capabilities there are, and which the client wants. */

import { CAPS, capList, capNames } from '../caps.ts';
import type { IrcDoor } from '../door.ts';
import type { Session } from '../session.ts';
import { tryOpen } from '../welcome.ts';
import type { IrcCommand } from './command.ts';

/** All or nothing. */
function request(door: IrcDoor, session: Session, wanted: string): void {
  let caps = session.caps;
  for (const name of wanted.split(' ')) {
    if (name === '') continue;
    const bit = CAPS.get(name.replace(/^-/, ''));
    if (bit === undefined) return door.reply(session, 'CAP', 'NAK', wanted);
    caps = name.startsWith('-') ? caps & ~bit : caps | bit;
  }
  session.caps = caps;
  door.reply(session, 'CAP', 'ACK', wanted);
}

export const cap: IrcCommand = {
  paramsMin: 1,
  early: true,
  run(door, session, [subcommand, argument]) {
    const isEarly = session.state === 'registering';
    switch (subcommand!.toUpperCase()) {
      case 'LS':
        session.isNegotiating = isEarly;
        session.capVersion = Math.max(session.capVersion, Number(argument) || 0);
        return door.reply(session, 'CAP', 'LS', capList(session.capVersion));
      case 'LIST':
        return door.reply(session, 'CAP', 'LIST', capNames(session.caps));
      case 'REQ':
        session.isNegotiating = isEarly;
        return request(door, session, argument ?? '');
      case 'END':
        session.isNegotiating = false;
        return tryOpen(door, session);
      default:
        return door.reply(session, '410', subcommand!, 'Invalid CAP command');
    }
  },
};
