/** Routes of moderators and owners. Without a room they are about the network. */

import type { Request } from '../../../api/protocol.ts';
import { carryOut } from '../asking.ts';
import { readPlace, writePlace } from '../asks/reading.ts';
import { ok, refused } from '../refusals.ts';
import { placeOf, wirePlace } from '../render.ts';
import { AUTHOR, object, ROLE, SECONDS } from '../schemas.ts';
import { type Does, type Input, type Route, roomOf, text } from './route.ts';
import { ref } from './shapes.ts';

const tag = 'moderation';
const SHORT = { type: 'string', maxLength: 1024 };
const PAGE = { before: SHORT, limit: { type: 'integer', minimum: 1, maximum: 100 } };
const SANCTION = object({ person: AUTHOR, forSeconds: SECONDS, reason: SHORT }, ['forSeconds', 'reason']);

/** In a room, and in the network. */
function both(make: (at: string, where: (input: Input) => never, of: string) => Route[]): Route[] {
  return [...make('/rooms/{room}', (input) => roomOf(input) as never, 'a room'), ...make('', () => '' as never, 'the network')];
}

function paged(name: 'moderation log' | 'reports', where: (input: Input) => never): Does {
  return async (input, door, reader) => {
    const { query } = input;
    const before = query['before'] === undefined ? undefined : readPlace(String(query['before']));
    if (before === null) return refused('bad request', 'There is no such page.');
    const limit = Number(query['limit'] ?? 50);
    const asked = { do: name, room: where(input), limit, ...(before ? { before: wirePlace(before) } : {}) } as Request;
    const outcome = await carryOut(door, reader, asked);
    if (!('value' in outcome)) return outcome;
    const found = outcome.value as { acts?: { place: never }[]; reports?: unknown[]; next?: never };
    const next = found.acts ? (found.acts.length === limit ? found.acts.at(-1)!.place : null) : found.next;
    return ok({ ...found, next: next ? writePlace(placeOf(next)) : null });
  };
}

export const MODERATION: readonly Route[] = [
  ...both((at, where, of) => [
    {
      ...{ method: 'PUT', path: `${at}/roles/{person}`, tag, summary: `Give somebody a role in ${of}, or none` },
      ...{ body: object({ role: ROLE }), answer: null },
      does: (input) => ({ do: 'role', room: where(input), person: input.params['person'] as never, role: input.body['role'] as never }),
    },
    ...(['ban', 'mute'] as const).map(
      (does): Route => ({
        ...{
          method: 'POST',
          path: `${at}/${does}s`,
          tag,
          summary: `${does === 'ban' ? 'Ban' : 'Mute'} somebody in ${of}; without a time for good`,
        },
        ...{ body: SANCTION, answer: null },
        does: (input) => ({
          ...{ do: does, room: where(input), person: input.body['person'] as never },
          ...{ forSeconds: Number(input.body['forSeconds'] ?? 0), reason: text(input.body['reason']) },
        }),
      }),
    ),
    {
      ...{ method: 'GET', path: `${at}/moderation-log`, tag, summary: `What was done in ${of}, newest first` },
      ...{ query: PAGE, answer: ref('Acts') },
      does: paged('moderation log', where),
    },
    {
      ...{ method: 'GET', path: `${at}/sanctions`, tag, summary: `The bans, mutes and kicks in force in ${of}, newest first` },
      answer: ref('Sanctions'),
      does: (input) => ({ do: 'sanctions', room: where(input) }),
    },
    {
      ...{ method: 'GET', path: `${at}/reports`, tag, summary: `What was reported in ${of}, newest first` },
      ...{ query: PAGE, answer: ref('Reports') },
      does: paged('reports', where),
    },
  ]),
  {
    ...{ method: 'POST', path: '/rooms/{room}/kicks', tag, summary: 'Put somebody out of a room' },
    ...{ body: object({ person: AUTHOR, reason: SHORT }, ['reason']), answer: null },
    does: (input) => ({ do: 'kick', room: roomOf(input), person: input.body['person'] as never, reason: text(input.body['reason']) }),
  },
  {
    ...{ method: 'DELETE', path: '/sanctions/{message}', tag, summary: 'Take back a kick, a ban or a mute' },
    answer: null,
    does: ({ params }) => ({ do: 'undo', target: params['message'] as never }),
  },
];
