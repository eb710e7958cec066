/** Requests about messages, and what somebody keeps for themselves. */

import type { WireTarget } from '../../../api/protocol.ts';
import type { Answer, Target } from '../../../core/commands.ts';
import { decodeMessage } from '../../../core/message.ts';
import { fromHex } from '../../../lib/bytes.ts';
import type { Asking } from '../asking.ts';
import { NO_MESSAGE, outcomeOf, refused } from '../refusals.ts';

function target(to: WireTarget): Target {
  return 'room' in to ? { room: to.room } : { author: to.person };
}

const acknowledged = (answer: Answer): unknown =>
  answer.type === 'acknowledged' ? { id: answer.id, held: answer.held, wanted: answer.wanted } : null;

export const post: Asking<'post'> = async (door, reader, { to, style, text, target: answers, prepared }) => {
  const given = prepared ? { prepared: { ...prepared, salt: fromHex(prepared.salt) } } : {};
  const reply = answers === undefined ? {} : { target: answers };
  return outcomeOf(await door.ask(reader, { type: 'post', to: target(to), style, text, ...reply, ...given }), acknowledged);
};

/** A message keeps its style. */
export const edit: Asking<'edit'> = async (door, reader, { room, target: id, text }) => {
  const [known] = (await door.port.refresh(reader.no, room, [id])) ?? [];
  if (!known?.payload) return NO_MESSAGE;
  const { style } = decodeMessage(known.payload);
  return outcomeOf(await door.ask(reader, { type: 'edit', room, target: id, style, text }), acknowledged);
};

export const remove: Asking<'remove'> = async (door, reader, { room, target: id, reason }) =>
  outcomeOf(await door.ask(reader, { type: 'remove', room, target: id, reason }));

export const react: Asking<'react'> = async (door, reader, { room, target: id, emoji, on }) =>
  outcomeOf(await door.ask(reader, { type: 'react', room, target: id, emoji, on }));

export const pin: Asking<'pin'> = async (door, reader, { room, target: id, on }) =>
  outcomeOf(await door.ask(reader, { type: 'pin', room, target: id, on }));

export const report: Asking<'report'> = async (door, reader, { room, target: id, reason }) =>
  outcomeOf(await door.ask(reader, { type: 'report', room, target: id, reason }));

export const read: Asking<'read'> = async (door, reader, { room }) => outcomeOf(await door.ask(reader, { type: 'read', room }));

export const prefer: Asking<'prefer'> = async (door, reader, { room, person, on }) => {
  if ((room === undefined) === (person === undefined)) return refused('bad request', 'A wish is about a room or about a person.');
  const about = room !== undefined ? ({ type: 'room', room } as const) : ({ type: 'person', person: person! } as const);
  return outcomeOf(await door.ask(reader, { type: 'prefer', about, on }));
};

export const typing: Asking<'typing'> = async (door, reader, { to, on }) =>
  outcomeOf(await door.ask(reader, { type: 'typing', to: target(to), on }));

export const away: Asking<'away'> = async (door, reader, { text }) => outcomeOf(await door.ask(reader, { type: 'away', text }));

export const rename: Asking<'rename'> = async (door, reader, { name }) => outcomeOf(await door.ask(reader, { type: 'rename', name }));
