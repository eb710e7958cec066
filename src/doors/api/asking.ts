/** The table of requests: what each asks of the node, and what it is answered. One table for the WebSocket and for REST. */

import type { Request } from '../../api/protocol.ts';
import { accounts, deleteAccount, inviteNode, invitePeople, resetKey, revokeNode, settleName } from './asks/admin.ts';
import { edits, holders, pins } from './asks/hanging.ts';
import { away, edit, pin, post, prefer, react, read, remove, rename, report, typing } from './asks/messages.ts';
import { ban, kick, moderationLog, mute, reports, role, sanctions, undo } from './asks/moderation.ts';
import { around, beyond, directory, members, mesh, nodes, page, person, refresh, rooms, search, watchMesh } from './asks/reading.ts';
import { invite, join, makePrivateRoom, part, setRoom, topic } from './asks/rooms.ts';
import { account, close, guest, ownAccount, ping, regrant, token } from './asks/sessions.ts';
import type { ApiDoor } from './door.ts';
import type { Reader } from './reader.ts';
import { NOT_OPEN, type Outcome } from './refusals.ts';

export type Of<D extends Request['do']> = Extract<Request, { readonly do: D }>;
/** Carries out a request of a reader. What asks the node does so at once: a session's words keep their order. */
export type Asking<D extends Request['do']> = (door: ApiDoor, reader: Reader, asked: Of<D>) => Promise<Outcome> | Outcome;

const TABLE: { readonly [D in Request['do']]: Asking<D> } = {
  guest,
  account,
  regrant,
  token,
  close,
  ping,
  'own account': ownAccount,
  page,
  around,
  beyond,
  refresh,
  search,
  pins,
  edits,
  holders,
  rooms,
  directory,
  members,
  person,
  nodes,
  mesh,
  'watch mesh': watchMesh,
  'moderation log': moderationLog,
  reports,
  join,
  part,
  topic,
  'make private room': makePrivateRoom,
  'set room': setRoom,
  invite,
  post,
  edit,
  remove,
  react,
  pin,
  report,
  read,
  prefer,
  typing,
  away,
  rename,
  role,
  kick,
  ban,
  mute,
  undo,
  sanctions,
  accounts,
  'invite people': invitePeople,
  'invite node': inviteNode,
  'revoke node': revokeNode,
  'reset key': resetKey,
  'delete account': deleteAccount,
  'settle name': settleName,
};

/** Requests by which a session begins. */
const OPENING: ReadonlySet<string> = new Set(['guest', 'account', 'token']);
/** What everybody may ask, with a session or without. */
const FREE: ReadonlySet<string> = new Set(['nodes', 'directory', 'close', 'ping', ...OPENING]);

/** What takes the store's time: while there is much of it, no further sessions are opened. */
const READING: ReadonlySet<string> = new Set([
  'page',
  'around',
  'beyond',
  'refresh',
  'search',
  'pins',
  'edits',
  'rooms',
  'moderation log',
  'reports',
]);

/** Carries out a request. While a session is being opened, requests wait until it is. */
export async function carryOut(door: ApiDoor, reader: Reader, asked: Request): Promise<Outcome> {
  if (reader.state === 'opening') await new Promise<void>((resolve) => reader.waiting.push(resolve));
  if (reader.state === 'closed') return { unknown: true };
  if (reader.state !== 'open' && !FREE.has(asked.do)) return NOT_OPEN;
  const does = TABLE[asked.do] as Asking<Request['do']>;
  if (!READING.has(asked.do)) return does(door, reader, asked as never);
  door.gate.begun();
  try {
    return await does(door, reader, asked as never);
  } finally {
    door.gate.ended();
  }
}
