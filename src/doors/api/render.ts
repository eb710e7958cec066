/** What the API shows of messages, people, rooms and nodes. */

import type { Cursor, WireMessage, WireNode, WirePerson, WirePlace, WireRole, WireRoom } from '../../api/protocol.ts';
import { hlcMs } from '../../core/hlc.ts';
import { type AuthorId, FEED_ID_BYTES, type FeedId, isHexOf, type RoomId } from '../../core/ids.ts';
import { decodeMessage } from '../../core/message.ts';
import type { Place } from '../../core/order.ts';
import type { CursorPort } from '../../core/port.ts';
import type { Shown } from '../../core/resolve.ts';
import { type Message, nameOf, type State } from '../../core/state.ts';
import type { ReadonlyVector } from '../../core/vector.ts';

export function wirePlace({ key, feed, seq, index }: Place): WirePlace {
  return [key, feed, seq, index];
}

export function placeOf([key, feed, seq, index]: WirePlace): Place {
  return { key, feed, seq, index };
}

export function vectorOf(cursor: Cursor): ReadonlyVector {
  return new Map(Object.entries(cursor).filter(([feed]) => isHexOf(feed, FEED_ID_BYTES)) as [FeedId, number][]);
}

export function wireCursor(vector: ReadonlyVector): Cursor {
  return Object.fromEntries(vector);
}

/** The name somebody is shown under. */
export function personName(state: State, author: AuthorId): string {
  return nameOf(state, { author, nick: null } as Message);
}

/** A message that just came, to which nothing has been done. */
export function freshMessage(state: State, message: Message): WireMessage {
  return wireMessage(state, { ...message, edited: false, reactions: new Map(), pinned: false, removed: null });
}

export function wireMessage(state: State, shown: Shown): WireMessage {
  const { id, room, author, to, nick, target, place, payload, edited, pinned, removed, reactions } = shown;
  const said = payload ? decodeMessage(payload) : { style: 'text' as const, text: null };
  return {
    id,
    room,
    author,
    name: nameOf(state, shown),
    ...(to === null ? {} : { to }),
    place: wirePlace(place),
    atMs: hlcMs(place.key),
    ...said,
    ...(target === undefined ? {} : { target }),
    ...(edited ? { edited } : {}),
    ...(pinned ? { pinned } : {}),
    ...(removed ? { removed: { by: removed.by, name: personName(state, removed.by) } } : {}),
    ...(reactions.size > 0 ? { reactions: Object.fromEntries(reactions) } : {}),
    ...(nick === null ? {} : { imported: true as const }),
  };
}

export function wireRole(role: string | undefined): WireRole {
  return role === 'owner' || role === 'moderator' || role === 'member' ? role : null;
}

export function wirePerson(port: CursorPort, author: AuthorId): WirePerson {
  const present = port.isPresent(author);
  return {
    author,
    name: personName(port.state, author),
    account: port.state.accounts.has(author),
    present,
    away: present ? port.awayOf(author) : null,
    node: port.nodeOf(author)?.id ?? null,
    role: wireRole(port.networkRole(author)),
  };
}

/** Of a room, how its asker stands to it. */
export interface Standing {
  readonly author: AuthorId | null;
  readonly joined: boolean;
  /** Of a direct room, the other one. */
  readonly with?: AuthorId;
  readonly unread?: number;
  readonly muted?: boolean;
}

/** The name a room is shown under; of a direct room, the other one's. */
export function roomName({ rooms }: State, id: RoomId): string {
  const room = rooms.get(id);
  return room?.settings?.value.name || room?.name?.value || id;
}

/** Of a node, with what the door remembers of it. */
export interface Rendering {
  readonly port: CursorPort;
  members(room: RoomId): readonly AuthorId[];
}

export function wireRoom(door: Rendering, id: RoomId, standing: Standing): WireRoom {
  const { port } = door;
  const { author, joined, unread, muted } = standing;
  const room = port.state.rooms.get(id);
  const settings = room?.settings?.value;
  const kind = id[0] === '#' ? 'public' : id[0] === '!' ? 'private' : 'direct';
  return {
    id,
    kind,
    name: standing.with ? personName(port.state, standing.with) : roomName(port.state, id),
    ...(standing.with ? { with: standing.with } : {}),
    topic: room?.topic?.value.text ?? '',
    description: settings?.description ?? '',
    archived: settings?.archived ?? false,
    slowSeconds: settings?.slowSeconds ?? 0,
    retentionSeconds: settings?.retentionSeconds ?? 0,
    joined,
    power: author === null ? 0 : kind === 'direct' ? 1 : port.power(author, id),
    members: kind === 'direct' ? 2 : door.members(id).length,
    ...(unread === undefined ? {} : { unread }),
    ...(muted === undefined ? {} : { muted }),
  };
}

/** Who is in a room: accounts, present or not, and guests who are present. Those present come first. */
export function membersOf(port: CursorPort, id: RoomId): AuthorId[] {
  const inside = port.present(id);
  const there = new Set(inside);
  for (const [author, { value }] of port.state.rooms.get(id)?.members ?? []) {
    const account = port.state.accounts.get(author);
    if (value && account && !account.isDeleted && !there.has(author) && (id[0] === '#' || port.mayRead(author, id))) inside.push(author);
  }
  return inside;
}

export function wireNodes(port: CursorPort): readonly WireNode[] {
  return port.nodes();
}
