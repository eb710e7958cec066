/** Whether a text names somebody: their name, in any case, with no letter or digit beside it. */

import { foldName } from '../core/text.ts';

const LETTER = /[\p{L}\p{M}\p{N}_]/u;

export function mentions(text: string, name: string): boolean {
  if (name === '') return false;
  const folded = foldName(text);
  const sought = foldName(name);
  for (let at = folded.indexOf(sought); at >= 0; at = folded.indexOf(sought, at + 1)) {
    const before = [...folded.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
    const behind = String.fromCodePoint(folded.codePointAt(at + sought.length) ?? 32);
    if (!LETTER.test(before) && !LETTER.test(behind)) return true;
  }
  return false;
}
