/** What NickServ says without being asked. */

import type { IrcDoor } from './door.ts';
import { formatLine } from './line.ts';
import type { Session } from './session.ts';

export function noteFromNickServ(door: IrcDoor, session: Session, text: string): void {
  const source = `NickServ!services@${door.server}`;
  door.send(session, formatLine({ tags: '', source, command: 'NOTICE', params: [session.nick, text] }));
}

/** Tells an account's session that somebody else of its name was first; nothing to one whose name is its own. */
export function explainSecondName(door: IrcDoor, session: Session): void {
  const [, base] = /^(.*)~\d+$/.exec(session.nick) ?? [];
  if (base === undefined || !session.isAccount) return;
  noteFromNickServ(
    door,
    session,
    `Another account was ${base} before yours, so you are shown as ${session.nick}. All that is yours is still there.`,
  );
  noteFromNickServ(door, session, 'Choose a name that nobody has with /nick NAME; you log in by it from then on.');
}
