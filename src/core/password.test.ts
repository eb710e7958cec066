import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatAppPassword } from './app-password.ts';
import { PASSWORD_WORDS, type PasswordFault, passwordFault } from './password.ts';

const REFUSED: Readonly<Record<PasswordFault, readonly string[]>> = {
  empty: [''],
  'too long': ['walrus'.repeat(200), 'é'.repeat(600)],
  'bad character': ['walrus\nkettle', 'walrus kettle\0'],
  'too short': ['x7$kQ9!vB', '🦭🦭🦭🦭🦭🦭🦭🦭🦭'],
  repeated: ['aaaaaaaaaaaa', 'abcabcabcabca', 'walruswalrus', 'WalrusWALRUS', 'ababbbabbaabab', '12221112122', '🦭🦭🦭🦭🦭🦭🦭🦭🦭🦭'],
  'your name': ['marguerite', 'Marguerite1', 'margueritemarguerite99', 'm4rgu3r1t3!!', 'etireugram77', 'x-marguerite-x'],
  'much used': [
    'Password2024!',
    'P@ssw0rd1234',
    'iloveyou12',
    'letmein!!!!!',
    'correct horse battery staple',
    'Summer2025!',
    'passwordmonkey',
    'trustno1trustno2',
  ],
  'a run': [
    '1234567890',
    '0987654321x',
    'qwertyuiop[]',
    'asdfghjkl123',
    'abcdefghijk',
    'zyxwvutsrqp',
    '1qaz2wsx3edc',
    '1q2w3e4r5t6y',
    'qwe123asd456',
    'abcd20241111zz',
  ],
  'an app password': ['skein-is my great favourite', 'Skein-0000 walrus kettle'],
};

describe('how strong a password must be', () => {
  it('[AC3] what is short, repeated, a name, a much-used word or a run is refused, and people are told why', () => {
    for (const [fault, list] of Object.entries(REFUSED)) for (const one of list) assert.equal(passwordFault(one, 'Marguerite'), fault, one);
    for (const fault of Object.keys(REFUSED)) assert.match(PASSWORD_WORDS[fault as PasswordFault], /^The password .*\.$/);
    assert.equal(passwordFault(formatAppPassword(new Uint8Array(16)), 'Ann'), 'an app password');
  });

  it('[AC3] no kind of letter is asked for: words do, in any script', () => {
    const fine = [
      'walrus kettle piano',
      'walruskettle',
      'expert property',
      'tr0ub4dor&3x',
      'xkQvBzwTpL',
      'моржчайникрояль',
      '海象とやかんとピアノの夜',
      'marguerite likes walruses',
      'password of the walrus',
      'annoyed walrus',
    ];
    for (const one of fine) assert.equal(passwordFault(one, 'Ann'), null, one);
    assert.equal(passwordFault('marguerite likes walruses', 'Marguerite'), null);
    assert.equal(passwordFault('walrus kettle', 'wk'), null);
  });

  it('[AC3] any text gets an answer, and random letters are always enough', () => {
    const anything = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 60 });
    fc.assert(fc.property(anything, fc.string({ maxLength: 32 }), (text, name) => passwordFault(text, name) !== undefined));
    const letters = fc.string({ unit: fc.constantFrom(...'bdhknrvwxz2689-+?_'), minLength: 14, maxLength: 20 });
    fc.assert(
      fc.property(letters, (text) => {
        const fault = passwordFault(text, 'Ann');
        return fault === null || fault === 'repeated';
      }),
    );
  });
});
