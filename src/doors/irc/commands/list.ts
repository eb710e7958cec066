/** LIST: public rooms with somebody in them, how many, and their topics. */

import type { RoomId } from '../../../core/ids.ts';
import { publicRoomId } from '../../../core/kinds/room.ts';
import type { IrcDoor } from '../door.ts';
import { LIST_ROOMS_MAX } from '../limits.ts';
import { roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

function listRoom(door: IrcDoor, session: Session, id: RoomId): void {
  const { state } = door.port;
  const room = state.rooms.get(id);
  if (room) door.reply(session, '322', roomName(state, id), String(door.port.present(id).length), room.topic?.value.text ?? '');
}

export const list: IrcCommand = {
  paramsMin: 0,
  run(door, session, [names]) {
    const asked = names?.startsWith('#')
      ? names
          .split(',')
          .filter((name) => name[0] === '#')
          .map(publicRoomId)
      : door.port.publicRooms();
    door.reply(session, '321', 'Channel', 'Users  Name');
    for (const id of asked.slice(0, LIST_ROOMS_MAX)) listRoom(door, session, id);
    if (asked.length > LIST_ROOMS_MAX)
      door.reply(session, '416', 'LIST', `There are ${asked.length} rooms; the first ${LIST_ROOMS_MAX} are listed`);
    door.reply(session, '323', 'End of LIST');
  },
};
