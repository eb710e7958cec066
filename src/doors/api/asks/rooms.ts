/** Requests about rooms: entering and leaving, what they are about, who may be in them. */

import type { RoomId } from '../../../core/ids.ts';
import { isPrivateRoomId, publicRoomId } from '../../../core/kinds/room.ts';
import { checkRoomName } from '../../../core/text.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import type { Reader } from '../reader.ts';
import { NO_ROOM, type Outcome, ok, outcomeOf } from '../refusals.ts';
import { wireRoom } from '../render.ts';

/** The room as it is for whoever entered it; they may be out of it again. */
function entered(door: ApiDoor, { author, muted }: Reader, room: RoomId): Outcome {
  if (!door.port.mayRead(author, room)) return NO_ROOM;
  return ok({ room: wireRoom(door, room, { author, joined: true, muted: muted.has(room) }) });
}

export const join: Asking<'join'> = async (door, reader, { room }) => {
  const answer = await door.ask(reader, { type: 'join', room });
  const checked = checkRoomName(room);
  const id = 'name' in checked && !isPrivateRoomId(room) ? publicRoomId(checked.name) : (room as RoomId);
  return answer.type === 'done' ? entered(door, reader, id) : outcomeOf(answer);
};

export const part: Asking<'part'> = async (door, reader, { room }) => outcomeOf(await door.ask(reader, { type: 'part', room, reason: '' }));

export const topic: Asking<'topic'> = async (door, reader, { room, text }) =>
  outcomeOf(await door.ask(reader, { type: 'topic', room, text }));

export const makePrivateRoom: Asking<'make private room'> = async (door, reader, { name }) => {
  const answer = await door.ask(reader, { type: 'make private room', name });
  return answer.type === 'made' ? entered(door, reader, answer.room) : outcomeOf(answer);
};

export const setRoom: Asking<'set room'> = async (door, reader, { room, do: _, ...settings }) => {
  const { description, archived, slowSeconds, retentionSeconds, name } = settings;
  const whole = { description, archived, slowSeconds, retentionSeconds, name };
  return outcomeOf(await door.ask(reader, { type: 'set room', room, settings: whole }));
};

export const invite: Asking<'invite'> = async (door, reader, { room, person }) =>
  outcomeOf(await door.ask(reader, { type: 'invite', room, person }));
