/** Rows of a screen: pieces of text, each with a look. What a look is in colours is the theme's business (theme.ts). Pure. */

import { clip, graphemes, graphemeWidth, width } from './text.ts';

/** What a piece of text is, for the eye. `name 0` to `name 7` are the inks of people. */
export type Look =
  | 'plain'
  | 'strong'
  | 'quiet'
  | 'line'
  | 'title'
  | 'open'
  | 'unread'
  | 'mention'
  | 'me'
  | 'code'
  | 'link'
  | 'good'
  | 'busy'
  | 'bad'
  | 'chosen'
  | 'bar'
  | 'bar good'
  | 'bar busy'
  | 'bar bad'
  | `name ${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`;

export interface Span {
  readonly text: string;
  readonly look: Look;
}

/** A row of the screen, or of a part of it. */
export type Row = readonly Span[];

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export function span(text: string, look: Look = 'plain'): Span {
  return { text, look };
}

export function rowWidth(row: Row): number {
  return row.reduce((sum, { text }) => sum + width(text), 0);
}

/** A row cut or filled up to just so many columns. */
export function fitted(row: Row, columns: number, look: Look = 'plain'): Row {
  const kept: Span[] = [];
  let left = columns;
  for (const one of row) {
    const wide = width(one.text);
    if (wide <= left) {
      if (one.text !== '') kept.push(one);
      left -= wide;
      continue;
    }
    const text = clip(one.text, left);
    if (text !== '') kept.push({ ...one, text });
    left -= width(text);
    break;
  }
  if (left > 0) kept.push({ text: ' '.repeat(left), look });
  return kept;
}

/** One text at the left and one at the right end; the left one gives way. */
export function spread(left: Row, right: Row, columns: number, look: Look = 'plain'): Row {
  const wide = rowWidth(right);
  if (wide + 1 >= columns) return fitted(left, columns, look);
  return [...fitted(left, columns - wide, look), ...right];
}

/** The row in one look. */
export function relooked(row: Row, look: Look): Row {
  return row.map(({ text }) => ({ text, look }));
}

/** What a row says, without looks. */
export function rowText(row: Row): string {
  return row.map(({ text }) => text).join('');
}

/** The columns of a row from one on. */
export function columnsFrom(text: string, from: number): string {
  let at = 0;
  let kept = '';
  for (const grapheme of graphemes(text)) {
    if (at >= from) kept += grapheme;
    at += graphemeWidth(grapheme);
  }
  return kept;
}
