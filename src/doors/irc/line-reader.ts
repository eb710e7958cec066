/**
 * Splits what comes in on a connection into lines, and decodes it once per chunk.
 *
 * A line break is never part of another character in UTF-8, so whole lines can be cut out of the bytes before they are decoded.
 */

import { concatBytes } from '../../lib/bytes.ts';
import { BODY_BYTES_MAX, TAG_BYTES_MAX } from './limits.ts';

/** A line that was longer than the limit. */
export const TOO_LONG = 1;
/** A line that is no UTF-8. */
export const BAD_UTF8 = 2;
/** A line without its line break, or why there is none. */
export type ReadLine = string | typeof TOO_LONG | typeof BAD_UTF8;

const LINE_FEED = 10;
const TAIL_BYTES_MAX = TAG_BYTES_MAX + BODY_BYTES_MAX;
const NONE: readonly ReadLine[] = [];
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Keeps at most one unfinished line, of at most 16,895 bytes. */
export class LineReader {
  #tail: Uint8Array | null = null;
  #skipping = false;

  /** The lines that a chunk completes. */
  read(chunk: Uint8Array): readonly ReadLine[] {
    const first = this.#skipping ? chunk.indexOf(LINE_FEED) + 1 : 0;
    if (this.#skipping && first === 0) return NONE;
    this.#skipping = false;
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end < first) return this.#keep(chunk.subarray(first)) ? NONE : [TOO_LONG];
    let whole = chunk.subarray(first, end);
    if (this.#tail) whole = concatBytes(this.#tail, whole);
    this.#tail = null;
    const lines = linesOf(whole);
    return end + 1 === chunk.length || this.#keep(chunk.subarray(end + 1)) ? lines : [...lines, TOO_LONG];
  }

  /** Keeps a copy, as the chunk may be part of something much larger. False where the line is too long: then the rest of it is passed over. */
  #keep(bytes: Uint8Array): boolean {
    if (bytes.length === 0) return true;
    this.#skipping = (this.#tail?.length ?? 0) + bytes.length > TAIL_BYTES_MAX;
    this.#tail = this.#skipping ? null : this.#tail ? concatBytes(this.#tail, bytes) : concatBytes(bytes);
    return !this.#skipping;
  }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function linesOf(bytes: Uint8Array): ReadLine[] {
  const text = decoded(bytes);
  if (text !== null) return bytes.length < TAG_BYTES_MAX ? text.split('\n') : text.split('\n').map(checked);
  const lines: ReadLine[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(LINE_FEED, from);
    const end = found < 0 ? bytes.length : found;
    const line = decoded(bytes.subarray(from, end));
    lines.push(line === null ? BAD_UTF8 : checked(line));
    from = end + 1;
  }
  return lines;
}

/** Both limits count bytes; the CRLF counts too. */
function checked(line: string): ReadLine {
  if (3 * line.length + 1 <= BODY_BYTES_MAX) return line;
  const body = line.startsWith('@') ? line.indexOf(' ') + 1 || line.length : 0;
  const tagBytes = encoder.encode(line.slice(0, body)).length;
  return tagBytes > TAG_BYTES_MAX || encoder.encode(line.slice(body)).length + 1 > BODY_BYTES_MAX ? TOO_LONG : line;
}
