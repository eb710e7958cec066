/** Messages as lines, in every form. */

import { hlcMs } from '../../core/hlc.ts';
import { decodeMessage, type Style } from '../../core/message.ts';
import type { Message } from '../../core/state.ts';
import { isoTime } from '../../lib/time.ts';
import { BATCH, MESSAGE_TAGS, SERVER_TIME } from './caps.ts';
import { joined, type Line, NO_LINES, seal } from './line.ts';
import type { Person } from './people.ts';
import { tagged } from './told.ts';

const SEVERAL = /[\0\x01\r\n]/;
const BREAK = /[\0\r\n]+/;

/** What is shown of a message beyond itself. */
export interface Frame {
  /** The author. */
  readonly by: Person;
  /** The room or nick it goes to. */
  readonly target: string;
  /** The reference of the batch it is in; empty for none. */
  readonly batch: string;
  /** `HELD/WANTED` in an echo; empty otherwise. */
  readonly copies: string;
  /** Without server-time, the time goes into the text. */
  readonly isPast: boolean;
  /** What stands before its text; empty for nothing. */
  readonly mark?: string;
}

/** The lines of a text: one for each line that is not empty. No text can begin or end a CTCP request. */
function linesOf(text: string): readonly string[] {
  if (!SEVERAL.test(text)) return [text];
  return text
    .replaceAll('\x01', ' ')
    .split(BREAK)
    .filter((line) => line !== '');
}

/** The time of a message in ms since 1970. */
export function timeOf(message: Message): number {
  return hlcMs(message.place.key);
}

function tagsOf(message: Message, caps: number, frame: Frame, isFirst: boolean): string {
  let tags = '';
  if (frame.batch !== '' && caps & BATCH) tags += `;batch=${frame.batch}`;
  if (caps & SERVER_TIME) tags += `;time=${isoTime(timeOf(message))}`;
  if (caps & MESSAGE_TAGS && isFirst) {
    tags += `;msgid=${message.id}`;
    if (message.target) tags += `;+draft/reply=${message.target}`;
    if (frame.copies !== '') tags += `;skein/copies=${frame.copies}`;
  }
  const all = tagged(frame.by, caps, tags.slice(1));
  return all === '' ? '' : `@${all} `;
}

function styled(style: Style, text: string): string {
  return style === 'action' ? `\x01ACTION ${text}\x01` : text;
}

/** A message as a client with these capabilities is shown it: a line for each line of its text, the message id on the first. */
export function renderMessage(message: Message, caps: number, frame: Frame): Line {
  if (message.payload === null) return NO_LINES;
  const { style, text } = decodeMessage(message.payload);
  const head = `:${frame.by.source} ${style === 'notice' ? 'NOTICE' : 'PRIVMSG'} ${frame.target} :`;
  const clock = frame.isPast && !(caps & SERVER_TIME) ? `[${isoTime(timeOf(message)).slice(11, 16)}] ` : '';
  const before = clock + (frame.mark ?? '');
  let lines = NO_LINES;
  let isFirst = true;
  for (const line of linesOf(text)) {
    lines = joined(lines, seal(tagsOf(message, caps, frame, isFirst) + head + styled(style, before + line)));
    isFirst = false;
  }
  return lines;
}
