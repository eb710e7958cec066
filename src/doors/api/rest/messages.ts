/** Routes about messages: pages, posting, and what hangs on them. */

import type { Answers, PageAt, Request, WirePlace } from '../../../api/protocol.ts';
import type { AuthorId } from '../../../core/ids.ts';
import { carryOut } from '../asking.ts';
import { readPlace, writePlace } from '../asks/reading.ts';
import type { ApiDoor } from '../door.ts';
import type { Reader } from '../reader.ts';
import { NO_PERSON, type Outcome, ok, refused } from '../refusals.ts';
import { placeOf, wirePlace } from '../render.ts';
import { AUTHOR, LIMIT, MESSAGE, object, PREPARED, ROOM, STYLE } from '../schemas.ts';
import { type Input, type Route, roomOf, text } from './route.ts';
import { ref } from './shapes.ts';

const tag = 'messages';
const TEXT = { type: 'string', maxLength: 16_384 };
const SHORT = { type: 'string', maxLength: 1024 };
const WHOLE = { type: 'integer', minimum: 0 };
const MESSAGE_PATH = '/rooms/{room}/messages/{message}';
const POST = object({ text: TEXT, style: STYLE, target: MESSAGE, prepared: PREPARED }, ['style', 'target', 'prepared']);

const NO_PAGE = refused('bad request', 'There is no such page.');
const limitOf = ({ query }: Input): number => Number(query['limit'] ?? 50);
const target = ({ params }: Input): never => params['message'] as never;

type Side = 'before' | 'after';

/** Where a page is to be by its query; null where that is none. */
function pageAt(query: Input['query'], side: Side): PageAt | null {
  const [place, ms] = [query[side], query[`${side}Ms`]];
  if (place === undefined) return ms === undefined ? {} : { [side]: { atMs: Number(ms) } };
  const at = readPlace(String(place));
  return at && { [side]: wirePlace(at) };
}

/** A page says where it goes on, in itself and as a link: before it, or (of one after something) behind it. */
async function page(input: Input, door: ApiDoor, reader: Reader): Promise<Outcome> {
  const { query, reply } = input;
  const [room, limit] = [roomOf(input), limitOf(input)];
  if (query['around'] !== undefined) return carryOut(door, reader, { do: 'around', room, id: query['around'] as never, limit });
  const [before, after] = [pageAt(query, 'before'), pageAt(query, 'after')];
  if (!before || !after) return NO_PAGE;
  const outcome = await carryOut(door, reader, { do: 'page', room, limit, ...before, ...after });
  if (!('value' in outcome)) return outcome;
  const { messages, more } = outcome.value as { messages: readonly { place: WirePlace }[]; more: boolean };
  if (!more) return ok({ messages, more });
  const side: Side = after.after ? 'after' : 'before';
  const next = writePlace(placeOf(messages.at(side === 'after' ? -1 : 0)!.place));
  reply.header('link', `</api/v1/rooms/${encodeURIComponent(room)}/messages?limit=${limit}&${side}=${next}>; rel="next"`);
  return ok({ messages, more, next });
}

/** A page that goes on before a place, which it says in one word. */
async function paged(input: Input, door: ApiDoor, reader: Reader, request: Request): Promise<Outcome> {
  const before = input.query['before'] === undefined ? undefined : readPlace(String(input.query['before']));
  if (before === null) return NO_PAGE;
  const outcome = await carryOut(door, reader, { ...request, ...(before ? { before: wirePlace(before) } : {}) } as Request);
  if (!('value' in outcome)) return outcome;
  const { pins, texts, more, next } = outcome.value as Partial<Answers['pins'] & Answers['edits']>;
  const at = pins ? next : more ? texts![0]!.place : null;
  return ok({ ...(pins ? { pins } : { texts }), next: at ? writePlace(placeOf(at)) : null });
}

function posted(to: Extract<Request, { do: 'post' }>['to'], { body }: Input): Extract<Request, { do: 'post' }> {
  const { text: said, style, ...rest } = body as { text: string; style?: 'text' };
  return { do: 'post', to, style: style ?? 'text', text: said, ...rest };
}

/** Into a public room that they are not in they go first: one request is enough for a script. */
export async function postTo(door: ApiDoor, reader: Reader, asked: Extract<Request, { do: 'post' }>): Promise<Outcome> {
  if ('room' in asked.to && asked.to.room[0] === '#' && !reader.rooms.has(asked.to.room)) {
    const joined = await carryOut(door, reader, { do: 'join', room: asked.to.room });
    if (!('value' in joined)) return joined;
  }
  return carryOut(door, reader, asked);
}

