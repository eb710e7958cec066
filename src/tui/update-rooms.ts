/** Going from room to room, and up and down in one. Pure. */

import type { View } from '../client/view.ts';
import type { RoomId } from '../core/ids.ts';
import { viewportOf } from './areas.ts';
import { type Step, step } from './commands.ts';
import { EMPTY } from './editor.ts';
import type { Env } from './env.ts';
import { scrolled } from './timeline.ts';
import { orderedRooms, type Ui } from './ui.ts';

/** A room is shown; what was begun in the one before is kept. */
export function opened(ui: Ui, room: RoomId): Step {
  if (room === ui.room) return step({ ...ui, sheet: null }, { type: 'open', room: ui.hasFocus ? room : null });
  const drafts = new Map(ui.drafts);
  if (ui.room && !ui.about && ui.editor.text !== '') drafts.set(ui.room, ui.editor);
  else if (ui.room) drafts.delete(ui.room);
  // What was typed while there was no room is for the first one.
  const editor = drafts.get(room) ?? (ui.room === null ? ui.editor : EMPTY);
  const next: Ui = {
    ...ui,
    room,
    lastRoom: ui.room,
    drafts,
    editor: { ...editor, cut: ui.editor.cut },
    about: null,
    chosen: null,
    completion: null,
    historyBack: 0,
    sheet: null,
  };
  return step(next, { type: 'open', room: ui.hasFocus ? room : null });
}

/** The next or the previous room of the side. */
export function stepped(view: View, ui: Ui, by: 1 | -1): Step {
  const rooms = orderedRooms(view);
  if (rooms.length === 0) return step(ui);
  const at = rooms.findIndex(({ room }) => room.id === ui.room);
  return opened(ui, rooms[(at + by + rooms.length) % rooms.length]!.room.id);
}

export function numbered(view: View, ui: Ui, number: number): Step {
  const room = orderedRooms(view)[number - 1];
  return room ? opened(ui, room.room.id) : step(ui);
}

/** The next room in which something waits, those first in which the reader is named. */
export function nextUnread(view: View, ui: Ui): Step {
  const rooms = orderedRooms(view).filter(({ room }) => room.id !== ui.room && !view.muted.has(room.id));
  const next = rooms.find(({ mentions }) => mentions > 0) ?? rooms.find(({ unread }) => unread > 0);
  return next ? opened(ui, next.room.id) : step(ui);
}

/** Moves the window onto the open room. */
export function scrolledBy(view: View, ui: Ui, env: Env, rows: number): Step {
  const port = viewportOf(view, ui, env);
  if (!port) return step(ui);
  const anchor = scrolled(port, rows);
  const scroll = new Map(ui.scroll);
  if (anchor) scroll.set(port.room.room.id, anchor);
  else scroll.delete(port.room.room.id);
  return step({ ...ui, scroll });
}
