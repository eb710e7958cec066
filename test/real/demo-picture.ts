/**
 * Makes the pictures of `skein demo` for the README: `node test/real/demo-picture.ts`. It takes half a minute and needs tmux.
 *
 * docs/demo.svg is the screen, in its colours, when one node is dead and its people go on at the others; docs/demo-end.txt is the screen with the verdict.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Terminals } from './terminal.ts';
import { terminalSvg } from './terminal-svg.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DOCS = join(ROOT, 'docs');
const COLUMNS = 100;
const ROWS = 28;
/** For the verdict under the picture. */
const ROWS_END = 40;
const NICKS = ['ann', 'bo', 'chi', 'dev', 'eva', 'finn'];

/** One node is dead, and everybody is served by another. */
function isMiddle(lines: readonly string[]): boolean {
  const mesh = lines
    .slice(
      0,
      lines.findIndex((line) => line.includes(' sent, ')),
    )
    .join(' ');
  const acknowledged = Number(/, (\d+) acknowledged/.exec(lines.join(' '))?.[1] ?? 0);
  return (
    mesh.includes('✗ birch') && !mesh.includes('✗ cedar') && acknowledged > 200 && NICKS.every((nick) => mesh.split(/\s+/).includes(nick))
  );
}

const terminals = new Terminals();
try {
  mkdirSync(DOCS, { recursive: true });
  const demo = [
    '/bin/sh',
    '-c',
    '"$0" "$@"; sleep 60',
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    join(ROOT, 'src', 'cli', 'main.ts'),
    'demo',
  ];
  const terminal = await terminals.open({ name: 'demo', command: demo });
  await terminal.resize(COLUMNS, ROWS);
  await terminal.until('one node is dead and its people are back', isMiddle, 60_000);
  writeFileSync(join(DOCS, 'demo.svg'), terminalSvg(await terminal.colours(), COLUMNS, 'skein demo'));
  await terminal.resize(COLUMNS, ROWS_END);
  const end = await terminal.see(/^(Every promise held|A promise was broken)/, 60_000);
  writeFileSync(join(DOCS, 'demo-end.txt'), `${end.join('\n').trimEnd()}\n`);
} finally {
  await terminals.close();
}
