/** TOPIC: what a room is about. */

import { HLC_PER_MS } from '../../../core/hlc.ts';
import type { RoomId } from '../../../core/ids.ts';
import type { IrcDoor } from '../door.ts';
import { copyText } from '../post.ts';
import { findRoom, roomName } from '../room-name.ts';
import type { Session } from '../session.ts';
import type { IrcCommand } from './command.ts';

/** The topic, who set it and when; that there is none only where it was asked for. */
export function sendTopic(door: IrcDoor, session: Session, id: RoomId, isAsked: boolean): void {
  const { state } = door.port;
  const topic = state.rooms.get(id)?.topic;
  const room = door.rooms.get(id)?.name ?? roomName(state, id);
  if (!topic?.value.text) {
    if (isAsked) door.reply(session, '331', room, 'No topic is set');
    return;
  }
  door.reply(session, '332', room, topic.value.text);
  door.reply(session, '333', room, door.people.of(topic.value.author).nick, String(Math.floor(topic.at.key / HLC_PER_MS / 1000)));
}

export const topic: IrcCommand = {
  paramsMin: 1,
  run(door, session, [raw, text]) {
    const name = copyText(raw!);
    const room = findRoom(door, session, name);
    if (room === null) return door.reply(session, '403', name, 'No such channel');
    if (text !== undefined) return door.ask(session, { type: 'topic', name, room }, { type: 'topic', room, text });
    if (door.port.state.rooms.has(room)) sendTopic(door, session, room, true);
    else door.reply(session, '403', name, 'No such channel');
  },
};
