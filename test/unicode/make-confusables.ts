/**
 * Makes src/core/confusables.ts of Unicode's confusables.txt as the package `unhomoglyph` carries it: `node test/unicode/make-confusables.ts`.
 *
 * Kept is what a name can hold: letters, marks, digits and the few other characters of names. Left out is what decomposing says already.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const UNICODE = '13.0.0';
const WIDTH = 136;
const OF_A_NAME = /^[\p{L}\p{M}\p{N}_[\]\\`^{|}~-]$/u;
const TARGET = join(import.meta.dirname, '../../src/core/confusables.ts');

const hex = (text: string): string => [...text].map((one) => one.codePointAt(0)!.toString(16)).join('+');

/** The rows of the data: from one character to what it looks like. */
export function unicodeData(): Map<string, string> {
  const path = createRequire(import.meta.url).resolve('unhomoglyph/data.json');
  return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>));
}

function isSaidAlready(data: ReadonlyMap<string, string>, from: string, to: string): boolean {
  const plain = from.normalize('NFKD');
  return plain !== from && [...plain].map((one) => data.get(one) ?? one).join('') === to.normalize('NFKD');
}

/** The text of src/core/confusables.ts. */
export function confusablesSource(): string {
  const data = unicodeData();
  const groups = new Map<string, string[]>();
  for (const [from, to] of data) {
    if (!OF_A_NAME.test(from) || from !== from.normalize('NFD') || isSaidAlready(data, from, to)) continue;
    const group = groups.get(to) ?? [];
    group.push(from);
    groups.set(to, group);
  }
  const lines = [''];
  for (const [to, from] of groups) {
    const word = `${hex(to)}:${from.map(hex).join(',')}`;
    for (const part of word.match(/.{1,120}(?=,|$)/g)!.map((one) => one.replace(/^,/, `${hex(to)}:`))) {
      if (lines.at(-1)!.length + part.length >= WIDTH) lines.push('');
      lines[lines.length - 1] += `${part} `;
    }
  }
  return `/**
 * What looks like what: Unicode's confusables.txt, version ${UNICODE} (UTS 39; © Unicode, Inc., https://www.unicode.org/license.txt), as far as a name can
 * hold it. Made by test/unicode/make-confusables.ts: change it there.
 *
 * Each word is a text, a colon, and the characters that look like it, all as hexadecimal code points.
 */

export const CONFUSABLES = \`
${lines.map((line) => line.trimEnd()).join('\n')}
\`;
`;
}

if (import.meta.main) writeFileSync(TARGET, confusablesSource());
