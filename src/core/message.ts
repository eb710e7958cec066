/** The payload of a message: salt, style, text. */

import { concatBytes, utf8 } from '../lib/bytes.ts';
import { SALT_BYTES } from './op.ts';

export const STYLES = ['text', 'notice', 'action'] as const;
export type Style = (typeof STYLES)[number];

export function encodeMessage(salt: Uint8Array, style: Style, text: string): Uint8Array {
  return concatBytes(salt, Uint8Array.of(STYLES.indexOf(style)), utf8(text));
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Style and text of a payload. Bytes that are no UTF-8 show as U+FFFD, an unknown style as plain text: a payload is never refused. */
export function decodeMessage(payload: Uint8Array): { style: Style; text: string } {
  const style = STYLES[payload[SALT_BYTES] ?? 0] ?? 'text';
  return { style, text: decoder.decode(payload.subarray(SALT_BYTES + 1)) };
}
