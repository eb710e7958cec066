import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { TEXT_BYTES_MAX } from '../../../src/core/text.ts';
import { asCode, bytesOf, isLong, split } from './splitting.ts';

describe('long texts', () => {
  it('[WB32] are cut at lines into messages that are short enough', () => {
    assert.deepEqual(split('short'), ['short']);
    assert.deepEqual(split('one two\nthree\nfour', 13), ['one two', 'three\nfour']);
    assert.deepEqual(split('aaaa bbbb cccc', 12), ['aaaa bbbb ', 'cccc']);
    assert.ok(split('ä'.repeat(10_000)).every((part) => bytesOf(part) <= TEXT_BYTES_MAX));
  });

  it('[WB32] code stays code in each of them', () => {
    const parts = split('before\n```js\nlet a = 1;\nlet b = 2;\nlet c = 3;\n```\nbehind', 40);
    assert.deepEqual(parts, ['before\n```js\nlet a = 1;\n```', '```js\nlet b = 2;\nlet c = 3;\n```\nbehind']);
  });

  it('[WB32] nothing is lost of any text, and none is too long', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 12 }),
        fc.integer({ min: 40, max: 120 }),
        (lines, max) => {
          const text = lines.map((line) => line.replace(/[`~\n\r\u2028\u2029]/g, '')).join('\n');
          const parts = split(text, max);
          for (const part of parts) assert.ok(bytesOf(part) <= max, `${bytesOf(part)} > ${max}`);
          assert.equal(parts.join('').replace(/\s/g, ''), text.replace(/\s/g, ''));
        },
      ),
    );
  });

  it('[WB32] a paste of many lines is offered as code, with marks that are not in it', () => {
    assert.ok(isLong('1\n2\n3\n4\n5\n6'));
    assert.ok(!isLong('one\ntwo'));
    assert.ok(!isLong('x'.repeat(2000)));
    assert.equal(asCode('a\nb\n'), '```\na\nb\n```');
    assert.equal(asCode('a\n```\nb'), '````\na\n```\nb\n````');
  });
});
