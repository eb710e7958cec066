/** Which part of the screen is for what: the side, the timeline, the people, the composer. Narrow and low windows do without. Pure. */

import type { View } from '../client/view.ts';
import { type Editor, EMPTY } from './editor.ts';
import type { Env } from './env.ts';
import { graphemes, graphemeWidth, wrap } from './text.ts';
import type { Viewport } from './timeline.ts';
import { roomOf, type Ui } from './ui.ts';

/** Below, the side panel hides. */
const SIDE_COLUMNS = 60;
/** From here on the people of a room stand at the right. */
const PEOPLE_COLUMNS = 120;
const COMPLETIONS_SHOWN = 5;

export interface Areas {
  /** Columns of the side without its border; 0: hidden. */
  readonly side: number;
  readonly people: number;
  readonly left: number;
  /** Columns of the middle. */
  readonly middle: number;
  readonly hasHeader: boolean;
  readonly timelineTop: number;
  readonly timelineRows: number;
  readonly hasRule: boolean;
  readonly completionRows: number;
  readonly hasNote: boolean;
  readonly hasAbout: boolean;
  readonly composer: Composer;
}

/** The rows of the text being written, as they show, and where the cursor is. */
export interface Composer {
  readonly lines: readonly string[];
  readonly row: number;
  readonly column: number;
}

export const PROMPT = '> ';

/** Lays out a text being written, of which at most so many rows show: those around the cursor. */
export function composed({ text, at }: Pick<Editor, 'text' | 'at'>, columns: number, rows: number): Composer {
  const lines: string[] = [];
  let row = 0;
  let column = 0;
  let start = 0;
  for (const paragraph of text.split('\n')) {
    for (const line of wrap(paragraph, columns)) {
      const from = start + line.start;
      if (at >= from) {
        row = lines.length;
        column = widthOf(text.slice(from, Math.min(at, from + line.text.length)));
      }
      lines.push(line.text);
    }
    start += paragraph.length + 1;
  }
  const top = Math.max(0, Math.min(row - rows + 1, lines.length - rows), row >= rows ? row - rows + 1 : 0);
  return { lines: lines.slice(top, top + rows), row: row - top, column: Math.min(column, columns - 1) };
}

const widthOf = (text: string): number => graphemes(text).reduce((sum, one) => sum + graphemeWidth(one), 0);

export function areasOf(view: View, ui: Ui): Areas {
  const { columns, rows } = ui.size;
  const side = columns < SIDE_COLUMNS || rows < 5 ? 0 : columns < 100 ? 19 : columns < 160 ? 23 : 27;
  const isShared = roomOf(view, ui) !== null && roomOf(view, ui)!.room.kind !== 'direct';
  const people = columns >= PEOPLE_COLUMNS && isShared && rows >= 8 ? 20 : 0;
  const left = side > 0 ? side + 1 : 0;
  const middle = Math.max(1, columns - left - (people > 0 ? people + 1 : 0));
  const hasHeader = rows >= 8;
  const hasRule = rows >= 6;
  const editor = ui.sheet?.kind === 'switch' || ui.prompt ? EMPTY : ui.editor;
  const composer = composed(editor, Math.max(2, middle - PROMPT.length), Math.max(1, Math.min(8, Math.floor(rows / 3))));
  const completionRows = ui.completion && rows >= 12 ? Math.min(COMPLETIONS_SHOWN, ui.completion.candidates.length) : 0;
  const hasNote = ui.note !== null && rows >= 4;
  const hasAbout = (ui.about !== null || ui.chosen !== null) && rows >= 7;
  const used =
    1 + composer.lines.length + (hasHeader ? 1 : 0) + (hasRule ? 1 : 0) + completionRows + (hasNote ? 1 : 0) + (hasAbout ? 1 : 0);
  return {
    side,
    people,
    left,
    middle,
    hasHeader,
    timelineTop: hasHeader ? 1 : 0,
    timelineRows: Math.max(0, rows - used),
    hasRule,
    completionRows,
    hasNote,
    hasAbout,
    composer,
  };
}

/** The window onto the open room; null where none is open. */
export function viewportOf(view: View, ui: Ui, env: Env): Viewport | null {
  const room = roomOf(view, ui);
  if (!room) return null;
  const { middle, timelineRows } = areasOf(view, ui);
  return { view, room, anchor: ui.scroll.get(room.room.id) ?? null, columns: middle, height: timelineRows, env };
}
