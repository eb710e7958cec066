/** TAGMSG: reactions (IRCv3 draft/react and draft/reply) and typing. What else clients say in tags is passed over, as CLIENTTAGDENY says. */

import { isHexOf, type MessageId } from '../../../core/ids.ts';
import type { IrcDoor } from '../door.ts';
import { MESSAGE_ID_BYTES } from '../limits.ts';
import type { Session } from '../session.ts';
import { tagOf } from '../tags.ts';
import { sayTyping } from '../typing.ts';
import type { IrcCommand } from './command.ts';
import { roomOfTarget } from './redact.ts';

export const tagmsg: IrcCommand = {
  paramsMin: 0,
  run(door, session, [target], _, tags) {
    const typing = tagOf(tags, '+typing');
    if (target && typing !== undefined) sayTyping(door, session, target, typing);
    const to = tagOf(tags, '+draft/reply');
    if (!target || to === undefined || !isHexOf(to, MESSAGE_ID_BYTES)) return;
    react(door, session, target, to as MessageId, tagOf(tags, '+draft/react'), true);
    react(door, session, target, to as MessageId, tagOf(tags, '+draft/unreact'), false);
  },
};

function react(door: IrcDoor, session: Session, name: string, target: MessageId, emoji: string | undefined, on: boolean): void {
  if (!emoji) return;
  const room = roomOfTarget(door, session, name);
  if (room === null) door.reply(session, '401', name, 'No such nick or channel');
  else door.task(session, 'TAGMSG', name, { type: 'react', target, room, emoji, on });
}
