/**
 * Text of people, made safe and measured: graphemes, columns, lines. Pure.
 *
 * `clean` is where everything that somebody else wrote goes through before it is laid out: no control character, no escape sequence and no mark that turns the
 * direction of what stands beside it is left. The painter (paint.ts) strips controls once more, of all it writes.
 */

import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const worder = new Intl.Segmenter('en', { granularity: 'word' });

/** Code points of one grapheme that are shown; some stack hundreds of marks on a letter. */
const GRAPHEME_POINTS_MAX = 12;
const TAB = '    ';
const PLAIN = /^[\x20-\x7e]*$/;
/** Colours of IRC, with their numbers, and its other marks. */
const IRC_MARKS = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-fA-F]{6})?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g;
const CONTROLS = /[\p{Cc}\p{Cs}]/gu;
/** Invisible format characters but the two joiners, and the tags that flags are made of. */
const INVISIBLE = /(?![\u200c\u200d\u{e0020}-\u{e007f}])\p{Cf}/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Several lines, as they may be shown. */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text;
  const safe = text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/\t/g, TAB)
    .replace(IRC_MARKS, '')
    .replace(CONTROLS, (one) => (one === '\n' ? one : one.length === 1 && /\p{Cs}/u.test(one) ? '\ufffd' : ''))
    .replace(INVISIBLE, '');
  return graphemes(safe).map(thinned).join('');
}

function thinned(grapheme: string): string {
  if (grapheme.length <= GRAPHEME_POINTS_MAX) return grapheme;
  const points = [...grapheme];
  return points.length > GRAPHEME_POINTS_MAX ? points.slice(0, GRAPHEME_POINTS_MAX).join('') : grapheme;
}

/** The same in one line. */
export function cleanLine(text: string): string {
  return clean(text).replace(/\s*\n\s*/g, ' ');
}

/** Whether it holds letters that go from right to left. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Letters none of which is part of another's grapheme: Latin, punctuation, arrows, lines and blocks. */
const SINGLE = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f]*$/;

/** The letters as people see them. */
export function graphemes(text: string): string[] {
  if (SINGLE.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** What a screen shows beside ASCII is few letters again and again, and to look one up in Unicode's tables takes longer than all else that is done with it. */
const WIDTHS_MAX = 4096;
const widths = new Map<string, number>();

/** How many columns one grapheme takes. */
export function graphemeWidth(grapheme: string): number {
  const code = grapheme.charCodeAt(0);
  if (grapheme.length === 1 && code < 0x300) return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xad ? 0 : 1;
  let columns = widths.get(grapheme);
  if (columns === undefined) {
    if (widths.size >= WIDTHS_MAX) widths.clear();
    widths.set(grapheme, (columns = Math.min(2, stringWidth(grapheme))));
  }
  return columns;
}

/** How many columns a line takes. */
export function width(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let columns = 0;
  for (const grapheme of graphemes(text)) columns += graphemeWidth(grapheme);
  return columns;
}

/** As much of a line as fits, with a sign where something was left out. */
export function clip(text: string, columns: number, more = '…'): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  const room = columns - width(more);
  let used = 0;
  let kept = '';
  for (const grapheme of graphemes(text)) {
    const wide = graphemeWidth(grapheme);
    if (used + wide > room) break;
    used += wide;
    kept += grapheme;
  }
  return room < 0 ? '' : kept + more;
}

/** A line of just so many columns. */
export function padded(text: string, columns: number): string {
  const kept = clip(text, columns);
  return kept + ' '.repeat(Math.max(0, columns - width(kept)));
}

/** The end of the grapheme behind `at`, in code units. */
export function nextGrapheme(text: string, at: number): number {
  if (at >= text.length) return text.length;
  const segment = segmenter.segment(text).containing(at);
  return segment ? segment.index + segment.segment.length : text.length;
}

/** The beginning of the grapheme before `at`. */
export function graphemeBefore(text: string, at: number): number {
  if (at <= 0) return 0;
  return segmenter.segment(text).containing(at - 1)?.index ?? 0;
}

/** The end of the word at or behind `at`. */
export function nextWord(text: string, at: number): number {
  for (const { index, segment, isWordLike } of worder.segment(text)) {
    const end = index + segment.length;
    if (end > at && isWordLike) return end;
  }
  return text.length;
}

/** The beginning of the word before `at`. */
export function wordBefore(text: string, at: number): number {
  let start = 0;
  for (const { index, isWordLike } of worder.segment(text)) {
    if (index >= at) break;
    if (isWordLike) start = index;
  }
  return start;
}

/** A piece of a text: where it begins, and what is shown of it. */
export interface Line {
  readonly start: number;
  readonly text: string;
}

/** Breaks one paragraph into lines, between words where it can. Every part of the text is in one of them; spaces at a break stay at its end. */
export function wrap(text: string, columns: number): Line[] {
  const lines: Line[] = [];
  const limit = Math.max(2, columns);
  let start = 0;
  let at = 0;
  let used = 0;
  /** Behind the last space of the line: where it may break. */
  let breakAt = 0;
  let usedAtBreak = 0;
  for (const grapheme of graphemes(text)) {
    const wide = graphemeWidth(grapheme);
    // A space that hangs over is no reason to break inside a word; what follows the last space may itself be too long with this one.
    const hangsOver = grapheme === ' ' && used >= limit;
    while (!hangsOver && used + wide > limit) {
      const cut = breakAt > start ? breakAt : at;
      lines.push({ start, text: text.slice(start, cut) });
      used -= breakAt > start ? usedAtBreak : used;
      start = cut;
    }
    at += grapheme.length;
    used += wide;
    if (grapheme === ' ') {
      breakAt = at;
      usedAtBreak = used;
    }
  }
  lines.push({ start, text: text.slice(start) });
  return lines;
}
