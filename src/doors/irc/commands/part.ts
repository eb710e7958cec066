/** PART: leaves rooms. */

import { REASON_LENGTH_MAX } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { copyText } from '../post.ts';
import { findRoom } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

export function leave(door: IrcDoor, session: Session, name: string, reason: string): void {
  const room = findRoom(door, session, name);
  if (room === null || (!door.port.state.rooms.has(room) && !isJoining(session, room)))
    return door.reply(session, '403', name, 'No such channel');
  door.ask(session, { type: 'part', name: copyText(name), room }, { type: 'part', room, reason });
}

/** A room that is not made yet may be on its way. */
function isJoining(session: Session, room: string): boolean {
  for (const pending of session.pending?.values() ?? []) if (pending.type === 'join' && pending.room === room) return true;
  return false;
}

export const part: IrcCommand = {
  paramsMin: 1,
  run(door, session, [rooms, reason]) {
    const cut = (reason ?? '').slice(0, REASON_LENGTH_MAX).toWellFormed();
    for (const name of rooms!.split(',')) if (name !== '') leave(door, session, name, cut);
  },
};
