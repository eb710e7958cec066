/** JOIN: enters rooms; what the client is shown comes with the node's notice. */

import { publicRoomId } from '../../../core/kinds/room.ts';
import { copyText } from '../post.ts';
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
      if (!name.startsWith('#')) door.reply(session, '403', name, 'No such channel: names of channels begin with #');
      else door.ask(session, { type: 'join', name, room: publicRoomId(name) }, { type: 'join', room: name });
    }
  },
};
