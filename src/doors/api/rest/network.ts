/** Routes about the network, and about oneself. */

import { ok } from '../refusals.ts';
import { wirePerson } from '../render.ts';
import { object, ROOM } from '../schemas.ts';
import { wishesEvent } from '../wishes.ts';
import { type Route, roomOf, text } from './route.ts';
import { ref } from './shapes.ts';

const tag = 'network';
const FLAG = { type: 'boolean' };
const TEXT = { type: 'string', maxLength: 1024 };

export const NETWORK: readonly Route[] = [
  {
    ...{ method: 'GET', path: '/network', tag, free: true, summary: 'The network, this node, and what sessions grant' },
    answer: ref('Network'),
    does: (_input, door) => ok(door.hello()),
  },
  {
    ...{ method: 'GET', path: '/nodes', tag, free: true, summary: 'The nodes, as this one sees them' },
    answer: ref('Nodes'),
    does: () => ({ do: 'nodes' }),
  },
  {
    ...{
      method: 'GET',
      path: '/mesh',
      tag,
      summary: 'The network as this node sees it: nodes, links, how it is itself, what happened lately',
    },
    answer: ref('Mesh'),
    does: () => ({ do: 'mesh' }),
  },
  {
    ...{ method: 'GET', path: '/me', tag, summary: 'Who you are, and what you want to hear less of' },
    answer: ref('Me'),
    does: (_input, { port }, reader) => {
      const { muted, blocked } = wishesEvent(reader);
      return ok({ person: wirePerson(port, reader.author!), wishes: { muted, blocked } });
    },
  },
  {
    ...{ method: 'GET', path: '/me/rooms', tag, summary: 'The rooms you are in and your direct ones, with what waits' },
    answer: ref('Rooms'),
    does: () => ({ do: 'rooms' }),
  },
  {
    ...{ method: 'GET', path: '/me/account', tag, summary: 'What is needed to sign for your own account' },
    answer: ref('OwnAccount'),
    does: () => ({ do: 'own account' }),
  },
  {
    ...{ method: 'PUT', path: '/me/name', tag, summary: 'Take another name' },
    ...{ body: object({ name: TEXT }), answer: null },
    does: ({ body }) => ({ do: 'rename', name: text(body['name']) }),
  },
  {
    ...{ method: 'PUT', path: '/me/away', tag, summary: 'Be away, or (with an empty text) back' },
    ...{ body: object({ text: TEXT }), answer: null },
    does: ({ body }) => ({ do: 'away', text: text(body['text']) }),
  },
  {
    ...{ method: 'PUT', path: '/me/read', tag, summary: 'All was read, in one room or in all' },
    ...{ body: object({ room: ROOM }, ['room']), answer: null },
    does: ({ body }) => ({ do: 'read', room: (body['room'] as never) ?? '' }),
  },
  {
    ...{ method: 'PUT', path: '/me/muted/{room}', tag, summary: 'Hear less of a room, or as before' },
    ...{ body: object({ on: FLAG }), answer: null },
    does: (input) => ({ do: 'prefer', room: roomOf(input), on: input.body['on'] === true }),
  },
  {
    ...{ method: 'PUT', path: '/me/blocked/{person}', tag, summary: 'Be shown nothing that somebody says, or as before' },
    ...{ body: object({ on: FLAG }), answer: null },
    does: ({ params, body }) => ({ do: 'prefer', person: params['person'] as never, on: body['on'] === true }),
  },
];
