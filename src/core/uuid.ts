/** Client ids: UUIDv7 (RFC 9562), made from the time and a source of numbers that are handed in. */

import { toHex } from '../lib/bytes.ts';
import type { Random } from '../lib/prng.ts';
import type { ClientId } from './ids.ts';

export function uuidV7(nowMs: number, random: Random): ClientId {
  const bytes = random.bytes(16);
  let rest = Math.floor(nowMs);
  for (let i = 5; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return toHex(bytes) as ClientId;
}
