/** Entries on their way to the writer thread, and from the views thread: packed into one buffer, so that handing it over copies nothing else. */

import type { Entry } from '../core/entry.ts';
import { KIND } from '../core/op.ts';
import { Reader, Writer } from '../lib/codec.ts';
import type { FeedRow } from './damage.ts';

export interface PackedEntry {
  readonly feed: Uint8Array;
  /** In the first entry of a feed. */
  readonly header: { readonly node: Uint8Array; readonly kind: number; readonly incarnation: Uint8Array } | null;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly hlc: number;
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
  /** Of the messages in it: the place in the entry, and the id. */
  readonly messages: readonly { readonly index: number; readonly id: Uint8Array }[];
}

const LIMIT = 1 << 24;
/** The numbers beside a row's bytes, at most. */
const ROW_SPARE_BYTES = 24;
/** A message's place and id. */
const MESSAGE_BYTES = 34;
/** What is said of an entry beside its bytes, at most. */
const ENTRY_SPARE_BYTES = 160;

export function packBatch(entries: readonly Entry[]): Uint8Array {
  const writer = new Writer(entries.reduce((sum, entry) => sum + entryBytes(entry), ROW_SPARE_BYTES));
  writer.varint(entries.length);
  for (const entry of entries) packEntry(writer, entry);
  return writer.done();
}

/** What a packed entry takes, or a little more: a buffer that has to grow costs its bytes several times. */
function entryBytes({ bytes, payloads, heads }: Entry): number {
  return bytes.length + payloads.length + heads.length * MESSAGE_BYTES + ENTRY_SPARE_BYTES;
}

function packEntry(writer: Writer, entry: Entry): void {
  writer.hex(entry.feed).u8(entry.header ? 1 : 0);
  if (entry.header) writer.hex(entry.header.node).u8(entry.header.kind).hex(entry.header.incarnation);
  writer.varint(entry.seq).raw(entry.hash).varint(entry.hlc).blob(entry.bytes).blob(entry.payloads);
  const messages = [...entry.heads.entries()].filter(([, head]) => head.kind === KIND.message);
  writer.varint(messages.length);
  for (const [index, head] of messages) writer.varint(index).hex(head.client).hex(head.author);
}

export function unpackBatch(packed: Uint8Array): PackedEntry[] {
  const reader = new Reader(packed);
  return Array.from({ length: reader.count(LIMIT) }, () => ({
    feed: reader.raw(16),
    header: reader.u8() === 1 ? { node: reader.raw(32), kind: reader.u8(), incarnation: reader.raw(16) } : null,
    seq: reader.varint(),
    hash: reader.raw(32),
    hlc: reader.varint(),
    bytes: reader.blob(LIMIT),
    payloads: reader.blob(LIMIT),
    messages: Array.from({ length: reader.count(LIMIT) }, () => ({ index: reader.varint(), id: reader.raw(32) })),
  }));
}

/** Entries of one feed on their way out of the store. */
export function packRows(rows: readonly FeedRow[]): Uint8Array {
  const writer = new Writer(
    rows.reduce((sum, { bytes, payloads }) => sum + bytes.length + payloads.length + ROW_SPARE_BYTES, ROW_SPARE_BYTES),
  );
  writer.varint(rows.length);
  for (const { seq, bytes, payloads } of rows) writer.varint(seq).blob(bytes).blob(payloads);
  return writer.done();
}

export function unpackRows(packed: Uint8Array): FeedRow[] {
  const reader = new Reader(packed);
  return Array.from({ length: reader.count(LIMIT) }, () => ({
    seq: reader.varint(),
    bytes: reader.blob(LIMIT),
    payloads: reader.blob(LIMIT),
  }));
}
