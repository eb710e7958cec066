/** JOIN: enters rooms; what the client is shown comes with the node's notice. */

import type { RoomId } from '../../../core/ids.ts';
import type { Refusal } from '../../../core/port.ts';
import { isMember } from '../comings.ts';
import type { IrcDoor } from '../door.ts';
import { copyText } from '../post.ts';
import { findRoom, hasIdDigits, isRoomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';
import { leave } from './part.ts';

export const join: IrcCommand = {
  paramsMin: 1,
  run(door, session, [rooms]) {
    if (rooms === '0') {
      for (const room of session.rooms ?? []) leave(door, session, room.name, '');
      return;
    }
    for (const raw of rooms!.split(',')) {
      if (raw === '') continue;
      const name = copyText(raw);
      const room = findRoom(door, session, name);
      if (room !== null) ask(door, session, name, room);
      else if (!isRoomName(name)) door.reply(session, '403', name, 'No such channel: names of channels begin with # or &');
      else if (hasIdDigits(name)) door.reply(session, '473', name, 'Cannot join channel: you are not invited');
      else make(door, session, name);
    }
  },
};

function ask(door: IrcDoor, session: Session, name: string, room: RoomId): void {
  door.ask(session, { type: 'join', name, room }, { type: 'join', room: room[0] === '!' ? room : name });
}

/** A private room that is not there yet: whoever names it founds it. */
function make(door: IrcDoor, session: Session, name: string): void {
  door.task(session, 'JOIN', name, { type: 'make private room', name: name.slice(1) }, (answer) => {
    if (answer.type === 'refused') return notMade(door, session, name, answer.refusal);
    if (answer.type === 'made' && !isMember(door, answer.room, session.author!)) ask(door, session, name, answer.room);
    return answer.type === 'made';
  });
}

/** Says why there is no such room; false where the reason is as for any command. */
function notMade(door: IrcDoor, session: Session, name: string, { type }: Refusal): boolean {
  if (type === 'no account')
    door.reply(session, '473', name, 'Cannot join channel: you are not invited, and private rooms are made by accounts');
  else if (type === 'bad text')
    door.reply(session, '476', name, 'Bad channel name: & and up to 63 letters, without spaces, commas or controls');
  return type === 'no account' || type === 'bad text';
}
