/**
 * Words that need no grant, as a key's own signature is in them: of an account's key, of a device it certified, of the network's root key.
 *
 * A certificate says that a key may speak for an account, and whether it may change it too. Certificates follow each other up to the account's own key.
 */

import { DecodeError, type Reader, Writer } from '../../lib/codec.ts';
import { type AuthorId, KEY_BYTES, type NetworkId, type NodeId, networkId } from '../ids.ts';
import type { Proof } from '../law/body.ts';
import type { Head } from '../op.ts';
import type { HistoryKey } from '../order.ts';
import type { Device, Void } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from '../suite.ts';
import type { Reading } from './kind.ts';

const CERTIFICATE_TAG = 'skein/certificate/1';
const ACCOUNT_TAG = 'skein/account/1';
const SEAL_TAG = 'skein/seal/1';
/** A session by a device by the account. */
const CERTIFICATES_MAX = 2;

export interface KeyCertificate extends Device {
  /** Holds for ops with a smaller history key; 0 for ever. */
  readonly until: HistoryKey;
  readonly signature: Uint8Array;
}

function certificateBytes(network: NetworkId, account: AuthorId, { key, kind, may, until }: Omit<KeyCertificate, 'signature'>): Uint8Array {
  const writer = new Writer(96).hex(network).hex(account).hex(key);
  return writer
    .u8(kind === 'session' ? 1 : 0)
    .u8(may === 'all' ? 1 : 0)
    .varint(until)
    .done();
}

/** The issuer is the account's key or a device's. */
export function issueKeyCertificate(
  issuer: KeyPair,
  network: NetworkId,
  account: AuthorId,
  of: Omit<KeyCertificate, 'signature'>,
): KeyCertificate {
  return { ...of, signature: issuer.sign(CERTIFICATE_TAG, certificateBytes(network, account, of)) };
}

/** Certificates from the key that speaks upwards, and the account's key that they end at. */
export function writeKeyChain(writer: Writer, chain: readonly KeyCertificate[], root: string): Writer {
  writer.varint(chain.length);
  for (const { key, kind, may, until, signature } of chain) {
    writer
      .hex(key)
      .u8(kind === 'session' ? 1 : 0)
      .u8(may === 'all' ? 1 : 0)
      .varint(until)
      .raw(signature);
  }
  return writer.hex(root);
}

interface KeyChain {
  readonly chain: readonly KeyCertificate[];
  readonly root: string;
}

export function readKeyChain(reader: Reader): KeyChain {
  const length = reader.count(CERTIFICATES_MAX);
  const chain = Array.from({ length }, () => ({
    key: reader.hex(KEY_BYTES),
    kind: flag(reader) ? ('session' as const) : ('device' as const),
    may: flag(reader) ? ('all' as const) : ('speak' as const),
    until: reader.varint(),
    signature: reader.raw(SIGNATURE_BYTES).slice(),
  }));
  return { chain, root: reader.hex(KEY_BYTES) };
}

export function flag(reader: Reader): boolean {
  const value = reader.u8();
  if (value > 1) throw new DecodeError('neither yes nor no');
  return value === 1;
}

/** The proof that a chain is, where its signatures are right: nobody gives more than they have, and sessions certify nobody. */
export function proofOf(suite: Suite, network: NetworkId, account: AuthorId, { chain, root }: KeyChain): Proof | null {
  let until = 0;
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1];
    if (issuer && (issuer.kind === 'session' || (certificate.may === 'all' && issuer.may !== 'all'))) return null;
    const bytes = certificateBytes(network, account, certificate);
    if (!suite.verify(issuer?.key ?? root, CERTIFICATE_TAG, bytes, certificate.signature)) return null;
    if (certificate.until !== 0) until = until === 0 ? certificate.until : Math.min(until, certificate.until);
  }
  return { keys: [...chain.map(({ key }) => key), root], until };
}

/** What an own signature covers: the op whole, so that it counts nowhere else. */
function statement(network: NetworkId, head: Pick<Head, 'kind' | 'author' | 'client' | 'room'>, fields: Uint8Array): Uint8Array {
  return new Writer(256).hex(network).varint(head.kind).hex(head.author).hex(head.client).text(head.room).blob(fields).done();
}

export type Unsigned = Pick<Head, 'kind' | 'author' | 'client' | 'room'>;

/** A body signed by a key that speaks for the account. */
export function accountBody(key: KeyPair, network: NetworkId, head: Unsigned, fields: Uint8Array): Uint8Array {
  return new Writer(256)
    .raw(fields)
    .raw(key.sign(ACCOUNT_TAG, statement(network, head, fields)))
    .done();
}

/** Reads the signature at a body's end; whether it is the key's over all before it. */
export function isSignedBy(suite: Suite, { entry, head }: Reading, reader: Reader, key: string): boolean {
  const fields = head.body.subarray(0, reader.at);
  const signature = reader.raw(SIGNATURE_BYTES);
  reader.finish();
  return suite.verify(key, ACCOUNT_TAG, statement(entry.network, head, fields), signature);
}

/** A body that is the network's root key's own word, where a root key is given. */
export function sealBody(root: KeyPair | null, network: NetworkId, head: Unsigned, fields: Uint8Array): Uint8Array {
  const writer = new Writer(256).raw(fields).u8(root ? 1 : 0);
  return root
    ? writer
        .hex(root.publicKey)
        .raw(root.sign(SEAL_TAG, statement(network, head, fields)))
        .done()
    : writer.done();
}

/** Reads the end of a body that may be sealed: whether it is, or that the seal is false. */
export function readSeal(suite: Suite, { entry, head }: Reading, reader: Reader): boolean | Void {
  const fields = head.body.subarray(0, reader.at);
  const sealed = flag(reader);
  if (!sealed) {
    reader.finish();
    return false;
  }
  const root = reader.hex(KEY_BYTES) as NodeId;
  const signature = reader.raw(SIGNATURE_BYTES);
  reader.finish();
  if (networkId(suite, root) !== entry.network) return 'not granted';
  return suite.verify(root, SEAL_TAG, statement(entry.network, head, fields), signature) || 'not granted';
}
