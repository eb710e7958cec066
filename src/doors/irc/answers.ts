/** What a session is told when the node has answered its command. */

import type { Answer, Refusal } from '../../core/port.ts';
import { FORM_MASK, MESSAGE_TAGS } from './caps.ts';
import { runLine } from './dispatch.ts';
import type { IrcDoor } from './door.ts';
import { enter } from './notices.ts';
import { renderMessage } from './render.ts';
import type { Pending, PostTarget, Session } from './session.ts';
import { welcome } from './welcome.ts';

export function takeAnswer(door: IrcDoor, session: Session, pending: Pending, answer: Answer): void {
  answered(door, session, pending, answer);
  if (pending.type !== 'post') return;
  session.posts--;
  if (session.posts > 0) return;
  session.unacked = null;
  if (session.held) door.releaseAll(session);
}

function answered(door: IrcDoor, session: Session, pending: Pending, answer: Answer): void {
  if (pending.type === 'open') return opened(door, session, pending.name, answer);
  switch (answer.type) {
    case 'acknowledged':
      if (pending.type === 'post') acknowledged(door, session, pending, answer);
      return;
    case 'unknown':
      return unknown(door, session, pending);
    case 'refused':
      return refused(door, session, pending, answer.refusal);
    case 'done':
      if (pending.type === 'join') joinDone(door, session, pending);
      return;
    case 'opened':
      return;
  }
}

function opened(door: IrcDoor, session: Session, name: string, answer: Answer): void {
  if (answer.type === 'opened') {
    session.state = 'open';
    session.author = answer.author;
    session.nick = door.people.of(answer.author).nick;
    door.byAuthor.set(answer.author, session);
    welcome(door, session);
  } else if (answer.type === 'refused' && (answer.refusal.type === 'name in use' || answer.refusal.type === 'bad text')) {
    session.state = 'registering';
    session.nick = '';
    nameRefused(door, session, name, answer.refusal);
  } else {
    const wait = answer.type === 'refused' ? retryText(answer.refusal) : 'it is unknown whether you were let in';
    return door.end(session, `Closing link: ${wait}; connect again`);
  }
  const waiting = session.waiting ?? [];
  session.waiting = null;
  for (const line of waiting) runLine(door, session, line);
}

function nameRefused(door: IrcDoor, session: Session, name: string, refusal: Refusal): void {
  if (refusal.type === 'name in use') door.reply(session, '433', name, 'Nickname is already in use');
  else
    door.reply(
      session,
      '432',
      name,
      'Erroneous nickname: 1 to 32 letters, digits or _ [ ] \\ ` ^ { | } -, not beginning with a digit or -',
    );
}

function retryText(refusal: Refusal): string {
  const seconds = 'retryMs' in refusal ? Math.max(1, Math.ceil(refusal.retryMs / 1000)) : 1;
  return refusal.type === 'not stored'
    ? `the node cannot store anything now; try again in ${seconds} s`
    : `the node is busy; try again in ${seconds} s`;
}

/** The echo is the acknowledgement. */
function acknowledged(
  door: IrcDoor,
  session: Session,
  { verb, name }: PostTarget,
  { id, held, wanted }: Extract<Answer, { type: 'acknowledged' }>,
): void {
  const item = session.unacked?.get(id);
  if (!item) return;
  session.unacked!.delete(id);
  item.copies = `${held}/${wanted}`;
  if (session.held?.includes(item)) return door.release(session, item);
  if (item.isGathered && session.rooms?.has(door.rooms.get(item.message!.room)!)) return;
  const message = item.message!;
  const target = message.to === null ? (door.rooms.get(message.room)?.name ?? message.room) : door.people.of(message.to).nick;
  const copies = session.has(MESSAGE_TAGS) ? item.copies : '';
  const { source } = door.people.authorOf(message);
  const lines = renderMessage(message, session.caps & FORM_MASK, { source, target, batch: '', copies, isPast: false });
  if (lines === '') door.fail(session, verb, 'UNKNOWN_OUTCOME', name, 'The message was stored and cannot be shown');
  else door.send(session, lines);
}

function joinDone(door: IrcDoor, session: Session, { room }: Extract<Pending, { type: 'join' | 'part' | 'topic' }>): void {
  const known = door.rooms.get(room);
  if (known && session.rooms?.has(known)) return;
  if (door.port.state.rooms.get(room)?.members.get(session.author!)?.value) enter(door, session, room, session.author!);
}

const VERBS = { rename: 'NICK', join: 'JOIN', part: 'PART', topic: 'TOPIC' } as const;

function verbOf(pending: Pending): string {
  return pending.type === 'post' ? pending.verb : pending.type === 'open' ? 'NICK' : VERBS[pending.type];
}

function unknown(door: IrcDoor, session: Session, pending: Pending): void {
  const text = 'It is unknown whether this took effect: the disk failed while it was written. Look before you repeat it';
  door.fail(session, verbOf(pending), 'UNKNOWN_OUTCOME', pending.name, text);
}

function refused(door: IrcDoor, session: Session, pending: Pending, refusal: Refusal): void {
  const { name } = pending;
  switch (refusal.type) {
    case 'name in use':
      return nameRefused(door, session, name, refusal);
    case 'bad text':
      return pending.type === 'rename' ? nameRefused(door, session, name, refusal) : badText(door, session, pending, refusal.fault);
    case 'no such room':
      return door.reply(session, '403', name, 'No such channel');
    case 'no such person':
      return door.reply(session, '401', name, 'No such nick: nobody of that name is here now');
    case 'not in room':
      return notInRoom(door, session, pending);
    case 'too many rooms':
      return door.reply(session, '405', name, 'You are in too many channels: leave one first');
    case 'not open':
    case 'bad after':
      return door.fail(session, verbOf(pending), 'REFUSED', name, 'The node does not take this from this connection: connect again');
    case 'busy':
    case 'not stored':
      return door.fail(session, verbOf(pending), 'TRY_AGAIN', name, `Not sent: ${retryText(refusal)}`);
  }
}

function notInRoom(door: IrcDoor, session: Session, pending: Pending): void {
  const { name } = pending;
  if (pending.type !== 'post') return door.reply(session, '442', name, 'You are not in that channel');
  const isThere = 'room' in pending.to && door.port.state.rooms.has(pending.to.room);
  if (isThere) door.reply(session, '404', name, 'Cannot send to channel: join it first');
  else door.reply(session, '403', name, 'No such channel');
}

function badText(door: IrcDoor, session: Session, pending: Pending, fault: 'empty' | 'too long' | 'bad character'): void {
  const verb = verbOf(pending);
  const { name } = pending;
  if (pending.type === 'join')
    return door.reply(session, '476', name, 'Bad channel name: # and up to 63 letters, without spaces, commas or controls');
  if (fault === 'empty') door.reply(session, '412', 'No text to send');
  else if (fault === 'too long') door.fail(session, verb, 'MESSAGE_TOO_LONG', name, 'Not sent: the text is too long');
  else door.fail(session, verb, 'BAD_CHARACTER', name, 'Not sent: the text has a control character that is not allowed');
}
