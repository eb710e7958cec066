/**
 * What a person sees, made of what the library is told: a pure reducer. A state is never changed; what did not change stays the same object.
 *
 * Rooms hold their timeline (timeline.ts) and the messages of the outbox that no node has shown yet; a view (view.ts) is both together.
 */

import type { WireMesh } from '../api/mesh.ts';
import type { Cursor, Hello, Opened, Turn, WireMessage, WireNode, WirePerson, WireRoom } from '../api/protocol.ts';
import type { AuthorId, MessageId, RoomId } from '../core/ids.ts';
import { event } from './state-events.ts';
import { blank, dressing, type RoomState, roomView, settle, taken } from './state-room.ts';
import { redress, refresh, whole } from './timeline.ts';
import type { Connection, Delivery, Item, RoomView, View } from './view.ts';

/** What a step brought, for programs that listen. */
export type News =
  | { readonly type: 'message'; readonly item: Item }
  | { readonly type: 'changed'; readonly item: Item }
  | { readonly type: 'elsewhere'; readonly item: Item }
  | { readonly type: 'gone'; readonly room: RoomId; readonly id: MessageId };

export interface State {
  readonly view: View;
  readonly rooms: ReadonlyMap<RoomId, RoomState>;
  /** Messages that a timeline that nobody looks at keeps. */
  readonly keep: number;
  /** Of the last step. */
  readonly news: readonly News[];
}

export type Input =
  | { readonly type: 'connection'; readonly connection: Connection; readonly failedOver?: true }
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'opened'; readonly opened: Opened }
  | { readonly type: 'turn'; readonly turn: Turn }
  /** A page was asked for. */
  | { readonly type: 'loading'; readonly room: RoomId; readonly on: boolean }
  /** A page that ends right before the first message. `isEnd`: nothing is before it. */
  | { readonly type: 'page'; readonly room: RoomId; readonly messages: readonly WireMessage[]; readonly isEnd: boolean }
  /** What was missed. `counted`: how far the room's count of unread messages goes; null where it was not told. */
  | { readonly type: 'missed'; readonly room: RoomId; readonly messages: readonly WireMessage[]; readonly counted: Cursor | null }
  | {
      readonly type: 'refreshed';
      readonly room: RoomId;
      readonly asked: readonly MessageId[];
      readonly messages: readonly WireMessage[];
      readonly at: Cursor;
    }
  | { readonly type: 'rooms'; readonly rooms: readonly WireRoom[] }
  | { readonly type: 'room'; readonly room: WireRoom }
  | { readonly type: 'forget room'; readonly room: RoomId }
  | { readonly type: 'members'; readonly room: RoomId; readonly people: readonly WirePerson[] }
  | { readonly type: 'people'; readonly people: readonly WirePerson[] }
  | { readonly type: 'nodes'; readonly nodes: readonly WireNode[] }
  /** The picture of the network as a whole; null: it is watched no more. */
  | { readonly type: 'mesh'; readonly mesh: WireMesh | null }
  | { readonly type: 'look'; readonly room: RoomId | null }
  | { readonly type: 'read'; readonly room: RoomId | '' }
  /** A message is in the outbox. */
  | { readonly type: 'queued'; readonly item: Item }
  | { readonly type: 'delivery'; readonly room: RoomId; readonly id: MessageId; readonly delivery: Delivery }
  /** A message is not in the outbox any more, and may show nowhere. */
  | { readonly type: 'dropped'; readonly room: RoomId; readonly id: MessageId }
  /** From the storage. */
  | { readonly type: 'restored'; readonly room: WireRoom; readonly items: readonly Item[]; readonly isWhole: boolean }
  | { readonly type: 'me'; readonly me: View['me'] }
  | { readonly type: 'time' };

const EMPTY_VIEW: View = {
  connection: { state: 'connecting', sinceMs: 0, tried: 0, why: '' },
  network: '',
  me: null,
  rooms: new Map(),
  people: new Map(),
  nodes: [],
  mesh: null,
  muted: new Set(),
  blocked: new Set(),
  failovers: 0,
  open: null,
};

/** Nothing was told yet. */
export function initial(keep: number): State {
  return { view: EMPTY_VIEW, rooms: new Map(), keep, news: [] };
}

