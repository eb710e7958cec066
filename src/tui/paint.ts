/**
 * The bytes that turn the screen before into the screen after: only rows that differ, in one write. Pure.
 *
 * Everything written to the terminal goes through `printable`: whatever got this far, no control character leaves here but the painter's own. Pieces that run from right
 * to left are isolated (FSI … PDI), so that they turn nothing else round; behind letters on whose width terminals disagree the column is set anew.
 */

import type { Row } from './cells.ts';
import type { Screen } from './render.ts';
import { isRightToLeft, width } from './text.ts';
import type { Theme } from './theme.ts';

const ESC = '\x1b';
export const SYNC = { begin: `${ESC}[?2026h`, end: `${ESC}[?2026l` };
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const PLAIN = /^[\x20-\x7e\u2500-\u257f…✓●○↳↓↑▌]*$/;

/** A text without anything that a terminal could take for a command. */
export function printable(text: string): string {
  return text.replace(CONTROL, '');
}

/** One row, from its first column on. */
export function rowBytes(row: Row, theme: Theme): string {
  let bytes = '';
  let column = 0;
  for (const { text, look } of row) {
    const safe = printable(text);
    column += width(safe);
    const shown = isRightToLeft(safe) ? `\u2068${safe}\u2069` : safe;
    const style = theme[look];
    bytes += style === '' ? shown : `${ESC}[${style}m${shown}${ESC}[0m`;
    if (!PLAIN.test(safe)) bytes += `${ESC}[${column + 1}G`;
  }
  return bytes;
}

function isSame(a: Row | undefined, b: Row): boolean {
  if (!a || a.length !== b.length) return false;
  return a.every((one, i) => one.text === b[i]!.text && one.look === b[i]!.look);
}

/** What to write so that `after` shows where `before` did; null for a screen that holds anything. */
export function frame(before: Screen | null, after: Screen, theme: Theme): string {
  let body = '';
  for (const [i, row] of after.rows.entries()) {
    if (isSame(before?.rows[i], row)) continue;
    body += `${ESC}[${i + 1};1H${ESC}[K${rowBytes(row, theme)}`;
  }
  if (before === null) body = `${ESC}[0m${ESC}[2J${body}`;
  const { cursor } = after;
  const isMoved = !cursor || !before?.cursor || before.cursor.row !== cursor.row || before.cursor.column !== cursor.column;
  if (body === '' && !isMoved && before?.cursor) return '';
  if (body === '' && before && !cursor && !before.cursor) return '';
  const end = cursor ? `${ESC}[${cursor.row + 1};${cursor.column + 1}H${ESC}[?25h` : '';
  return `${SYNC.begin}${ESC}[?25l${body}${end}${SYNC.end}`;
}
