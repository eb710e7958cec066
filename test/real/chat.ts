/** What people type: the real logs where they are, else made-up chat, and it is said which. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textFault } from '../../src/core/text.ts';
import { seededRandom } from '../../src/lib/prng.ts';

const LOGS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'ubuntu-irc');
const LINE = /^\[[^\]]+\] <[^>]+> (.+)$/;
/** What fits into a line of IRC with a number behind it, in bytes. */
const BYTES_MAX = 400;

export interface Chat {
  readonly source: string;
  /** Each unlike every other, and such as a door accepts. */
  readonly texts: readonly string[];
}

/** So many texts. */
export function chat(count: number): Chat {
  const real = existsSync(LOGS) ? logged() : [];
  const texts = real.length > 0 ? real : generated(5000);
  const source = real.length > 0 ? 'real logs' : 'generated chat: the real logs (../shared/data) are not here';
  return { source, texts: Array.from({ length: count }, (_, i) => `${texts[(i * 7) % texts.length]} ·${i}`) };
}

function logged(): string[] {
  return readdirSync(LOGS)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(LOGS, file), 'utf8').split('\n'))
    .map((line) => (LINE.exec(line)?.[1] ?? '').trim())
    .filter((text) => text !== '' && !text.startsWith(':') && textFault(text) === null && Buffer.byteLength(text) < BYTES_MAX);
}

function generated(count: number): string[] {
  const random = seededRandom(1);
  const words = 'the node is up and ready to chat déjà vu 大家好 :-) http://example.org/?a=b&c=%20 sudo apt-get'.split(' ');
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + random.below(20) }, () => words[random.below(words.length)]).join(' '),
  );
}
