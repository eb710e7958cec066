/**
 * Frames: what nodes say to each other on a link. Kinds and their encoding; every list and text has a limit.
 *
 * A kind that this version does not know is skipped by the receiver, so a newer node can say more; bytes that break the encoding close the link.
 */

import { type Chain, encodeChain, INVITE_ID_BYTES, NODE_NAME_BYTES_MAX, readChain } from '../core/admission.ts';
import { ENTRY_BYTES_MAX } from '../core/entry.ts';
import { FORK_PROOF_BYTES_MAX } from '../core/fork-proof.ts';
import { FEED_ID_BYTES, type FeedId, NETWORK_ID_BYTES, type NetworkId, NODE_ID_BYTES, type NodeId } from '../core/ids.ts';
import { SIGNATURE_BYTES } from '../core/suite.ts';
import { type ReadonlyVector, readVector, type Vector, writeVector } from '../core/vector.ts';
import { DecodeError, decoding, Reader, Writer } from '../lib/codec.ts';
import { VITALS_BYTES_MAX } from './vitals.ts';
import { readWhisper, type Whisper, whisperBytes } from './whisper.ts';

/** Versions whose nodes understand each other. */
export const PROTOCOL_VERSION = 3;
export const TOKEN_BYTES = 32;
/** Bits of a feed's id that name its bucket in a digest, and bytes of a bucket's hash. */
export const BUCKET_BITS_MIN = 4;
export const BUCKET_BITS_MAX = 12;
export const BUCKET_HASH_BYTES = 16;
const ADDRESSES_MAX = 32;
/** Members of whom a frame tells the addresses without their word. */
export const HEARD_MAX = 64;
const ADDRESS_BYTES_MAX = 512;
const LINKS_MAX = 1024;
/** Members of which a frame speaks; a network of more would need another overlay. */
const MEMBERS_MAX = 16_384;
const REASON_BYTES_MAX = 512;
const ENTRIES_MAX = 4096;
const SEQS_MAX = 1024;
/** Feeds in one frame of tips. */
export const TIPS_MAX = 64;
const TIP_BYTES = 16;
/** Feeds that are asked about, and proofs, in one frame. */
export const PROOFS_MAX = 256;
/** Feeds that a new link is to push although others are served. */
export const EXCEPT_MAX = 4096;
/** Frames said together, and the bytes of one of them. */
export const SEVERAL_MAX = 4096;
const SEVERAL_BYTES_MAX = 1024 * 1024;
/** A length before bytes, at most. */
const LENGTH_BYTES = 4;
/** Payloads of one entry, with the lengths before them. */
const PAYLOADS_BYTES_MAX = ENTRY_BYTES_MAX * 2;

/** An entry as it travels. */
export interface SealedEntry {
  readonly bytes: Uint8Array;
  readonly payloads: Uint8Array;
}

