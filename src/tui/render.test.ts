/** The screens as text, held against test/golden/tui. After a change on purpose: GOLDEN=write node --test src/tui/render.test.ts, and look at the difference. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { envOf, shown } from '../../test/fixture/chat-face.ts';
import { babel, roomNamed, roomView, Talk, viewOf, workshop } from '../../test/fixture/chat-view.ts';
import type { View } from '../client/view.ts';
import type { RoomId } from '../core/ids.ts';
import { rowText, rowWidth } from './cells.ts';
import { ASCII, type Env } from './env.ts';
import { printable } from './paint.ts';
import { render } from './render.ts';
import type { Ui } from './ui.ts';
import { type Input, update } from './update.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'test', 'golden', 'tui');
function drawn(view: View, ui: Ui, env: Env): string {
  const { rows, cursor } = render(view, ui, env);
  assert.equal(rows.length, ui.size.rows);
  for (const row of rows) assert.equal(rowWidth(row), ui.size.columns, `as wide as the window: ${rowText(row)}`);
  const lines = rows.map((row) => printable(rowText(row)).trimEnd());
  const at = cursor ? `cursor at row ${cursor.row + 1}, column ${cursor.column + 1}` : 'no cursor';
  return `${ui.size.columns}×${ui.size.rows}, ${at}\n${lines.join('\n')}\n`;
}

function golden(name: string, view: View, ui: Ui, env = envOf()): void {
  const screen = drawn(view, ui, env);
  const file = join(FOLDER, `${name}.txt`);
  if (process.env['GOLDEN'] === 'write') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, screen);
  }
  assert.equal(screen, readFileSync(file, 'utf8'), 'changed on purpose? GOLDEN=write node --test src/tui/render.test.ts');
}

const UP = '\x1b[1;3A';

function after(view: View, ui: Ui, ...inputs: readonly Input[]): Ui {
  return inputs.reduce((now, input) => update(view, now, envOf(), input).ui, ui);
}

describe('[TU1] screens', () => {
  for (const [columns, rows] of [
    [80, 24],
    [40, 12],
    [200, 50],
  ] as const) {
    it(`a day in a workshop, ${columns}×${rows}`, () =>
      golden(`workshop-${columns}x${rows}`, workshop(), shown(workshop(), columns, rows, '#ops')));
    it(`[TU2] wide and right-to-left, ${columns}×${rows}`, () =>
      golden(`babel-${columns}x${rows}`, babel(), shown(babel(), columns, rows, '#文字')));
  }

  it('a reply being written in several lines', () => {
    const view = workshop();
    golden('reply-80x24', view, shown(view, 80, 24, '#ops', `${UP}${UP}${UP}${UP}rI see it, too.\x1b\rOn both nodes.`));
  });
  it('what Tab offers', () => {
    const view = workshop();
    golden('complete-80x24', view, shown(view, 80, 24, '#ops', 'well :smi\t\t'));
    golden('commands-80x24', view, shown(view, 80, 24, '#ops', ':m\t'));
  });
  it('a refused message that is chosen', () => {
    const view = workshop();
    golden('refused-80x24', view, shown(view, 80, 24, '#ops', UP));
  });
  it('help, the mesh, people, rooms by name', () => {
    const view = workshop();
    golden('help-80x24', view, shown(view, 80, 24, '#ops', ':help\r'));
    golden('help-40x12', view, shown(view, 40, 12, '#ops', ':help\r'));
    golden('net-80x24', view, shown(view, 80, 24, '#ops', ':net\r'));
    golden('who-80x24', view, shown(view, 80, 24, '#ops', ':who\r'));
    golden('switch-80x24', view, shown(view, 80, 24, '#ops', '\x0bo'));
  });
  it('what was found', () => {
    const view = workshop();
    const [one, two] = view.rooms.get('#ops' as RoomId)!.timeline;
    const found = [one!, two!].map((message) => ({ message, snippet: message.text ?? '' }));
    const asked = shown(view, 80, 24, '#ops', ':search node\r');
    golden('search-80x24', view, after(view, asked, { type: 'found', found, next: null, isMore: false }));
  });
  it('[TU9] a password', () => {
    const view = workshop();
    golden('password-80x24', view, shown(view, 80, 24, '#ops', ':login ann\rseven quiet otters'));
  });
  it('offline', () => {
    const view: View = { ...workshop(), connection: { state: 'connecting', sinceMs: 0, tried: 3, why: 'connection refused' } };
    golden('offline-80x24', view, shown(view, 80, 24, '#ops'));
  });
  it('scrolled back', () => {
    const view = workshop();
    golden('scrolled-80x24', view, shown(view, 80, 24, '#ops', '\x1b[5~'));
  });
  it('before there is a room, and without UTF-8', () => {
    const empty = viewOf([]);
    golden('empty-80x24', empty, { ...shown(empty, 80, 24, ''), room: null });
    const env = envOf(ASCII);
    const view = viewOf([roomView(roomNamed('#ops'), new Talk('#ops' as RoomId).say('ann', 'plain').items)]);
    golden('ascii-60x10', view, shown(view, 60, 10, '#ops', '', env), env);
  });
});
