/** The shapes of what comes in, as JSON Schema: what is not of its shape is refused before anything is asked of the node. Shared by the WebSocket and REST. */

import { ACCOUNTS_MAX, INVITE_SECONDS_MAX, INVITE_USES_MAX } from '../../api/admin.ts';
import { HOLDERS_MAX, PAGE_MAX, REFRESH_MAX } from '../../api/protocol.ts';

export type Schema = Readonly<Record<string, unknown>>;

const hex = (bytes: number): Schema => ({ type: 'string', pattern: `^[0-9a-f]{${2 * bytes}}$` });
const text = (maxLength: number): Schema => ({ type: 'string', maxLength });
const whole = (maximum: number, minimum = 0): Schema => ({ type: 'integer', minimum, maximum });
const flag: Schema = { type: 'boolean' };
const one = (...values: readonly (string | null)[]): Schema => ({ enum: values });

export function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

const MAX = Number.MAX_SAFE_INTEGER;
/** Letters of any text: the node counts bytes, and says better what is too long. */
const TEXT = text(16_384);
const SHORT = text(1024);
export const AUTHOR = hex(16);
export const MESSAGE = hex(32);
export const ROOM: Schema = { type: 'string', pattern: '^(#.{1,255}|[@!][0-9a-f]{32})$' };
const ROOM_OR_ALL: Schema = { type: 'string', pattern: '^(|#.{1,255}|[@!][0-9a-f]{32})$' };
export const PLACE: Schema = {
  type: 'array',
  items: [whole(MAX), hex(16), whole(MAX), whole(65_535)],
  minItems: 4,
  maxItems: 4,
  additionalItems: false,
};
const PLACE_OR_TIME: Schema = { oneOf: [PLACE, object({ atMs: whole(MAX) })] };
const CURSOR: Schema = { type: 'object', maxProperties: 16_384, propertyNames: hex(16), additionalProperties: whole(MAX) };
export const LIMIT = whole(PAGE_MAX, 1);
const GRANTED = { key: hex(32), grant: hex(64) };
const TO: Schema = { oneOf: [object({ room: ROOM }), object({ person: AUTHOR })] };
export const ROLE = one('owner', 'moderator', 'member', null);
export const STYLE = one('text', 'notice', 'action');
/** Ten years. */
export const SECONDS = whole(315_360_000);
const INVITE = { uses: whole(INVITE_USES_MAX, 1), forSeconds: whole(INVITE_SECONDS_MAX, 1) };
export const PREPARED = object({ client: hex(16), salt: hex(16), after: whole(MAX) });

/** The fields of each request beside `do` and `ask`. */
export const REQUESTS = {
  guest: object({ name: SHORT, ...GRANTED }),
  account: object({ author: AUTHOR, chain: { type: 'string', maxLength: 2048, pattern: '^([0-9a-f]{2})+$' }, ...GRANTED }),
  regrant: object(GRANTED),
  token: object({ name: SHORT, token: SHORT }),
  close: object({ reason: SHORT }),
  ping: object({}),
  'own account': object({}),
  page: object({ room: ROOM, before: PLACE_OR_TIME, after: PLACE_OR_TIME, limit: LIMIT }, ['before', 'after']),
  around: object({ room: ROOM, id: MESSAGE, limit: LIMIT }),
  beyond: object({ room: ROOM, cursor: CURSOR, after: PLACE, limit: LIMIT }, ['after']),
  refresh: object({ room: ROOM, ids: { type: 'array', items: MESSAGE, maxItems: REFRESH_MAX } }),
  search: object(
    { text: SHORT, room: ROOM, author: AUTHOR, fromMs: whole(MAX), beforeMs: whole(MAX), next: text(128), limit: whole(100, 1) },
    ['room', 'author', 'fromMs', 'beforeMs', 'next'],
  ),
  pins: object({ room: ROOM, before: PLACE, limit: whole(100, 1) }, ['before']),
  edits: object({ room: ROOM, id: MESSAGE, before: PLACE, limit: LIMIT }, ['before']),
  holders: object({ room: ROOM, ids: { type: 'array', items: MESSAGE, maxItems: HOLDERS_MAX } }),
  rooms: object({}),
  directory: object({ after: ROOM, limit: LIMIT }, ['after']),
  members: object({ room: ROOM }),
  person: object({ name: SHORT }),
  nodes: object({}),
  mesh: object({}),
  'watch mesh': object({ on: flag }),
  'moderation log': object({ room: ROOM_OR_ALL, before: PLACE, limit: whole(100, 1) }, ['before']),
  reports: object({ room: ROOM_OR_ALL, before: PLACE, limit: whole(100, 1) }, ['before']),
  join: object({ room: SHORT }),
  part: object({ room: ROOM }),
  topic: object({ room: ROOM, text: SHORT }),
  'make private room': object({ name: SHORT }),
  'set room': object({ room: ROOM, description: SHORT, archived: flag, slowSeconds: SECONDS, retentionSeconds: whole(MAX), name: SHORT }),
  invite: object({ room: ROOM, person: AUTHOR }),
  post: object({ to: TO, style: STYLE, text: TEXT, target: MESSAGE, prepared: PREPARED }, ['target', 'prepared']),
  edit: object({ room: ROOM, target: MESSAGE, text: TEXT }),
  remove: object({ room: ROOM, target: MESSAGE, reason: SHORT }),
  react: object({ room: ROOM, target: MESSAGE, emoji: text(128), on: flag }),
  pin: object({ room: ROOM, target: MESSAGE, on: flag }),
  report: object({ room: ROOM, target: MESSAGE, reason: SHORT }),
  read: object({ room: ROOM_OR_ALL }),
  prefer: object({ room: ROOM, person: AUTHOR, on: flag }, ['room', 'person']),
  typing: object({ to: TO, on: flag }),
  away: object({ text: SHORT }),
  rename: object({ name: SHORT }),
  role: object({ room: ROOM_OR_ALL, person: AUTHOR, role: ROLE }),
  kick: object({ room: ROOM, person: AUTHOR, reason: SHORT }),
  ban: object({ room: ROOM_OR_ALL, person: AUTHOR, forSeconds: SECONDS, reason: SHORT }),
  mute: object({ room: ROOM_OR_ALL, person: AUTHOR, forSeconds: SECONDS, reason: SHORT }),
  undo: object({ target: MESSAGE }),
  sanctions: object({ room: ROOM_OR_ALL }),
  accounts: object({ named: SHORT, next: SHORT, limit: whole(ACCOUNTS_MAX, 1) }, ['named', 'next']),
  'invite people': object(INVITE),
  'invite node': object(INVITE),
  'revoke node': object({ node: hex(32), reason: SHORT }),
  'reset key': object({ person: AUTHOR, key: hex(32), kdf: { type: 'string', maxLength: 512, pattern: '^([0-9a-f]{2})+$' } }),
  'delete account': object({ person: AUTHOR, erase: flag }),
  'settle name': object({ person: AUTHOR, name: SHORT }),
} as const satisfies Record<string, Schema>;
