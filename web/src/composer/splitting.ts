/** Texts that are longer than a message may be, as messages: cut at lines where that goes, and code stays code in each of them. Pure. */

import { TEXT_BYTES_MAX } from '../../../src/core/text.ts';

const encoder = new TextEncoder();

/** In UTF-8. */
export function bytesOf(text: string): number {
  return encoder.encode(text).length;
}

/** A mark that begins or ends a block of code, with what stands behind it. */
const FENCE = /^ {0,3}(```+|~~~+)(.*)$/;

/** The longest beginning of a text that has so many bytes; never half a letter. */
function headOf(text: string, bytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(bytes));
  const cut = text.lastIndexOf(' ', read - 1);
  return text.slice(0, read < text.length && cut > read / 2 ? cut + 1 : read);
}

/** Pieces of a text, each at most so many bytes, of which none is empty. */
export function split(text: string, bytesMax: number = TEXT_BYTES_MAX): readonly string[] {
  if (bytesOf(text) <= bytesMax) return [text];
  const parts: string[] = [];
  let open: string | null = null;
  let part = '';
  const end = (): void => {
    const whole: string = open === null ? part : `${part.replace(/\n$/, '')}\n${/^ {0,3}(```+|~~~+)/.exec(open)![1]}`;
    if (whole.trim() !== '') parts.push(whole.replace(/\n$/, ''));
    part = open === null ? '' : `${open}\n`;
  };
  for (const line of text.split('\n')) {
    let rest = line;
    // What is kept free for the end of a block.
    const free = (): number => bytesMax - bytesOf(part) - (open === null ? 0 : bytesOf(open) + 1);
    const isFence = FENCE.exec(line);
    while (bytesOf(rest) + 1 > free()) {
      const isFresh = part === '' || part === `${open}\n`;
      if (!isFresh) {
        end();
        continue;
      }
      const head = headOf(rest, free() - 1);
      part += head;
      rest = rest.slice(head.length);
      end();
    }
    part += `${rest}\n`;
    if (isFence) open = open === null ? line : null;
  }
  if (part.trim() !== '') parts.push(part.replace(/\n$/, ''));
  return parts;
}

/** A text as a block of code, whatever marks are in it. */
export function asCode(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}\n${text.replace(/\n+$/, '')}\n${mark}`;
}

/** Pasted, a text of so many lines or letters is offered as code. */
const LONG_LINES = 6;
const LONG_LETTERS = 500;

export function isLong(pasted: string): boolean {
  return pasted.split('\n').length >= LONG_LINES || (pasted.length >= LONG_LETTERS && pasted.includes('\n'));
}
