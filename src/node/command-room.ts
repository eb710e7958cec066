/** Commands about rooms: entering and leaving, what they are about, who may be in them. */

import type { RoomId } from '../core/ids.ts';
import { invitationBody } from '../core/kinds/moderation.ts';
import {
  isPrivateRoomId,
  isShowableText,
  publicRoomId,
  RETENTION_SECONDS_MAX,
  SLOW_SECONDS_MAX,
  settingsBody,
  textBody,
} from '../core/kinds/room.ts';
import { KIND, NO_BYTES, type Op } from '../core/op.ts';
import type { RoomSettings } from '../core/state.ts';
import { checkRoomName, lineFault, REASON_LENGTH_MAX, ROOM_LENGTH_MAX, type TextFault, TOPIC_LENGTH_MAX } from '../core/text.ts';
import { toHex } from '../lib/bytes.ts';
import type { Now } from '../sync/effects.ts';
import { DONE, done, type Of, op, type Person, type Result, refuse } from './command-op.ts';
import type { Desk } from './desk.ts';

/** Rooms one person may be in. */
const ROOMS_MAX = 200;
const PRIVATE_ID_BYTES = 16;

export function join(desk: Desk, session: Person, { room: raw }: Of<'join'>, now: Now): Result {
  if (isPrivateRoomId(raw)) return enter(desk, session, raw as RoomId, null, now);
  const checked = checkRoomName(raw);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  return enter(desk, session, publicRoomId(checked.name), checked.name, now);
}

/** `name`: of a public room, which is made where it is not there. */
function enter(desk: Desk, session: Person, room: RoomId, name: string | null, now: Now): Result {
  if (session.rooms.has(room)) return { ops: [], answer: DONE };
  const fault = desk.rights.entryFault(session.author, room);
  if (fault) return refuse(fault);
  if (session.rooms.size >= ROOMS_MAX) return refuse({ type: 'too many rooms' });
  const make = name === null || desk.state.rooms.get(room)?.name ? [] : [op(desk, session, now, made(KIND.room, room, name))];
  const enters = desk.moveOp(session, KIND.join, room, NO_BYTES, now);
  session.rooms.add(room);
  return done(...make, enters);
}

function made(kind: number, room: RoomId, name: string) {
  return { kind, room, body: textBody(name) };
}

export function part(desk: Desk, session: Person, { room, reason }: Of<'part'>, now: Now): Result {
  if (!session.rooms.has(room)) return refuse({ type: 'not in room' });
  const fault = lineFault(reason, REASON_LENGTH_MAX);
  if (fault) return refuse({ type: 'bad text', fault });
  const leaves = desk.moveOp(session, KIND.part, room, textBody(reason), now);
  session.shownKey = Math.max(session.shownKey, desk.lastKey(room));
  session.rooms.delete(room);
  return done(leaves);
}

export function topic(desk: Desk, session: Person, { room, text }: Of<'topic'>, now: Now): Result {
  if (!session.rooms.has(room)) return refuse({ type: 'not in room' });
  const bad = lineFault(text, TOPIC_LENGTH_MAX);
  if (bad) return refuse({ type: 'bad text', fault: bad });
  const fault = desk.rights.speakFault(session.author, room);
  if (fault) return refuse(fault);
  const after = Math.max(desk.shownKey(session), desk.state.rooms.get(room)?.topic?.at.key ?? 0);
  return done(op(desk, session, now, { kind: KIND.topic, room, body: textBody(text), after }));
}

/** Its name is only shown: others may have the same. */
export function makePrivateRoom(desk: Desk, session: Person, { name: raw }: Of<'make private room'>, now: Now): Result {
  if (!desk.rights.isAccount(session.author)) return refuse({ type: 'no account' });
  if (session.rooms.size >= ROOMS_MAX) return refuse({ type: 'too many rooms' });
  const checked = checkRoomName(raw.startsWith('#') ? raw : `#${raw}`);
  if ('fault' in checked) return refuse({ type: 'bad text', fault: checked.fault });
  const room = `!${toHex(desk.random(PRIVATE_ID_BYTES))}` as RoomId;
  const ops: Op[] = [
    op(desk, session, now, made(KIND.privateRoom, room, checked.name)),
    desk.moveOp(session, KIND.join, room, NO_BYTES, now),
  ];
  session.rooms.add(room);
  return { ops, answer: { type: 'made', room } };
}

/** Why settings would be void in the log. */
function settingsFault({ description, name, slowSeconds, retentionSeconds }: RoomSettings): TextFault | null {
  const seconds = [slowSeconds, retentionSeconds];
  if (!seconds.every((one) => Number.isSafeInteger(one) && one >= 0) || ![description, name].every(isShowableText)) return 'bad character';
  if (slowSeconds > SLOW_SECONDS_MAX || retentionSeconds > RETENTION_SECONDS_MAX) return 'too long';
  return lineFault(description, TOPIC_LENGTH_MAX) ?? lineFault(name, ROOM_LENGTH_MAX);
}

export function setRoom(desk: Desk, session: Person, { room, settings }: Of<'set room'>, now: Now): Result {
  if (!desk.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (desk.rights.power(session.author, room) < 3) return refuse({ type: 'not allowed' });
  if (isPrivateRoomId(room) && !desk.rights.isInside(session.author, room)) return refuse({ type: 'no such room' });
  const fault = settingsFault(settings);
  if (fault) return refuse({ type: 'bad text', fault });
  if (!isPrivateRoomId(room) && settings.name !== '') return refuse({ type: 'not allowed' });
  const after = Math.max(desk.shownKey(session), desk.state.rooms.get(room)?.settings?.at.key ?? 0);
  return done(op(desk, session, now, { kind: KIND.settings, room, body: settingsBody(settings), after }));
}

export function invite(desk: Desk, session: Person, { room, person }: Of<'invite'>, now: Now): Result {
  if (!isPrivateRoomId(room) || !desk.state.rooms.has(room)) return refuse({ type: 'no such room' });
  if (!desk.isKnown(person)) return refuse({ type: 'no such person' });
  if (desk.rights.power(session.author, room) < 2) return refuse({ type: 'not allowed' });
  return done(op(desk, session, now, { kind: KIND.invitation, room, body: invitationBody(person) }));
}
