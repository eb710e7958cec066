/** Commands about messages, and what somebody keeps for themselves. */

import type { Refusal, Target } from '../core/commands.ts';
import { AHEAD_MAX } from '../core/hlc.ts';
import { type AuthorId, authorOf, directRoomId, type RoomId } from '../core/ids.ts';
import { EMOJI_BYTES_MAX, pinBody, reactionBody } from '../core/kinds/about.ts';
import { removeBody } from '../core/kinds/erase.ts';
import { directBody } from '../core/kinds/message.ts';
import { preferBody, readBody } from '../core/kinds/own.ts';
import { encodeMessage } from '../core/message.ts';
import { KIND, NO_BYTES, SALT_BYTES } from '../core/op.ts';
import { lineFault, REASON_LENGTH_MAX, type TextFault, textFault } from '../core/text.ts';
import { utf8 } from '../lib/bytes.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse } from './command-op.ts';
import type { Desk } from './desk.ts';

export function post(desk: Desk, session: Person, { to, style, text, target, prepared }: Of<'post'>, now: Now): Result {
  const bad = textFault(text);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const where = placeOf(desk, session, to);
  if ('refused' in where) return where;
  const fault = desk.rights.speakFault(session.author, where.room) ?? desk.slowFault(session.author, where.room, now);
  if (fault) return refuse(fault);
  if (prepared && prepared.after > desk.highestKey(now) + AHEAD_MAX) return refuse({ type: 'bad after' });
  const payload = encodeMessage(prepared?.salt ?? desk.random(SALT_BYTES), style, text);
  const given = prepared ? { client: prepared.client, after: desk.afterOf(prepared) } : {};
  const reply = target ? { target } : {};
  const payloadHash = desk.suite.sha256(payload);
  const { head } = op(desk, session, now, { kind: KIND.message, ...where, ...reply, ...given, payloadHash });
  desk.spoke(session.author, where.room, now.wallMs);
  return { ops: [{ head, payload }], answer: null };
}

type Where = { readonly room: RoomId; readonly body: Uint8Array } | { readonly refused: Refusal };

/** Where something goes that a session says to a room or a person. */
export function placeOf(desk: Desk, session: Person, to: Target): Where {
  if ('author' in to) return directPlace(desk, session, to.author);
  return session.rooms.has(to.room) ? { room: to.room, body: NO_BYTES } : { refused: { type: 'not in room' } };
}

/** To somebody present, or to an account, which finds it at its next login. */
function directPlace(desk: Desk, session: Person, author: AuthorId): Where {
  if (!desk.rights.isAccount(author) && !desk.people.presence(author)) return { refused: { type: 'no such person' } };
  return { room: directRoomId(desk.suite, session.author, author), body: directBody(author) };
}

/** Why somebody may not act on a message of a room; of a direct room only those who were sent it know the id. */
function aboutFault(desk: Desk, session: Person, room: RoomId): Refusal | null {
  if (room[0] === '@') return desk.isDirectOf(session.author, room) ? null : { type: 'no such message' };
  return session.rooms.has(room) ? null : { type: 'not in room' };
}

/** Why a room is none that is known here, or a direct one of others. */
function roomFault(desk: Desk, session: Person, room: RoomId): Refusal | null {
  if (room[0] === '@') return desk.isDirectOf(session.author, room) ? null : { type: 'no such message' };
  return desk.state.rooms.has(room) ? null : { type: 'no such room' };
}

export function edit(desk: Desk, session: Person, { target, room, style, text }: Of<'edit'>, now: Now): Result {
  const bad = textFault(text);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = aboutFault(desk, session, room) ?? desk.rights.speakFault(session.author, room);
  if (fault) return refuse(fault);
  if (authorOf(target) !== session.author) return refuse({ type: 'not allowed' });
  const payload = encodeMessage(desk.random(SALT_BYTES), style, text);
  const { head } = op(desk, session, now, { kind: KIND.edit, room, target, payloadHash: desk.suite.sha256(payload) });
  return { ops: [{ head, payload }], answer: null };
}

export function remove(desk: Desk, session: Person, { target, room, reason }: Of<'remove'>, now: Now): Result {
  const bad = lineFault(reason, REASON_LENGTH_MAX);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = roomFault(desk, session, room);
  if (fault) return refuse(fault);
  const isOwn = authorOf(target) === session.author;
  if (!isOwn && desk.rights.power(session.author, room) < 2) return refuse({ type: 'not allowed' });
  return done(op(desk, session, now, { kind: KIND.remove, room, target, body: removeBody(reason) }));
}

function emojiFault(emoji: string): TextFault | null {
  if (emoji === '') return 'empty';
  if (utf8(emoji).length > EMOJI_BYTES_MAX) return 'too long';
  return /[\p{Cc}\p{Cs}\s]/u.test(emoji) ? 'bad character' : null;
}

export function react(desk: Desk, session: Person, { target, room, emoji, on }: Of<'react'>, now: Now): Result {
  const bad = emojiFault(emoji);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = aboutFault(desk, session, room) ?? desk.rights.speakFault(session.author, room);
  if (fault) return refuse(fault);
  return done(op(desk, session, now, { kind: KIND.reaction, room, target, body: reactionBody(emoji, on) }));
}

export function pin(desk: Desk, session: Person, { target, room, on }: Of<'pin'>, now: Now): Result {
  const fault = aboutFault(desk, session, room);
  if (fault) return refuse(fault);
  if (room[0] !== '@' && desk.rights.power(session.author, room) < 2) return refuse({ type: 'not allowed' });
  return done(op(desk, session, now, { kind: KIND.pin, room, target, body: pinBody(on) }));
}

export function report(desk: Desk, session: Person, { target, room, reason }: Of<'report'>, now: Now): Result {
  const bad = textFault(reason) ?? lineFault(reason, REASON_LENGTH_MAX);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = aboutFault(desk, session, room);
  if (fault) return refuse(fault);
  const payload = encodeMessage(desk.random(SALT_BYTES), 'text', reason);
  const { head } = op(desk, session, now, { kind: KIND.report, room, target, payloadHash: desk.suite.sha256(payload) });
  return done({ head, payload });
}

/** A guest is gone with their session: nothing waits for them. */
export function read(desk: Desk, session: Person, { room }: Of<'read'>, now: Now): Result {
  if (!desk.rights.isAccount(session.author)) return done();
  const fault = room === '' ? null : roomFault(desk, session, room);
  if (fault) return refuse(fault);
  return done(op(desk, session, now, { kind: KIND.read, room, body: readBody(desk.markUpTo()) }));
}

export function prefer(desk: Desk, session: Person, { about, on }: Of<'prefer'>, now: Now): Result {
  if (!desk.rights.isAccount(session.author)) return refuse({ type: 'no account' });
  const fault = about.type === 'room' ? roomFault(desk, session, about.room) : null;
  if (fault) return refuse(fault);
  if (about.type === 'person' && !desk.isKnown(about.person)) return refuse({ type: 'no such person' });
  const room = about.type === 'room' ? about.room : '';
  return done(op(desk, session, now, { kind: KIND.prefer, room, body: preferBody(about, on) }));
}
