/** One message as rows: its time, its name, what it answers, its text, and what became of it. Pure. */

import type { Item, View } from '../client/view.ts';
import { type Look, type Row, rowWidth, span } from './cells.ts';
import { clockText, dayText, type Env, isSameDay } from './env.ts';
import { clean, cleanLine, clip, padded, width, wrap } from './text.ts';

/** Messages of one person within this time stand under one name, in ms. */
const GROUP_MS = 300_000;
/** From so many columns on names stand beside the text, not above it. */
export const BESIDE_COLUMNS = 50;

/** Where the parts of a message stand. */
interface Columns {
  readonly isBeside: boolean;
  readonly name: number;
  /** Where the text begins. */
  readonly indent: number;
  readonly text: number;
  readonly all: number;
}

function columnsOf(all: number): Columns {
  if (all < BESIDE_COLUMNS) return { isBeside: false, name: 0, indent: 2, text: Math.max(4, all - 2), all };
  const name = all >= 110 ? 16 : all >= 80 ? 13 : 10;
  const indent = 1 + 5 + 1 + name + 2;
  return { isBeside: true, name, indent, text: all - indent, all };
}

export interface About {
  readonly item: Item;
  readonly before: Item | null;
  /** What it answers; null where that is not here. */
  readonly target: Item | null;
  readonly isFirstUnread: boolean;
  readonly view: View;
  readonly columns: number;
}

/** The rows of a message, with the separators that stand before it. */
export function messageRows(about: About, env: Env): Row[] {
  const { item, before, columns } = about;
  const rows: Row[] = [];
  const wall = env.wall(item.atMs);
  const isNewDay = before === null || !isSameDay(env.wall(before.atMs), wall);
  if (isNewDay) rows.push(separator(dayText(wall), columns, 'line', env));
  if (about.isFirstUnread) rows.push(separator('new', columns, 'mention', env));
  const isGrouped = !isNewDay && !about.isFirstUnread && continues(item, before);
  const places = columnsOf(columns);
  if (item.target !== undefined) rows.push(targetRow(about, places, env));
  rows.push(...(places.isBeside ? beside(about, isGrouped, places, env) : below(about, isGrouped, places, env)));
  rows.push(...reactionRows(about, places));
  if (item.delivery?.state === 'refused') rows.push(...refusedRows(item.delivery.words, places));
  return rows;
}

export function separator(words: string, columns: number, look: Look, { glyphs }: Env): Row {
  const text = clip(` ${words} `, columns);
  const left = Math.max(0, Math.floor((columns - width(text)) / 2));
  const right = Math.max(0, columns - width(text) - left);
  return [span(glyphs.line.repeat(left), look), span(text, look), span(glyphs.line.repeat(right), look)];
}

function continues(item: Item, before: Item | null): boolean {
  if (!before || before.author !== item.author || before.name !== item.name) return false;
  if (item.style !== 'text' || before.style !== 'text' || item.target !== undefined) return false;
  return Math.abs(item.atMs - before.atMs) < GROUP_MS;
}

