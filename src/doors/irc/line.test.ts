import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatLine, type IrcMessage, parseLine, seal } from './line.ts';

const word = fc.stringMatching(/^[^\s\0:@][^\s\0]*$/);
const last = fc.stringMatching(/^[^\0\r\n]*$/);
const message: fc.Arbitrary<IrcMessage> = fc.record({
  tags: fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z/+]+=[^\s\0;]*$/)),
  source: fc.oneof(fc.constant(''), word),
  command: fc.stringMatching(/^[A-Z]{1,12}$|^[0-9]{3}$/),
  params: fc.oneof(
    fc.constant([]),
    fc.tuple(fc.array(word, { maxLength: 5 }), last).map(([middles, end]) => [...middles, end]),
  ),
});

test('[IRC18] a line that was formatted is parsed to what it was made from', () => {
  fc.assert(
    fc.property(message, (made) => {
      assert.deepEqual(parseLine(formatLine(made).slice(0, -2)), { ...made });
    }),
  );
});

test('[IRC18] any parts become exactly one line, and the last parameter is all that may hold spaces', () => {
  const any = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(
      fc.record({ tags: fc.constant(''), source: fc.constant('s'), command: fc.constant('X'), params: fc.array(any) }),
      (made) => {
        const line = formatLine(made);
        assert.match(line, /^[^\0\r\n]*\r\n$/);
        assert.equal(parseLine(line.slice(0, -2)).params.length, made.params.length);
      },
    ),
  );
});

test('[IRC18] seal ends a text with its only CRLF', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', '\0', 'a', ' ') }), (text) => assert.match(seal(text), /^[^\0\r\n]*\r\n$/)),
  );
});

test('[IRC18] lines as clients write them', () => {
  assert.deepEqual(parseLine('  @a=b;c   :src   privmsg  #x   y  :a  b '), {
    tags: 'a=b;c',
    source: 'src',
    command: 'PRIVMSG',
    params: ['#x', 'y', 'a  b '],
  });
  assert.deepEqual(parseLine('QUIT :'), { tags: '', source: '', command: 'QUIT', params: [''] });
  assert.deepEqual(parseLine('@only'), { tags: 'only', source: '', command: '', params: [] });
  assert.deepEqual(parseLine(':only'), { tags: '', source: 'only', command: '', params: [] });
});
