import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, utf8 } from '../../lib/bytes.ts';
import { BODY_BYTES_MAX, TAG_BYTES_MAX } from './limits.ts';
import { BAD_UTF8, LineReader, type ReadLine, TOO_LONG } from './line-reader.ts';

function readAll(bytes: Uint8Array, cuts: readonly number[]): ReadLine[] {
  const reader = new LineReader();
  const lines: ReadLine[] = [];
  let from = 0;
  for (const to of [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    lines.push(...reader.read(bytes.subarray(from, to)));
    from = to;
  }
  return lines;
}

test('[IRC19] however the bytes are cut into chunks, the lines are the same', () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('a', ' ', 'é', '€', '😀', '\r') }), { minLength: 1 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(), { maxLength: 8 }), (texts, cuts) => {
      assert.deepEqual(readAll(utf8(`${texts.join('\n')}\n`), cuts), texts);
    }),
  );
});

test('[IRC19] a line of broken UTF-8 is told of, and the others are read', () => {
  const bytes = concatBytes(utf8('é\n'), Uint8Array.of(0x61, 0xff, 10), utf8('€\n'));
  assert.deepEqual(readAll(bytes, []), ['é', BAD_UTF8, '€']);
  assert.deepEqual(readAll(bytes, [1, 4, 6]), ['é', BAD_UTF8, '€']);
});

test('[IRC19] the limits of tags and of the rest are exact', () => {
  const body = (bytes: number): string => 'b'.repeat(bytes - 2);
  const tags = (bytes: number): string => `@${'t'.repeat(bytes - 2)} `;
  const one = (line: string): ReadLine => new LineReader().read(utf8(`${line}\r\n`))[0]!;
  assert.equal(typeof one(body(BODY_BYTES_MAX)), 'string');
  assert.equal(one(body(BODY_BYTES_MAX + 1)), TOO_LONG);
  assert.equal(one(`${body(BODY_BYTES_MAX - 3)}€€`), TOO_LONG);
  assert.equal(typeof one(tags(TAG_BYTES_MAX) + body(BODY_BYTES_MAX)), 'string');
  assert.equal(one(tags(TAG_BYTES_MAX + 1) + body(10)), TOO_LONG);
});

test('[IRC19] a line without end is told of once, is not kept, and the next line is read', () => {
  const reader = new LineReader();
  const lines: ReadLine[] = [];
  for (let i = 0; i < 1000; i++) lines.push(...reader.read(utf8('x'.repeat(1000))));
  assert.deepEqual(lines, [TOO_LONG]);
  assert.deepEqual(reader.read(utf8('rest\nnext\nunfin')), ['next']);
  assert.deepEqual(reader.read(utf8('ished\n')), ['unfinished']);
});
