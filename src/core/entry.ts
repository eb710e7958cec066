/**
 * Entries: batches of ops committed together. One entry is one signature, one place in a chain, and one frame on a link.
 *
 * What is signed is a summary of the entry (see summary.ts); its hash, which the next one carries, covers the bytes as they came, signature included. Payloads lie
 * beside the entry, so that they can be erased; each head holds the hash of its own.
 *
 * Governance entries depend on governance alone, so that a newcomer can have it whole before any content. A content entry names how much of
 * its own governance feed it rests on (`governance`), so whether a grant was in force is decided by the entry itself.
 */

import { equalBytes } from '../lib/bytes.ts';
import { DecodeError, Reader, Writer } from '../lib/codec.ts';
import { chainFault } from './admission.ts';
import { FEED_KIND, type FeedHeader, type FeedInfo, feedInfo, readFeedHeader, writeFeedHeader } from './feed.ts';
import { CLOCK_MAX, type Hlc } from './hlc.ts';
import { FEED_ID_BYTES, type FeedId, NETWORK_ID_BYTES, type NetworkId } from './ids.ts';
import { type Head, type Op, readHead, readPayloads, writeHead, writePayloads } from './op.ts';
import { HASH_BYTES, type KeyPair, SIGNATURE_BYTES, type Suite } from './suite.ts';
import { ENTRY_FORMAT, ENTRY_TAG, entryHash, isSummarySigned, signatureOf, summarise, writeBeginning } from './summary.ts';
import { type ReadonlyVector, readVector, writeVector } from './vector.ts';

/** Ops in one entry. */
export const ENTRY_OPS_MAX = 256;
/** Bytes of one entry, and of its payloads together. */
export const ENTRY_BYTES_MAX = 65_536;
export const NO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

export interface Entry {
  readonly network: NetworkId;
  readonly feed: FeedId;
  /** From 1 on, without gaps. */
  readonly seq: number;
  readonly prevHash: Uint8Array;
  readonly hlc: Hlc;
  /** How many entries of the feed's sibling its ops rest on; 0 in a governance feed. */
  readonly governance: number;
  /** What the writer held beyond what it held at the entry before, without this feed and its sibling. */
  readonly deps: ReadonlyVector;
  /** In the first entry of a feed. */
  readonly header: FeedHeader | null;
  readonly heads: readonly Head[];
  /** What its node signed of it. */
  readonly summary: Uint8Array;
  /** The entry as it travels and is kept. */
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  /** The payloads as they travel and are kept; see writePayloads. */
  readonly payloads: Uint8Array;
}

/** Where a feed's next entry goes. */
export interface FeedTip {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly hlc: Hlc;
}

export const NO_TIP: FeedTip = { seq: 0, hash: NO_HASH, hlc: 0 };

/** What a writer puts into its next entry. */
export interface Draft {
  readonly network: NetworkId;
  readonly feed: FeedId;
  readonly tip: FeedTip;
  readonly hlc: Hlc;
  readonly governance: number;
  readonly deps: ReadonlyVector;
  readonly header: FeedHeader | null;
  readonly ops: readonly Op[];
}

/** Encodes, chains and signs an entry. */
export function sealEntry(suite: Suite, key: KeyPair, draft: Draft): Entry {
  const seq = draft.tip.seq + 1;
  const writer = writeBeginning(new Writer(4096), { network: draft.network, feed: draft.feed, seq, prevHash: draft.tip.hash });
  const begun = writer.length;
  writer.varint(draft.hlc).varint(draft.governance);
  writeVector(writer, draft.deps);
  if (draft.header) writeFeedHeader(writer, draft.header);
  writer.varint(draft.ops.length);
  for (const op of draft.ops) writeHead(writer, op.head);
  const summary = summarise(suite, writer.view().subarray(0, begun), writer.view().subarray(begun));
  writer.raw(key.sign(ENTRY_TAG, summary));
  const bytes = writer.done();
  return {
    network: draft.network,
    feed: draft.feed,
    seq,
    prevHash: draft.tip.hash,
    hlc: draft.hlc,
    governance: draft.governance,
    deps: draft.deps,
    header: draft.header,
    heads: draft.ops.map((op) => op.head),
    summary,
    bytes,
    hash: entryHash(suite, { summary, bytes }),
    payloads: writePayloads(draft.ops.map((op) => op.payload)),
  };
}

