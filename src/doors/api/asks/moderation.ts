/** Requests of moderators and owners. */

import type { WireSanction } from '../../../api/admin.ts';
import { SANCTIONS_MAX, type WireAct, type WireReport } from '../../../api/protocol.ts';
import { decodeMessage } from '../../../core/message.ts';
import type { Act, Report } from '../../../core/port.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import { outcomeOf, refused } from '../refusals.ts';
import { personName, placeOf, wireMessage, wirePlace } from '../render.ts';

const NO_RIGHT = refused('not allowed', 'You do not moderate there.');

export const role: Asking<'role'> = async (door, reader, { room, person, role: given }) =>
  outcomeOf(await door.ask(reader, { type: 'role', room, person, role: given ?? 'none' }));

export const kick: Asking<'kick'> = async (door, reader, { room, person, reason }) =>
  outcomeOf(await door.ask(reader, { type: 'kick', room, person, reason }));

export const ban: Asking<'ban'> = async (door, reader, { room, person, forSeconds, reason }) =>
  outcomeOf(await door.ask(reader, { type: 'ban', room, person, forMs: 1000 * forSeconds, reason }));

export const mute: Asking<'mute'> = async (door, reader, { room, person, forSeconds, reason }) =>
  outcomeOf(await door.ask(reader, { type: 'mute', room, person, forMs: 1000 * forSeconds, reason }));

export const undo: Asking<'undo'> = async (door, reader, { target }) => outcomeOf(await door.ask(reader, { type: 'undo', target }));

export const sanctions: Asking<'sanctions'> = ({ port }, { author }, { room }) => {
  const moderates = author !== null && port.power(author, room) >= 2 && (room === '' || port.mayRead(author, room));
  if (!moderates) return NO_RIGHT;
  const all = port.sanctions(room).reverse();
  const shown = all.slice(0, SANCTIONS_MAX).map(
    (one): WireSanction => ({
      ...one,
      personName: personName(port.state, one.person),
      byName: personName(port.state, one.by),
    }),
  );
  return { value: { sanctions: shown, more: all.length > shown.length } };
};

export const moderationLog: Asking<'moderation log'> = ({ port }, { no }, { room, before, limit }) => {
  const acts = port.moderationLog(no, room, before ? placeOf(before) : null, limit);
  return acts ? { value: { acts: acts.map((act) => wireAct(port, act)) } } : NO_RIGHT;
};

export const reports: Asking<'reports'> = async ({ port }, { no }, { room, before, limit }) => {
  const page = await port.reports(no, room, before ? placeOf(before) : null, limit);
  if (!page) return NO_RIGHT;
  return { value: { reports: page.reports.map((one) => wireReport(port, one)), next: page.next && wirePlace(page.next) } };
};

function wireAct({ state }: ApiDoor['port'], act: Act): WireAct {
  const person = act.person === null ? {} : { person: act.person, personName: personName(state, act.person) };
  return { ...act, place: wirePlace(act.place), byName: personName(state, act.by), ...person };
}

function wireReport({ state }: ApiDoor['port'], { about, message }: Report): WireReport {
  const { does, author, id, target, room, place } = about;
  const reason = does.type === 'report' && does.payload ? decodeMessage(does.payload).text : '';
  const by = { by: author, byName: personName(state, author) };
  return { id, target, room, place: wirePlace(place), ...by, reason, message: message && wireMessage(state, message) };
}
