/**
 * Words in texts: how a text falls into units, what the terms of a query are, and where a text has them.
 *
 * A unit is a word, or a run of letters of a script that is written without spaces between words (and Hangul, whose words carry their particles with them). Such a
 * run is found by any part of it. Units are compared folded: compatibility forms, case and the accents of Latin, Greek and Cyrillic make no difference
 * (Unicode NFKC; the marks U+0300 to U+036F).
 */

import { PREFIX_LETTERS_MIN, SEARCH_LETTERS_MAX, SEARCH_TERMS_MAX, SNIPPET_LETTERS, type Snippet } from './search.ts';

/** A stretch of a text with its folded form. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Unit extends Stretch {
  /** The letters of a run; null for a word. */
  readonly letters: readonly Stretch[] | null;
}

/** Units that stand side by side. */
export interface Term {
  readonly units: readonly Unit[];
  /** Whether the last unit, a word, need only be the beginning of one. */
  readonly prefix: boolean;
}

type Range = readonly [number, number];

const ASCII = /^[\0-\x7f]*$/;
const ASCII_WORD = /[a-z0-9]+/g;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;
/** A letter with its marks; U+FF9E and U+FF9F are the halfwidth forms of two. */
const LETTER = /\P{M}[\p{M}\uff9e\uff9f]*/gu;
const ACCENTS = /[\u0300-\u036f]/g;
/** What goes on with the letter before it: marks, second halves of surrogate pairs, joiners. */
const PART_OF_LETTER = /[\p{M}\udc00-\udfff\u200d]/u;
const NO_LETTERS = /[^\p{L}\p{N}\p{M}]+/gu;
/** U+30FC, the mark of a long vowel, is of no script of its own. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\u30fc]/u;

/** Most letters of Han, Kana and Hangul, which are folded already. */
const FOLDED = /^[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]$/;

/** The form in which a word is compared. Its last sigma is like any other. */
function fold(text: string): string {
  if (FOLDED.test(text)) return text;
  return text.normalize('NFKD').replace(ACCENTS, '').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ').replace(NO_LETTERS, '');
}

/** The units of a text in NFC. */
export function unitsOf(text: string): Unit[] {
  if (ASCII.test(text)) return Array.from(text.toLowerCase().matchAll(ASCII_WORD), (match) => wordAt(match.index, match[0], match[0]));
  return Array.from(text.matchAll(WORD), (match) => unitsOfWord(match.index, match[0])).flat();
}

function wordAt(start: number, raw: string, text: string): Unit {
  return { start, end: start + raw.length, text, letters: null };
}

/** What stands between two letters that are none: one word, or several where the script changes. */
function unitsOfWord(start: number, raw: string): Unit[] {
  if (!hasUnspaced(raw)) return [wordAt(start, raw, fold(raw))].filter(({ text }) => text !== '');
  const units: Unit[] = [];
  let run: Stretch[] = [];
  let isRun = false;
  const flush = (): void => {
    const text = run.map((letter) => letter.text).join('');
    if (text !== '') units.push({ start: run[0]!.start, end: run.at(-1)!.end, text, letters: isRun ? run : null });
    run = [];
  };
  for (const match of raw.matchAll(LETTER)) {
    const letter = { start: start + match.index, end: start + match.index + match[0].length, text: fold(match[0]) };
    if (UNSPACED.test(letter.text) !== isRun) flush();
    isRun = UNSPACED.test(letter.text);
    run.push(letter);
  }
  flush();
  return units;
}

const ANY_UNSPACED = new RegExp(UNSPACED.source.slice(1), 'u');

function hasUnspaced(raw: string): boolean {
  return ANY_UNSPACED.test(raw) || ANY_UNSPACED.test(raw.normalize('NFKC'));
}

/** The terms of what somebody typed: words, and phrases between quotation marks. Those without a letter are none. */
export function termsOf(words: string): Term[] {
  const typed = words
    .slice(0, SEARCH_LETTERS_MAX)
    .normalize('NFC')
    .replace(/[“”„«»＂]/g, '"');
  const terms: Term[] = [];
  for (const [, phrase, word] of typed.matchAll(/"([^"]*)"?|([^\s"]+)/g)) {
    const units = unitsOf(phrase ?? word!);
    const last = units.at(-1);
    if (!last) continue;
    const isPrefix = word?.endsWith('*') && last.letters === null && [...last.text].length >= PREFIX_LETTERS_MIN;
    terms.push({ units, prefix: isPrefix ?? false });
  }
  return terms.slice(0, SEARCH_TERMS_MAX);
}

