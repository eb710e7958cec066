/** Messages from clients to rooms and people. */

import { publicRoomId } from '../../core/kinds/room.ts';
import type { Style } from '../../core/message.ts';
import type { IrcDoor } from './door.ts';
import { TARGETS_REMEMBERED_MAX } from './limits.ts';
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

function roomTarget(session: Session, verb: PostTarget['verb'], name: string): PostTarget {
  const target: PostTarget = { type: 'post', verb, name: copyText(name), to: { room: publicRoomId(name) } };
  if (verb === 'NOTICE') return target;
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

/** Sends a text to one room or person. */
export function post(door: IrcDoor, session: Session, verb: PostTarget['verb'], name: string, raw: string): void {
  const { style, text } = styleOf(verb, raw);
  if (name.startsWith('#')) {
    const target = roomTarget(session, verb, name);
    return door.ask(session, target, { type: 'post', to: target.to, style, text });
  }
  const author = door.port.presentByName(name);
  if (!author) return door.reply(session, '401', name, 'No such nick: nobody of that name is here now');
  const target: PostTarget = { type: 'post', verb, name: copyText(name), to: { author } };
  door.ask(session, target, { type: 'post', to: target.to, style, text });
}
