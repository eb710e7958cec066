/** The shapes of what is answered, for the OpenAPI document: those of src/api/protocol.ts. */

import { AUTHOR, MESSAGE, object, ROLE, ROOM, type Schema, STYLE } from '../schemas.ts';

const TEXT: Schema = { type: 'string' };
const WHOLE: Schema = { type: 'integer' };
const NUMBER: Schema = { type: 'number' };
const FLAG: Schema = { type: 'boolean' };
const or = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'null' }] });
const list = (items: Schema): Schema => ({ type: 'array', items });

export function ref(name: keyof typeof SHAPES): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const ref0 = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** A place as JSON Schema 2020 has it. */
const PLACE_OUT: Schema = { type: 'array', minItems: 4, maxItems: 4, items: { type: ['integer', 'string'] } };
const CURSOR: Schema = { type: 'object', additionalProperties: WHOLE };
const HEX: Schema = { type: 'string', pattern: '^[0-9a-f]*$' };

export const SHAPES = {
  Message: object(
    {
      id: MESSAGE,
      room: ROOM,
      author: AUTHOR,
      name: TEXT,
      to: AUTHOR,
      place: PLACE_OUT,
      atMs: WHOLE,
      style: STYLE,
      text: or(TEXT),
      target: MESSAGE,
      edited: FLAG,
      pinned: FLAG,
      removed: object({ by: AUTHOR, name: TEXT }),
      reactions: { type: 'object', additionalProperties: list(AUTHOR) },
      imported: FLAG,
    },
    ['to', 'target', 'edited', 'pinned', 'removed', 'reactions', 'imported'],
  ),
  Person: object({
    author: AUTHOR,
    name: TEXT,
    account: FLAG,
    present: FLAG,
    away: or(TEXT),
    node: or(HEX),
    role: ROLE,
  }),
  Room: object(
    {
      id: ROOM,
      kind: { enum: ['public', 'private', 'direct'] },
      name: TEXT,
      with: AUTHOR,
      topic: TEXT,
      description: TEXT,
      archived: FLAG,
      slowSeconds: WHOLE,
      retentionSeconds: WHOLE,
      joined: FLAG,
      power: { enum: [0, 1, 2, 3, 4] },
      members: WHOLE,
      unread: WHOLE,
      muted: FLAG,
    },
    ['with', 'unread', 'muted'],
  ),
  Node: object({
    id: HEX,
    name: TEXT,
    state: { enum: ['self', 'up', 'suspect', 'down'] },
    rttMs: or({ type: 'number' }),
    urls: list(TEXT),
    links: list(HEX),
  }),
  Network: object({
    type: { enum: ['hello'] },
    protocol: WHOLE,
    node: object({ id: HEX, name: TEXT }),
    network: object({ id: HEX, name: TEXT }),
    feed: HEX,
    nowMs: WHOLE,
    guests: FLAG,
    registration: { enum: ['open', 'invite', 'closed'] },
    nodes: list(ref0('Node')),
  }),
  Acknowledged: object({ id: MESSAGE, held: WHOLE, wanted: WHOLE }),
  Page: object({ messages: list(ref0('Message')), more: FLAG, next: TEXT }, ['more', 'next']),
  Texts: object({ texts: list(object({ place: PLACE_OUT, atMs: WHOLE, style: STYLE, text: TEXT })), next: or(TEXT) }),
  Pins: object({
    pins: list(object({ message: ref0('Message'), by: AUTHOR, byName: TEXT, place: PLACE_OUT, atMs: WHOLE })),
    next: or(TEXT),
  }),
  Holders: object({ holders: { type: 'object', additionalProperties: list(HEX) } }),
  Found: object({ found: list(object({ message: ref0('Message'), snippet: TEXT, marks: list(list(WHOLE)) })), next: or(TEXT) }),
  Rooms: object({ rooms: list(ref0('Room')), more: FLAG }, ['more']),
  RoomIs: object({ room: ref0('Room') }),
  Members: object({ people: list(ref0('Person')), roles: { type: 'object', additionalProperties: ROLE } }),
  PersonIs: object({ person: ref0('Person') }),
  Nodes: object({ nodes: list(ref0('Node')) }),
  Vitals: object({ version: TEXT, startedMs: WHOLE, storeBytes: WHOLE, lateMs: NUMBER, holes: WHOLE, writes: FLAG }),
  MeshNode: object({
    id: HEX,
    name: TEXT,
    state: { enum: ['self', 'up', 'suspect', 'down', 'revoked'] },
    sinceMs: WHOLE,
    rttMs: or(NUMBER),
    behind: or(WHOLE),
    people: WHOLE,
    urls: list(TEXT),
    admittedMs: or(WHOLE),
    vitals: or(ref0('Vitals')),
  }),
  MeshLink: object(
    { a: HEX, b: HEX, flow: object({ inEntries: NUMBER, outEntries: NUMBER, inBytes: WHOLE, outBytes: WHOLE }), suspect: FLAG },
    ['flow', 'suspect'],
  ),
  Mesh: object({
    atMs: WHOLE,
    self: HEX,
    nodes: list(ref0('MeshNode')),
    links: list(ref0('MeshLink')),
    own: { type: 'object' },
    events: list(object({ no: WHOLE, atMs: WHOLE, is: TEXT, node: HEX, nodes: list(HEX), entries: WHOLE }, ['node', 'nodes', 'entries'])),
  }),
  Me: object({ person: ref0('Person'), wishes: object({ muted: list(ROOM), blocked: list(AUTHOR) }) }),
  AccountKey: object({ network: HEX, author: AUTHOR, name: TEXT, key: HEX, kdf: HEX, nowKey: WHOLE }),
  OwnAccount: object({
    network: HEX,
    author: AUTHOR,
    name: TEXT,
    key: HEX,
    kdf: HEX,
    nowKey: WHOLE,
    cut: CURSOR,
    devices: list(object({ key: HEX, may: { enum: ['all', 'speak'] }, label: TEXT })),
  }),
  Submission: object({
    ops: { type: 'array', minItems: 1, maxItems: 8, items: { type: 'string', maxLength: 131_072, pattern: '^([0-9a-f]{2})+$' } },
  }),
  Submitted: object({ faults: list(or(TEXT)) }),
  Sanctions: object({
    sanctions: list(
      object({
        ...{ id: MESSAGE, does: { enum: ['ban', 'mute', 'kick'] }, room: TEXT, person: AUTHOR, personName: TEXT },
        ...{ by: AUTHOR, byName: TEXT, atMs: WHOLE, untilMs: or(WHOLE), reason: TEXT },
      }),
    ),
    more: FLAG,
  }),
  Acts: object({ acts: list({ type: 'object' }), next: or(TEXT) }, ['next']),
  Reports: object({ reports: list({ type: 'object' }), next: or(TEXT) }),
  /** RFC 9457. */
  Problem: object({ type: TEXT, title: TEXT, status: WHOLE, detail: TEXT, retryMs: WHOLE }, ['retryMs']),
} satisfies Record<string, Schema>;
