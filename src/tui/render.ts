/** The whole screen, of the view and the face's own state: rows that are each as wide as the terminal, and where the cursor stands. Pure. */

import type { RoomView, View } from '../client/view.ts';
import type { MessageId, RoomId } from '../core/ids.ts';
import { type Areas, areasOf, composed, PROMPT, viewportOf } from './areas.ts';
import { fitted, type Look, type Row, relooked, span, spread } from './cells.ts';
import type { Env } from './env.ts';
import { separator } from './message.ts';
import { countsOf, hintOf, peopleOf, personRow, sheetRows, titleOf } from './sheets.ts';
import { statusRow } from './status.ts';
import { cleanLine, clip } from './text.ts';
import { below, visible } from './timeline.ts';
import { orderedRooms, roomOf, type Sheet, type Ui } from './ui.ts';
import { chosenItem } from './update-chosen.ts';

export interface Screen {
  readonly rows: readonly Row[];
  /** Null: it is hidden. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

export function render(view: View, ui: Ui, env: Env): Screen {
  const areas = areasOf(view, ui);
  const { rows: height } = ui.size;
  const foot = footRows(view, ui, env, areas);
  const head = areas.hasHeader ? [headerRow(view, ui, areas.middle)] : [];
  const room = Math.max(0, height - 1 - foot.rows.length - head.length);
  const middle = [...head, ...mainRows(view, ui, env, areas, room), ...foot.rows].slice(0, Math.max(0, height - 1));
  const side = areas.side > 0 ? sideRows(view, ui, env, areas.side, height - 1).map(({ row }) => row) : [];
  const people = areas.people > 0 ? peopleRows(view, ui, env, areas.people, height - 1) : [];
  const bar = span(env.glyphs.bar, 'line');
  const rows = middle.map((row, i): Row => {
    const whole: Row =
      areas.side > 0 ? [...fitted(side[i] ?? [], areas.side), bar, ...fitted(row, areas.middle)] : fitted(row, areas.middle);
    return areas.people > 0 ? [...whole, bar, ...fitted(people[i] ?? [], areas.people)] : whole;
  });
  rows.push(statusRow(view, ui.size, env));
  const at = foot.cursor;
  const cursor = at && { row: head.length + room + at.row, column: areas.left + at.column };
  return { rows: rows.slice(0, height).map((row) => fitted(row, ui.size.columns)), cursor: cursor && inside(cursor, ui) };
}

function inside({ row, column }: { row: number; column: number }, { size }: Ui): Screen['cursor'] {
  return { row: Math.max(0, Math.min(size.rows - 1, row)), column: Math.max(0, Math.min(size.columns - 1, column)) };
}

function headerRow(view: View, ui: Ui, columns: number): Row {
  const room = roomOf(view, ui);
  if (!room) return fitted([span(` ${cleanLine(view.network) || 'skein'}`, 'title')], columns);
  const { name, topic, kind, archived } = room.room;
  if (kind === 'direct') {
    const person = room.room.with ? view.people.get(room.room.with) : undefined;
    const state = !person
      ? ''
      : person.away !== null
        ? `away: ${cleanLine(person.away)}`
        : person.present
          ? 'here'
          : 'not here: they will get it';
    return fitted([span(` ${cleanLine(name)}`, 'title'), span(`  ${state}`, 'quiet')], columns);
  }
  const present = peopleOf(view, room).filter((person) => person.present).length;
  const left: Row = [span(` ${cleanLine(name)}`, 'title'), span(`  ${archived ? '(archived) ' : ''}${cleanLine(topic)}`, 'quiet')];
  return spread(left, columns < 40 ? [] : [span(` ${present} here `, 'quiet')], columns);
}

function mainRows(view: View, ui: Ui, env: Env, areas: Areas, height: number): Row[] {
  if (ui.sheet) return sheetWindow(view, ui, env, ui.sheet, areas.middle, height);
  const port = viewportOf(view, ui, env);
  if (!port) return welcome(view, env, areas.middle, height);
  return visible({ ...port, height }).map(({ row, id }) => {
    if (id === null || id !== ui.chosen) return row;
    return relooked(fitted(marked(row, env), areas.middle), 'chosen');
  });
}

/** The first column of the chosen message carries a sign, so that it shows without colours, too. */
function marked(row: Row, { glyphs }: Env): Row {
  const [first, ...rest] = row;
  if (!first) return [span(glyphs.mark)];
  return [span(glyphs.mark), { ...first, text: first.text.slice(1) }, ...rest];
}

function welcome(view: View, env: Env, columns: number, height: number): Row[] {
  const lines: Row[] =
    view.connection.state === 'online'
      ? [
          [span(' You are in no room yet.', 'title')],
          [],
          [span(' :join #lobby    enters one')],
          [span(' :rooms          shows which there are')],
          [span(' F1              tells the rest')],
        ]
      : [[span(` ${view.connection.state === 'over' ? 'The session is over.' : `Connecting${env.glyphs.more}`}`, 'quiet')]];
  const rows = lines.map((row) => fitted(row, columns)).slice(0, height);
  while (rows.length < height) rows.push([]);
  return rows;
}

function sheetWindow(view: View, ui: Ui, env: Env, sheet: Sheet, columns: number, height: number): Row[] {
  if (height <= 0) return [];
  const { rows, chosen } = sheetRows(view, ui, env, sheet, columns);
  const title = separator(titleOf(sheet), columns, 'title', env);
  const room = height - 1;
  const each = sheet.kind === 'search' ? 2 : 1;
  const top = chosen === null ? ('top' in sheet ? sheet.top : 0) : Math.max(0, Math.min(chosen - Math.floor(room / 2), rows.length - room));
  const shown = rows.slice(top, top + room).map((row, i) => {
    const isChosen = chosen !== null && top + i >= chosen && top + i < chosen + each;
    return isChosen ? relooked(fitted(marked(row, env), columns), 'chosen') : row;
  });
  while (shown.length < room) shown.push([]);
  return [title, ...shown];
}

interface Foot {
  readonly rows: Row[];
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

/** What stands under the timeline: a rule, what Tab offers, what the text is for, and the text. */
function footRows(view: View, ui: Ui, env: Env, areas: Areas): Foot {
  const { middle } = areas;
  const rows: Row[] = [];
  if (areas.hasRule) rows.push(ruleRow(view, ui, env, middle));
  if (areas.completionRows > 0) rows.push(...completionRows(ui, areas));
  if (areas.hasNote && ui.note) rows.push([span(` ${clip(cleanLine(ui.note.text), middle - 1)}`, ui.note.kind)]);
  if (areas.hasAbout) rows.push(aboutRow(view, ui, env, middle));
  const top = rows.length;
  if (ui.prompt) return asked(ui, rows, middle);
  if (ui.sheet?.kind === 'switch') return typing(rows, ui.sheet.editor, 'go to: ', middle);
  const { lines, row, column } = areas.composer;
  const hint = ui.editor.text === '' ? placeholder(view, ui) : '';
  for (const [i, line] of lines.entries()) {
    const shown = hint === '' ? span(line.trimEnd()) : span(clip(hint, middle - PROMPT.length), 'quiet');
    rows.push([span(i === 0 ? PROMPT : '  ', 'quiet'), shown]);
  }
  const isHidden = ui.sheet !== null || (ui.chosen !== null && ui.about === null);
  return { rows, cursor: isHidden ? null : { row: top + row, column: PROMPT.length + column } };
}

function placeholder(view: View, ui: Ui): string {
  if (ui.sheet) return hintOf(ui.sheet);
  if (ui.about?.kind === 'react') return ':tada and Tab, or any emoji';
  if (ui.chosen) return '';
  const room = roomOf(view, ui);
  if (view.connection.state === 'connecting' && view.connection.tried > 0) return 'what you write is kept, and sent when a node is there';
  if (room?.room.archived) return 'the room is archived';
  return room ? '' : ':join #room';
}

function asked({ prompt }: Ui, rows: Row[], columns: number): Foot {
  const words = `${cleanLine(prompt!.words)}: `;
  if (!prompt!.isSecret) return typing(rows, prompt!.editor, words, columns);
  const row = [
    span(clip(words, columns - 1), 'strong'),
    span(clip('(what you type is not shown)', Math.max(0, columns - words.length - 1)), 'quiet'),
  ];
  return { rows: [...rows, row], cursor: { row: rows.length, column: Math.min(columns - 1, words.length) } };
}

function typing(rows: Row[], editor: Ui['editor'], words: string, columns: number): Foot {
  const label = clip(words, Math.max(1, columns - 8));
  const { lines, column } = composed(editor, Math.max(2, columns - label.length), 1);
  return { rows: [...rows, [span(label, 'strong'), span(lines[0] ?? '')]], cursor: { row: rows.length, column: label.length + column } };
}

/** Who types, and how much is below. */
function ruleRow(view: View, ui: Ui, env: Env, columns: number): Row {
  const room = roomOf(view, ui);
  const port = ui.sheet ? null : viewportOf(view, ui, env);
  const newer = port ? below(port) : 0;
  const names = (room?.typing ?? []).flatMap((author) => cleanLine(view.people.get(author)?.name ?? '')).filter((name) => name !== '');
  const words =
    names.length === 0
      ? ''
      : names.length < 4
        ? ` ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} writing${env.glyphs.more} `
        : ' several people are writing ';
  const right = newer > 0 ? ` ${env.glyphs.down} ${newer} newer (End) ` : '';
  const left = clip(words, Math.max(0, columns - right.length - 3));
  const fill = Math.max(0, columns - [...left].length - [...right].length - 1);
  return fitted(
    [span(env.glyphs.line, 'line'), span(left, 'quiet'), span(env.glyphs.line.repeat(fill), 'line'), span(right, 'busy')],
    columns,
    'line',
  );
}

function completionRows({ completion }: Ui, areas: Areas): Row[] {
  const { candidates, chosen } = completion!;
  const top = Math.max(0, Math.min(chosen - 2, candidates.length - areas.completionRows));
  return candidates.slice(top, top + areas.completionRows).map(({ label }, i): Row => {
    const isChosen = top + i === chosen;
    const row = [span(isChosen ? '>' : ' ', 'strong'), span(clip(cleanLine(label), areas.middle - 2))];
    return isChosen ? relooked(fitted(row, areas.middle), 'chosen') : row;
  });
}

function aboutRow(view: View, ui: Ui, env: Env, columns: number): Row {
  const item = chosenItem(view, ui.about ? { ...ui, chosen: ui.about.id } : ui);
  const whose = item ? `${cleanLine(item.name)}: ${cleanLine(item.text ?? 'removed')}` : 'a message that is not here any more';
  if (ui.about) {
    const does = { reply: 'reply to', edit: 'edit', react: 'react to' }[ui.about.kind];
    const keys = columns < 50 ? '' : '  Esc leaves ';
    return spread(
      [span(` ${env.glyphs.reply} ${does} ${clip(whose, columns - does.length - keys.length - 5)}`, 'busy')],
      [span(keys, 'quiet')],
      columns,
    );
  }
  if (item?.delivery?.state === 'refused') return fitted([span(' Enter send again  d drop it  c copy  Esc back', 'busy')], columns);
  return fitted([span(' r reply  + react  e edit  p pin  x remove  y id  c copy  Esc back', 'busy')], columns);
}

/** The rooms, and which of them stands in which row. */
export function sideRows(view: View, ui: Ui, env: Env, columns: number, height: number): { row: Row; room: RoomId | null }[] {
  const rooms = orderedRooms(view);
  const rows: { row: Row; room: RoomId | null }[] = [
    { row: fitted([span(` ${cleanLine(view.network) || 'skein'}`, 'title')], columns), room: null },
  ];
  let isDirect = false;
  for (const [i, room] of rooms.entries()) {
    if (room.room.kind === 'direct' && !isDirect) {
      isDirect = true;
      rows.push({ row: [], room: null }, { row: [span(' Direct', 'quiet')], room: null });
    }
    rows.push({ row: roomRow(view, ui, room, i, columns, env), room: room.room.id });
  }
  return windowed(
    rows,
    rows.findIndex(({ room }) => room !== null && room === ui.room),
    height,
    env,
  );
}

/** So many rows around the open room; where more are above or below, the outermost say so. */
function windowed<T extends { row: Row; room: RoomId | null }>(
  rows: T[],
  at: number,
  height: number,
  { glyphs }: Env,
): { row: Row; room: RoomId | null }[] {
  if (rows.length <= height) return rows;
  const top = Math.max(0, Math.min(at - Math.floor(height / 2), rows.length - height));
  const shown: { row: Row; room: RoomId | null }[] = rows.slice(top, top + height);
  if (top > 0) shown[0] = { row: [span(` ${glyphs.up} ${top + 1} more`, 'quiet')], room: null };
  const left = rows.length - top - height;
  if (left > 0) shown[shown.length - 1] = { row: [span(` ${glyphs.down} ${left + 1} more`, 'quiet')], room: null };
  return shown;
}

function roomRow(view: View, ui: Ui, room: RoomView, index: number, columns: number, env: Env): Row {
  const isOpen = room.room.id === ui.room;
  const isQuiet = view.muted.has(room.room.id);
  const person = room.room.with ? view.people.get(room.room.with) : undefined;
  const sign = room.room.kind !== 'direct' ? '' : person?.present ? `${env.glyphs.on} ` : `${env.glyphs.off} `;
  const number = index < 9 && columns >= 23 ? `${index + 1} ` : '';
  const look: Look = isOpen ? 'open' : isQuiet ? 'quiet' : room.unread > 0 ? 'unread' : 'plain';
  const draft = ui.drafts.has(room.room.id) && !isOpen ? ' *' : '';
  const left: Row = [
    span(isOpen ? env.glyphs.mark : ' ', look),
    span(number, isOpen ? look : 'quiet'),
    span(`${sign}${cleanLine(room.room.name)}${draft}`, look),
  ];
  return spread(left, isOpen ? [] : countsOf(view, room), columns, isOpen ? look : 'plain');
}

function peopleRows(view: View, ui: Ui, env: Env, columns: number, height: number): Row[] {
  const room = roomOf(view, ui);
  if (!room) return [];
  const people = peopleOf(view, room);
  const rows: Row[] = [[span(` ${people.length} ${people.length === 1 ? 'person' : 'people'}`, 'quiet')]];
  for (const person of people) rows.push(fitted(personRow(person, view, env), columns));
  if (rows.length <= height) return rows;
  return [...rows.slice(0, height - 1), [span(`   ${env.glyphs.more} and ${rows.length - height + 1} more`, 'quiet')]];
}

/** What is at a place of the screen that can be pressed. */
export function hit(
  view: View,
  ui: Ui,
  env: Env,
  row: number,
  column: number,
): { type: 'room'; room: RoomId } | { type: 'message'; id: MessageId } | null {
  const areas = areasOf(view, ui);
  if (column < areas.side) {
    const room = sideRows(view, ui, env, areas.side, ui.size.rows - 1)[row]?.room;
    return room ? { type: 'room', room } : null;
  }
  const port = viewportOf(view, ui, env);
  if (!port || column >= areas.left + areas.middle) return null;
  const id = visible(port)[row - areas.timelineTop]?.id;
  return row >= areas.timelineTop && id ? { type: 'message', id } : null;
}
