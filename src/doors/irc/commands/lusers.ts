/** LUSERS: how many there are. */

import type { IrcCommand } from './command.ts';

export const lusers: IrcCommand = {
  paramsMin: 0,
  run(door, session) {
    let people = 0;
    const { guests, accounts } = door.port.state;
    for (const all of [guests, accounts]) for (const author of all.keys()) if (door.port.isPresent(author)) people++;
    const nodes = door.port.state.nodes.size;
    door.reply(session, '251', `There are ${people} users and 0 invisible on ${nodes} servers`);
    door.reply(session, '254', String(door.port.publicRooms().length), 'channels formed');
    door.reply(session, '255', `I have ${door.size} clients and ${Math.max(0, nodes - 1)} servers`);
  },
};
