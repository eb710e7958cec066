/**
 * The part of a timeline that shows: which rows, of which messages. Pure.
 *
 * Where a reader is, is said by a message and so many of its rows at the lower edge (`Anchor`), so what arrives before or behind it moves nothing. Only what shows is
 * laid out, whatever the timeline's length.
 */

import type { WirePlace } from '../api/protocol.ts';
import { indexOfId } from '../client/find.ts';
import type { Item, RoomView, View } from '../client/view.ts';
import type { MessageId } from '../core/ids.ts';
import { comparePlaces, type Place } from '../core/order.ts';
import { type Row, span } from './cells.ts';
import type { Env } from './env.ts';
import { messageRows, separator } from './message.ts';
import { cleanLine } from './text.ts';
import type { Anchor } from './ui.ts';

export interface TimelineRow {
  readonly row: Row;
  readonly id: MessageId | null;
}

/** A place in a laid-out timeline: the lower edge is behind so many rows of the message at `index`. */
interface Edge {
  readonly index: number;
  readonly rows: number;
}

export interface Viewport {
  readonly view: View;
  readonly room: RoomView;
  readonly anchor: Anchor | null;
  readonly columns: number;
  readonly height: number;
  readonly env: Env;
}

function placeOf([key, feed, seq, index]: WirePlace): Place {
  return { key, feed, seq, index };
}

function compareWire(a: WirePlace, b: WirePlace): number {
  return comparePlaces(placeOf(a), placeOf(b));
}

