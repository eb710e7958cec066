/** Makes the pictures of docs/terminal.md: `node test/real/chat-picture.ts`. A day in a workshop, as the tests have it, in both themes. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowBytes } from '../../src/tui/paint.ts';
import { render } from '../../src/tui/render.ts';
import { themeOf } from '../../src/tui/theme.ts';
import { envOf, shown } from '../fixture/chat-face.ts';
import { workshop } from '../fixture/chat-view.ts';
import { terminalSvg } from './terminal-svg.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const COLUMNS = 104;
const ROWS = 30;

const view = workshop();
const ui = shown(view, COLUMNS, ROWS, '#ops', 'On my way :train\t');
const { rows } = render(view, ui, envOf());
const screen = rows.map((row) => rowBytes(row, themeOf('dark')).replace(/\x1b\[\d+G|[\u2068\u2069]/g, '')).join('\n');
writeFileSync(join(DOCS, 'terminal.svg'), terminalSvg(screen, COLUMNS, 'skein chat'));