export const MESSAGES: readonly Route[] = [
  {
    ...{
      method: 'GET',
      path: '/rooms/{room}/messages',
      tag,
      summary: 'A page of a room’s messages: the latest, or before, after or around one',
    },
    query: { before: SHORT, beforeMs: WHOLE, after: SHORT, afterMs: WHOLE, around: MESSAGE, limit: LIMIT },
    answer: ref('Page'),
    does: page,
  },
  {
    ...{ method: 'POST', path: '/rooms/{room}/messages', tag, summary: 'Say something in a room' },
    ...{ body: POST, answer: ref('Acknowledged'), status: 201 },
    does: (input, door, reader) => postTo(door, reader, posted({ room: roomOf(input) }, input)),
  },
  {
    ...{ method: 'POST', path: '/people/{name}/messages', tag, summary: 'Say something to somebody' },
    ...{ body: POST, answer: ref('Acknowledged'), status: 201 },
    does: (input, { port }) => {
      const person: AuthorId | null = port.presentByName(input.params['name']!) ?? port.accountNamed(input.params['name']!);
      return person ? posted({ person }, input) : NO_PERSON;
    },
  },
  {
    ...{ method: 'PATCH', path: MESSAGE_PATH, tag, summary: 'Edit a message of your own' },
    ...{ body: object({ text: TEXT }), answer: ref('Acknowledged') },
    does: (input) => ({ do: 'edit', room: roomOf(input), target: target(input), text: text(input.body['text']) }),
  },
  {
    ...{ method: 'DELETE', path: MESSAGE_PATH, tag, summary: 'Remove a message' },
    ...{ query: { reason: SHORT }, answer: null },
    does: (input) => ({ do: 'remove', room: roomOf(input), target: target(input), reason: text(input.query['reason']) }),
  },
  {
    ...{
      method: 'GET',
      path: `${MESSAGE_PATH}/edits`,
      tag,
      summary: 'What a message said before its edits, and says now; in history order',
    },
    ...{ query: { before: SHORT, limit: LIMIT }, answer: ref('Texts') },
    does: (input, door, reader) =>
      paged(input, door, reader, { do: 'edits', room: roomOf(input), id: target(input), limit: limitOf(input) }),
  },
  {
    ...{ method: 'GET', path: `${MESSAGE_PATH}/holders`, tag, summary: 'The nodes that hold a message, as far as this one has heard' },
    answer: ref('Holders'),
    does: (input) => ({ do: 'holders', room: roomOf(input), ids: [target(input)] }),
  },
  {
    ...{ method: 'GET', path: '/rooms/{room}/pins', tag, summary: 'What is pinned in a room, the newest pin first' },
    ...{ query: { before: SHORT, limit: { type: 'integer', minimum: 1, maximum: 100 } }, answer: ref('Pins') },
    does: (input, door, reader) => paged(input, door, reader, { do: 'pins', room: roomOf(input), limit: limitOf(input) }),
  },
  ...(['PUT', 'DELETE'] as const).flatMap((method): Route[] => [
    {
      ...{
        method,
        path: `${MESSAGE_PATH}/reactions/{emoji}`,
        tag,
        summary: method === 'PUT' ? 'React to a message' : 'Take a reaction back',
      },
      answer: null,
      does: (input) => ({ do: 'react', room: roomOf(input), target: target(input), emoji: input.params['emoji']!, on: method === 'PUT' }),
    },
    {
      ...{ method, path: `${MESSAGE_PATH}/pin`, tag, summary: method === 'PUT' ? 'Pin a message' : 'Take a pin off' },
      answer: null,
      does: (input) => ({ do: 'pin', room: roomOf(input), target: target(input), on: method === 'PUT' }),
    },
  ]),
  {
    ...{ method: 'POST', path: `${MESSAGE_PATH}/reports`, tag, summary: 'Ask a moderator to look at a message' },
    ...{ body: object({ reason: SHORT }), answer: null },
    does: (input) => ({ do: 'report', room: roomOf(input), target: target(input), reason: text(input.body['reason']) }),
  },
  {
    ...{ method: 'GET', path: '/search', tag, summary: 'Search in all that you may read, newest first' },
    query: {
      text: SHORT,
      room: ROOM,
      author: AUTHOR,
      fromMs: WHOLE,
      beforeMs: WHOLE,
      next: SHORT,
      limit: { type: 'integer', minimum: 1, maximum: 100 },
    },
    answer: ref('Found'),
    does: (input) => ({ ...input.query, do: 'search', text: text(input.query['text']), limit: limitOf(input) }) as Request,
  },
];
