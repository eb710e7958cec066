/**
 * Lines of the protocol, as they are read and as they are written.
 *
 * Every line to a client is made by `seal`, here and nowhere else: no CR, LF or NUL that a person or a lying node wrote gets into one. The type
 * `Line` is the proof; connections take nothing else.
 */

/** One or more whole lines, each with its CRLF. */
export type Line = string & { readonly __line: true };

const UNSAFE = /[\0\r\n]/;
const UNSAFE_RUN = /[\0\r\n]+/g;

/** Ends a line; what must not be in one becomes a space. */
export function seal(text: string): Line {
  return `${UNSAFE.test(text) ? text.replace(UNSAFE_RUN, ' ') : text}\r\n` as Line;
}

export const NO_LINES = '' as Line;

/** Whole lines after whole lines. */
export function joined(a: Line, b: Line): Line {
  return (a + b) as Line;
}

/** The parts of a line. `tags` is as it stands between `@` and the space; tags and source are empty where there are none. */
export interface IrcMessage {
  readonly tags: string;
  readonly source: string;
  readonly command: string;
  readonly params: readonly string[];
}

/** Makes a parameter that is not the last one out of any text: without spaces, not empty, no colon in front. */
export function middle(text: string): string {
  if (text === '') return '*';
  const plain = /[\s\0]/.test(text) ? text.replace(/[\s\0]/g, '_') : text;
  return plain.startsWith(':') ? `_${plain.slice(1)}` : plain;
}

/** Writes a line. The last parameter may have spaces and gets a colon; `tags` has to be well formed. */
export function formatLine({ tags, source, command, params }: IrcMessage): Line {
  let text = tags === '' ? '' : `@${tags} `;
  if (source !== '') text += `:${source} `;
  text += command;
  const last = params.length - 1;
  for (let i = 0; i < last; i++) text += ` ${middle(params[i]!)}`;
  if (last >= 0) text += ` :${params[last]!}`;
  return seal(text);
}

function afterSpaces(line: string, from: number): number {
  let at = from;
  while (line.charCodeAt(at) === 32) at++;
  return at;
}

function wordEnd(line: string, from: number): number {
  const end = line.indexOf(' ', from);
  return end < 0 ? line.length : end;
}

/** Reads a line without its CRLF. Anything is a line; an empty command is for the caller to pass over. */
export function parseLine(line: string): IrcMessage {
  let at = afterSpaces(line, 0);
  let tags = '';
  let source = '';
  if (line.charCodeAt(at) === 64) {
    const end = wordEnd(line, at);
    tags = line.slice(at + 1, end);
    at = afterSpaces(line, end);
  }
  if (line.charCodeAt(at) === 58) {
    const end = wordEnd(line, at);
    source = line.slice(at + 1, end);
    at = afterSpaces(line, end);
  }
  const commandEnd = wordEnd(line, at);
  const command = line.slice(at, commandEnd).toUpperCase();
  const params: string[] = [];
  for (at = afterSpaces(line, commandEnd); at < line.length; ) {
    if (line.charCodeAt(at) === 58) {
      params.push(line.slice(at + 1));
      break;
    }
    const end = wordEnd(line, at);
    params.push(line.slice(at, end));
    at = afterSpaces(line, end);
  }
  return { tags, source, command, params };
}
