/** Text made safe, and measured. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { span } from './cells.ts';
import { printable, rowBytes } from './paint.ts';
import { clean, cleanLine, clip, graphemeBefore, graphemes, nextGrapheme, padded, width, wrap } from './text.ts';
import { themeOf } from './theme.ts';

const any = fc.string({ unit: 'binary', maxLength: 60 });

describe('[TU3] what others wrote is no command to the terminal', () => {
  it('controls, escape sequences, marks of IRC and of direction are dropped', () => {
    assert.equal(clean('a\x1b[31mb\x1b]0;t\x07c\x9b1md'), 'a[31mb]0;tc1md');
    assert.equal(clean('\x02bold\x02 \x0304,12red\x03 plain'), 'bold red plain');
    assert.equal(clean('x\u202eback\u2066y\u2069'), 'xbacky');
    assert.equal(clean('a\r\nb\u2028c\td'), 'a\nb\nc    d');
    assert.equal(cleanLine('a \n b'), 'a b');
    assert.equal(clean('👨‍👩‍👧‍👦'), '👨‍👩‍👧‍👦', 'what joins emoji stays');
    assert.equal(clean('\ud800'), '\ufffd');
  });
  it('no text leaves a control behind, and no letter carries hundreds of marks', () => {
    fc.assert(fc.property(any, (text) => !/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/.test(clean(text))));
    assert.ok(clean(`a${'\u0301'.repeat(500)}b`).length < 20);
  });
  it('the painter strips once more, and isolates what runs from right to left', () => {
    fc.assert(fc.property(any, (text) => !/\p{Cc}/u.test(printable(text))));
    assert.equal(printable('a\x1b[2Jb\x07'), 'a[2Jb');
    const bytes = rowBytes([span('שלום'), span(' ok')], themeOf('mono'));
    assert.equal(bytes.replace(/\x1b\[\d+G/g, ''), '\u2068שלום\u2069 ok');
  });
});

describe('[TU2] columns', () => {
  it('letters are told apart as Unicode does, also where that is not asked', () => {
    const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
    const told = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
    const letters = fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCharCode(code));
    const common = fc.constantFrom(...'aé│…→░ \u00ad\u0301\u200d\ufe0f');
    fc.assert(
      fc.property(fc.array(fc.oneof(letters, common), { maxLength: 12 }), (all) => {
        const text = all.join('');
        assert.deepEqual(graphemes(text), told(text));
      }),
      { numRuns: 2000 },
    );
  });
  it('counts them as terminals do', () => {
    for (const [text, columns] of [
      ['abc', 3],
      ['こんにちは', 10],
      ['e\u0301', 1],
      ['🎉', 2],
      ['👨‍👩‍👧‍👦', 2],
      ['🇨🇭', 2],
      ['한국어', 6],
      ['שלום', 4],
      ['…', 1],
    ] as const)
      assert.equal(width(text), columns, text);
  });
  it('cuts and fills to a width, whatever the text', () => {
    fc.assert(fc.property(any.map(cleanLine), fc.integer({ min: 0, max: 30 }), (text, columns) => width(clip(text, columns)) <= columns));
    fc.assert(
      fc.property(any.map(cleanLine), fc.integer({ min: 1, max: 30 }), (text, columns) => width(padded(text, columns)) === columns),
    );
  });
  it('breaks lines between words, and loses nothing', () => {
    assert.deepEqual(
      wrap('the quick brown fox', 10).map(({ text }) => text.trimEnd()),
      ['the quick', 'brown fox'],
    );
    assert.deepEqual(
      wrap('abcdefghijkl', 5).map(({ text }) => text),
      ['abcde', 'fghij', 'kl'],
    );
    assert.deepEqual(
      wrap(' 漢字a漢字', 6).map(({ text }) => text),
      [' ', '漢字a', '漢字'],
    );
    fc.assert(
      fc.property(any.map(cleanLine), fc.integer({ min: 2, max: 30 }), (text, columns) => {
        const lines = wrap(text, columns);
        assert.equal(lines.map((line) => line.text).join(''), text);
        for (const line of lines) assert.ok(width(line.text.replace(/ +$/, '')) <= columns);
      }),
    );
  });
  it('goes by letters as people see them', () => {
    const text = 'a👨‍👩‍👧‍👦e\u0301b';
    assert.equal(nextGrapheme(text, 1), 12);
    assert.equal(graphemeBefore(text, 12), 1);
    assert.equal(graphemeBefore(text, 14), 12);
    fc.assert(fc.property(any, (other) => graphemeBefore(other, nextGrapheme(other, 0)) === 0));
  });
});
