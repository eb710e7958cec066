/** Messages as they become visible, and what hangs on them: edits, reactions, removals. */

import { type AuthorId, authorOf, type MessageId, type RoomId } from '../../core/ids.ts';
import type { About, Message, Removal } from '../../core/state.ts';
import { dropBacklog } from './backlog.ts';
import { ECHO_MESSAGE, FORM_MASK, MESSAGE_TAGS, REDACTION } from './caps.ts';
import type { IrcDoor } from './door.ts';
import { hides, Item } from './item.ts';
import { DIRECTS_REMEMBERED_MAX } from './limits.ts';
import { formatLine, type Line, NO_LINES } from './line.ts';
import { renderMessage } from './render.ts';
import type { Session } from './session.ts';
import { escapeTag } from './tags.ts';
import { doing, tagged } from './told.ts';
import { DIRECT } from './waiting.ts';
import { writerOf } from './writers.ts';

export function message(door: IrcDoor, one: Message): void {
  if (one.payload === null) return;
  if (one.to !== null) return directMessage(door, one, one.to);
  const room = door.rooms.get(one.room);
  if (one.nick !== null) return;
  const by = writerOf(door, one);
  if (!room && !by) return;
  const item = new Item(one, by);
  if (room) door.gather(room, item);
  else item.isGathered = false;
  if (by) keepForEcho(by, item);
}

function keepForEcho(by: Session, item: Item): void {
  if (!by.has(ECHO_MESSAGE) || by.posts === 0) return;
  by.unacked ??= new Map();
  by.unacked.set(item.message!.id, item);
}

/** To all sessions of whom it is to, and to those of its author that did not write it. */
function directMessage(door: IrcDoor, one: Message, to: AuthorId): void {
  rememberDirect(door, one.room, one.author, to);
  const by = writerOf(door, one);
  const item = new Item(one, by);
  item.isGathered = false;
  for (const reader of peopleOf(door, one.author, to)) {
    if (reader === by || hides(reader, item)) continue;
    const backlog = reader.backlogs?.get(DIRECT);
    if (!backlog || backlog.lets(item)) giveDirect(door, reader, item);
    if (backlog?.isOver) dropBacklog(reader, DIRECT);
  }
  if (by) keepForEcho(by, item);
}

function peopleOf(door: IrcDoor, one: AuthorId, other: AuthorId): Set<Session> {
  return new Set([...door.sessionsOf(one), ...door.sessionsOf(other)]);
}

function rememberDirect(door: IrcDoor, room: RoomId, one: AuthorId, other: AuthorId): void {
  const { directs } = door;
  directs.delete(room);
  directs.set(room, [one, other]);
  if (directs.size > DIRECTS_REMEMBERED_MAX) directs.delete(directs.keys().next().value!);
}

/** What is live in a direct room, to one of its readers. */
export function giveDirect(door: IrcDoor, reader: Session, { message: one, told, lines }: Item): void {
  const form = reader.caps & FORM_MASK;
  reader.isUnmarked = true;
  if (!one) return door.send(reader, (lines[form] ??= told!(form)));
  const by = door.people.authorOf(one);
  const target = door.people.of(one.to!).nick;
  door.send(reader, renderMessage(one, form, { by, target, batch: '', copies: '', isPast: false }));
}

/** What stands before the text of an edited message. */
const EDITED = '[edited] ';

/** A new text for a message is shown as one that answers it. */
export function edited(door: IrcDoor, { id, target, room, author, place, does }: About): void {
  if (does.type !== 'edit' || does.payload === null || authorOf(target) !== author) return;
  const one: Message = { id, room, author, to: null, nick: null, target, place, payload: does.payload };
  const by = door.people.of(author);
  hanging(door, room, author, author, (caps, to) =>
    renderMessage(one, caps, { by, target: to, batch: '', copies: '', isPast: false, mark: EDITED }),
  );
}

export function reacted(door: IrcDoor, { target, room, author, does }: About): void {
  if (does.type !== 'reaction') return;
  const tags = `+draft/${does.on ? 'react' : 'unreact'}=${escapeTag(does.emoji)};+draft/reply=${target}`;
  const by = door.people.of(author);
  hanging(door, room, author, author, (caps, to) =>
    caps & MESSAGE_TAGS ? formatLine({ tags: tagged(by, caps, tags), source: by.source, command: 'TAGMSG', params: [to] }) : NO_LINES,
  );
}

export function redacted(door: IrcDoor, target: MessageId, { by, room, reason }: Removal): void {
  const person = door.people.of(by);
  const words = reason === '' ? [] : [reason];
  // Also where a blocked moderator did it: it was removed.
  hanging(door, room, by, null, (caps, to) => (caps & REDACTION ? doing(person, 'REDACT', to, target, ...words)(caps) : NO_LINES));
}

/** Something about a message, in a form for each reader of its room, or for its two people; but not for those who block `from`. */
function hanging(door: IrcDoor, id: RoomId, author: AuthorId, from: AuthorId | null, render: (caps: number, target: string) => Line): void {
  if (id[0] !== '@') {
    const room = door.rooms.get(id);
    return room && door.gather(room, hangingItem(render, room.name, from));
  }
  const two = door.directs.get(id);
  if (!two?.includes(author)) return;
  const other = two[0] === author ? two[1] : two[0];
  const item = hangingItem(render, door.people.of(other).nick, from);
  for (const reader of peopleOf(door, ...two))
    if (!hides(reader, item) && reader.backlogs?.get(DIRECT)?.lets(item) !== false) giveDirect(door, reader, item);
}

function hangingItem(render: (caps: number, target: string) => Line, target: string, from: AuthorId | null): Item {
  const item = new Item(null, null, (caps) => render(caps, target));
  item.hangs = true;
  item.from = from;
  return item;
}
