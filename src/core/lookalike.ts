/**
 * Names that look alike (Unicode UTS 39). A door asks this when a name is taken. The fold never does: the answers depend on Unicode's version, and two
 * sides of a partition may take names that look alike anyway.
 *
 * A name has one or two looks: the skeleton of the form by which it is compared, and that of the form in which it is shown, as `PaypaI` is shown
 * with a capital `I` but compared without. Names that share a look look alike. In case of doubt they do: `IAN` and `LAN` clash, as `Ian` and `lan` do.
 */

import { CONFUSABLES } from './confusables.ts';
import { foldName } from './text.ts';

/** Why the letters of a name do not go together. */
export type ScriptFault = 'mixed scripts' | 'unknown script';

/** Cyrillic palochka: Unicode says it looks like `i`, but small, as in names, most fonts draw it as `l` (so did `аррӏе` pass for `apple` in 2017). */
const PALOCHKA = ['\u04cf', 'l'] as const;

const likenesses: ReadonlyMap<string, string> = new Map([
  ...CONFUSABLES.trim()
    .split(/\s+/)
    .flatMap((word) => {
      const [to, from] = word.split(':') as [string, string];
      return from.split(',').map((one) => [fromPoints(one), fromPoints(to)] as const);
    }),
  PALOCHKA,
]);

const ASCII = /^[ -~]*$/;
const ASCII_LIKENESS = /[01Im|`]/g;

function fromPoints(text: string): string {
  return String.fromCodePoint(...text.split('+').map((point) => Number.parseInt(point, 16)));
}

/**
 * The skeleton of a text (UTS 39, section 4): decomposed, each character replaced by what it looks like, decomposed again. A character of which the
 * table says nothing counts as its compatibility decomposition, because names are compared by NFKC.
 */
export function skeletonOf(text: string): string {
  // Most names are of ASCII, which nothing decomposes: 100,000 are indexed in a fifth of a second.
  if (ASCII.test(text)) return text.replace(ASCII_LIKENESS, (letter) => likenesses.get(letter)!);
  return Array.from(text.normalize('NFD'), likenessOf).join('').normalize('NFD');
}

function likenessOf(letter: string): string {
  const known = likenesses.get(letter);
  if (known !== undefined) return known;
  const plain = letter.normalize('NFKD');
  return plain === letter ? letter : Array.from(plain, (one) => likenesses.get(one) ?? one).join('');
}

/** A skeleton without case: folding makes letters that look like others again, as `M` does, so it is made a skeleton twice. */
function lookOf(name: string): string {
  return skeletonOf(foldName(skeletonOf(name)));
}

/** The looks of a name, one or two. */
export function looksOf(name: string): readonly string[] {
  const folded = foldName(name);
  const compared = lookOf(folded);
  const shown = folded === name ? compared : lookOf(name);
  return compared === shown ? [compared] : [compared, shown];
}

export function lookAlike(a: string, b: string): boolean {
  const looks = looksOf(b);
  return looksOf(a).some((look) => looks.includes(look));
}

/** Scripts in everyday use: UAX 31, tables 5 (recommended) and 7 (limited use). Historic ones make names that nobody can tell apart. */
const SCRIPTS =
  `Latin Arabic Armenian Bengali Bopomofo Cyrillic Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada
  Katakana Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil Telugu Thaana Thai Tibetan Adlam Balinese Bamum Batak Canadian_Aboriginal Chakma Cham
  Cherokee Hanifi_Rohingya Javanese Kayah_Li Lepcha Limbu Lisu Mandaic Meetei_Mayek Miao New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Osage
  Saurashtra Sundanese Syloti_Nagri Syriac Tai_Le Tai_Tham Tai_Viet Tifinagh Vai Wancho Yi`.split(/\s+/);
/** What may stand in one name together (UTS 39, section 5.2, highly restrictive). */
const TOGETHER = ['Latin Han Hiragana Katakana', 'Latin Han Bopomofo', 'Latin Han Hangul'].map((list) => list.split(' '));

const of = (scripts: readonly string[]): RegExp =>
  new RegExp(`^[${['Common', 'Inherited', ...scripts].map((script) => `\\p{Script_Extensions=${script}}`).join('')}]*$`, 'u');

const KNOWN = of(SCRIPTS);
const ALLOWED = [...SCRIPTS.map((script) => of([script])), ...TOGETHER.map(of)];

/** Why a name's letters do not go together; null where they do. Digits and signs that all scripts share go with every script. */
export function scriptFault(name: string): ScriptFault | null {
  const plain = name.normalize('NFKC');
  if (!KNOWN.test(plain)) return 'unknown script';
  return ALLOWED.some((pattern) => pattern.test(plain)) ? null : 'mixed scripts';
}

/** The names that are taken, by their looks. A question costs the same however many there are. */
export class NameIndex {
  /** By look: each name with how often it was added. */
  readonly #byLook = new Map<string, Map<string, number>>();

  add(name: string): void {
    for (const look of looksOf(name)) {
      const names = this.#byLook.get(look) ?? new Map<string, number>();
      names.set(name, (names.get(name) ?? 0) + 1);
      this.#byLook.set(look, names);
    }
  }

  /** Takes back one `add`; a name that is not there is left alone. */
  remove(name: string): void {
    for (const look of looksOf(name)) {
      const names = this.#byLook.get(look);
      const count = names?.get(name);
      if (!names || count === undefined) continue;
      if (count > 1) names.set(name, count - 1);
      else names.delete(name);
      if (names.size === 0) this.#byLook.delete(look);
    }
  }

  /** Other names that look like this one. The same name in another case or spelling is none of them: it is the name itself. */
  find(name: string): readonly string[] {
    const folded = foldName(name);
    const found = new Set<string>();
    for (const look of looksOf(name)) for (const one of this.#byLook.get(look)?.keys() ?? []) if (foldName(one) !== folded) found.add(one);
    return [...found];
  }
}
