/**
 * Ops: what the log is made of. A permanent head, and for content an erasable payload that begins with a random salt, so that nothing can be
 * guessed from the hash that stays when the payload is gone. What the fold needs is in the head, in the body of its kind.
 */

import { DecodeError, Reader, Writer } from '../lib/codec.ts';
import {
  AUTHOR_ID_BYTES,
  type AuthorId,
  authorOf,
  CLIENT_ID_BYTES,
  type ClientId,
  clientOf,
  type MessageId,
  messageId,
  type RoomId,
} from './ids.ts';
import type { HistoryKey } from './order.ts';
import { HASH_BYTES } from './suite.ts';

/** What an op does. Numbers are for ever; a number that this version does not know is stored and relayed. */
export const KIND = {
  news: 0,
  network: 1,
  admit: 2,
  invite: 3,
  guest: 4,
  rename: 5,
  end: 6,
  room: 7,
  join: 8,
  part: 9,
  topic: 10,
  account: 11,
  device: 12,
  session: 13,
  rekey: 14,
  logout: 15,
  deletion: 16,
  role: 17,
  kick: 18,
  ban: 19,
  mute: 20,
  undo: 21,
  checkpoint: 22,
  settle: 23,
  settings: 24,
  privateRoom: 25,
  invitation: 26,
  revoke: 27,
  fork: 28,
  lost: 29,
  remove: 30,
  retain: 31,
  message: 32,
  edit: 33,
  reaction: 34,
  pin: 35,
  read: 36,
  prefer: 37,
  report: 38,
} as const;

/** Kinds from here on are content: they count in content feeds only, the others in governance feeds only. */
export const CONTENT_KIND_MIN = 32;

/** The permanent part of an op. */
export interface Head {
  readonly kind: number;
  readonly author: AuthorId;
  readonly client: ClientId;
  /** Where it happens; empty where it happens in no room. */
  readonly room: RoomId | '';
  /** What it is about; empty where it is about nothing. */
  readonly target: MessageId | '';
  /** The highest history key the author's session had been shown or acknowledged; 0 for none. */
  readonly after: HistoryKey;
  /** What else the kind needs, in its own encoding. */
  readonly body: Uint8Array;
  /** SHA-256 of the payload; null where the kind has none. */
  readonly payloadHash: Uint8Array | null;
}

export interface Op {
  readonly head: Head;
  /** Salt and content; null where there is none, or where it was erased. */
  readonly payload: Uint8Array | null;
}

export const SALT_BYTES = 16;
/** A room's id in bytes: `#` and a name of 64 letters of at most 4 bytes. */
export const ROOM_ID_BYTES_MAX = 260;
/** The body of a head, in bytes. */
export const BODY_BYTES_MAX = 49_152;
/** A payload in bytes: salt, style and a text at its limit, with room to grow. */
export const PAYLOAD_BYTES_MAX = 32_768;

export const NO_BYTES: Uint8Array = new Uint8Array(0);

const HAS_TARGET = 1;
const HAS_PAYLOAD = 2;
const HAS_BODY = 4;

export function writeHead(writer: Writer, head: Head): void {
  const flags = (head.target ? HAS_TARGET : 0) | (head.payloadHash ? HAS_PAYLOAD : 0) | (head.body.length ? HAS_BODY : 0);
  writer.varint(head.kind).u8(flags).hex(head.author).hex(head.client).text(head.room).varint(head.after);
  if (head.target) writer.hex(clientOf(head.target)).hex(authorOf(head.target));
  if (head.body.length) writer.blob(head.body);
  if (head.payloadHash) writer.raw(head.payloadHash);
}

export function readHead(reader: Reader): Head {
  const kind = reader.varint();
  const flags = reader.u8();
  if (flags > (HAS_TARGET | HAS_PAYLOAD | HAS_BODY)) throw new DecodeError('an op with parts this version does not know');
  const author = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
  const client = reader.hex(CLIENT_ID_BYTES) as ClientId;
  const room = reader.text(ROOM_ID_BYTES_MAX) as RoomId;
  const after = reader.varint();
  const target = flags & HAS_TARGET ? readMessageId(reader) : '';
  const body = flags & HAS_BODY ? reader.blob(BODY_BYTES_MAX) : NO_BYTES;
  if (flags & HAS_BODY && body.length === 0) throw new DecodeError('an empty body');
  const payloadHash = flags & HAS_PAYLOAD ? reader.raw(HASH_BYTES) : null;
  return { kind, author, client, room, target, after, body, payloadHash };
}

function readMessageId(reader: Reader): MessageId {
  const client = reader.hex(CLIENT_ID_BYTES) as ClientId;
  return messageId(reader.hex(AUTHOR_ID_BYTES) as AuthorId, client);
}

/** The bytes of a head, which say whether two submissions of one id are the same message. */
export function headBytes(head: Head): Uint8Array {
  const writer = new Writer(128);
  writeHead(writer, head);
  return writer.done();
}

/** The payloads of an entry, in the order of its heads: a missing one is a zero, another its length plus one and its bytes. */
export function writePayloads(payloads: readonly (Uint8Array | null)[]): Uint8Array {
  const writer = new Writer(1024);
  for (const payload of payloads) {
    writer.varint(payload ? payload.length + 1 : 0);
    if (payload) writer.raw(payload);
  }
  return writer.done();
}

export function readPayloads(bytes: Uint8Array, count: number): (Uint8Array | null)[] {
  const reader = new Reader(bytes);
  const payloads: (Uint8Array | null)[] = [];
  for (let i = 0; i < count; i++) {
    const size = reader.count(PAYLOAD_BYTES_MAX + 1);
    payloads.push(size ? reader.raw(size - 1) : null);
  }
  reader.finish();
  return payloads;
}
