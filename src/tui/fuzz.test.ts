/** Whatever is typed, pasted, pressed and told: the face stays whole. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { envOf, Face } from '../../test/fixture/chat-face.ts';
import { babel, roomNamed, roomView, Talk, viewOf, workshop } from '../../test/fixture/chat-view.ts';
import type { View } from '../client/view.ts';
import type { RoomId } from '../core/ids.ts';
import { rowText, rowWidth } from './cells.ts';
import { frame } from './paint.ts';
import { render, type Screen } from './render.ts';
import { THEMES, themeOf } from './theme.ts';
import type { Input } from './update.ts';

const empty = viewOf([roomView(roomNamed('#lobby'), [])]);
const strange = (text: string): View =>
  viewOf([
    roomView(
      roomNamed('#lobby', { topic: text, name: text }),
      new Talk('#lobby' as RoomId).say(text, text, { mentions: true, reactions: { [text]: [] } }).items,
    ),
  ]);

const KEYS =
  'enter tab shift-tab escape up down left right home end pageup pagedown backspace delete f1 f2 alt-enter alt-up alt-down alt-a alt-p alt-n alt-b alt-f alt-d alt-1 alt-9 ctrl-a ctrl-d ctrl-e ctrl-k ctrl-n ctrl-p ctrl-t ctrl-u ctrl-w ctrl-y ctrl-_ shift-up shift-down'.split(
    ' ',
  );
const LINES = [
  ':help',
  ':net',
  ':who',
  ':search x',
  ':rooms',
  ':login ann',
  ':register',
  ':passwd',
  ':theme light',
  ':topic x',
  ':msg ann hi',
  ':ban dave',
  ':me x',
  ':nick x',
  '#lo',
  '@an',
  ':smi',
  'r',
  'x',
  '+',
  'e',
];

const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS).map((key): Input => ({ type: 'key', key })) },
  { weight: 3, arbitrary: fc.constantFrom(...LINES).map((text): Input => ({ type: 'text', text })) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }).map((text): Input => ({ type: 'text', text })) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }).map((text): Input => ({ type: 'paste', text })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Input>({ type: 'wheel', by: -1, row: 1, column: 1 }, { type: 'wheel', by: 1, row: 1, column: 1 }),
  },
  { weight: 1, arbitrary: fc.record({ row: fc.nat(60), column: fc.nat(200) }).map((at): Input => ({ type: 'press', ...at })) },
  {
    weight: 2,
    arbitrary: fc
      .record({ columns: fc.integer({ min: 1, max: 210 }), rows: fc.integer({ min: 1, max: 60 }) })
      .map((size): Input => ({ type: 'resize', size })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Input>(
      { type: 'failed', words: 'no\x1b[2J' },
      { type: 'rooms', rooms: [] },
      { type: 'found', found: [], next: null, isMore: false },
      { type: 'around', messages: [] },
      { type: 'lines', title: 'x', lines: ['a', 'b'] },
      { type: 'focus', on: false },
    ),
  },
);
/** A name of a view, or a strange text to fill one with: short in what is reported. */
const view = fc.oneof(
  fc.constantFrom('workshop', 'babel', 'empty', 'none').map((name) => ({ name, text: '' })),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => ({ name: 'strange', text })),
);
const VIEWS: Readonly<Record<string, View>> = { workshop: workshop(), babel: babel(), empty, none: viewOf([]) };
const viewNamed = ({ name, text }: { name: string; text: string }): View => VIEWS[name] ?? strange(text);

/** What the painter itself says, and nothing else. */
const OWN = /\x1b\[(?:\?2026[hl]|\?25[hl]|2J|K|\d+;\d+H|\d+G|[\d;]*m)/g;

function whole(screen: Screen, columns: number, rows: number): void {
  assert.equal(screen.rows.length, rows);
  for (const row of screen.rows) assert.equal(rowWidth(row), columns, JSON.stringify(rowText(row)));
  const { cursor } = screen;
  if (cursor) assert.ok(cursor.row >= 0 && cursor.row < rows && cursor.column >= 0 && cursor.column < columns);
}

describe('[TU8] whatever comes', () => {
  it('nothing throws, each row is as wide as the window, the cursor is in it, and only the painter speaks to the terminal', () => {
    fc.assert(
      fc.property(
        view,
        fc.array(fc.oneof({ weight: 12, arbitrary: input }, { weight: 1, arbitrary: view }), { maxLength: 40 }),
        fc.constantFrom(...THEMES),
        (first, steps, theme) => {
          const face = new Face(viewNamed(first), '#ops');
          let before: Screen | null = null;
          for (const step of steps) {
            if ('type' in step) face.take(step);
            else face.see(viewNamed(step));
            const { columns, rows } = face.ui.size;
            const screen = render(face.view, face.ui, envOf());
            whole(screen, columns, rows);
            const bytes = frame(before, screen, themeOf(theme));
            assert.doesNotMatch(bytes.replace(OWN, ''), /\p{Cc}/u);
            before = screen;
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
