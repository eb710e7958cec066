/** Commands about messages, and what somebody keeps for themselves. */

import type { Refusal, Target } from '../core/commands.ts';
import { HLC_PER_MS } from '../core/hlc.ts';
import { type AuthorId, authorOf, directRoomId, type RoomId } from '../core/ids.ts';
import { pinBody, reactionBody } from '../core/kinds/about.ts';
import { removeBody } from '../core/kinds/erase.ts';
import { directBody } from '../core/kinds/message.ts';
import { preferBody, readBody } from '../core/kinds/own.ts';
import { encodeMessage } from '../core/message.ts';
import { KIND, NO_BYTES, SALT_BYTES } from '../core/op.ts';
import { lineFault, REASON_LENGTH_MAX, textFault } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse } from './command-op.ts';
import type { Engine } from './engine.ts';

/**
 * How far beyond the highest key held here a client's `after` may be, in steps of the clock: three hours. Clocks that are an hour off either way are two hours apart,
 * and a client that fails over from the one to the other, in a partition, must be served.
 */
const AFTER_BEYOND_MAX = 3 * 3_600_000 * HLC_PER_MS;
/** An emoji with all its modifiers, in UTF-16 units. */
const EMOJI_LENGTH_MAX = 32;

export function post(engine: Engine, session: Person, { to, style, text, target, prepared }: Of<'post'>, now: Now): Result {
  const bad = textFault(text);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const where = placeOf(engine, session, to);
  if ('refused' in where) return where;
  const fault = engine.rights.speakFault(session.author, where.room) ?? engine.slowFault(session.author, where.room, now);
  if (fault) return refuse(fault);
  if (prepared && prepared.after > engine.highestKey(now) + AFTER_BEYOND_MAX) return refuse({ type: 'bad after' });
  const payload = encodeMessage(prepared?.salt ?? engine.random(SALT_BYTES), style, text);
  const given = prepared ? { client: prepared.client, after: engine.afterOf(prepared) } : {};
  const reply = target ? { target } : {};
  const payloadHash = engine.suite.sha256(payload);
  const { head } = op(engine, session, now, { kind: KIND.message, ...where, ...reply, ...given, payloadHash });
  engine.spoke(session.author, where.room, now.wallMs);
  return { ops: [{ head, payload }], answer: null };
}

type Where = { readonly room: RoomId; readonly body: Uint8Array } | { readonly refused: Refusal };

function placeOf(engine: Engine, session: Person, to: Target): Where {
  if ('author' in to) return directPlace(engine, session, to.author);
  return session.rooms.has(to.room) ? { room: to.room, body: NO_BYTES } : { refused: { type: 'not in room' } };
}

/** To somebody present, or to an account, which finds it at its next login. */
function directPlace(engine: Engine, session: Person, author: AuthorId): Where {
  if (!engine.rights.isAccount(author) && !engine.people.presence(author)) return { refused: { type: 'no such person' } };
  return { room: directRoomId(engine.suite, session.author, author), body: directBody(author) };
}

/** Why somebody may not act on a message of a room; of a direct room only those who were sent it know the id. */
function aboutFault(engine: Engine, session: Person, room: RoomId): Refusal | null {
  if (room[0] === '@') return engine.isDirectOf(session.author, room) ? null : { type: 'no such message' };
  return session.rooms.has(room) ? null : { type: 'not in room' };
}

export function edit(engine: Engine, session: Person, { target, room, style, text }: Of<'edit'>, now: Now): Result {
  const bad = textFault(text);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = aboutFault(engine, session, room) ?? engine.rights.speakFault(session.author, room);
  if (fault) return refuse(fault);
  if (authorOf(target) !== session.author) return refuse({ type: 'not allowed' });
  const payload = encodeMessage(engine.random(SALT_BYTES), style, text);
  const { head } = op(engine, session, now, { kind: KIND.edit, room, target, payloadHash: engine.suite.sha256(payload) });
  return { ops: [{ head, payload }], answer: null };
}

export function remove(engine: Engine, session: Person, { target, room, reason }: Of<'remove'>, now: Now): Result {
  const bad = lineFault(reason, REASON_LENGTH_MAX);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const isOwn = authorOf(target) === session.author;
  if (!isOwn && engine.rights.power(session.author, room) < 2) return refuse({ type: 'not allowed' });
  return done(op(engine, session, now, { kind: KIND.remove, room, target, body: removeBody(reason) }));
}

export function react(engine: Engine, session: Person, { target, room, emoji, on }: Of<'react'>, now: Now): Result {
  if (emoji === '' || emoji.length > EMOJI_LENGTH_MAX || /[\p{Cc}\p{Cs}\s]/u.test(emoji))
    return refuse({ type: 'bad text', fault: emoji === '' ? 'empty' : 'bad character' });
  const fault = aboutFault(engine, session, room) ?? engine.rights.speakFault(session.author, room);
  if (fault) return refuse(fault);
  return done(op(engine, session, now, { kind: KIND.reaction, room, target, body: reactionBody(emoji, on) }));
}

export function pin(engine: Engine, session: Person, { target, room, on }: Of<'pin'>, now: Now): Result {
  const fault = aboutFault(engine, session, room);
  if (fault) return refuse(fault);
  if (room[0] !== '@' && engine.rights.power(session.author, room) < 2) return refuse({ type: 'not allowed' });
  return done(op(engine, session, now, { kind: KIND.pin, room, target, body: pinBody(on) }));
}

export function report(engine: Engine, session: Person, { target, room, reason }: Of<'report'>, now: Now): Result {
  const bad = textFault(reason) ?? lineFault(reason, REASON_LENGTH_MAX);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = aboutFault(engine, session, room);
  if (fault) return refuse(fault);
  const payload = encodeMessage(engine.random(SALT_BYTES), 'text', reason);
  const { head } = op(engine, session, now, { kind: KIND.report, room, target, payloadHash: engine.suite.sha256(payload) });
  return done({ head, payload });
}

/** A guest is gone with their session: nothing waits for them. */
export function read(engine: Engine, session: Person, { room }: Of<'read'>, now: Now): Result {
  if (!engine.rights.isAccount(session.author)) return done();
  return done(op(engine, session, now, { kind: KIND.read, room, body: readBody(engine.marks.upTo(now.monoMs)) }));
}

export function prefer(engine: Engine, session: Person, { about, on }: Of<'prefer'>, now: Now): Result {
  if (!engine.rights.isAccount(session.author)) return refuse({ type: 'no account' });
  const room = about.type === 'room' ? about.room : '';
  return done(op(engine, session, now, { kind: KIND.prefer, room, body: preferBody(about, on) }));
}
