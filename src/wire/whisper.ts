/** Whispers: what goes around the log, as it travels. Somebody types, or is away; nothing rests on its coming. */

import type { Target } from '../core/commands.ts';
import type { RoomId } from '../core/ids.ts';
import { AUTHOR_ID_BYTES, type AuthorId, FEED_ID_BYTES, type FeedId, type NetworkId, NODE_ID_BYTES, type NodeId } from '../core/ids.ts';
import { SIGNATURE_BYTES } from '../core/suite.ts';
import { DecodeError, type Reader, Writer } from '../lib/codec.ts';

/** Somebody types, or does not any more; or is away, with a text, or (empty) back. */
export type Said =
  | { readonly type: 'typing'; readonly to: Target; readonly on: boolean }
  | { readonly type: 'away'; readonly text: string };

/** A word of a node about somebody with a session there, signed; everybody passes it on once. */
export interface Whisper {
  readonly node: NodeId;
  /** The governance feed of the node's incarnation. */
  readonly feed: FeedId;
  /** The node's own: in one incarnation it only rises. */
  readonly number: number;
  readonly author: AuthorId;
  readonly said: Said;
  readonly signature: Uint8Array;
}

export const WHISPER_TAG = 'skein/whisper/1';

const TYPING_OFF = 0;
const TYPING_ON = 1;
const AWAY = 2;
const TO_ROOM = 0;
const TO_AUTHOR = 1;
const ROOM_BYTES_MAX = 512;
const AWAY_BYTES_MAX = 2048;

/** The part of a whisper that is signed. */
export function whisperBytes(network: NetworkId, { node, feed, number, author, said }: Omit<Whisper, 'signature'>): Uint8Array {
  const writer = new Writer(192).hex(network).hex(node).hex(feed).varint(number).hex(author);
  if (said.type === 'away') return writer.u8(AWAY).text(said.text).done();
  writer.u8(said.on ? TYPING_ON : TYPING_OFF);
  return ('room' in said.to ? writer.u8(TO_ROOM).text(said.to.room) : writer.u8(TO_AUTHOR).hex(said.to.author)).done();
}

/** Reads a whisper from behind the network's id on. */
export function readWhisper(reader: Reader): Whisper {
  const [node, feed] = [reader.hex(NODE_ID_BYTES) as NodeId, reader.hex(FEED_ID_BYTES) as FeedId];
  const [number, author] = [reader.varint(), reader.hex(AUTHOR_ID_BYTES) as AuthorId];
  return { node, feed, number, author, said: readSaid(reader), signature: reader.raw(SIGNATURE_BYTES) };
}

function readSaid(reader: Reader): Said {
  const what = reader.u8();
  if (what === AWAY) return { type: 'away', text: reader.text(AWAY_BYTES_MAX) };
  if (what !== TYPING_ON && what !== TYPING_OFF) throw new DecodeError('a whisper of what this version does not know');
  return { type: 'typing', to: readTarget(reader), on: what === TYPING_ON };
}

function readTarget(reader: Reader): Target {
  const kind = reader.u8();
  if (kind === TO_ROOM) return { room: reader.text(ROOM_BYTES_MAX) as RoomId };
  if (kind === TO_AUTHOR) return { author: reader.hex(AUTHOR_ID_BYTES) as AuthorId };
  throw new DecodeError('a whisper to nobody');
}
