/** Requests that read: pages, what a cursor does not cover, search, rooms, people, nodes. */

import type { WireMessage, WirePlace, WireRoom } from '../../../api/protocol.ts';
import { type AuthorId, FEED_ID_BYTES, type FeedId, isHexOf, type RoomId } from '../../../core/ids.ts';
import type { Place } from '../../../core/order.ts';
import type { Anchor, HistoryQuery } from '../../../core/port.ts';
import type { Shown } from '../../../core/resolve.ts';
import type { Asking } from '../asking.ts';
import type { ApiDoor } from '../door.ts';
import { DIRECTORY_MAX, DIRECTS_MAX } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { NO_MESSAGE, NO_ROOM, ok, refused } from '../refusals.ts';
import { placeOf, vectorOf, wireMessage, wireNodes, wirePerson, wirePlace, wireRole, wireRoom } from '../render.ts';

function shownIn({ port }: ApiDoor, messages: readonly Shown[]): WireMessage[] {
  return messages.map((one) => wireMessage(port.state, one));
}

/** One more is read than is shown, to know whether there is more. */
export const page: Asking<'page'> = async (door, reader, { room, before, after, limit }) => {
  if (before && after) return refused('bad request', 'A page is before something or after something, not both.');
  const most = { room, limit: limit + 1 };
  const query: HistoryQuery = after
    ? { type: 'after', anchor: anchorOf(after), late: false, ...most }
    : before
      ? { type: 'before', anchor: anchorOf(before), ...most }
      : { type: 'latest', after: null, ...most };
  const found = await door.port.page(reader.no, query);
  if (!found) return NO_ROOM;
  return ok({ messages: shownIn(door, after ? found.slice(0, limit) : found.slice(-limit)), more: found.length > limit });
};

function anchorOf(at: WirePlace | { readonly atMs: number }): Anchor {
  return 'atMs' in at ? at : { place: placeOf(at) };
}

export const around: Asking<'around'> = async (door, reader, { room, id, limit }) => {
  const found = await door.port.around(reader.no, room, id, limit);
  return found ? ok({ messages: shownIn(door, found) }) : NO_MESSAGE;
};

export const beyond: Asking<'beyond'> = async (door, reader, { room, cursor, after, limit }) => {
  const found = await door.port.beyond(reader.no, room, vectorOf(cursor), after ? placeOf(after) : null, limit);
  if (!found) return NO_ROOM;
  const next = found.next ? { next: wirePlace(found.next) } : {};
  return ok({ messages: shownIn(door, found.messages), more: found.next !== null, ...next });
};

export const refresh: Asking<'refresh'> = async (door, reader, { room, ids }) =>
  messages(door, await door.port.refresh(reader.no, room, ids));

function messages(door: ApiDoor, found: readonly Shown[] | null) {
  return found ? ok({ messages: shownIn(door, found) }) : NO_ROOM;
}

export const search: Asking<'search'> = async (door, reader, { text, room, author, fromMs, beforeMs, next, limit }) => {
  const before = next === undefined ? undefined : readPlace(next);
  if (before === null) return refused('bad request', 'There is no such page of a search.');
  const asked = {
    words: text,
    limit,
    ...(room === undefined ? {} : { room }),
    ...(author === undefined ? {} : { author }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(beforeMs === undefined ? {} : { toMs: beforeMs }),
    ...(before === undefined ? {} : { before }),
  };
  const found = await door.port.search(reader.no, asked);
  const shown = found.found.map(({ message, snippet }) => ({
    message: wireMessage(door.port.state, message),
    snippet: snippet.text,
    marks: snippet.marks,
  }));
  return ok({ found: shown, next: found.next ? writePlace(found.next) : null });
};

/** A place in one word, for a request to go on with. */
export function writePlace({ key, feed, seq, index }: Place): string {
  return `${key}.${feed}.${seq}.${index}`;
}

export function readPlace(text: string): Place | null {
  const [, key, feed, seq, index] = /^(\d{1,16})\.([0-9a-f]+)\.(\d{1,16})\.(\d{1,5})$/.exec(text) ?? [];
  if (!feed || !isHexOf(feed, FEED_ID_BYTES)) return null;
  const place = { key: Number(key), feed: feed as FeedId, seq: Number(seq), index: Number(index) };
  return Number.isSafeInteger(place.key) && Number.isSafeInteger(place.seq) ? place : null;
}

type Direct = { readonly room: RoomId; readonly with: AuthorId };

/** The rooms of a session: those it is in, and direct ones. */
export function roomsFor(
  door: ApiDoor,
  { author, rooms: inside, muted }: Reader,
  directs: readonly Direct[],
  unread: ReadonlyMap<RoomId, number>,
): WireRoom[] {
  const own = [...inside].sort().map((room) => ({ room, standing: { author, joined: true } }));
  const direct = directs.map((one) => ({ room: one.room, standing: { author, joined: true, with: one.with } }));
  return [...own, ...direct].map(({ room, standing }) =>
    wireRoom(door, room, { ...standing, unread: unread.get(room) ?? 0, muted: muted.has(room) }),
  );
}

export const rooms: Asking<'rooms'> = async (door, reader) => {
  const [directs, unread] = await Promise.all([door.port.directs(reader.no), door.port.unread(reader.no)]);
  const counts = new Map(unread.map(({ room, count }) => [room, count]));
  return ok({ rooms: roomsFor(door, reader, directs.slice(0, DIRECTS_MAX), counts) });
};

export const directory: Asking<'directory'> = (door, { author, rooms: inside }, { after, limit }) => {
  const all = door.port.publicRooms().filter((room) => after === undefined || room > after);
  const some = all.slice(0, Math.min(limit, DIRECTORY_MAX));
  return ok({ rooms: some.map((room) => wireRoom(door, room, { author, joined: inside.has(room) })), more: all.length > some.length });
};

export const members: Asking<'members'> = (door, { author }, { room }) => {
  const { port } = door;
  if (room[0] === '@' || !port.state.rooms.has(room) || !port.mayRead(author, room)) return NO_ROOM;
  const people = door.members(room).slice(0, MEMBERS_MAX);
  const roles = Object.fromEntries([...port.roles(room)].map(([person, role]) => [person, wireRole(role)]));
  return ok({ people: people.map((person) => wirePerson(port, person)), roles });
};

/** People of a room in one answer: those present come first. */
const MEMBERS_MAX = 5000;

export const person: Asking<'person'> = ({ port }, _reader, { name }) => {
  const found = port.presentByName(name) ?? port.accountNamed(name);
  return ok({ person: found ? wirePerson(port, found) : null });
};

const WATCHED = refused('busy', 'Too many watch the network at this node now: try again in a moment.', 10_000);

export const mesh: Asking<'mesh'> = ({ mesh: picture }, reader) => ok(picture.once(reader));

export const watchMesh: Asking<'watch mesh'> = ({ mesh: picture }, reader, { on }) => {
  if (on) {
    const seen = picture.watch(reader);
    return seen ? ok(seen) : WATCHED;
  }
  picture.unwatch(reader);
  return ok();
};

export const nodes: Asking<'nodes'> = ({ port }) => ok({ nodes: wireNodes(port) });