/** One step; `nowMs` by the wall clock. */
export function reduce(before: State, input: Input, nowMs: number): State {
  const state = before.news.length > 0 ? { ...before, news: [] } : before;
  switch (input.type) {
    case 'connection': {
      const failovers = state.view.failovers + (input.failedOver ? 1 : 0);
      return withView(state, { connection: input.connection, failovers });
    }
    case 'hello':
      return withView(state, { network: input.hello.network.name, nodes: input.hello.nodes });
    case 'opened':
      return opened(state, input.opened);
    case 'turn':
      return input.turn.events.reduce((so, one) => event(so, one, nowMs), state);
    case 'rooms':
      return input.rooms.reduce(withRoom, state);
    case 'room':
      return withRoom(state, input.room);
    case 'forget room':
      return withoutRoom(state, input.room);
    case 'people':
      return withPeople(state, input.people);
    case 'members': {
      const told = withPeople(state, input.people);
      return inRoom(told, input.room, (room) => ({ ...room, members: input.people.map(({ author }) => author) }));
    }
    case 'nodes':
      return withView(state, { nodes: input.nodes });
    case 'mesh':
      return withView(state, { mesh: input.mesh });
    case 'me':
      return withView(state, { me: input.me });
    case 'look':
      return look(state, input.room);
    case 'read':
      return read(state, input.room);
    case 'time':
      return expired(state, nowMs);
    default:
      return aboutRoom(state, input);
  }
}

type AboutRoom = Extract<
  Input,
  { readonly type: 'loading' | 'page' | 'missed' | 'refreshed' | 'queued' | 'delivery' | 'dropped' | 'restored' }
>;

function aboutRoom(state: State, input: AboutRoom): State {
  switch (input.type) {
    case 'loading':
      return inRoom(state, input.room, (room) => ({ ...room, isLoading: input.on }));
    case 'page': {
      const taking = { isNews: false, isPage: true, dress: dressing(state.view) };
      return inRoom(state, input.room, (room) => {
        const next = taken(state.view, room, input.messages, { taking, counts: () => false }).room;
        const waiting = room.timeline.items.length === 0 && room.unread > 0 && room.room.kind !== 'direct';
        const mentions = waiting ? next.timeline.items.slice(-room.unread).filter((item) => item.mentions).length : room.mentions;
        return { ...next, mentions, isLoading: false, timeline: input.isEnd ? whole(next.timeline) : next.timeline };
      });
    }
    case 'missed':
      return missed(state, input.room, input.messages, input.counted);
    case 'refreshed':
      return refreshed(state, input);
    case 'queued':
      return inRoom(state, input.item.room, (room) => ({
        ...room,
        outbox: [...room.outbox.filter((one) => one.id !== input.item.id), input.item],
      }));
    case 'delivery':
      return inRoom(state, input.room, (room) => ({
        ...room,
        timeline: redress(room.timeline, input.id, { delivery: input.delivery }),
        outbox: room.outbox.map((item) => (item.id === input.id ? { ...item, delivery: input.delivery } : item)),
      }));
    case 'dropped':
      return inRoom(state, input.room, (room) => ({ ...room, outbox: room.outbox.filter((item) => item.id !== input.id) }));
    case 'restored':
      return inRoom(withRoom(state, input.room), input.room.id, (room) => ({
        ...room,
        timeline: { items: input.items, aside: [], isWhole: input.isWhole },
      }));
  }
}

// Parts of a state

export function withView(state: State, change: Partial<View>): State {
  return { ...state, view: { ...state.view, ...change } };
}

/** Changes a room that is known, and its view. */
export function inRoom(state: State, id: RoomId, change: (room: RoomState) => RoomState): State {
  const room = state.rooms.get(id);
  if (!room) return state;
  const next = settle(change(room), state.view, state.keep);
  return next === room ? state : withRoomState(state, next);
}

function withRoomState(state: State, room: RoomState): State {
  const { id } = room.room;
  const rooms = new Map(state.rooms).set(id, room);
  const before: RoomView | undefined = state.view.rooms.get(id);
  const views = new Map(state.view.rooms).set(id, roomView(room, before, state.view.me?.author ?? null));
  return { ...state, rooms, view: { ...state.view, rooms: views } };
}

/** A room as a node tells of it. */
export function withRoom(state: State, room: WireRoom): State {
  const known = state.rooms.get(room.id);
  return withRoomState(state, known ? { ...known, room: { ...known.room, ...room } } : blank(room));
}

export function withoutRoom(state: State, id: RoomId): State {
  if (!state.rooms.has(id)) return state;
  const rooms = new Map(state.rooms);
  const views = new Map(state.view.rooms);
  rooms.delete(id);
  views.delete(id);
  return { ...state, rooms, view: { ...state.view, rooms: views, open: state.view.open === id ? null : state.view.open } };
}

export function withPeople(state: State, people: readonly WirePerson[]): State {
  if (people.length === 0) return state;
  const all = new Map(state.view.people);
  for (const person of people) all.set(person.author, person);
  return withView(state, { people: all });
}

