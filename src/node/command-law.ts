/** Commands of moderators and owners: roles, kicks, bans, mutes, and what takes them back. */

import { HLC_PER_MS } from '../core/hlc.ts';
import { banBody, kickBody, muteBody, roleBody } from '../core/kinds/moderation.ts';
import { KIND } from '../core/op.ts';
import { lineFault, REASON_LENGTH_MAX } from '../core/text.ts';
import type { Now } from '../sync/effects.ts';
import { done, type Of, op, type Person, type Result, refuse, signedOp } from './command-op.ts';
import { CUT_FEEDS_MAX, CUT_TOO_LONG, type Desk } from './desk.ts';

/** The longest ban or mute that expires, in ms: ten years. */
const FOR_MS_MAX = 315_576_000_000;

export function role(desk: Desk, session: Person, { room, person, role: given }: Of<'role'>, now: Now): Result {
  const { rights } = desk;
  if (!desk.isKnown(person)) return refuse({ type: 'no such person' });
  if (room !== '' && !desk.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (rights.power(session.author, room) < (room === '' ? 4 : 3)) return refuse({ type: 'not allowed' });
  // A guest is gone with their session: what they own would be nobody's.
  if (given !== 'none' && !rights.isAccount(person)) return refuse({ type: 'no account' });
  if (room === '' && given !== 'owner' && rights.owners().every((owner) => owner === person)) return refuse({ type: 'last owner' });
  return done(signedOp(desk, session, now, { kind: KIND.role, room }, (head) => roleBody(null, desk.network, head, person, given)));
}

export function kick(desk: Desk, session: Person, { room, person, reason }: Of<'kick'>, now: Now): Result {
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  const register = desk.state.rooms.get(room)?.members.get(person);
  if (!register?.value) return refuse({ type: 'no such person' });
  if (!desk.rights.moderates(session.author, person, room)) return refuse({ type: 'not allowed' });
  const after = Math.max(desk.shownKey(session), register.at.key);
  return done(op(desk, session, now, { kind: KIND.kick, room, body: kickBody(person, reason), after }));
}

export function sanction(desk: Desk, session: Person, command: Of<'ban' | 'mute'>, now: Now): Result {
  const { type, room, person, forMs, reason } = command;
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  if (!desk.isKnown(person)) return refuse({ type: 'no such person' });
  if (room !== '' && !desk.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (!desk.rights.moderates(session.author, person, room)) return refuse({ type: 'not allowed' });
  const until = forMs === 0 ? 0 : desk.nowKey + Math.min(Math.max(Math.ceil(forMs), 1), FOR_MS_MAX) * HLC_PER_MS;
  const cut = type === 'ban' ? desk.cutOf(person) : new Map();
  if (cut.size > CUT_FEEDS_MAX) return refuse(CUT_TOO_LONG);
  const body = type === 'ban' ? banBody(person, until, reason, cut) : muteBody(person, until, reason);
  // Behind whatever put them into the room.
  const at = room === '' ? 0 : (desk.state.rooms.get(room)?.members.get(person)?.at.key ?? 0);
  return done(op(desk, session, now, { kind: KIND[type], room, body, after: Math.max(desk.shownKey(session), at) }));
}

export function undo(desk: Desk, session: Person, { target }: Of<'undo'>, now: Now): Result {
  const sanctioned = desk.lawOf(target);
  if (!sanctioned || desk.isUndone(target)) return refuse({ type: 'no such message' });
  const { body, head } = sanctioned;
  // Nobody lets themselves off.
  const isTheirs =
    'subject' in body && body.subject !== session.author && desk.rights.moderates(session.author, body.subject, head.room as never);
  if (!isTheirs || (body.law !== 'kick' && body.law !== 'ban' && body.law !== 'mute')) return refuse({ type: 'not allowed' });
  return done(op(desk, session, now, { kind: KIND.undo, room: head.room, target }));
}
