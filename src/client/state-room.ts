/** A room of a state: its timeline, its part of the outbox, what is unread, who types; and the view of it. */

import type { WireMessage, WireRoom } from '../api/protocol.ts';
import type { AuthorId, MessageId } from '../core/ids.ts';
import { mentions } from './mentions.ts';
import { EMPTY, find, type Merged, merge, redress, shows, type Taking, type Timeline, trimmed } from './timeline.ts';
import type { Item, RoomView, View } from './view.ts';

export interface RoomState {
  readonly room: WireRoom;
  readonly timeline: Timeline;
  /** One's own messages that show nowhere yet, in their order. */
  readonly outbox: readonly Item[];
  readonly isLoading: boolean;
  readonly unread: number;
  readonly mentions: number;
  readonly firstUnread: MessageId | null;
  /** Until when, in ms. */
  readonly typing: ReadonlyMap<AuthorId, number>;
  readonly members: readonly AuthorId[];
}

/** A room of which nothing was told but what it is. */
export function blank(room: WireRoom): RoomState {
  return {
    room,
    timeline: EMPTY,
    outbox: [],
    isLoading: false,
    unread: 0,
    mentions: 0,
    firstUnread: null,
    typing: new Map(),
    members: [],
  };
}

/** Makes items of messages that are new. */
export function dressing({ me }: View): (message: WireMessage) => Item {
  return (message) => {
    const isOther = me !== null && message.author !== me.author;
    return isOther && message.text !== null && mentions(message.text, me.name) ? { ...message, mentions: true } : message;
  };
}

/** Takes messages in, and counts those that are new and somebody else's; `counts`: which of them. */
export function taken(
  view: View,
  room: RoomState,
  messages: readonly WireMessage[],
  how: { readonly taking: Taking; readonly counts: (message: WireMessage) => boolean },
): { readonly room: RoomState } & Omit<Merged, 'timeline'> {
  const { timeline, added, changed } = merge(room.timeline, messages, how.taking);
  if (timeline === room.timeline) return { room, added, changed };
  const isOpen = view.open === room.room.id;
  const waits = added.filter((item) => item.author !== view.me?.author && !view.blocked.has(item.author) && how.counts(item));
  const isDirect = room.room.kind === 'direct';
  const next: RoomState = { ...room, timeline };
  if (isOpen || waits.length === 0) return { room: next, added, changed };
  const naming = isDirect ? waits : waits.filter((item) => item.mentions);
  const firstUnread = room.unread === 0 ? waits[0]!.id : room.firstUnread;
  const counted = { unread: room.unread + waits.length, mentions: room.mentions + naming.length, firstUnread };
  return { room: { ...next, ...counted }, added, changed };
}

/** What follows from a change: messages of the outbox that show in the timeline are there alone, who said something types no more, and the oldest are let go of. */
export function settle(room: RoomState, view: View, keep: number): RoomState {
  let next = room;
  const shown = room.outbox.filter(({ id }) => shows(room.timeline, id));
  if (shown.length > 0) {
    let { timeline } = room;
    for (const { id, delivery } of shown) if (delivery && !find(timeline, id)?.delivery) timeline = redress(timeline, id, { delivery });
    next = { ...next, timeline, outbox: room.outbox.filter((item) => !shown.includes(item)) };
  }
  // A fifth more, so that it is not done at each message.
  if (view.open !== room.room.id && next.timeline.items.length > keep * 1.2) next = { ...next, timeline: trimmed(next.timeline, keep) };
  return next;
}

/** The view of a room; lists that did not change are the ones of before. */
export function roomView(room: RoomState, before: RoomView | undefined, me: AuthorId | null): RoomView {
  const { items, isWhole } = room.timeline;
  const timeline = room.outbox.length === 0 ? items : same(before?.timeline, [...items, ...room.outbox]);
  const typing = same(
    before?.typing,
    [...room.typing.keys()].filter((author) => author !== me),
  );
  const { unread, mentions: naming, firstUnread, members, isLoading } = room;
  return { room: room.room, timeline, isWhole, isLoading, unread, mentions: naming, firstUnread, typing, members };
}

function same<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  if (!before || before.length !== now.length) return now;
  return now.every((one, i) => one === before[i]) ? before : now;
}
