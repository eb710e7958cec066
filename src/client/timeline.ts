/**
 * The timeline of a room: what the client was shown, each message once, in history order. Messages come in any order, again, and from nodes that hold less than others;
 * the timeline is the same as if all had been sorted at once.
 *
 * One id may stand in several entries; the message is at the earliest place that was told of. What sorts before the first message, and is no page of what is before it,
 * is kept *aside*: between the two there may be messages that were never loaded. It joins the timeline when that reaches so far back.
 */

import type { Cursor, WireMessage, WirePlace } from '../api/protocol.ts';
import type { MessageId } from '../core/ids.ts';
import { compareText } from '../lib/bytes.ts';
import { holds } from './cursor.ts';
import type { Item } from './view.ts';

export interface Timeline {
  readonly items: readonly Item[];
  readonly aside: readonly Item[];
  /** Nothing is before the first. */
  readonly isWhole: boolean;
}

export const EMPTY: Timeline = { items: [], aside: [], isWhole: false };

/** The total order of history (core/order.ts). */
export function comparePlaces(a: WirePlace, b: WirePlace): number {
  return a[0] - b[0] || compareText(a[1], b[1]) || a[2] - b[2] || a[3] - b[3];
}

const byPlace = (a: Item, b: Item): number => comparePlaces(a.place, b.place);

/** Where each message of a list stands. It belongs to one list at a time, and goes over to what is made of that; of any other list it is made anew. */
const indexes = new WeakMap<readonly Item[], Map<MessageId, Item>>();

function indexOf(items: readonly Item[]): Map<MessageId, Item> {
  const known = indexes.get(items);
  if (known) return known;
  const index = new Map(items.map((item) => [item.id, item]));
  indexes.set(items, index);
  return index;
}

