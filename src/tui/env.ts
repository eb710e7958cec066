/** What the face is handed besides the view and its own state: the time zone, the signs that the terminal can show, names of emoji, and a store of rows that were laid out. Pure. */

import type { Item } from '../client/view.ts';
import { Recent } from '../lib/recent.ts';
import type { Row } from './cells.ts';

/** A time by the clock on the person's wall. */
export interface WallTime {
  readonly year: number;
  /** From 1 on. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

export interface Glyphs {
  readonly line: string;
  readonly bar: string;
  readonly mark: string;
  readonly more: string;
  readonly done: string;
  readonly on: string;
  readonly off: string;
  readonly reply: string;
  readonly down: string;
  readonly up: string;
  readonly dot: string;
}

export const UNICODE: Glyphs = {
  line: '─',
  bar: '│',
  mark: '▌',
  more: '…',
  done: '✓',
  on: '●',
  off: '○',
  reply: '↳',
  down: '↓',
  up: '↑',
  dot: '·',
};

/** For terminals that are not told to be of UTF-8. */
export const ASCII: Glyphs = {
  line: '-',
  bar: '|',
  mark: '>',
  more: '~',
  done: '+',
  on: '*',
  off: '-',
  reply: '^',
  down: 'v',
  up: '^',
  dot: '-',
};

export interface Emoji {
  readonly name: string;
  readonly emoji: string;
}

/** What one message was laid out as, and of what. */
export interface Block {
  readonly rows: readonly Row[];
  readonly of: readonly unknown[];
}

/** Messages whose rows are kept. */
const BLOCKS_MAX = 2_000;

export interface Env {
  readonly wall: (ms: number) => WallTime;
  readonly glyphs: Glyphs;
  /** By name, in the order of preference. */
  readonly emoji: readonly Emoji[];
  readonly blocks: Recent<Item, Block>;
}

export function makeEnv(wall: Env['wall'], glyphs: Glyphs = UNICODE, emoji: readonly Emoji[] = []): Env {
  return { wall, glyphs, emoji, blocks: new Recent(BLOCKS_MAX) };
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export function dayText({ weekday, day, month, year }: WallTime): string {
  return `${WEEKDAYS[weekday]} ${day} ${MONTHS[month - 1]} ${year}`;
}

export function clockText({ hour, minute }: WallTime): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

export function isSameDay(a: WallTime, b: WallTime): boolean {
  return a.day === b.day && a.month === b.month && a.year === b.year;
}
