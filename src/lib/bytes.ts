/** Byte strings: hexadecimal text, comparison, joining. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** The codes of the sixteen digits. */
const DIGIT = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));

/** Lower-case hexadecimal of some bytes. Its order by code unit is the order of the bytes. */
export function toHex(bytes: Uint8Array, from = 0, to = bytes.length): string {
  let text = '';
  let i = from;
  for (; i + 8 <= to; i += 8) text += hexOf8(bytes, i);
  for (; i < to; i++) text += HEX[bytes[i]!];
  return text;
}

/** The digits of eight bytes in one text: ids are read by the million, and each joining of texts leaves garbage. */
function hexOf8(b: Uint8Array, i: number): string {
  const [c, d, e, f] = [b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!];
  const [g, h, j, k] = [b[i + 4]!, b[i + 5]!, b[i + 6]!, b[i + 7]!];
  return String.fromCharCode(
    DIGIT[c >> 4]!,
    DIGIT[c & 15]!,
    DIGIT[d >> 4]!,
    DIGIT[d & 15]!,
    DIGIT[e >> 4]!,
    DIGIT[e & 15]!,
    DIGIT[f >> 4]!,
    DIGIT[f & 15]!,
    DIGIT[g >> 4]!,
    DIGIT[g & 15]!,
    DIGIT[h >> 4]!,
    DIGIT[h & 15]!,
    DIGIT[j >> 4]!,
    DIGIT[j & 15]!,
    DIGIT[k >> 4]!,
    DIGIT[k & 15]!,
  );
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** Bytes of lower-case hexadecimal text. Throws a RangeError on anything else. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  putHex(bytes, 0, text);
  return bytes;
}

/** Writes the bytes of hexadecimal text where there is room for them. Throws as fromHex does. */
export function putHex(bytes: Uint8Array, at: number, text: string): void {
  if (text.length % 2 === 1) throw new RangeError('not hexadecimal');
  for (let i = 0; i < text.length; i += 2) {
    const high = nibble(text.charCodeAt(i));
    const low = nibble(text.charCodeAt(i + 1));
    if (high < 0 || low < 0) throw new RangeError('not hexadecimal');
    bytes[at + (i >> 1)] = (high << 4) | low;
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A total order of texts by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const encoder = new TextEncoder();

/** UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