/** Reads an entry from its bytes; checks its form and nothing else. Throws DecodeError. */
export function readEntry(suite: Suite, bytes: Uint8Array, payloads: Uint8Array): Entry {
  const reader = new Reader(bytes, 0, bytes.length - SIGNATURE_BYTES);
  if (reader.u8() !== ENTRY_FORMAT) throw new DecodeError('the entry has a format this version does not read');
  const network = reader.hex(NETWORK_ID_BYTES) as NetworkId;
  const feed = reader.hex(FEED_ID_BYTES) as FeedId;
  const seq = reader.varint();
  const prevHash = reader.raw(HASH_BYTES);
  const begun = reader.at;
  const hlc = reader.varint();
  const governance = reader.varint();
  const deps = readVector(reader);
  const header = seq === 1 ? readFeedHeader(reader) : null;
  const count = reader.count(ENTRY_OPS_MAX);
  const heads = Array.from({ length: count }, () => readHead(reader));
  reader.finish();
  const summary = summarise(suite, bytes.subarray(0, begun), bytes.subarray(begun, reader.end));
  const hash = entryHash(suite, { summary, bytes });
  return { network, feed, seq, prevHash, hlc, governance, deps, header, heads, summary, bytes, hash, payloads };
}

/** Clock, governance and deps stand before all else in the bytes of an entry: for whoever wants nothing more of many. */
function front(bytes: Uint8Array): Reader {
  const reader = new Reader(bytes);
  reader.raw(1 + NETWORK_ID_BYTES + FEED_ID_BYTES);
  reader.varint();
  reader.raw(HASH_BYTES);
  return reader;
}

/** Bytes of an entry in which its clock is, whatever else it holds. */
export const CLOCK_WITHIN_BYTES = 128;

/** The clock alone of an entry that begins so. Throws DecodeError. */
export function readClock(bytes: Uint8Array): Hlc {
  return front(bytes).varint();
}

/** The deps alone of an entry, and how much governance it rests on. Throws DecodeError. */
export function readDeps(bytes: Uint8Array): Pick<Entry, 'governance' | 'deps'> {
  const reader = front(bytes);
  reader.varint();
  return { governance: reader.varint(), deps: readVector(reader) };
}

/** The payloads of an entry, one for each head. Throws DecodeError. */
export function payloadsOf(entry: Entry): (Uint8Array | null)[] {
  return readPayloads(entry.payloads, entry.heads.length);
}

/** Why an entry cannot be what follows `tip` in its feed; null where it can. Deps, and missing payloads, are judged by whoever holds the vector and the law. */
export function entryFault(suite: Suite, network: NetworkId, info: FeedInfo | undefined, tip: FeedTip, entry: Entry): string | null {
  if (entry.network !== network) return 'the entry is of another network';
  if (entry.seq !== tip.seq + 1) return 'the entry is not the next of its feed';
  if (!equalBytes(entry.prevHash, tip.hash)) return 'the entry does not follow its feed’s chain';
  if (entry.hlc > CLOCK_MAX || entry.heads.some(({ after }) => after >= CLOCK_MAX)) return 'the entry’s clock is beyond the end of time';
  if (entry.hlc <= tip.hlc) return 'the entry’s clock does not advance';
  const known = entry.header ? feedInfo(suite, network, entry.header) : info;
  if (!known || known.feed !== entry.feed) return 'the feed is not what its header says';
  if (entry.deps.has(entry.feed) || entry.deps.has(known.sibling)) return 'the entry names its own feeds as deps';
  if (known.kind === FEED_KIND.governance && entry.governance !== 0) return 'a governance entry rests on itself';
  if (entry.header) {
    const fault = chainFault(suite, network, known.node, entry.header.chain);
    if (fault) return fault;
  }
  return entrySignatureFault(suite, known, entry) ?? payloadFault(suite, entry);
}

/** Whether the feed's node signed the entry. */
export function entrySignatureFault(suite: Suite, info: FeedInfo, entry: Entry): string | null {
  return isSummarySigned(suite, info.node, entry.summary, signatureOf(entry)) ? null : 'the entry’s signature is wrong';
}

/**
 * Why the payloads are not those the heads name; null where they are. One that is missing is no fault here: it may be erased by right (see erasure.ts).
 * Throws DecodeError where they are not payloads at all.
 */
export function payloadFault(suite: Suite, entry: Entry): string | null {
  const payloads = payloadsOf(entry);
  for (const [i, head] of entry.heads.entries()) {
    const payload = payloads[i]!;
    if (payload && !head.payloadHash) return 'a payload is there where none belongs';
    if (payload && !equalBytes(suite.sha256(payload), head.payloadHash!)) return 'a payload is not the one its head names';
  }
  return null;
}
