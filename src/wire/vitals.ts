/**
 * How a node is, by its own word; it rides in the node's record. Bytes within the record, so that later versions say more and earlier ones pass it on as it is. Nothing
 * rests on it.
 */

import { decoding, Reader, Writer } from '../lib/codec.ts';

export interface Vitals {
  /** Of the program. */
  readonly version: string;
  /** When it was started, in ms since 1970 by its own clock. */
  readonly startedMs: number;
  /** What its log and views take on the disk. */
  readonly storeBytes: number;
  /** How late its loop ran lately, 99 % of the time, in ms. */
  readonly lateMs: number;
  /** Entries that are damaged there, and were not mended yet. */
  readonly holes: number;
  /** Whether its disk takes writes. */
  readonly writes: boolean;
}

export const VITALS_BYTES_MAX = 256;
const VERSION_BYTES_MAX = 64;

export function vitalsBytes({ version, startedMs, storeBytes, lateMs, holes, writes }: Vitals): Uint8Array {
  const writer = new Writer(64).text(version.slice(0, VERSION_BYTES_MAX / 4)).varint(Math.floor(startedMs));
  for (const number of [storeBytes, lateMs, holes]) writer.varint(Math.max(0, Math.round(number)));
  return writer.u8(writes ? 1 : 0).done();
}

/** What the bytes of a record say; what comes behind it is of later versions. Null where a node says nothing, or nothing that can be read. */
export function readVitals(bytes: Uint8Array): Vitals | null {
  const read = decoding(() => {
    const reader = new Reader(bytes);
    const [version, startedMs] = [reader.text(VERSION_BYTES_MAX), reader.varint()];
    return { version, startedMs, storeBytes: reader.varint(), lateMs: reader.varint(), holes: reader.varint(), writes: reader.u8() === 1 };
  });
  return read instanceof Error ? null : read;
}
