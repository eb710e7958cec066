/** Pages of history as batches. */

import type { Message } from '../../core/state.ts';
import { BATCH } from './caps.ts';
import type { IrcDoor } from './door.ts';
import { formatLine, middle } from './line.ts';
import { renderMessage } from './render.ts';
import { roomName } from './room-name.ts';
import type { Session } from './session.ts';

/** Sends what was found, in a batch where the client knows batches; each message with the room or person it went to. */
export function sendFound(door: IrcDoor, session: Session, messages: readonly Message[]): void {
  const batch = session.has(BATCH) ? door.nextBatch() : '';
  const source = door.server;
  if (batch) door.send(session, formatLine({ tags: '', source, command: 'BATCH', params: [`+${batch}`, 'soju.im/search'] }));
  for (const message of messages) {
    const by = door.people.authorOf(message);
    const { room, to } = message;
    const target = to === null ? (door.rooms.get(room)?.name ?? roomName(door.port.state, room)) : door.people.of(to).nick;
    door.send(session, renderMessage(message, session.caps, { by, target: middle(target), batch, copies: '', isPast: true }));
  }
  if (batch) door.send(session, formatLine({ tags: '', source, command: 'BATCH', params: [`-${batch}`] }));
}

/** Sends messages of the past, in a batch where the client knows batches; `target` is what the client calls the room or the person. */
export function sendPage(door: IrcDoor, session: Session, messages: readonly Message[], target: string): void {
  const batch = session.has(BATCH) ? door.nextBatch() : '';
  const source = door.server;
  if (batch) door.send(session, formatLine({ tags: '', source, command: 'BATCH', params: [`+${batch}`, 'chathistory', middle(target)] }));
  for (const message of messages) {
    const by = door.people.authorOf(message);
    const to = message.to === null ? middle(target) : door.people.of(message.to).nick;
    door.send(session, renderMessage(message, session.caps, { by, target: to, batch, copies: '', isPast: true }));
  }
  if (batch) door.send(session, formatLine({ tags: '', source, command: 'BATCH', params: [`-${batch}`] }));
}
