/** Messages of another time and place as ops of an import feed. Everything in them follows from their content, so importing twice adds nothing. */

import { toHex } from '../lib/bytes.ts';
import { Writer } from '../lib/codec.ts';
import { HLC_PER_MS } from './hlc.ts';
import { type ClientId, type RoomId, standInId } from './ids.ts';
import { nickBody } from './kinds/message.ts';
import { encodeMessage, type Style } from './message.ts';
import { KIND, type Op, SALT_BYTES } from './op.ts';
import type { Hashing } from './suite.ts';

export interface ImportedLine {
  readonly room: RoomId;
  readonly atMs: number;
  readonly nick: string;
  readonly style: Style;
  readonly text: string;
  /** How many equal ones came before it. */
  readonly n: number;
}

/** The op of one line: its id is SHA-256 of room, time, nick, text and n; its history key is its time. */
export function importedOp(hashing: Hashing, line: ImportedLine): Op {
  const bytes = new Writer(256).text(line.room).varint(line.atMs).text(line.nick).text(line.text).varint(line.n).view();
  const hash = hashing.sha256(bytes);
  const payload = encodeMessage(hash.subarray(SALT_BYTES), line.style, line.text);
  const head = {
    kind: KIND.message,
    author: standInId(hashing, line.nick),
    client: toHex(hash, 0, SALT_BYTES) as ClientId,
    room: line.room,
    target: '' as const,
    after: line.atMs * HLC_PER_MS - 1,
    body: nickBody(line.nick),
    payloadHash: hashing.sha256(payload),
  };
  return { head, payload };
}
