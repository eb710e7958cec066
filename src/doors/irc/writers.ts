/**
 * Which session of an account wrote a message that became visible. The others of the account are shown it like everybody; the one that wrote it is not, or by its echo.
 * A message does not name its session, so what accounts here have asked to be posted is kept until it is answered.
 */

import type { AuthorId, RoomId } from '../../core/ids.ts';
import { decodeMessage } from '../../core/message.ts';
import type { Command, Target } from '../../core/port.ts';
import type { Message } from '../../core/state.ts';
import type { IrcDoor } from './door.ts';
import type { Session } from './session.ts';

function where(to: Target): RoomId | AuthorId {
  return 'room' in to ? to.room : to.author;
}

export function keepPost(session: Session, token: number, { to, text }: Extract<Command, { type: 'post' }>): void {
  session.sent ??= new Map();
  session.sent.set(token, `${where(to)} ${text}`);
}

export function forgetPost(session: Session, token: number): void {
  if (session.sent?.delete(token) && session.sent.size === 0) session.sent = null;
}

/** The session here that wrote a message; null where none did, or where its answer came before. */
export function writerOf(door: IrcDoor, message: Message): Session | null {
  for (const session of door.sessionsOf(message.author)) {
    if (!session.isAccount) return session;
    if (session.sent !== null && isFromHere(door, message) && hasSent(session, message)) return session;
  }
  return null;
}

function isFromHere({ port }: IrcDoor, { place }: Message): boolean {
  return port.state.feeds.get(place.feed)?.node === port.node.id;
}

/** Whether the session asked for it; then what it asked for is found. */
function hasSent(session: Session, { to, room, payload }: Message): boolean {
  const wanted = `${to ?? room} ${payload ? decodeMessage(payload).text : ''}`;
  for (const [token, sent] of session.sent!) {
    if (sent !== wanted) continue;
    forgetPost(session, token);
    return true;
  }
  return false;
}
