/**
 * The least strength of a password that a person chooses, after NIST SP 800-63B (revision 4, section 3.1.1.2): length, and no password that is among
 * the first to be tried; no rules on which kinds of letters it must have, no end after so many days. Any letter of Unicode counts as one.
 *
 * NIST asks for 15 letters where a password is all there is, and wrong tries of one account to end at a hundred. Here nobody can lock another out
 * (node/throttle.ts), and members hold what is needed to try passwords in private. Against the first, ten letters are plenty: a source gets one try a
 * minute. Against the second it is what the letters are that counts, so whatever a list of words, runs and names leads to is refused. People whose
 * members are strangers to them do well to take more: a door may say so, it must not insist.
 */

import { APP_PASSWORD_PREFIX } from './app-password.ts';
import { preparePassword } from './kdf.ts';
import { foldName, type TextFault } from './text.ts';

/** Letters, at least. */
export const PASSWORD_LETTERS_MIN = 10;
/** Letters that must be left when names, much-used words, runs and years are taken out. */
const OWN_LETTERS_MIN = 6;
/** Different letters, at least. */
const DIFFERENT_LETTERS_MIN = 5;
/** A shorter piece than this tells nothing. */
const PIECE_LETTERS_MIN = 3;

export type PasswordFault = TextFault | 'too short' | 'repeated' | 'your name' | 'much used' | 'a run' | 'an app password';

/** What people are told. No word of it comes from the password. */
export const PASSWORD_WORDS: Readonly<Record<PasswordFault, string>> = {
  empty: 'The password is empty.',
  'too long': 'The password is longer than 1,024 bytes. Choose a shorter one.',
  'bad character': 'The password holds a character that cannot be typed everywhere, such as a line break. Leave it out.',
  'too short': `The password has fewer than ${PASSWORD_LETTERS_MIN} letters. Three or four words make a good one.`,
  repeated: 'The password repeats one letter or a short pattern. Three or four words make a good one.',
  'your name': 'The password is little more than your name. Add words that have nothing to do with you.',
  'much used': 'The password is little more than a word that many people use. Add words of your own.',
  'a run': 'The password is little more than a row of keys, letters or digits. Three or four words make a good one.',
  'an app password': `The password begins like an app password (${APP_PASSWORD_PREFIX}). Begin with something else.`,
};

/** What leaked lists of passwords begin with: words, first names, clubs; of several languages. */
const MUCH_USED =
  `password passwort passwd contraseña motdepasse parola senha letmein iloveyou welcome admin administrator login secret changeme
  default guest test master access root user qazwsx zaqwsx monkey dragon football baseball basketball soccer hockey princess sunshine shadow
  superman batman spiderman starwars pokemon naruto ninja trustno whatever freedom computer internet samsung google facebook linkedin killer hunter
  mustang ferrari mercedes porsche harley liverpool chelsea arsenal barcelona juventus summer winter spring autumn sommer january february march april
  june july august september october november december monday tuesday wednesday thursday friday saturday sunday hello hallo bonjour flower cookie
  cheese chocolate pepper ginger maggie buster tigger snoopy silver purple orange yellow michael jordan jennifer ashley charlie jessica daniel thomas
  andrew joshua matthew robert anthony hannah amanda nicole maria lovely loveme forever babygirl angel soleil doudou schatz blink182 nothing biteme
  qwerty azerty qwertz correcthorsebatterystaple skein chat`.split(/\s+/);

/** Rows of keys, columns of keys, and the alphabet; each counts backwards too. */
const ROWS = [
  'qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn 1234567890 0123456789 abcdefghijklmnopqrstuvwxyz',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm qazwsxedcrfvtgbyhnujm 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 !@#$%^&*() йцукенгшщзхъ фывапролджэ ячсмитьбю',
]
  .join(' ')
  .split(' ');
const RUNS = [...ROWS, ...ROWS.map((row) => [...row].reverse().join(''))];
const YEAR = /^(19|20)\d\d/;
/** Digits and signs that people write for letters. */
const STAND_INS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  l: 'i',
  '!': 'i',
  '|': 'i',
  '3': 'e',
  '4': 'a',
  '@': 'a',
  '5': 's',
  $: 's',
  '7': 't',
};

const withoutStandIns = (text: string): string => [...text].map((letter) => STAND_INS[letter] ?? letter).join('');
const WORDS = MUCH_USED.map(withoutStandIns);

type Piece = 'your name' | 'much used' | 'a run';

/** Why a password is not taken for the account of that name; null where it is. */
export function passwordFault(text: string, name: string): PasswordFault | null {
  const prepared = preparePassword(text);
  if ('fault' in prepared) return prepared.fault;
  if ([...prepared.password].length < PASSWORD_LETTERS_MIN) return 'too short';
  const plain = foldName(prepared.password);
  if (plain.trimStart().startsWith(APP_PASSWORD_PREFIX)) return 'an app password';
  if (isRepeated([...plain])) return 'repeated';
  return mostly(plain.replace(/\s/g, ''), foldName(name));
}

/** Whether few letters, or a pattern shorter than a password may be, come again and again. */
function isRepeated(letters: readonly string[]): boolean {
  if (new Set(letters).size < DIFFERENT_LETTERS_MIN) return true;
  for (let period = 1; period < PASSWORD_LETTERS_MIN && 2 * period <= letters.length; period++) {
    if (letters.every((letter, i) => i < period || letter === letters[i - period])) return true;
  }
  return false;
}

/** What most of a password is, when little else is left; null where enough is. */
function mostly(text: string, name: string): Piece | null {
  const plain = withoutStandIns(text);
  const names = [name, [...name].reverse().join('')].map(withoutStandIns);
  const covered: Record<Piece, number> = { 'your name': 0, 'much used': 0, 'a run': 0 };
  let own = 0;
  for (let at = 0; at < text.length; ) {
    const [piece, length] = pieceAt(text, plain, at, names);
    if (piece) covered[piece] += length;
    else own++;
    at += length;
    if (own >= OWN_LETTERS_MIN) return null;
  }
  const kinds: readonly Piece[] = ['your name', 'much used', 'a run'];
  return kinds.reduce((most, kind) => (covered[kind] > covered[most] ? kind : most));
}

/** The longest piece that begins there, or one letter. */
function pieceAt(text: string, plain: string, at: number, names: readonly string[]): readonly [Piece | null, number] {
  const longest = (list: readonly string[]): number =>
    list.reduce((most, one) => (one.length >= PIECE_LETTERS_MIN && plain.startsWith(one, at) ? Math.max(most, one.length) : most), 0);
  const found: readonly (readonly [Piece, number])[] = [
    ['your name', longest(names)],
    ['much used', longest(WORDS)],
    ['a run', runAt(text, at)],
  ];
  const [piece, length] = found.reduce((most, one) => (one[1] > most[1] ? one : most));
  return length >= PIECE_LETTERS_MIN ? [piece, length] : [null, 1];
}

/** How many letters of a run, of one repeated letter, or of a year there are. */
function runAt(text: string, at: number): number {
  let most = YEAR.test(text.slice(at, at + 4)) ? 4 : 0;
  for (const run of RUNS) {
    for (let from = run.indexOf(text[at]!); from >= 0; from = run.indexOf(text[at]!, from + 1)) {
      let length = 1;
      while (from + length < run.length && run[from + length] === text[at + length]) length++;
      most = Math.max(most, length);
    }
  }
  let end = at + 1;
  while (end < text.length && text[end] === text[at]) end++;
  return Math.max(most, end - at);
}
