/** Routes about rooms and who is in them. */

import { NO_PERSON, NO_ROOM, ok } from '../refusals.ts';
import { wirePerson, wireRoom } from '../render.ts';
import { AUTHOR, LIMIT, object, SECONDS } from '../schemas.ts';
import { type Route, roomOf, text } from './route.ts';
import { ref } from './shapes.ts';

const tag = 'rooms';
const TEXT = { type: 'string', maxLength: 1024 };
const FLAG = { type: 'boolean' };

export const ROOMS: readonly Route[] = [
  {
    ...{ method: 'GET', path: '/rooms', tag, free: true, summary: 'Public rooms, by name' },
    ...{ query: { after: TEXT, limit: LIMIT }, answer: ref('Rooms') },
    does: ({ query }) => ({
      do: 'directory',
      limit: Number(query['limit'] ?? 50),
      ...(query['after'] ? { after: query['after'] as never } : {}),
    }),
  },
  {
    ...{ method: 'POST', path: '/rooms', tag, summary: 'Make a private room' },
    ...{ body: object({ name: TEXT }), answer: ref('RoomIs'), status: 201 },
    does: ({ body }) => ({ do: 'make private room', name: text(body['name']) }),
  },
  {
    ...{ method: 'GET', path: '/rooms/{room}', tag, summary: 'A room' },
    answer: ref('RoomIs'),
    does: (input, door, { author, rooms }) => {
      const { port } = door;
      const id = roomOf(input);
      if (!port.state.rooms.has(id) || !port.mayRead(author, id)) return NO_ROOM;
      return ok({ room: wireRoom(door, id, { author, joined: rooms.has(id) }) });
    },
  },
  {
    ...{ method: 'PUT', path: '/rooms/{room}/membership', tag, summary: 'Enter a room; a public one is made where it is not there' },
    answer: ref('RoomIs'),
    does: (input) => ({ do: 'join', room: roomOf(input) }),
  },
  {
    ...{ method: 'DELETE', path: '/rooms/{room}/membership', tag, summary: 'Leave a room' },
    answer: null,
    does: (input) => ({ do: 'part', room: roomOf(input) }),
  },
  {
    ...{ method: 'PUT', path: '/rooms/{room}/topic', tag, summary: 'Say what a room is about' },
    ...{ body: object({ text: TEXT }), answer: null },
    does: (input) => ({ do: 'topic', room: roomOf(input), text: text(input.body['text']) }),
  },
  {
    ...{ method: 'PUT', path: '/rooms/{room}/settings', tag, summary: 'Set up a room' },
    body: object({
      ...{ description: TEXT, archived: FLAG, slowSeconds: SECONDS, retentionSeconds: { type: 'integer', minimum: 0 } },
      name: TEXT,
    }),
    answer: null,
    does: (input) => ({ do: 'set room', room: roomOf(input), ...(input.body as never as SettingsBody) }),
  },
  {
    ...{ method: 'GET', path: '/rooms/{room}/members', tag, summary: 'Who is in a room, those present first' },
    answer: ref('Members'),
    does: (input) => ({ do: 'members', room: roomOf(input) }),
  },
  {
    ...{ method: 'POST', path: '/rooms/{room}/invitations', tag, summary: 'Let somebody into a private room' },
    ...{ body: object({ person: AUTHOR }), answer: null },
    does: (input) => ({ do: 'invite', room: roomOf(input), person: input.body['person'] as never }),
  },
  {
    ...{ method: 'PUT', path: '/rooms/{room}/typing', tag, summary: 'You write something there, or stopped' },
    ...{ body: object({ on: FLAG }), answer: null },
    does: (input) => ({ do: 'typing', to: { room: roomOf(input) }, on: input.body['on'] === true }),
  },
  {
    ...{ method: 'GET', path: '/people/{name}', tag: 'people', summary: 'Somebody present, or an account, by name' },
    answer: ref('PersonIs'),
    does: ({ params }, { port }) => {
      const found = port.presentByName(params['name']!) ?? port.accountNamed(params['name']!);
      return found ? ok({ person: wirePerson(port, found) }) : NO_PERSON;
    },
  },
];

interface SettingsBody {
  readonly description: string;
  readonly archived: boolean;
  readonly slowSeconds: number;
  readonly retentionSeconds: number;
  readonly name: string;
}
