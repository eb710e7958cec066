/** Messages from clients to rooms and people. */

import type { AuthorId, MessageId } from '../../core/ids.ts';
import type { Style } from '../../core/message.ts';
import { foldName } from '../../core/text.ts';
import { serveRooms } from './chanserv.ts';
import type { IrcDoor } from './door.ts';
import { TARGETS_REMEMBERED_MAX } from './limits.ts';
import { serve } from './nickserv.ts';
import { isReserved } from './people.ts';
import { findRoom, isRoomName } from './room-name.ts';
import type { PostTarget, Session } from './session.ts';

const SPACE = 32;
const COLON = 58;
const CTCP = 1;
const PLAIN = 'PRIVMSG ';

/** Sends a line `PRIVMSG #room :text` whose room was used before; false for any other line, which was left alone. */
export function postPlain(door: IrcDoor, session: Session, line: string): boolean {
  if (session.targets === null || !line.startsWith(PLAIN)) return false;
  const last = session.lastTarget!;
  let target: PostTarget | undefined = last;
  let end = PLAIN.length + last.name.length;
  if (line.charCodeAt(end) !== SPACE || !line.startsWith(last.name, PLAIN.length)) {
    end = line.indexOf(' ', PLAIN.length);
    target = end < 0 ? undefined : session.targets.get(line.slice(PLAIN.length, end));
    if (!target) return false;
    session.lastTarget = target;
  }
  const text = end + 2;
  if (line.charCodeAt(end + 1) !== COLON || text === line.length || line.charCodeAt(text) === CTCP) return false;
  door.ask(session, target, { type: 'post', to: target.to, style: 'text', text: line.slice(text) });
  return true;
}

/** A text of its own: a slice would keep the whole chunk that it came in. */
export function copyText(text: string): string {
  return [...text].join('');
}

function roomTarget(door: IrcDoor, session: Session, verb: PostTarget['verb'], name: string): PostTarget | null {
  const room = findRoom(door, session, name);
  if (room === null) return null;
  const target: PostTarget = { type: 'post', verb, name: copyText(name), to: { room } };
  if (verb === 'NOTICE' || room[0] === '!') return target;
  if (!session.targets || session.targets.size >= TARGETS_REMEMBERED_MAX) session.targets = new Map();
  session.targets.set(target.name, target);
  session.lastTarget = target;
  return target;
}

/** Style and text of what a client sends: a CTCP ACTION is an action. */
function styleOf(verb: PostTarget['verb'], text: string): { style: Style; text: string } {
  if (verb === 'NOTICE') return { style: 'notice', text };
  const action = /^\x01ACTION (.*?)\x01?$/s.exec(text);
  return action ? { style: 'action', text: action[1]! } : { style: 'text', text };
}

/** The person of a name: somebody present, or an account that is away; null for nobody. */
export function findPerson(door: IrcDoor, name: string): AuthorId | null {
  return door.port.presentByName(name) ?? door.port.accountNamed(name);
}

/** Sends a text to one room or person; `answers` is the message that it replies to. */
export function post(
  door: IrcDoor,
  session: Session,
  verb: PostTarget['verb'],
  name: string,
  raw: string,
  answers: MessageId | null,
): void {
  if (isReserved(name)) return foldName(name) === 'chanserv' ? serveRooms(door, session, verb, raw) : serve(door, session, verb, raw);
  const target = isRoomName(name) ? roomTarget(door, session, verb, name) : personTarget(door, session, verb, name);
  if (!target) return isRoomName(name) ? door.reply(session, '403', name, 'No such channel') : noSuchNick(door, session, name);
  const { style, text } = styleOf(verb, raw);
  const command = { type: 'post', to: target.to, style, text } as const;
  door.ask(session, target, answers === null ? command : { ...command, target: answers });
}

export function noSuchNick(door: IrcDoor, session: Session, name: string): void {
  door.reply(session, '401', name, 'No such nick: nobody of that name is here now, and it is no account');
}

function personTarget(door: IrcDoor, session: Session, verb: PostTarget['verb'], name: string): PostTarget | null {
  const author = findPerson(door, name);
  if (!author) return null;
  const away = door.port.isPresent(author) ? door.port.awayOf(author) : 'is away and is sent this at the next login';
  if (verb === 'PRIVMSG' && away !== null) door.reply(session, '301', door.people.of(author).nick, away);
  return { type: 'post', verb, name: copyText(name), to: { author } };
}
