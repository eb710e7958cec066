/**
 * The canonical export: JSON Lines with keys sorted by code unit, the same bytes on every node with the same vector and fold version.
 *
 * A header, then accounts, guests, the network, rooms, what was enacted in the order of law, and messages in history order, each message's text exactly once. It
 * holds everything, private too; it is the operator's.
 */

import { compareText, toHex } from '../lib/bytes.ts';
import { isoTime } from '../lib/time.ts';
import { countedVector } from './caps.ts';
import { FOLD_VERSION, type Folder } from './fold.ts';
import { hlcMs } from './hlc.ts';
import { type AuthorId, clientOf, type RoomId } from './ids.ts';
import type { LawOp } from './law/body.ts';
import type { Law } from './law/law.ts';
import { decodeMessage } from './message.ts';
import type { Shown } from './resolve.ts';
import { type Account, type Guest, isOver, nameOf, personOf, type Room, type State } from './state.ts';
import { type ReadonlyVector, sortedVector } from './vector.ts';

export const CANONICAL_FORMAT = 1;

/** Law that a room's own line tells. */
const UNTOLD: ReadonlySet<string> = new Set(['founded', 'settings']);

type Governed = Pick<Folder, 'state' | 'law'>;

/** JSON with the keys of every object sorted. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort(compareText);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`).join(',')}}`;
}

/** All lines before the messages. */
export function* canonicalHead(folder: Governed, vector: ReadonlyVector): Generator<string> {
  const { state, law } = folder;
  const network = state.network?.value ?? null;
  yield canonicalJson({
    format: CANONICAL_FORMAT,
    fold: FOLD_VERSION,
    network,
    vector: Object.fromEntries(sortedVector(countedVector(folder, vector))),
  });
  for (const account of sortedBy(state.accounts.values(), (one) => one.author)) yield accountLine(account);
  for (const guest of sortedBy(state.guests.values(), (one) => one.author)) yield guestLine(guest);
  yield canonicalJson({ type: 'network', ...ruledBy(law, ''), lost: lostLines(state) });
  for (const room of sortedBy(state.rooms.values(), (one) => one.id)) yield roomLine(folder, room);
  for (const op of law.ops) if (law.voidOf(op) === null && !UNTOLD.has(op.body.law)) yield lawLine(law, op);
}

function sortedBy<T>(values: Iterable<T>, key: (value: T) => string): T[] {
  return [...values].sort((a, b) => compareText(key(a), key(b)));
}

function accountLine(account: Account): string {
  const { author, name, isDeleted } = account;
  const devices = sortedBy(account.devices.values(), ({ key }) => key).map(({ key, kind, may, label }) =>
    label === '' ? { key, kind, may } : { key, kind, may, label },
  );
  return canonicalJson({ type: 'account', id: author, name, deleted: isDeleted, over: isOver(account), devices });
}

function guestLine(guest: Guest): string {
  return canonicalJson({ type: 'guest', id: guest.author, name: guest.name.value, over: isOver(guest) });
}

/** Roles, bans and mutes of a room, or (empty) of the network, as they are in force. */
function ruledBy(law: Law, room: RoomId | ''): { roles: object; bans: object[]; mutes: object[] } {
  const here = law.ops.filter((op) => op.head.room === room && law.voidOf(op) === null);
  const roles = new Map<string, string>();
  const bans: object[] = [];
  const mutes: object[] = [];
  for (const { body, head, id } of here) {
    if (body.law === 'role') roles.set(body.subject, body.role);
    if ((body.law !== 'ban' && body.law !== 'mute') || law.isUndone(id)) continue;
    (body.law === 'ban' ? bans : mutes).push({ subject: body.subject, until: body.until, by: head.author, op: head.client });
  }
  return { roles: Object.fromEntries(roles), bans, mutes };
}

function lostLines(state: State): object[] {
  const all = [...state.lost].flatMap(([feed, holes]) => [...holes].map(([seq, hash]) => ({ feed, seq, hash })));
  return all.sort((a, b) => compareText(a.feed, b.feed) || a.seq - b.seq);
}

function roomLine({ state, law }: Governed, room: Room): string {
  const isHere = (author: AuthorId): boolean => {
    const person = personOf(state, author);
    return person !== undefined && !isOver(person) && !('isDeleted' in person && person.isDeleted);
  };
  const members = [...room.members].filter(([author, { value }]) => value && isHere(author)).map(([author]) => author);
  const settings = room.settings?.value ?? null;
  const name = settings?.name || room.name?.value || room.id;
  const retained = (state.retentions.get(room.id) ?? []).map(({ by, op, before }) => ({ by, op: clientOf(op), before }));
  const topic = room.topic?.value ?? null;
  const founder = law.verdicts.founder(room.id, null);
  const ruled = ruledBy(law, room.id);
  return canonicalJson({
    type: 'room',
    id: room.id,
    name,
    topic,
    members: members.sort(compareText),
    settings,
    founder,
    retained,
    ...ruled,
  });
}

function lawLine(law: Law, { body, head, id }: LawOp): string {
  const { subject, node, role, name, reason, until, erase } = body as Partial<Record<string, unknown>>;
  const what = { subject, node, role, name, reason, until, erase };
  const given = Object.fromEntries(Object.entries(what).filter(([, value]) => value !== undefined));
  const target = head.target ? { target: head.target } : {};
  return canonicalJson({
    type: 'law',
    does: body.law,
    by: head.author,
    id: head.client,
    room: head.room,
    undone: law.isUndone(id),
    ...given,
    ...target,
  });
}

/** The line of one message; of one that was removed, who did it and by which op. */
export function canonicalMessage(state: State, message: Shown, damaged = false): string {
  const content = message.payload && !damaged ? decodeMessage(message.payload) : { style: 'text', text: null };
  const { removed } = message;
  return canonicalJson({
    type: 'message',
    author: message.author,
    id: clientOf(message.id),
    name: nameOf(state, message),
    room: message.room,
    to: message.to,
    reply: message.target ?? null,
    key: message.place.key,
    at: isoTime(hlcMs(message.place.key)),
    salt: message.payload && !damaged ? toHex(message.payload, 0, 16) : null,
    ...content,
    edited: message.edited,
    reactions: Object.fromEntries(message.reactions),
    pinned: message.pinned,
    removed: removed && { by: removed.by, op: clientOf(removed.op) },
    ...(damaged ? { damaged } : {}),
  });
}