/** The ink of a name: the same for the same person, everywhere. */
export function nameLook(author: string): Look {
  let sum = 0;
  for (let i = 0; i < author.length; i++) sum = (sum * 31 + author.charCodeAt(i)) % 1_000_003;
  return `name ${(sum % 8) as 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;
}

function lookOfName({ item, view }: About): Look {
  return item.author === view.me?.author ? 'me' : nameLook(item.author);
}

function nameOf(item: Item): string {
  return cleanLine(item.name) || '?';
}

function beside(about: About, isGrouped: boolean, places: Columns, env: Env): Row[] {
  const { item, before } = about;
  const time = clockText(env.wall(item.atMs));
  const isSameMinute = isGrouped && before !== null && clockText(env.wall(before.atMs)) === time;
  const name = item.style === 'action' ? '*' : isGrouped ? '' : nameOf(item);
  const shown = clip(name, places.name, env.glyphs.more);
  const mark = item.mentions ? span(env.glyphs.mark, 'mention') : span(' ');
  const head: Row = [
    mark,
    span(isSameMinute ? '     ' : time, 'quiet'),
    span(' '.repeat(1 + places.name - width(shown))),
    span(shown, lookOfName(about)),
    span('  '),
  ];
  const rest: Row = [mark, span(' '.repeat(places.indent - 1))];
  return textRows(about, places, env).map((row, i) => [...(i === 0 ? head : rest), ...row]);
}

/** In narrow windows the name has a row of its own. */
function below(about: About, isGrouped: boolean, places: Columns, env: Env): Row[] {
  const { item } = about;
  const mark = item.mentions ? span(env.glyphs.mark, 'mention') : span(' ');
  const rows: Row[] = textRows(about, places, env).map((row) => [mark, span(' '), ...row]);
  if (isGrouped) return rows;
  const time = clockText(env.wall(item.atMs));
  const name = clip(nameOf(item), Math.max(1, places.all - 8), env.glyphs.more);
  return [[mark, span(name, lookOfName(about)), span(` ${time}`, 'quiet')], ...rows];
}

function targetRow({ item, target }: About, places: Columns, env: Env): Row {
  const indent = places.isBeside ? places.indent : 2;
  const words = target === null ? 'an earlier message' : `${nameOf(target)}: ${target.text === null ? 'removed' : cleanLine(target.text)}`;
  const text = clip(words, places.all - indent - 3, env.glyphs.more);
  return [
    item.mentions ? span(env.glyphs.mark, 'mention') : span(' '),
    span(' '.repeat(indent - 1)),
    span(`${env.glyphs.reply} ${text}`, 'quiet'),
  ];
}

/** Signs behind the text; the delivery stands at the right end. */
function signs(item: Item): Row {
  const row = [];
  if (item.edited && item.text !== null) row.push(span(' (edited)', 'quiet'));
  if (item.pinned) row.push(span(' (pinned)', 'good'));
  if (item.late) row.push(span(' (late)', 'busy'));
  if (item.imported) row.push(span(' (imported)', 'quiet'));
  return row;
}

/** Columns that one's own messages leave free at the right, so that most marks need no row of their own. */
const DELIVERY_COLUMNS = 5;

function deliverySpan(item: Item, room: number, { glyphs }: Env): Row {
  const { delivery } = item;
  if (!delivery) return [];
  if (delivery.state === 'waiting') return [span(room < 10 ? ` ${glyphs.more}` : ` waiting${glyphs.more}`, 'busy')];
  if (delivery.state === 'refused') return [span(' not sent', 'bad')];
  const { held, wanted } = delivery;
  if (held < wanted) return [span(` ${held}/${wanted}`, 'busy')];
  return [span(wanted > 1 ? ` ${glyphs.done}${held}/${wanted}` : ` ${glyphs.done}`, 'quiet')];
}

function textRows(about: About, places: Columns, env: Env): Row[] {
  const { item } = about;
  const rows: Row[] = bodyRows(about, places.text - (item.delivery ? DELIVERY_COLUMNS : 0));
  const tail = signs(item);
  if (tail.length > 0) append(rows, tail, places.text);
  const right = deliverySpan(item, places.text - rowWidth(rows.at(-1)!), env);
  if (right.length > 0) {
    const last = rows.at(-1)!;
    const room = places.text - rowWidth(last) - rowWidth(right);
    if (room >= 0) rows[rows.length - 1] = [...last, span(' '.repeat(room)), ...right];
    else rows.push([span(' '.repeat(Math.max(0, places.text - rowWidth(right)))), ...right]);
  }
  return rows;
}

/** At the end of the last row, or in one of its own. */
function append(rows: Row[], tail: Row, columns: number): void {
  const last = rows.at(-1)!;
  if (rowWidth(last) + rowWidth(tail) <= columns) rows[rows.length - 1] = [...last, ...tail];
  else rows.push(tail.map((one, i) => (i === 0 ? { ...one, text: one.text.trimStart() } : one)));
}

function bodyRows({ item, view }: About, columns: number): Row[] {
  if (item.text === null) {
    const by = item.removed ? ` by ${cleanLine(item.removed.name)}` : '';
    return [[span(clip(`removed${by}`, columns), 'quiet')]];
  }
  const safe = clean(item.text);
  const text = item.style === 'action' ? `${nameOf(item)} ${safe}` : safe;
  const base: Look = item.style === 'notice' ? 'quiet' : 'plain';
  const rows: Row[] = [];
  for (const paragraph of text.split('\n')) {
    const marks = marked(paragraph, view.me?.name ?? '', base);
    for (const line of wrap(paragraph, columns)) rows.push(cutOut(marks, line.start, line.text.trimEnd().length));
  }
  return rows;
}

interface Mark {
  readonly start: number;
  readonly text: string;
  readonly look: Look;
}

/** Links, code and the reader's own name in a line. */
function marked(text: string, me: string, base: Look): Mark[] {
  const pattern = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}'’]|`[^`]+`|[\p{L}\p{N}_[\]\\^{|}-]+/gu;
  const marks: Mark[] = [];
  let at = 0;
  const add = (start: number, end: number, look: Look): void => {
    if (end > start) marks.push({ start, text: text.slice(start, end), look });
  };
  const mine = me.toLowerCase();
  for (const match of text.matchAll(pattern)) {
    const [word] = match;
    const look = word.startsWith('http')
      ? 'link'
      : word.startsWith('`')
        ? 'code'
        : mine !== '' && word.toLowerCase() === mine
          ? 'mention'
          : null;
    if (!look || (look === 'link' && !/^https?:\/\//.test(word))) continue;
    const isAt = look === 'mention' && text[match.index - 1] === '@';
    const start = match.index - (isAt ? 1 : 0);
    add(at, start, base);
    at = match.index + word.length;
    add(start, at, look);
  }
  add(at, text.length, base);
  return marks;
}

/** So many code units of the line, from one on. */
function cutOut(marks: readonly Mark[], start: number, length: number): Row {
  const row = [];
  for (const mark of marks) {
    const from = Math.max(start, mark.start);
    const to = Math.min(start + length, mark.start + mark.text.length);
    if (from < to) row.push(span(mark.text.slice(from - mark.start, to - mark.start), mark.look));
  }
  return row;
}

function reactionRows({ item, view }: About, places: Columns): Row[] {
  const entries = Object.entries(item.reactions ?? {}).filter(([, people]) => people.length > 0);
  if (entries.length === 0 || item.text === null) return [];
  const indent = places.isBeside ? places.indent : 2;
  const rows: Row[] = [];
  let row: Row = [];
  for (const [emoji, people] of entries) {
    const isMine = view.me !== null && people.includes(view.me.author);
    const text = `${clip(cleanLine(emoji), 16)} ${people.length}`;
    const one = span(isMine ? `[${text}]` : text, isMine ? 'strong' : 'quiet');
    if (row.length > 0 && rowWidth(row) + width(one.text) + 2 > places.all - indent) {
      rows.push([span(' '.repeat(indent)), ...row]);
      row = [];
    }
    row = row.length > 0 ? [...row, span('  '), one] : [one];
  }
  rows.push([span(' '.repeat(indent)), ...row]);
  return rows;
}

function refusedRows(words: string, places: Columns): Row[] {
  const indent = places.isBeside ? places.indent : 2;
  const text = `${cleanLine(words)} (Alt+Up: send again, or drop)`;
  return wrap(text, places.all - indent).map((line) => [span(' '.repeat(indent)), span(line.text.trimEnd(), 'bad')]);
}

/** A name in just so many columns. */
export function nameCell(name: string, columns: number): string {
  return padded(cleanLine(name), columns);
}
