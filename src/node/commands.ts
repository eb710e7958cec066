/** What each command of a session becomes: ops for the log, or why it is refused. A table of small functions, one for each command. */

import { AHEAD_MAX } from '../core/hlc.ts';
import { authorId, directRoomId, type RoomId } from '../core/ids.ts';
import { directBody } from '../core/kinds/message.ts';
import { renameBody } from '../core/kinds/rename.ts';
import { publicRoomId, textBody } from '../core/kinds/room.ts';
import { encodeMessage } from '../core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../core/op.ts';
import type { Answer, Command, Refusal } from '../core/port.ts';
import { checkName, checkRoomName, foldName, lineFault, REASON_LENGTH_MAX, TOPIC_LENGTH_MAX, textFault } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import type { Engine, Session } from './engine.ts';

/** Rooms one session may be in. */
const ROOMS_MAX = 200;

/** `answer` is null for a message, which is answered when its copies are counted. No ops: there was nothing to do. */
export type Result = { readonly ops: readonly Op[]; readonly answer: Answer | null } | { readonly refused: Refusal };

type Of<T extends Command['type']> = Extract<Command, { type: T }>;

const DONE: Answer = { type: 'done' };

function op(engine: Engine, session: Session, now: Now, fields: Partial<Head> & Pick<Head, 'kind'>): Op {
  const head: Head = {
    author: session.author!,
    client: engine.clientId(now.wallMs),
    room: '',
    target: '',
    after: engine.shownKey(session, now),
    body: NO_BYTES,
    payloadHash: null,
    ...fields,
  };
  return { head, payload: null };
}

function refuse(refused: Refusal): Result {
  return { refused };
}

/** The ops of a command. `own`: the node asks for it itself, for names a person may not choose and grants anew. */
export function opsOf(engine: Engine, session: Session, command: Exclude<Command, { type: 'close' }>, now: Now, own = false): Result {
  if (command.type === 'open') return open(engine, session, command, now, own);
  if (!session.author) return refuse({ type: 'not open' });
  switch (command.type) {
    case 'rename':
      return rename(engine, session, command, now, own);
    case 'join':
      return join(engine, session, command, now);
    case 'part':
      return part(engine, session, command, now);
    case 'topic':
      return topic(engine, session, command, now);
    case 'post':
      return post(engine, session, command, now);
  }
}

function open(engine: Engine, session: Session, { name: raw, key: given }: Of<'open'>, now: Now, own: boolean): Result {
  const checked = own ? { name: raw } : checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  const key = session.key ?? given ?? engine.newKey();
  const author = authorId(engine.suite, key.publicKey);
  if (!own && (session.author || engine.isTaken(name, foldName(name), session, author))) return refuse({ type: 'name in use' });
  if (!own) engine.claim(foldName(name), session);
  engine.opened(session, author, key, name);
  const after = Math.max(engine.shownKey(session, now), engine.state.guests.get(author)?.name.at.key ?? 0);
  const guest = op(engine, session, now, { kind: KIND.guest, body: engine.grantBody(key, name), after });
  return { ops: [guest], answer: { type: 'opened', author, name } };
}

function rename(engine: Engine, session: Session, { name: raw }: Of<'rename'>, now: Now, own: boolean): Result {
  const checked = own ? { name: raw } : checkName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const { name } = checked;
  if (!own && engine.isTaken(name, foldName(name), session, session.author)) return refuse({ type: 'name in use' });
  if (!own) engine.claim(foldName(name), session);
  session.name = name;
  const after = Math.max(engine.shownKey(session, now), engine.state.guests.get(session.author!)?.name.at.key ?? 0);
  return { ops: [op(engine, session, now, { kind: KIND.rename, body: renameBody(name), after })], answer: DONE };
}

function join(engine: Engine, session: Session, { room: raw }: Of<'join'>, now: Now): Result {
  const checked = checkRoomName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const room = publicRoomId(checked.name);
  if (session.rooms.has(room)) return { ops: [], answer: DONE };
  if (session.rooms.size >= ROOMS_MAX) return refuse({ type: 'too many rooms' });
  const known = engine.state.rooms.get(room);
  const after = Math.max(engine.shownKey(session, now), known?.members.get(session.author!)?.at.key ?? 0);
  const make = known?.name ? [] : [op(engine, session, now, { kind: KIND.room, room, body: textBody(checked.name) })];
  const enter = op(engine, session, now, { kind: KIND.join, room, after });
  session.rooms.add(room);
  return { ops: [...make, enter], answer: DONE };
}

function part(engine: Engine, session: Session, { room, reason }: Of<'part'>, now: Now): Result {
  if (!session.rooms.has(room)) return refuse({ type: 'not in room' });
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  const member = engine.state.rooms.get(room)?.members.get(session.author!);
  const after = Math.max(engine.shownKey(session, now), member?.at.key ?? 0);
  session.shownKey = Math.max(session.shownKey, engine.lastKey(room, now));
  session.rooms.delete(room);
  return { ops: [op(engine, session, now, { kind: KIND.part, room, body: textBody(reason), after })], answer: DONE };
}

function topic(engine: Engine, session: Session, { room, text }: Of<'topic'>, now: Now): Result {
  if (!session.rooms.has(room)) return refuse({ type: 'not in room' });
  const fault = lineFault(text, TOPIC_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  const after = Math.max(engine.shownKey(session, now), engine.state.rooms.get(room)?.topic?.at.key ?? 0);
  return { ops: [op(engine, session, now, { kind: KIND.topic, room, body: textBody(text), after })], answer: DONE };
}

function post(engine: Engine, session: Session, { to, style, text, prepared }: Of<'post'>, now: Now): Result {
  const fault = textFault(text);
  if (fault) return refuse({ type: 'bad text', fault });
  const where = 'room' in to ? publicPlace(session, to.room) : directPlace(engine, session, to.author);
  if ('refused' in where) return where;
  if (prepared && prepared.after > engine.highestKey(now) + AHEAD_MAX) return refuse({ type: 'bad after' });
  const payload = encodeMessage(prepared?.salt ?? engine.random(SALT_BYTES), style, text);
  const given = prepared ? { client: prepared.client, after: engine.afterOf(prepared) } : {};
  const { head } = op(engine, session, now, { kind: KIND.message, ...where, ...given, payloadHash: engine.suite.sha256(payload) });
  return { ops: [{ head, payload }], answer: null };
}

function publicPlace(session: Session, room: RoomId): { room: RoomId } | { refused: Refusal } {
  return session.rooms.has(room) ? { room } : { refused: { type: 'not in room' } };
}

function directPlace(
  engine: Engine,
  session: Session,
  author: Session['author'] & string,
): { room: RoomId; body: Uint8Array } | { refused: Refusal } {
  if (!engine.people.presence(author)) return { refused: { type: 'no such person' } };
  return { room: directRoomId(engine.suite, session.author!, author), body: directBody(author) };
}