function opened(state: State, { author, name, account, rooms, people, wishes }: Opened): State {
  const me = { author, name, account };
  const muted = new Set(wishes.muted);
  const blocked = new Set(wishes.blocked);
  // Who is not told of is not present.
  const absent = [...state.view.people.values()].filter(({ present }) => present).map((one) => ({ ...one, present: false, node: null }));
  const told = withPeople(withPeople(withView(state, { me, muted, blocked }), absent), people);
  return rooms.reduce((so, room) => {
    const next = withRoom(so, room);
    // For guests nodes keep no count.
    if (room.unread === undefined || !account) return next;
    const unread = room.id === so.view.open ? 0 : room.unread;
    return inRoom(next, room.id, (one) => ({ ...one, unread, mentions: room.kind === 'direct' ? unread : Math.min(one.mentions, unread) }));
  }, told);
}

function missed(state: State, id: RoomId, messages: readonly WireMessage[], counted: Cursor | null): State {
  const counts = (message: WireMessage): boolean => counted === null || (counted[message.place[1]] ?? 0) < message.place[2];
  return taking(state, id, messages, { isNews: false, counts });
}

/** Takes messages into a room, with what listeners are told of them. */
export function taking(
  state: State,
  id: RoomId,
  messages: readonly WireMessage[],
  how: { readonly isNews: boolean; readonly counts: (message: WireMessage) => boolean },
): State {
  let news: readonly News[] = [];
  const next = inRoom(state, id, (room) => {
    const result = taken(state.view, room, messages, {
      taking: { isNews: how.isNews, isPage: false, dress: dressing(state.view) },
      counts: how.counts,
    });
    news = [
      ...result.added.map((item) => ({ type: 'message', item }) as const),
      ...(how.isNews ? result.changed.map((item) => ({ type: 'changed', item }) as const) : []),
    ];
    return result.room;
  });
  return news.length > 0 ? { ...next, news: [...next.news, ...news] } : next;
}

function refreshed(state: State, { room: id, asked, messages, at }: Extract<Input, { type: 'refreshed' }>): State {
  let news: readonly News[] = [];
  const next = inRoom(state, id, (room) => {
    const { timeline, changed, gone } = refresh(room.timeline, asked, messages, at);
    news = [
      ...changed.map((item) => ({ type: 'changed', item }) as const),
      ...gone.map((one) => ({ type: 'gone', room: id, id: one }) as const),
    ];
    return news.length > 0 ? { ...room, timeline } : room;
  });
  return news.length > 0 ? { ...next, news: [...next.news, ...news] } : next;
}

/** Somebody looks at a room: where they have read to is kept until they look elsewhere, and what comes counts as read. */
function look(state: State, open: RoomId | null): State {
  if (open === state.view.open) return state;
  const left = state.view.open;
  const away = left ? inRoom(state, left, (room) => ({ ...room, firstUnread: null })) : state;
  const shown = withView(away, { open });
  if (!open) return shown;
  return inRoom(shown, open, (room) => {
    const foreign = room.timeline.items.filter(({ author }) => author !== state.view.me?.author);
    const first = room.unread > 0 ? (foreign.at(-room.unread) ?? foreign[0]) : undefined;
    return { ...room, firstUnread: room.firstUnread ?? first?.id ?? null, unread: 0, mentions: 0 };
  });
}

export function read(state: State, id: RoomId | ''): State {
  const ids = id === '' ? [...state.rooms.keys()] : [id];
  return ids.reduce((so, one) => {
    const room = so.rooms.get(one);
    if (!room || (room.unread === 0 && room.mentions === 0)) return so;
    return inRoom(so, one, (it) => ({ ...it, unread: 0, mentions: 0, firstUnread: so.view.open === one ? it.firstUnread : null }));
  }, state);
}

/** Whoever did not say again that they type does not any more. */
function expired(state: State, nowMs: number): State {
  let next = state;
  for (const [id, { typing }] of state.rooms) {
    const left = new Map([...typing].filter(([, untilMs]) => untilMs > nowMs));
    if (left.size < typing.size) next = inRoom(next, id, (room) => ({ ...room, typing: left }));
  }
  return next;
}

/** When somebody's typing ends next; null for nobody's. */
export function nextExpiry(state: State): number | null {
  let next: number | null = null;
  for (const { typing } of state.rooms.values()) for (const untilMs of typing.values()) next = Math.min(next ?? untilMs, untilMs);
  return next;
}

/** The name of somebody, as far as it was told. */
export function nameOf(view: View, author: AuthorId): string {
  return view.people.get(author)?.name ?? '';
}
