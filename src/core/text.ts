/**
 * The one choke point for what people write: names, rooms and message texts, from every door.
 *
 * Names are compared by their normal form: NFKC, lower case by Unicode's default mapping, NFC again (PRECIS UsernameCaseMapped, RFC 8265, in
 * short). What is shown is the NFC form. Everything is refused or accepted whole; nothing is silently changed but the normal form.
 */

/** Letters in a name, at most; IRC clients truncate longer ones. */
export const NAME_LENGTH_MAX = 32;
/** Letters in a room's name, its `#` included. */
export const ROOM_LENGTH_MAX = 64;
/** A message text in bytes of UTF-8. */
export const TEXT_BYTES_MAX = 8192;
/** A topic in letters. */
export const TOPIC_LENGTH_MAX = 390;
/** A reason for leaving in letters. */
export const REASON_LENGTH_MAX = 300;

/** Why a text was refused. */
export type TextFault = 'empty' | 'too long' | 'bad character';

const NAME = /^[\p{L}_[\]\\`^{|}][\p{L}\p{M}\p{N}_[\]\\`^{|}-]*$/u;
const ROOM = /^#[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u;
/** Controls that IRC uses for bold, colour and the like, and the tab, are text; so is a line break. */
const TEXT_CONTROL = /[^\P{Cc}\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f\t\n]/u;
const ANY_CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Cs}/u;
/** Invisible characters that make two names look the same. */
const INVISIBLE = /[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/** The form by which names are compared. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFC');
}

/** The shown form of a person's name, or why there is none. */
export function checkName(raw: string): { name: string } | { fault: TextFault } {
  const name = raw.normalize('NFC');
  if (name === '') return { fault: 'empty' };
  if ([...name].length > NAME_LENGTH_MAX) return { fault: 'too long' };
  if (!NAME.test(name) || INVISIBLE.test(name)) return { fault: 'bad character' };
  return { name };
}

/** The shown form of a public room's name, `#` first, or why there is none. */
export function checkRoomName(raw: string): { name: string } | { fault: TextFault } {
  const name = raw.normalize('NFC');
  if (name.length < 2) return { fault: 'empty' };
  if ([...name].length > ROOM_LENGTH_MAX) return { fault: 'too long' };
  if (!ROOM.test(name) || name.includes(',') || INVISIBLE.test(name)) return { fault: 'bad character' };
  return { name };
}

/** Why a message text is refused; null where it is fine. */
export function textFault(text: string): TextFault | null {
  if (text.trim() === '') return 'empty';
  if (text.length > TEXT_BYTES_MAX || utf8Length(text) > TEXT_BYTES_MAX) return 'too long';
  return TEXT_CONTROL.test(text) || LONE_SURROGATE.test(text) ? 'bad character' : null;
}

/** A topic or a reason: one line, cut to its limit; controls are refused. */
export function lineFault(text: string, lengthMax: number): TextFault | null {
  if (text.length > lengthMax) return 'too long';
  return /[\0\r\n]/.test(text) || LONE_SURROGATE.test(text) ? 'bad character' : null;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xe000) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/**
 * Whether a name found in the log can be shown: a door checks more when it accepts one, but a member that lies must not get a line break or a
 * separator into anybody's protocol. Plain characters only, so that the answer is the same in every version.
 */
export function isShowableName(name: string): boolean {
  if (name.length === 0 || name.length > 2 * NAME_LENGTH_MAX) return false;
  return !/[\s,:!@*?#&]/.test(name) && !ANY_CONTROL.test(name) && !LONE_SURROGATE.test(name);
}

/** Whether a short text found in the log can be shown in one line: not empty, without controls. */
export function isShowableLine(text: string): boolean {
  return text.trim() !== '' && !ANY_CONTROL.test(text) && !LONE_SURROGATE.test(text);
}

/** What somebody calls a device of theirs, as it is kept; null where it is too long or has controls. */
export function checkLabel(raw: string): string | null {
  const label = raw.normalize('NFC').trim();
  return isShowableLine(label) && [...label].length <= NAME_LENGTH_MAX ? label : null;
}