/** The first message that is not before a place. */
export function indexAt(timeline: readonly Item[], place: WirePlace): number {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareWire(timeline[middle]!.place, place) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of one message, kept for as long as nothing about it changes. */
function rowsAt({ room, view, columns, env }: Viewport, index: number): readonly Row[] {
  const { timeline } = room;
  const item = timeline[index]!;
  const before = timeline[index - 1] ?? null;
  const target = item.target === undefined ? null : (timeline[indexOfId(timeline, item.target)] ?? null);
  const isFirstUnread = room.firstUnread === item.id;
  const of = [before, target, isFirstUnread, columns, view.me?.name, view.me?.author];
  const kept = env.blocks.get(item);
  if (kept?.of.every((one, i) => one === of[i])) return kept.rows;
  const rows = messageRows({ item, before, target, isFirstUnread, view, columns }, env);
  env.blocks.set(item, { rows, of });
  return rows;
}

/** What stands before the first message. */
function head({ room, columns, env }: Viewport): Row[] {
  const name = cleanLine(room.room.name);
  if (room.isLoading) return [[span(` reading what was said before${env.glyphs.more}`, 'quiet')]];
  if (!room.isWhole) return [separator(`${env.glyphs.up} more`, columns, 'line', env)];
  const words = room.room.kind === 'direct' ? `This is between ${name} and you.` : `This is where ${name} begins.`;
  return [[span(` ${words}`, 'quiet')], []];
}

function endOf(port: Viewport): Edge {
  const index = port.room.timeline.length - 1;
  return { index, rows: index < 0 ? 0 : rowsAt(port, index).length };
}

/** The lower edge that an anchor means now. */
function edgeOf(port: Viewport): Edge {
  const { anchor, room } = port;
  if (!anchor || room.timeline.length === 0) return endOf(port);
  let index = indexAt(room.timeline, anchor.place);
  if (room.timeline[index]?.id !== anchor.id) {
    const found = indexOfId(room.timeline, anchor.id);
    index = found >= 0 ? found : Math.min(index, room.timeline.length - 1);
  }
  return { index, rows: Math.max(1, Math.min(anchor.rows, rowsAt(port, index).length)) };
}

function anchorOf(port: Viewport, edge: Edge): Anchor | null {
  const { timeline } = port.room;
  if (edge.index < 0 || timeline.length === 0) return null;
  if (edge.index === timeline.length - 1 && edge.rows >= rowsAt(port, edge.index).length) return null;
  const item = timeline[edge.index]!;
  return { id: item.id, place: item.place, rows: edge.rows };
}

/** An edge so many rows further down (or, negative, up); not beyond the ends. */
function moved(port: Viewport, edge: Edge, by: number): Edge {
  const { length } = port.room.timeline;
  let { index, rows } = edge;
  let left = Math.abs(by);
  while (left > 0) {
    if (by < 0) {
      if (rows > left) return { index, rows: rows - left };
      left -= rows;
      if (index === 0) return { index: 0, rows: 1 };
      index--;
      rows = rowsAt(port, index).length;
    } else {
      const below = rowsAt(port, index).length - rows;
      if (below >= left) return { index, rows: rows + left };
      left -= below;
      if (index >= length - 1) return { index, rows: rows + below };
      index++;
      rows = 0;
    }
  }
  return { index, rows };
}

/** An edge above which there are rows enough to fill the window, as far as there are any at all. */
function filled(port: Viewport, edge: Edge): Edge {
  if (edge.index < 0) return edge;
  let above = edge.rows;
  for (let i = edge.index - 1; i >= 0 && above < port.height; i--) above += rowsAt(port, i).length;
  above += head(port).length;
  return above >= port.height ? edge : moved(port, edge, port.height - above);
}

/** Scrolls by rows; null follows the end. */
export function scrolled(port: Viewport, by: number): Anchor | null {
  if (port.room.timeline.length === 0) return null;
  return anchorOf(port, filled(port, moved(port, filled(port, edgeOf(port)), by)));
}

/** The window with a message in its middle. */
export function centred(port: Viewport, id: MessageId): Anchor | null {
  const index = indexOfId(port.room.timeline, id);
  if (index < 0) return port.anchor;
  const edge = { index, rows: rowsAt(port, index).length };
  return anchorOf(port, filled(port, moved(port, edge, Math.floor(port.height / 2))));
}

/** The window moved no further than it must so that a message shows. */
export function revealed(port: Viewport, id: MessageId): Anchor | null {
  const { timeline } = port.room;
  const index = indexOfId(timeline, id);
  if (index < 0) return port.anchor;
  const edge = filled(port, edgeOf(port));
  const whole = { index, rows: rowsAt(port, index).length };
  if (index > edge.index || (index === edge.index && whole.rows > edge.rows)) return anchorOf(port, filled(port, whole));
  let rows = index === edge.index ? edge.rows : whole.rows + edge.rows;
  for (let i = edge.index - 1; i > index && rows <= port.height; i--) rows += rowsAt(port, i).length;
  if (rows <= port.height) return port.anchor;
  const top = moved(port, whole, -(whole.rows - 1));
  return anchorOf(port, filled(port, moved(port, top, Math.max(0, port.height - 1))));
}

/** So many windows are read ahead of a reader who scrolls back. */
const PAGES_AHEAD = 4;

/** Whether what is before the timeline's first message will soon be wanted. */
export function wantsOlder(port: Viewport): boolean {
  const { room } = port;
  if (room.isWhole || room.isLoading) return false;
  if (room.timeline.length === 0) return true;
  const edge = filled(port, edgeOf(port));
  let above = edge.rows;
  for (let i = edge.index - 1; i >= 0; i--) {
    above += rowsAt(port, i).length;
    if (above >= PAGES_AHEAD * port.height) return false;
  }
  return true;
}

/** How many messages are below the window. */
export function below(port: Viewport): number {
  if (!port.anchor) return 0;
  return Math.max(0, port.room.timeline.length - 1 - edgeOf(port).index);
}

/** Just so many rows as the window is high; the last message stands at its lower edge. */
export function visible(port: Viewport): TimelineRow[] {
  const { room, height } = port;
  const rows: TimelineRow[] = [];
  if (height <= 0) return rows;
  const edge = filled(port, edgeOf(port));
  for (let i = edge.index; i >= 0 && rows.length < height; i--) {
    const block = rowsAt(port, i);
    const shown = i === edge.index ? block.slice(0, edge.rows) : block;
    for (let r = shown.length - 1; r >= 0 && rows.length < height; r--) rows.push({ row: shown[r]!, id: room.timeline[i]!.id });
  }
  const before = head(port);
  for (let r = before.length - 1; r >= 0 && rows.length < height; r--) rows.push({ row: before[r]!, id: null });
  while (rows.length < height) rows.push({ row: [], id: null });
  return rows.reverse();
}
