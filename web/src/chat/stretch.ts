/**
 * A stretch of a room's history that stands apart from the timeline of the client library: what one jumped to, far from the end. It grows at both ends by pages, and joins the
 * timeline where it reaches it. Pure.
 */

import type { Item } from 'skein/client';
import type { WireMessage } from '../../../src/api/protocol.ts';
import { comparePlaces } from '../../../src/client/timeline.ts';
import type { AuthorId, MessageId } from '../../../src/core/ids.ts';

export interface Stretch {
  /** In history order, without gaps. */
  readonly items: readonly Item[];
  /** Nothing is before the first. */
  readonly isStart: boolean;
  /** Nothing is behind the last. */
  readonly isEnd: boolean;
}

/** Messages of a stretch, at most: what is beyond is let go of at the far end. */
export const STRETCH_MAX = 4000;

export const byPlace = (a: WireMessage, b: WireMessage): number => comparePlaces(a.place, b.place);

export function stretchOf(messages: readonly WireMessage[]): Stretch {
  return { items: [...messages].sort(byPlace), isStart: false, isEnd: false };
}

/** A page that ends before the first. */
export function withOlder(stretch: Stretch, messages: readonly WireMessage[], isStart: boolean): Stretch {
  const [first] = stretch.items;
  const fresh = messages.filter((one) => !first || byPlace(one, first) < 0);
  const items = [...fresh, ...stretch.items];
  const kept = items.slice(0, STRETCH_MAX);
  return { items: kept, isStart, isEnd: stretch.isEnd && kept.length === items.length };
}

/** A page that begins behind the last. */
export function withNewer(stretch: Stretch, messages: readonly WireMessage[], isEnd: boolean): Stretch {
  const last = stretch.items.at(-1);
  const fresh = messages.filter((one) => !last || byPlace(one, last) > 0);
  const items = [...stretch.items, ...fresh];
  const kept = items.slice(-STRETCH_MAX);
  return { items: kept, isStart: stretch.isStart && kept.length === items.length, isEnd };
}

/** Messages as they show now; what is not of the stretch is left out. */
export function withChanged(stretch: Stretch, changed: readonly WireMessage[]): Stretch {
  const next = new Map(changed.map((one) => [one.id, one]));
  if (!stretch.items.some(({ id }) => next.has(id))) return stretch;
  return { ...stretch, items: stretch.items.map((item) => next.get(item.id) ?? item) };
}

/** Messages that show no more, of those that were asked for. */
export function without(stretch: Stretch, gone: ReadonlySet<MessageId>): Stretch {
  return gone.size === 0 ? stretch : { ...stretch, items: stretch.items.filter(({ id }) => !gone.has(id)) };
}

/** What is shown of a room while one is in a stretch: the stretch, and the timeline behind it where the two have met. */
export interface Shown {
  readonly items: readonly Item[];
  readonly isStart: boolean;
  /** Whether what comes live comes at its end. */
  readonly isLive: boolean;
}

export function shownOf(stretch: Stretch | null, timeline: readonly Item[], isWhole: boolean): Shown {
  if (!stretch) return { items: timeline, isStart: isWhole, isLive: true };
  const [first] = timeline;
  const last = stretch.items.at(-1);
  const hasMet = stretch.isEnd || !last || (first !== undefined && byPlace(first, last) <= 0);
  if (!hasMet) return { items: stretch.items, isStart: stretch.isStart, isLive: false };
  const before = first ? stretch.items.filter((item) => byPlace(item, first) < 0) : stretch.items;
  return { items: [...before, ...timeline], isStart: stretch.isStart || (before.length === 0 && isWhole), isLive: true };
}

/** Without what people said whom the reader blocks. Nodes leave it out too, but not what came before the block. */
export function heard(shown: Shown, blocked: ReadonlySet<AuthorId>): Shown {
  if (blocked.size === 0) return shown;
  return { ...shown, items: shown.items.filter(({ author }) => !blocked.has(author)) };
}
