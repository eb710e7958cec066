/** What a session is told when the node has answered its command. */

import type { Answer, Refusal } from '../../core/port.ts';
import { FORM_MASK, MESSAGE_TAGS } from './caps.ts';
import { enter, isIn, isMember } from './comings.ts';
import { drain } from './dispatch.ts';
import type { IrcDoor } from './door.ts';
import { renderMessage } from './render.ts';
import { isRoomName } from './room-name.ts';
import type { Pending, PostTarget, Session } from './session.ts';
import { explainTemporary, openTemporary, welcome } from './welcome.ts';
import { words } from './words.ts';

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
  if (pending.type === 'task' && pending.taken(answer)) return;
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
    case 'made':
      return;
  }
}

function opened(door: IrcDoor, session: Session, name: string, answer: Answer): void {
  if (answer.type === 'opened') {
    session.state = 'open';
    session.author = answer.author;
    session.nick = door.people.of(answer.author).nick;
    door.admit(session, answer.author);
    welcome(door, session);
    if (session.wantedNick !== '') explainTemporary(door, session);
  } else if (!openOtherwise(door, session, name, answer)) {
    return;
  }
  drain(door, session);
}

/** The session was not let in under this name; whether it may go on. */
function openOtherwise(door: IrcDoor, session: Session, name: string, answer: Answer): boolean {
  const refusal = answer.type === 'refused' ? answer.refusal : null;
  const isTemporary = session.temporaryTries > 0;
  if (refusal?.type === 'name registered' || (isTemporary && refusal?.type === 'name in use')) {
    if (openTemporary(door, session, name)) return false;
  } else if (refusal?.type === 'name in use' || refusal?.type === 'bad text' || refusal?.type === 'name alike') {
    session.state = 'registering';
    session.nick = '';
    nameRefused(door, session, name, refusal);
    return true;
  }
  const why = refusal ? lowerFirst(words(refusal)) : 'it is unknown whether you were let in';
  door.end(session, `Closing link: ${why}; connect again`);
  return false;
}

function nameRefused(door: IrcDoor, session: Session, name: string, refusal: Refusal): void {
  if (refusal.type === 'name in use') door.reply(session, '433', name, 'Nickname is already in use');
  else if (refusal.type === 'name registered') door.reply(session, '433', name, `Nickname is registered: ${lowerFirst(words(refusal))}`);
  else if (refusal.type === 'name alike' && refusal.like !== null)
    door.reply(session, '433', name, `Nickname is too much alike: ${lowerFirst(words(refusal))}`);
  else door.reply(session, '432', name, `Erroneous nickname: ${lowerFirst(words(refusal))}`);
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
  const by = door.people.authorOf(message);
  const lines = renderMessage(message, session.caps & FORM_MASK, { by, target, batch: '', copies, isPast: false });
  if (lines === '') door.fail(session, verb, 'UNKNOWN_OUTCOME', name, 'The message was stored and cannot be shown');
  else door.send(session, lines);
}

function joinDone(door: IrcDoor, session: Session, { room }: Extract<Pending, { type: 'join' | 'part' | 'topic' }>): void {
  if (!isIn(door, session, room) && isMember(door, room, session.author!)) enter(door, session, room);
}

const VERBS = { open: 'NICK', rename: 'NICK', join: 'JOIN', part: 'PART', topic: 'TOPIC' } as const;

function verbOf(pending: Pending): string {
  return pending.type === 'post' || pending.type === 'task' ? pending.verb : VERBS[pending.type];
}

function unknown(door: IrcDoor, session: Session, pending: Pending): void {
  const text = 'It is unknown whether this took effect: the disk failed while it was written. Look before you repeat it';
  door.fail(session, verbOf(pending), 'UNKNOWN_OUTCOME', pending.name, text);
}

export function refused(door: IrcDoor, session: Session, pending: Pending, refusal: Refusal): void {
  const { name } = pending;
  const fail = (code: string, text = words(refusal)): void => door.fail(session, verbOf(pending), code, name, text);
  switch (refusal.type) {
    case 'name in use':
    case 'name registered':
    case 'name alike':
      return nameRefused(door, session, name, refusal);
    case 'bad text':
      return pending.type === 'rename' ? nameRefused(door, session, name, refusal) : badText(door, session, pending, refusal.fault);
    case 'no such room':
      return door.reply(session, '403', name, 'No such channel');
    case 'no such person':
      return door.reply(session, '401', name, 'No such nick: nobody of that name is here now, and it is no account');
    case 'no such message':
      return fail('UNKNOWN_MSGID');
    case 'not in room':
      return notInRoom(door, session, pending);
    case 'too many rooms':
      return door.reply(session, '405', name, words(refusal));
    case 'not allowed':
      return notAllowed(door, session, pending);
    case 'silenced':
      return silenced(door, session, pending, refusal);
    case 'archived':
      return isRoomName(name) ? door.reply(session, '404', name, words(refusal)) : fail('ARCHIVED');
    case 'flood':
      session.output.holdBack();
      return fail('RATE_LIMITED', `Not sent: ${lowerFirst(words(refusal))}`);
    case 'slow':
      return fail('RATE_LIMITED', `Not sent: ${lowerFirst(words(refusal))}`);
    case 'busy':
    case 'not stored':
      return fail('TRY_AGAIN', `Not sent: ${lowerFirst(words(refusal))}`);
    case 'bad key':
    case 'no account':
    case 'registration':
    case 'bad invitation':
    case 'last owner':
    case 'not open':
    case 'bad after':
      return fail('REFUSED');
  }
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

function notAllowed(door: IrcDoor, session: Session, pending: Pending): void {
  const { name } = pending;
  if (pending.type === 'rename') return door.reply(session, '447', 'You are shown under the name of your account');
  if (pending.type === 'join') return door.reply(session, '473', name, 'Cannot join channel: you are not invited');
  if (isRoomName(name)) return door.reply(session, '482', name, 'You are not channel operator');
  door.fail(session, verbOf(pending), 'NOT_ALLOWED', name, words({ type: 'not allowed' }));
}

function silenced(door: IrcDoor, session: Session, pending: Pending, refusal: Extract<Refusal, { type: 'silenced' }>): void {
  const { name } = pending;
  const text = words(refusal);
  if (pending.type === 'join') return door.reply(session, '474', name, `Cannot join channel: ${lowerFirst(text)}`);
  if (pending.type === 'post')
    return door.reply(session, '404', name, `Cannot send to ${isRoomName(name) ? 'channel' : 'nick'}: ${lowerFirst(text)}`);
  door.fail(session, verbOf(pending), 'SILENCED', name, text);
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