/** What a node says of itself, signed, passed on by everybody; the newest by `atMs` counts. */
export interface NodeRecord {
  readonly node: NodeId;
  readonly name: string;
  readonly atMs: number;
  /** Its present incarnation's governance feed: grants to an earlier one are over. */
  readonly feed: FeedId;
  readonly addresses: readonly string[];
  /** The peers it is linked with. */
  readonly links: readonly NodeId[];
  /** How it is (see vitals.ts); empty where it does not say. */
  readonly vitals: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a node holds durably, signed, passed on towards the writers; cumulative. */
export interface Have {
  readonly holder: NodeId;
  readonly vector: Vector;
  readonly signature: Uint8Array;
}

/** The beginning of the hash of an entry. */
export interface Tip {
  readonly feed: FeedId;
  readonly seq: number;
  /** 16 bytes. */
  readonly hash: Uint8Array;
}

/** Where a node has holes in a feed: all of them, or the first ones; signed, passed on by everybody, the newest by `atMs` counts. */
export interface HolesWord {
  readonly holder: NodeId;
  readonly feed: FeedId;
  readonly atMs: number;
  /** Rising; none where all were mended. */
  readonly seqs: readonly number[];
  readonly signature: Uint8Array;
}

export type Frame =
  /** The first frame of both sides; a newcomer shows no chain, but the token of its invitation. */
  | { readonly type: 'hello'; readonly network: NetworkId; readonly name: string; readonly chain: Chain; readonly token: Uint8Array }
  /** To a newcomer: it is in. */
  | { readonly type: 'admitted'; readonly chain: Chain }
  /** Why the link will be closed. */
  | { readonly type: 'refused'; readonly reason: string }
  /** All that the sender holds; the answer to a good hello. */
  | { readonly type: 'vector'; readonly vector: ReadonlyVector }
  | { readonly type: 'have'; readonly have: Have }
  | { readonly type: 'entries'; readonly entries: readonly SealedEntry[] }
  /** Send the feed from the entry after `after` on, and go on sending. */
  | { readonly type: 'want'; readonly feed: FeedId; readonly after: number }
  /** Send no entries of this feed until wanted; what is held is told all the same. */
  | { readonly type: 'prune'; readonly feed: FeedId }
  | { readonly type: 'record'; readonly record: NodeRecord }
  | { readonly type: 'ping'; readonly atMs: number }
  /** The ping’s own time, and what the wall clock of the sender shows, in ms since 1970. */
  | { readonly type: 'pong'; readonly atMs: number; readonly wallMs: number }
  | { readonly type: 'holes'; readonly word: HolesWord }
  /** Send these entries, which were held here and are not any more. */
  | { readonly type: 'fetch'; readonly feed: FeedId; readonly seqs: readonly number[] }
  /** The last entries of feeds that rose, by the beginnings of their hashes. */
  | { readonly type: 'tips'; readonly tips: readonly Tip[] }
  /** Entries wait at the sender for more of these feeds: is one of them proved to be forked? */
  | { readonly type: 'awaited'; readonly feeds: readonly FeedId[] }
  /** It is. */
  | { readonly type: 'proofs'; readonly proofs: readonly Uint8Array[] }
  /** Whose records the sender has, and how new they are. */
  | { readonly type: 'known'; readonly records: ReadonlyMap<NodeId, number> }
  /** How members can be reached from whom the sender has no record yet, since it was started: nobody’s signed word, good for a call and nothing else. */
  | { readonly type: 'heard'; readonly addresses: ReadonlyMap<NodeId, readonly string[]> }
  /** Of all that the sender holds a part; `vector` is the last. */
  | { readonly type: 'vector part'; readonly vector: ReadonlyVector }
  /** What the sender holds: the feeds that are written now, and of the others a hash for each bucket of their ids. */
  | { readonly type: 'digest'; readonly recent: ReadonlyVector; readonly bits: number; readonly hashes: Uint8Array }
  /** The answer: the buckets that are unlike here, and what is held of them and of the recent feeds. */
  | { readonly type: 'unlike'; readonly buckets: readonly number[]; readonly vector: ReadonlyVector }
  /** The sender has these from another neighbour as fast as they come: not to be pushed until wanted, but for the feeds named. */
  | { readonly type: 'served'; readonly except: readonly FeedId[] }
  /** The sender has links enough and parts from this one; neither side calls the other again for it. */
  | { readonly type: 'part' }
  /** `hops`: over how many links it came here, this one not counted. */
  | { readonly type: 'whisper'; readonly whisper: Whisper; readonly hops: number }
  /** Frames said together; none of them is itself of this kind. */
  | { readonly type: 'several'; readonly frames: readonly Frame[] }
  | { readonly type: 'unknown' };

/** What can be said by itself; frames are gathered when they are encoded. */
export type SaidFrame = Exclude<Frame, { type: 'unknown' | 'several' }>;

const TYPES = [
  'hello',
  'admitted',
  'refused',
  'vector',
  'have',
  'entries',
  'want',
  'prune',
  'record',
  'ping',
  'pong',
  'several',
  'known',
  'part',
  'heard',
  'vector part',
  'digest',
  'unlike',
  'served',
  'holes',
  'fetch',
  'tips',
  'whisper',
  'awaited',
  'proofs',
] as const;

/** The part of a record that is signed. */
export function recordBytes(network: NetworkId, record: Omit<NodeRecord, 'signature'>): Uint8Array {
  const writer = new Writer(256).hex(network).hex(record.node).text(record.name).varint(record.atMs).hex(record.feed);
  writeAddresses(writer, record.addresses);
  writer.varint(record.links.length);
  for (const link of record.links) writer.hex(link);
  return writer.blob(record.vitals).done();
}

/** The part of a have that is signed. */
export function haveBytes(network: NetworkId, have: Omit<Have, 'signature'>): Uint8Array {
  const writer = new Writer(128).hex(network).hex(have.holder);
  writeVector(writer, have.vector);
  return writer.done();
}

/** The part of a word about holes that is signed. */
export function holesBytes(network: NetworkId, word: Omit<HolesWord, 'signature'>): Uint8Array {
  const writer = new Writer(128).hex(network).hex(word.holder).hex(word.feed).varint(word.atMs);
  return writeSeqs(writer, word.seqs).done();
}

function readTip(reader: Reader): Tip {
  return { feed: reader.hex(FEED_ID_BYTES) as FeedId, seq: reader.varint(), hash: reader.raw(TIP_BYTES) };
}

/** Rising numbers, as their steps. */
function writeSeqs(writer: Writer, seqs: readonly number[]): Writer {
  writer.varint(seqs.length);
  let before = 0;
  for (const seq of seqs) {
    writer.varint(seq - before);
    before = seq;
  }
  return writer;
}

function readSeqs(reader: Reader): number[] {
  let before = 0;
  return Array.from({ length: reader.count(SEQS_MAX) }, () => {
    const step = reader.varint();
    if (step === 0 || before + step > Number.MAX_SAFE_INTEGER) throw new DecodeError('numbers out of order');
    before += step;
    return before;
  });
}

export const HOLES_TAG = 'skein/holes/1';
export const RECORD_TAG = 'skein/record/1';
export const HAVE_TAG = 'skein/have/1';

/** The size of a frame of entries, or a little more: most bytes of a node are in these, and a buffer that has to grow costs them several times. */
function entriesBytes(entries: readonly SealedEntry[]): number {
  return entries.reduce((sum, { bytes, payloads }) => sum + bytes.length + payloads.length + 2 * LENGTH_BYTES, 2 * LENGTH_BYTES);
}

export function encodeFrame(network: NetworkId, frame: SaidFrame): Uint8Array {
  const writer = new Writer(frame.type === 'entries' ? entriesBytes(frame.entries) : 256);
  writer.u8(TYPES.indexOf(frame.type) + 1);
  switch (frame.type) {
    case 'hello':
      writer.varint(PROTOCOL_VERSION).hex(frame.network).text(frame.name).raw(encodeChain(frame.chain)).blob(frame.token);
      break;
    case 'admitted':
      writer.raw(encodeChain(frame.chain));
      break;
    case 'refused':
      writer.text(frame.reason);
      break;
    case 'vector':
    case 'vector part':
      writeVector(writer, frame.vector);
      break;
    case 'have':
      writer.raw(haveBytes(network, frame.have)).raw(frame.have.signature);
      break;
    case 'entries':
      writer.varint(frame.entries.length);
      for (const entry of frame.entries) writer.blob(entry.bytes).blob(entry.payloads);
      break;
    case 'want':
      writer.hex(frame.feed).varint(frame.after);
      break;
    case 'prune':
      writer.hex(frame.feed);
      break;
    case 'record':
      writer.raw(recordBytes(network, frame.record)).raw(frame.record.signature);
      break;
    case 'pong':
      writer.varint(frame.atMs).varint(frame.wallMs);
      break;
    case 'ping':
      writer.varint(frame.atMs);
      break;
    case 'holes':
      writer.raw(holesBytes(network, frame.word)).raw(frame.word.signature);
      break;
    case 'whisper':
      writer.raw(whisperBytes(network, frame.whisper)).raw(frame.whisper.signature).u8(frame.hops);
      break;
    case 'tips':
      writer.varint(frame.tips.length);
      for (const { feed, seq, hash } of frame.tips) writer.hex(feed).varint(seq).raw(hash);
      break;
    case 'awaited':
      writer.varint(frame.feeds.length);
      for (const feed of frame.feeds) writer.hex(feed);
      break;
    case 'proofs':
      writer.varint(frame.proofs.length);
      for (const proof of frame.proofs) writer.blob(proof);
      break;
    case 'fetch':
      writeSeqs(writer.hex(frame.feed), frame.seqs);
      break;
    case 'known':
      writer.varint(frame.records.size);
      for (const [node, atMs] of frame.records) writer.hex(node).varint(atMs);
      break;
    case 'part':
      break;
    case 'served':
      writer.varint(frame.except.length);
      for (const feed of frame.except) writer.hex(feed);
      break;
    case 'digest':
      writeVector(writer, frame.recent);
      writer.u8(frame.bits).raw(frame.hashes);
      break;
    case 'unlike':
      writer.varint(frame.buckets.length);
      for (const bucket of frame.buckets) writer.varint(bucket);
      writeVector(writer, frame.vector);
      break;
    case 'heard':
      writer.varint(frame.addresses.size);
      for (const [node, addresses] of frame.addresses) writeAddresses(writer.hex(node), addresses);
      break;
  }
  return writer.done();
}

/** Frames that were encoded, as one. */
export function encodeSeveral(frames: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer(frames.reduce((sum, { length }) => sum + length + 4, 8));
  writer.u8(TYPES.indexOf('several') + 1).varint(frames.length);
  for (const frame of frames) writer.blob(frame);
  return writer.done();
}

/** Reads a frame; bytes that are none become an Error value. */
export function decodeFrame(network: NetworkId, bytes: Uint8Array): Frame | Error {
  return decoding(() => {
    return readWhole(network, bytes);
  });
}

function readWhole(network: NetworkId, bytes: Uint8Array): Frame {
  const reader = new Reader(bytes);
  const frame = readFrame(network, reader);
  if (frame.type !== 'unknown') reader.finish();
  return frame;
}

function readSeveral(network: NetworkId, reader: Reader): Frame {
  const frames = Array.from({ length: reader.count(SEVERAL_MAX) }, () => {
    const bytes = reader.blob(SEVERAL_BYTES_MAX);
    if (TYPES[(bytes[0] ?? 0) - 1] === 'several') throw new DecodeError('frames within frames within frames');
    return readWhole(network, bytes);
  });
  return { type: 'several', frames };
}

function readFrame(network: NetworkId, reader: Reader): Frame {
  const type = TYPES[reader.u8() - 1];
  switch (type) {
    case 'hello':
      return readHello(reader);
    case 'admitted':
      return { type, chain: readChain(reader) };
    case 'refused':
      return { type, reason: reader.text(REASON_BYTES_MAX) };
    case 'vector':
    case 'vector part':
      return { type, vector: readVector(reader) };
    case 'digest':
      return readDigest(reader);
    case 'unlike':
      return { type, buckets: readBuckets(reader), vector: readVector(reader) };
    case 'have': {
      sameNetwork(network, reader);
      const holder = reader.hex(NODE_ID_BYTES) as NodeId;
      return { type, have: { holder, vector: readVector(reader), signature: reader.raw(SIGNATURE_BYTES) } };
    }
    case 'entries':
      return { type, entries: readEntries(reader) };
    case 'want':
      return { type, feed: reader.hex(FEED_ID_BYTES) as FeedId, after: reader.varint() };
    case 'prune':
      return { type, feed: reader.hex(FEED_ID_BYTES) as FeedId };
    case 'record':
      sameNetwork(network, reader);
      return { type, record: readRecord(reader) };
    case 'pong':
      return { type, atMs: reader.varint(), wallMs: reader.varint() };
    case 'ping':
      return { type, atMs: reader.varint() };
    case 'holes': {
      sameNetwork(network, reader);
      const [holder, feed] = [reader.hex(NODE_ID_BYTES) as NodeId, reader.hex(FEED_ID_BYTES) as FeedId];
      return { type, word: { holder, feed, atMs: reader.varint(), seqs: readSeqs(reader), signature: reader.raw(SIGNATURE_BYTES) } };
    }
    case 'tips':
      return { type, tips: Array.from({ length: reader.count(TIPS_MAX) }, () => readTip(reader)) };
    case 'whisper':
      sameNetwork(network, reader);
      return { type, whisper: readWhisper(reader), hops: reader.u8() };
    case 'awaited':
      return { type, feeds: Array.from({ length: reader.count(PROOFS_MAX) }, () => reader.hex(FEED_ID_BYTES) as FeedId) };
    case 'proofs':
      return { type, proofs: Array.from({ length: reader.count(PROOFS_MAX) }, () => reader.blob(FORK_PROOF_BYTES_MAX)) };
    case 'fetch':
      return { type, feed: reader.hex(FEED_ID_BYTES) as FeedId, seqs: readSeqs(reader) };
    case 'several':
      return readSeveral(network, reader);
    case 'known':
      return { type, records: readKnown(reader) };
    case 'part':
      return { type };
    case 'served':
      return { type, except: Array.from({ length: reader.count(EXCEPT_MAX) }, () => reader.hex(FEED_ID_BYTES) as FeedId) };
    case 'heard':
      return { type, addresses: readHeard(reader) };
    default:
      return { type: 'unknown' };
  }
}

function sameNetwork(network: NetworkId, reader: Reader): void {
  if (reader.hex(NETWORK_ID_BYTES) !== network) throw new DecodeError('the frame is of another network');
}

function readHello(reader: Reader): Frame {
  if (reader.varint() !== PROTOCOL_VERSION) throw new DecodeError('the peer speaks another version of the protocol');
  const network = reader.hex(NETWORK_ID_BYTES) as NetworkId;
  const name = reader.text(NODE_NAME_BYTES_MAX);
  return { type: 'hello', network, name, chain: readChain(reader), token: reader.blob(TOKEN_BYTES) };
}

function readEntries(reader: Reader): SealedEntry[] {
  const count = reader.count(ENTRIES_MAX);
  return Array.from({ length: count }, () => ({ bytes: reader.blob(ENTRY_BYTES_MAX), payloads: reader.blob(PAYLOADS_BYTES_MAX) }));
}

function readKnown(reader: Reader): Map<NodeId, number> {
  const records = new Map<NodeId, number>();
  for (let left = reader.count(MEMBERS_MAX); left > 0; left--) records.set(reader.hex(NODE_ID_BYTES) as NodeId, reader.varint());
  return records;
}

function readDigest(reader: Reader): Frame {
  const recent = readVector(reader);
  const bits = reader.u8();
  if (bits < BUCKET_BITS_MIN || bits > BUCKET_BITS_MAX) throw new DecodeError('a digest of too few or too many buckets');
  return { type: 'digest', recent, bits, hashes: reader.raw(BUCKET_HASH_BYTES << bits) };
}

function readBuckets(reader: Reader): number[] {
  return Array.from({ length: reader.count(1 << BUCKET_BITS_MAX) }, () => reader.count((1 << BUCKET_BITS_MAX) - 1));
}

function writeAddresses(writer: Writer, addresses: readonly string[]): void {
  writer.varint(addresses.length);
  for (const address of addresses) writer.text(address);
}

function readAddresses(reader: Reader): string[] {
  return Array.from({ length: reader.count(ADDRESSES_MAX) }, () => reader.text(ADDRESS_BYTES_MAX));
}

function readHeard(reader: Reader): Map<NodeId, readonly string[]> {
  const heard = new Map<NodeId, readonly string[]>();
  for (let left = reader.count(HEARD_MAX); left > 0; left--) heard.set(reader.hex(NODE_ID_BYTES) as NodeId, readAddresses(reader));
  return heard;
}

function readRecord(reader: Reader): NodeRecord {
  const node = reader.hex(NODE_ID_BYTES) as NodeId;
  const name = reader.text(NODE_NAME_BYTES_MAX);
  const atMs = reader.varint();
  const feed = reader.hex(FEED_ID_BYTES) as FeedId;
  const addresses = readAddresses(reader);
  const links = Array.from({ length: reader.count(LINKS_MAX) }, () => reader.hex(NODE_ID_BYTES) as NodeId);
  const vitals = reader.blob(VITALS_BYTES_MAX);
  return { node, name, atMs, feed, addresses, links, vitals, signature: reader.raw(SIGNATURE_BYTES) };
}

/** The invitation's id: a hash of its token, so that the log can name it. */
export const INVITE_TAG = 'skein/invite/1';
export const INVITE_ID_LENGTH = INVITE_ID_BYTES;
