/** Entries gathered into frames of a bounded size. */

import type { Entry } from '../core/entry.ts';
import { FRAME_ENTRIES_BYTES_MAX } from './limits.ts';

/** The lengths before an entry and its payloads, in bytes at most. */
const LENGTHS_BYTES = 16;

/** The entries in their order, in parts that fit a frame; one that is too large for any is a part of its own. */
export function partsOf(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.bytes.length + entry.payloads.length + LENGTHS_BYTES;
    const part = parts.at(-1);
    if (part && bytes + size <= FRAME_ENTRIES_BYTES_MAX) {
      part.push(entry);
      bytes += size;
    } else {
      parts.push([entry]);
      bytes = size;
    }
  }
  return parts;
}
