/** Commands of moderators and owners: roles, kicks, bans, mutes, and what takes them back. */

import { HLC_PER_MS } from '../core/hlc.ts';
import { banBody, kickBody, muteBody, roleBody } from '../core/kinds/moderation.ts';
import { KIND } from '../core/op.ts';
import { lineFault, REASON_LENGTH_MAX } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse, signedOp } from './command-op.ts';
import type { Engine } from './engine.ts';

/** The longest ban or mute that expires, in ms: ten years. */
const FOR_MS_MAX = 315_576_000_000;

export function role(engine: Engine, session: Person, { room, person, role: given }: Of<'role'>, now: Now): Result {
  const { rights } = engine;
  if (!engine.isKnown(person)) return refuse({ type: 'no such person' });
  if (room !== '' && !engine.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (rights.power(session.author, room) < (room === '' ? 4 : 3)) return refuse({ type: 'not allowed' });
  // A guest is gone with their session: what they own would be nobody's.
  if (given !== 'none' && !rights.isAccount(person)) return refuse({ type: 'no account' });
  if (room === '' && given !== 'owner' && rights.owners().every((owner) => owner === person)) return refuse({ type: 'last owner' });
  return done(signedOp(engine, session, now, { kind: KIND.role, room }, (head) => roleBody(null, engine.network, head, person, given)));
}

export function kick(engine: Engine, session: Person, { room, person, reason }: Of<'kick'>, now: Now): Result {
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  const register = engine.state.rooms.get(room)?.members.get(person);
  if (!register?.value) return refuse({ type: 'no such person' });
  if (!engine.rights.moderates(session.author, person, room)) return refuse({ type: 'not allowed' });
  const after = Math.max(engine.shownKey(session), register.at.key);
  return done(op(engine, session, now, { kind: KIND.kick, room, body: kickBody(person, reason), after }));
}

export function sanction(engine: Engine, session: Person, command: Of<'ban' | 'mute'>, now: Now): Result {
  const { type, room, person, forMs, reason } = command;
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  if (!engine.isKnown(person)) return refuse({ type: 'no such person' });
  if (room !== '' && !engine.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (!engine.rights.moderates(session.author, person, room)) return refuse({ type: 'not allowed' });
  const until = forMs === 0 ? 0 : engine.nowKey + Math.min(Math.max(Math.ceil(forMs), 1), FOR_MS_MAX) * HLC_PER_MS;
  const body = type === 'ban' ? banBody(person, until, reason, engine.cutOf(person)) : muteBody(person, until, reason);
  // Behind whatever put them into the room.
  const at = room === '' ? 0 : (engine.state.rooms.get(room)?.members.get(person)?.at.key ?? 0);
  return done(op(engine, session, now, { kind: KIND[type], room, body, after: Math.max(engine.shownKey(session), at) }));
}

export function undo(engine: Engine, session: Person, { target }: Of<'undo'>, now: Now): Result {
  const sanctioned = engine.lawOf(target);
  if (!sanctioned || engine.isUndone(target)) return refuse({ type: 'no such message' });
  const { body, head } = sanctioned;
  const isTheirs = 'subject' in body && engine.rights.moderates(session.author, body.subject, head.room as never);
  if (!isTheirs || (body.law !== 'kick' && body.law !== 'ban' && body.law !== 'mute')) return refuse({ type: 'not allowed' });
  return done(op(engine, session, now, { kind: KIND.undo, room: head.room, target }));
}
