/**
 * What goes around the log: who types (IRCv3 client-tags/typing), and who is away (away-notify). It is sent at once and may be left out: to whoever waits for an echo or
 * for what was said before, people might not be shown in the room yet.
 */

import type { Notice, Target } from '../../core/port.ts';
import { AWAY_NOTIFY, MESSAGE_TAGS } from './caps.ts';
import { readersOf, spilledRoomsOf } from './comings.ts';
import type { IrcDoor } from './door.ts';
import { formatLine } from './line.ts';
import { findPerson } from './post.ts';
import { findRoom, isRoomName } from './room-name.ts';
import { dropOutsiders } from './sanctions.ts';
import type { Session } from './session.ts';
import { doing, tagged } from './told.ts';

type Of<T extends Notice['type']> = Extract<Notice, { type: T }>;

/** What clients say, and whether they type then: who has paused does not. */
const TYPES: ReadonlyMap<string, boolean> = new Map([
  ['active', true],
  ['paused', false],
  ['done', false],
]);

/** A client says that it types; where that concerns nobody, nothing is answered. */
export function sayTyping(door: IrcDoor, session: Session, name: string, value: string): void {
  const on = TYPES.get(value);
  const to = targetOf(door, session, name);
  if (on !== undefined && to) door.task(session, 'TAGMSG', name, { type: 'typing', to, on }, () => true);
}

function targetOf(door: IrcDoor, session: Session, name: string): Target | null {
  if (isRoomName(name)) {
    const room = findRoom(door, session, name);
    return room && { room };
  }
  const author = findPerson(door, name);
  return author && { author };
}

export function typed(door: IrcDoor, { author, room: id, to, on }: Of<'typing'>): void {
  const by = door.people.of(author);
  const tell = (reader: Session, target: string): void => {
    if (!reader.has(MESSAGE_TAGS) || reader.author === author || reader.held || reader.backlogs?.has(id)) return;
    const tags = tagged(by, reader.caps, `+typing=${on ? 'active' : 'done'}`);
    door.send(reader, formatLine({ tags, source: by.source, command: 'TAGMSG', params: [target] }));
  };
  if (to !== null) {
    for (const reader of door.sessionsOf(to)) tell(reader, door.people.of(to).nick);
    return;
  }
  const room = door.rooms.get(id);
  if (!room?.roster.has(author)) return;
  if (id[0] === '!') dropOutsiders(door, room);
  door.spill(room);
  for (const reader of room.readers) tell(reader, room.name);
}

/** Whoever shares a room with somebody is told that they are away, or back. */
export function awayTold(door: IrcDoor, { author, text }: Of<'away'>): void {
  const told = doing(door.people.of(author), 'AWAY', ...(text === null ? [] : [text]));
  for (const reader of readersOf(spilledRoomsOf(door, author)))
    if (reader.has(AWAY_NOTIFY) && reader.author !== author && !reader.held) door.send(reader, told(reader.caps));
}
