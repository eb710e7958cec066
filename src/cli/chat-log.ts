/**
 * Reading chat logs: IRC logs of the form `[HH:MM] <nick> text`, and the JSON export of Skein. A pure reader: text in, lines out.
 *
 * Times of an IRC log are UTC and hold no date: it begins on the given day; a step back of under 12 hours is a 12-hour clock and adds 12 hours, a larger one adds a day.
 */

import type { ImportedLine } from '../core/import.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { STYLES, type Style } from '../core/message.ts';
import { checkRoomName, textFault } from '../core/text.ts';

const DAY_MS = 86_400_000;
const IRC_LINE = /^\[(\d{2}):(\d{2})(?::(\d{2}))?\] (?:<([^>\s]+)> (.*)|\* (\S+) (.*))$/;

export interface ReadLog {
  readonly lines: readonly ImportedLine[];
  /** Lines that are no messages, or none that can be brought in. */
  readonly skipped: number;
}

/** Counts equal lines, so that each has an id of its own. */
function counter(): (room: string, atMs: number, nick: string, text: string) => number {
  const seen = new Map<string, number>();
  return (...parts) => {
    const key = JSON.stringify(parts);
    const n = seen.get(key) ?? 0;
    seen.set(key, n + 1);
    return n;
  };
}

/** Reads an IRC log that begins on a day, for a room. */
export function readIrcLog(text: string, room: string, dayMs: number): ReadLog {
  const count = counter();
  const lines: ImportedLine[] = [];
  let skipped = 0;
  let lastMs = dayMs;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const match = IRC_LINE.exec(raw);
    const nick = match?.[4] ?? match?.[6];
    const words = match?.[5] ?? match?.[7] ?? '';
    if (!match || !nick || textFault(words)) {
      if (raw !== '') skipped++;
      continue;
    }
    const time = (Number(match[1]) * 60 + Number(match[2])) * 60_000 + Number(match[3] ?? 0) * 1000;
    lastMs = advance(lastMs, Math.floor(lastMs / DAY_MS) * DAY_MS + time);
    const style: Style = match[6] ? 'action' : 'text';
    lines.push({ room: publicRoomId(room), atMs: lastMs, nick, style, text: words, n: count(room, lastMs, nick, words) });
  }
  return { lines, skipped };
}

/** The time of the next line, of which only the time of day is known. */
function advance(lastMs: number, atMs: number): number {
  let next = atMs;
  if (next < lastMs && lastMs - next < DAY_MS / 2) next += DAY_MS / 2;
  while (next < lastMs) next += DAY_MS;
  return next;
}

/** Reads a JSON export: messages of public rooms, one object a line. */
export function readJsonExport(text: string): ReadLog {
  const count = counter();
  const lines: ImportedLine[] = [];
  let skipped = 0;
  for (const raw of text.split('\n')) {
    if (raw.trim() === '') continue;
    const line = jsonLine(raw);
    if (line) lines.push({ ...line, n: count(line.room, line.atMs, line.nick, line.text) });
    else skipped++;
  }
  return { lines, skipped };
}

function jsonLine(raw: string): Omit<ImportedLine, 'n'> | null {
  let json: Record<string, unknown>;
  try {
    json = JSON.parse(raw);
  } catch {
    return null;
  }
  const { type, room, name, at, text, style } = json ?? {};
  if (type !== 'message' || typeof room !== 'string' || typeof name !== 'string' || typeof text !== 'string') return null;
  const atMs = Date.parse(String(at));
  const checked = checkRoomName(room);
  if (Number.isNaN(atMs) || 'fault' in checked || textFault(text)) return null;
  return { room: publicRoomId(checked.name), atMs, nick: name, style: STYLES.find((one) => one === style) ?? 'text', text };
}

/** The day in a file's name, in ms since 1970; null where there is none. */
export function dayOf(name: string): number | null {
  const match = /(\d{4})-(\d{2})-(\d{2})/.exec(name);
  if (!match) return null;
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number.isNaN(ms) ? null : ms;
}