/** Where a text that falls into these units has a term. */
function placesOf(units: readonly Unit[], term: Term): Range[] {
  const wanted = term.units;
  if (wanted.length === 1 && wanted[0]!.letters) return units.flatMap((unit) => partsOf(unit, wanted[0]!.letters!));
  const places: Range[] = [];
  for (let i = 0; i + wanted.length <= units.length; i++) {
    const start = edge(units[i]!, wanted[0]!, 'end', term.prefix && wanted.length === 1);
    if (start === null || !wanted.slice(1, -1).every((unit, j) => isSame(units[i + 1 + j]!, unit))) continue;
    const end = edge(units[i + wanted.length - 1]!, wanted.at(-1)!, 'start', term.prefix);
    if (end !== null) places.push([wanted.length === 1 ? units[i]!.start : start, end]);
  }
  return places;
}

function isSame(unit: Unit, wanted: Unit): boolean {
  return (unit.letters === null) === (wanted.letters === null) && unit.text === wanted.text;
}

/** Where what is wanted begins, as the end of a unit, or ends, as its start; a word is wanted whole, or as a prefix. */
function edge(unit: Unit, wanted: Unit, at: 'start' | 'end', prefix: boolean): number | null {
  if (wanted.letters === null) {
    const fits = unit.letters === null && (prefix ? unit.text.startsWith(wanted.text) : unit.text === wanted.text);
    return fits ? (at === 'end' ? unit.start : unit.end) : null;
  }
  const count = wanted.letters.length;
  if (!unit.letters || unit.letters.length < count) return null;
  const from = at === 'end' ? unit.letters.length - count : 0;
  if (!isAt(unit.letters, from, wanted.letters)) return null;
  return at === 'end' ? unit.letters[from]!.start : unit.letters[count - 1]!.end;
}

function isAt(letters: readonly Stretch[], from: number, wanted: readonly Stretch[]): boolean {
  return wanted.every(({ text }, i) => letters[from + i]?.text === text);
}

/** Where a run has these letters. */
function partsOf({ letters }: Unit, wanted: readonly Stretch[]): Range[] {
  if (!letters) return [];
  return letters.flatMap(({ start }, from) =>
    isAt(letters, from, wanted) ? [[start, letters[from + wanted.length - 1]!.end] as const] : [],
  );
}

/** What a text shows of what it was found by; null where it lacks one of the terms. */
export function snippetOf(raw: string, terms: readonly Term[]): Snippet | null {
  const text = raw.normalize('NFC');
  const units = terms.length > 0 ? unitsOf(text) : [];
  const places: Range[] = [];
  for (const term of terms) {
    const ofTerm = placesOf(units, term);
    if (ofTerm.length === 0) return null;
    for (const place of ofTerm) places.push(place);
  }
  return cut(text, joined(places));
}

/** Ascending, and what overlaps as one. */
function joined(places: readonly Range[]): Range[] {
  const ascending = [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const ranges: Range[] = [];
  for (const [start, end] of ascending) {
    const last = ranges.at(-1);
    if (last && start < last[1]) ranges[ranges.length - 1] = [last[0], Math.max(last[1], end)];
    else ranges.push([start, end]);
  }
  return ranges;
}

/** The part of a text around the first mark, with an ellipsis where something is left out; a line break is a space there. */
function cut(text: string, marks: readonly Range[]): Snippet {
  const first = marks[0]?.[0] ?? 0;
  const most = Math.max(0, text.length - SNIPPET_LETTERS);
  const from = boundary(text, Math.min(most, Math.max(0, first - SNIPPET_LETTERS / 4)), first);
  const to = boundary(text, Math.min(text.length, from + SNIPPET_LETTERS), text.length);
  const before = from > 0 ? '…' : '';
  const shift = before.length - from;
  const inside = marks.filter(([start]) => start >= from && start < to);
  return {
    text: before + text.slice(from, to).replace(/\s/g, ' ') + (to < text.length ? '…' : ''),
    marks: inside.map(([start, end]) => [start + shift, Math.min(end, to) + shift]),
  };
}

/** The next place from `at` on to cut at: before a space if there is one near, else where no letter is parted from its marks; `end` at the latest. */
function boundary(text: string, at: number, end: number): number {
  if (at === 0 || at >= end) return at;
  const space = text.slice(at, Math.min(end, at + SNIPPET_LETTERS / 8)).search(/\s/);
  if (space >= 0) return at + space;
  let i = at;
  while (i < end && PART_OF_LETTER.test(text[i]!)) i++;
  return i;
}
