/** REDACT (IRCv3 draft/message-redaction): removes a message. */

import { directRoomId, isHexOf, type MessageId, type RoomId } from '../../../core/ids.ts';
import { REASON_LENGTH_MAX } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { MESSAGE_ID_BYTES } from '../limits.ts';
import { findPerson } from '../post.ts';
import { findRoom, isRoomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

const NAME = 'REDACT';

/** The room of a target, also of a person; null where there is none. */
export function roomOfTarget(door: IrcDoor, session: Session, target: string): RoomId | null {
  if (isRoomName(target)) return findRoom(door, session, target);
  const other = findPerson(door, target);
  return other && directRoomId(door.hashing, session.author!, other);
}

export const redact: IrcCommand = {
  paramsMin: 2,
  run(door, session, [target, id, words]) {
    const room = roomOfTarget(door, session, target!);
    if (room === null) return door.fail(session, NAME, 'INVALID_TARGET', target!, 'No such room or person');
    const unknown = (): void => door.fail(session, NAME, 'UNKNOWN_MSGID', target!, id!, 'There is no message of that id here');
    if (!isHexOf(id!, MESSAGE_ID_BYTES)) return unknown();
    const reason = (words ?? '').slice(0, REASON_LENGTH_MAX).toWellFormed();
    door.task(session, NAME, target!, { type: 'remove', target: id as MessageId, room, reason }, (answer) => {
      if (answer.type !== 'refused') return answer.type === 'done';
      if (answer.refusal.type === 'no such message') unknown();
      else if (answer.refusal.type === 'not allowed')
        door.fail(
          session,
          NAME,
          'REDACT_FORBIDDEN',
          target!,
          id!,
          'You may remove your own messages, and in a room that you moderate others',
        );
      else return false;
      return true;
    });
  },
};
