/** MODE: what there is can be asked; there is nothing to set. */

import { HLC_PER_MS } from '../../../core/hlc.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import { foldName } from '../../../core/text.ts';
import type { IrcDoor } from '../door.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

/** Lists that clients ask for: always empty. */
const LISTS = new Map([
  ['b', ['368', 'End of channel ban list']],
  ['e', ['349', 'End of channel exception list']],
  ['I', ['347', 'End of channel invite list']],
] as const);

function roomMode(door: IrcDoor, session: Session, name: string, modes: string | undefined, argument: string | undefined): void {
  const id = publicRoomId(name);
  const room = door.port.state.rooms.get(id);
  if (!room) return door.reply(session, '403', name, 'No such channel');
  const shown = roomName(door.port.state, id);
  if (modes === undefined || modes === '') {
    door.reply(session, '324', shown, '+nt');
    if (room.name) door.reply(session, '329', shown, String(Math.floor(room.name.at.key / HLC_PER_MS / 1000)));
    return;
  }
  const list = LISTS.get(modes.replace(/^\+/, '') as 'b' | 'e' | 'I');
  if (list && argument === undefined) return door.reply(session, list[0], shown, list[1]);
  door.reply(session, '482', shown, 'Channels have no modes to set here');
}

export const mode: IrcCommand = {
  paramsMin: 1,
  run(door, session, [target, modes, argument]) {
    if (target!.startsWith('#')) return roomMode(door, session, target!, modes, argument);
    if (foldName(target!) !== foldName(session.nick)) return door.reply(session, '502', 'You can only ask for your own modes');
    // Some clients set +i by themselves at every login: everybody is as visible as that.
    if (modes === '+i' || modes === '-i') return;
    if (modes) door.reply(session, '501', 'There are no user modes to set here');
    else door.reply(session, '221', '+');
  },
};
