/** Crockford's base 32: digits and letters that people can read out and type, without the ones that look like others. */

export const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
/** No text of this kind is longer. */
const LENGTH_MAX = 256;

/** The values (0 to 31) of a text, whatever its case, hyphens and spaces; `O` is taken for `0`, `I` and `L` for `1`. Null where it holds anything else. */
export function readLetters(text: string): number[] | null {
  if (text.length > LENGTH_MAX) return null;
  const plain = text.toLowerCase().replace(/[-\s]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  const values = Array.from(plain, (letter) => BASE32.indexOf(letter));
  return values.includes(-1) ? null : values;
}
