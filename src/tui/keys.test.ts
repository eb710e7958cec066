/** What a terminal sends, read. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { flushKeys, NOTHING_PENDING, PASTE_LENGTH_MAX, readKeys, type TerminalInput } from './keys.ts';

const read = (text: string): TerminalInput[] => readKeys(NOTHING_PENDING, text).inputs;
const names = (text: string): string[] =>
  read(text).map((input) => (input.type === 'key' ? input.key : input.type === 'text' ? `"${input.text}"` : input.type));

describe('[TU4] what the terminal sends', () => {
  it('is keys by their names', () => {
    assert.deepEqual(names('ab\r\t\x7f\x01\x1f'), ['"ab"', 'enter', 'tab', 'backspace', 'ctrl-a', 'ctrl-_']);
    assert.deepEqual(names('\x1b[A\x1bOB\x1b[1;3C\x1b[1;5D\x1b[5~\x1b[3;5~\x1b[Z\x1bOP\x1b[15~'), [
      'up',
      'down',
      'alt-right',
      'ctrl-left',
      'pageup',
      'ctrl-delete',
      'shift-tab',
      'f1',
      'f5',
    ]);
    assert.deepEqual(names('\x1b\r\x1bf\x1b1\x1b\x7f\x1b[13;2u\x1b[97;5u\x1b[27;2;13~'), [
      'alt-enter',
      'alt-f',
      'alt-1',
      'alt-backspace',
      'shift-enter',
      'ctrl-a',
      'shift-enter',
    ]);
  });
  it('is text in any script, the mouse, focus and answers', () => {
    assert.deepEqual(names('über 🎉'), ['"über 🎉"']);
    assert.deepEqual(read('\x1b[<64;10;5M\x1b[<65;1;1M\x1b[<0;3;4M\x1b[<0;3;4m'), [
      { type: 'wheel', by: -1, column: 9, row: 4 },
      { type: 'wheel', by: 1, column: 0, row: 0 },
      { type: 'press', column: 2, row: 3 },
    ]);
    assert.deepEqual(read('\x1b[I\x1b[O'), [
      { type: 'focus', on: true },
      { type: 'focus', on: false },
    ]);
    assert.deepEqual(read('\x1b]11;rgb:ffff/ffff/e000\x07\x1b]11;rgb:10/10/10\x1b\\'), [
      { type: 'background', isLight: true },
      { type: 'background', isLight: false },
    ]);
  });
  it('is a paste, whatever is in it', () => {
    assert.deepEqual(read('\x1b[200~:quit\r\x1b[A\x03\x1b[201~x'), [
      { type: 'paste', text: ':quit\r\x1b[A\x03' },
      { type: 'text', text: 'x' },
    ]);
    const [long] = read(`\x1b[200~${'a'.repeat(PASTE_LENGTH_MAX + 5)}\x1b[201~`);
    assert.equal((long as { text: string }).text.length, PASTE_LENGTH_MAX);
  });
  it('means nothing where it is unknown, and types nothing', () => {
    assert.deepEqual(read('\x1b[99;99X\x1b[?1;2c\x1bP1$r0m\x1b\\\x1b]52;c;YQ==\x07\x1b[1;1R'.replace('\x1b[1;1R', '')), []);
  });
  it('is the same however it is cut', () => {
    const whole = 'a\x1b[1;3A\x1b[200~x\ry\x1b[201~ü🎉\x1b[<64;10;5M\x1b]11;rgb:ff/ff/ff\x07\x1bf\x1b[I.';
    const expected = JSON.stringify(read(whole));
    for (let at = 1; at < whole.length; at++) {
      const first = readKeys(NOTHING_PENDING, whole.slice(0, at));
      const second = readKeys(first.pending, whole.slice(at));
      assert.equal(JSON.stringify(joined([...first.inputs, ...second.inputs])), expected, `cut at ${at}`);
    }
  });
  it('a lone escape is the key, once nothing follows', () => {
    const { inputs, pending } = readKeys(NOTHING_PENDING, '\x1b');
    assert.deepEqual(inputs, []);
    assert.deepEqual(flushKeys(pending).inputs, [{ type: 'key', key: 'escape' }]);
  });
  it('never throws, and keeps little', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\x1b', '[', '\x1b[', ']', 'O', '<', ';', '1', '200~', 'u'))),
        (parts) => {
          let pending = NOTHING_PENDING;
          for (const part of parts) ({ pending } = readKeys(pending, part));
          assert.ok(flushKeys(pending).pending.text.length < 300);
        },
      ),
    );
  });
});

function joined(inputs: readonly TerminalInput[]): TerminalInput[] {
  const list: TerminalInput[] = [];
  for (const input of inputs) {
    const last = list.at(-1);
    if (input.type === 'text' && last?.type === 'text') list[list.length - 1] = { type: 'text', text: last.text + input.text };
    else list.push(input);
  }
  return list;
}