/** The number of the first item that does not sort before a place. */
export function lowerBound(items: readonly Item[], place: WirePlace): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePlaces(items[middle]!.place, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A message of a timeline, or of what is aside. */
export function find({ items, aside }: Timeline, id: MessageId): Item | undefined {
  return indexOf(items).get(id) ?? aside.find((item) => item.id === id);
}

/** Whether a message shows in the timeline: it is not aside. */
export function shows({ items }: Timeline, id: MessageId): boolean {
  return indexOf(items).has(id);
}

/** How what comes is taken. */
export interface Taking {
  /** It shows so now, at a node that holds all the client was shown; else what is there stays as it is. */
  readonly isNews: boolean;
  /** It is a page that ends right before the first message, or, of an empty timeline, its end. */
  readonly isPage: boolean;
  /** What makes an item of a message that is new. */
  readonly dress: (message: WireMessage) => Item;
}

export interface Merged {
  readonly timeline: Timeline;
  /** What was not there before, as it shows; also what is aside. */
  readonly added: readonly Item[];
  readonly changed: readonly Item[];
}

/** Takes messages in. */
export function merge(timeline: Timeline, messages: readonly WireMessage[], taking: Taking): Merged {
  const added: Item[] = [];
  const changed: Item[] = [];
  const gone = new Set<MessageId>();
  const fresh = new Map<MessageId, Item>();
  for (const message of messages) {
    const known = fresh.get(message.id) ?? find(timeline, message.id);
    const next = known ? again(known, message, taking.isNews) : taking.dress(message);
    if (next === known) continue;
    if (!known || fresh.has(message.id)) fresh.set(message.id, next);
    else {
      gone.add(message.id);
      fresh.set(message.id, next);
    }
  }
  if (fresh.size === 0) return { timeline, added, changed };
  const last = timeline.items.at(-1);
  const first = timeline.items[0];
  const inside: Item[] = [];
  const aside: Item[] = timeline.aside.filter(({ id }) => !fresh.has(id));
  for (const item of fresh.values()) {
    const isKnown = gone.has(item.id);
    const isBehind = first !== undefined && byPlace(item, first) < 0;
    const isLate = !isKnown && last !== undefined && !isBehindPage(isBehind, taking) && byPlace(item, last) < 0;
    const shown: Item = isLate ? { ...item, late: true } : item;
    (isKnown ? changed : added).push(shown);
    const wasInside = isKnown && indexOf(timeline.items).has(item.id);
    if (isBehind && !wasInside && !taking.isPage && !timeline.isWhole) aside.push(shown);
    else inside.push(shown);
  }
  const items = inside.length === 0 ? timeline.items : insert(timeline.items, gone, inside);
  return { timeline: drawIn({ ...timeline, items, aside }, taking.isPage), added, changed };
}

const isBehindPage = (isBehind: boolean, { isPage }: Taking): boolean => isBehind && isPage;

/** A message that is there, as it is told of again. */
function again(known: Item, message: WireMessage, isNews: boolean): Item {
  const place = comparePlaces(message.place, known.place) < 0 ? message.place : known.place;
  if (!isNews) return place === known.place ? known : { ...known, place };
  const item = undressed({ ...message, place }, known);
  return sameItem(item, known) ? known : item;
}

/** What the library itself put on an item goes over to what shows in its place. */
function undressed(message: WireMessage, { late, delivery, mentions }: Item): Item {
  return { ...message, ...(late && { late }), ...(delivery && { delivery }), ...(mentions && { mentions }) };
}

/** Puts items to their places. `moved`: those of which another form stands there. */
function insert(items: readonly Item[], moved: ReadonlySet<MessageId>, inside: Item[]): readonly Item[] {
  const index = indexOf(items);
  inside.sort(byPlace);
  let kept = items;
  if (inside.some(({ id }) => moved.has(id))) {
    if (inside.every((item) => index.get(item.id)?.place === item.place)) return replaced(items, inside, index);
    kept = items.filter(({ id }) => !moved.has(id));
  }
  const from = lowerBound(kept, inside[0]!.place);
  const next = kept.slice(0, from);
  let at = from;
  for (const item of inside) {
    while (at < kept.length && byPlace(kept[at]!, item) < 0) next.push(kept[at++]!);
    next.push(item);
  }
  while (at < kept.length) next.push(kept[at++]!);
  return handOver(items, next, index, inside);
}

/** Items that show otherwise at the places they have. */
function replaced(items: readonly Item[], inside: readonly Item[], index: Map<MessageId, Item>): readonly Item[] {
  const next = [...items];
  for (const item of inside) next[lowerBound(next, item.place)] = item;
  return handOver(items, next, index, inside);
}

function handOver(items: readonly Item[], next: readonly Item[], index: Map<MessageId, Item>, put: readonly Item[]): readonly Item[] {
  indexes.delete(items);
  for (const item of put) index.set(item.id, item);
  indexes.set(next, index);
  return next;
}

/** What is aside joins where the timeline reaches back to it. */
function drawIn(timeline: Timeline, isPage: boolean): Timeline {
  const { items, aside, isWhole } = timeline;
  const first = items[0];
  if (aside.length === 0 || !(isPage || isWhole || (first && aside.some((item) => byPlace(item, first) > 0)))) return timeline;
  const reached = aside.filter((item) => isWhole || (first !== undefined && byPlace(item, first) > 0));
  if (reached.length === 0) return timeline;
  return { ...timeline, items: insert(items, new Set(), [...reached]), aside: aside.filter((item) => !reached.includes(item)) };
}

/** Nothing is before the first: all that is aside has its place. */
export function whole(timeline: Timeline): Timeline {
  return timeline.isWhole ? timeline : drawIn({ ...timeline, isWhole: true }, true);
}

/**
 * Takes messages as a node says they show now; of those that were asked for, what it does not tell of shows no more, where the node holds the entry that it lies in.
 */
export function refresh(
  timeline: Timeline,
  asked: readonly MessageId[],
  messages: readonly WireMessage[],
  at: Cursor,
): { readonly timeline: Timeline; readonly changed: readonly Item[]; readonly gone: readonly MessageId[] } {
  const told = new Map(messages.map((message) => [message.id, message]));
  const gone: MessageId[] = [];
  const changed: Item[] = [];
  const moved = new Set<MessageId>();
  const next = new Map<MessageId, Item | null>();
  for (const id of asked) {
    const known = find(timeline, id);
    const message = told.get(id);
    if (!known || !holds(at, known.place)) continue;
    if (!message) {
      gone.push(id);
      next.set(id, null);
      continue;
    }
    const item = undressed(message, known);
    if (sameItem(item, known)) continue;
    changed.push(item);
    moved.add(id);
    next.set(id, item);
  }
  if (next.size === 0) return { timeline, changed, gone };
  const put = (list: readonly Item[]): readonly Item[] => {
    if (!list.some(({ id }) => next.has(id))) return list;
    const kept = list.flatMap((item) => next.get(item.id) ?? (next.has(item.id) ? [] : [item]));
    return kept.sort(byPlace);
  };
  return { timeline: drawIn({ ...timeline, items: put(timeline.items), aside: put(timeline.aside) }, false), changed, gone };
}

/** Whether two items show alike. */
function sameItem(a: Item, b: Item): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(item: Item): unknown {
  const keys = Object.keys(item).sort() as (keyof Item)[];
  return keys.map((key) => [key, item[key]]);
}

/** Puts something on an item, where it is there. */
export function redress(timeline: Timeline, id: MessageId, change: Partial<Item>): Timeline {
  const index = indexOf(timeline.items);
  const known = index.get(id);
  if (!known) return timeline;
  const item = { ...known, ...change };
  return { ...timeline, items: replaced(timeline.items, [item], index) };
}

/** Lets go of the oldest; they can be loaded again. */
export function trimmed(timeline: Timeline, keep: number): Timeline {
  if (timeline.items.length <= keep) return timeline;
  return { items: timeline.items.slice(-keep), aside: [], isWhole: false };
}
