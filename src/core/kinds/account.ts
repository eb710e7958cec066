/** Accounts: made, given devices and sessions, another key, logged out, deleted. Each is the word of a key of the account, or of an owner. */

import { Reader, Writer } from '../../lib/codec.ts';
import { INVITE_ID_BYTES, NO_INVITE } from '../admission.ts';
import { AUTHOR_ID_BYTES, type AuthorId, authorId, type FeedId, KEY_BYTES, type NetworkId, type NodeId } from '../ids.ts';
import type { LawBody, Proof } from '../law/body.ts';
import { comparePlaces } from '../order.ts';
import type { Account, Change, KnownDevice, Void } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from '../suite.ts';
import { isShowableLine, isShowableName } from '../text.ts';
import { type ReadonlyVector, readVector, writeVector } from '../vector.ts';
import { giveGrant, isGrantTo, NAME_BYTES_MAX, signGrant } from './guest.ts';
import type { Context, Kind, Reading } from './kind.ts';
import {
  accountBody,
  flag,
  isSignedBy,
  type KeyCertificate,
  proofOf,
  readKeyChain,
  readSeal,
  sealBody,
  type Unsigned,
  writeKeyChain,
} from './proof.ts';

type Body<L extends LawBody['law']> = LawBody & { readonly law: L };

/** How a key is made from a password: for clients alone. */
export const KDF_BYTES_MAX = 256;
/** What a device is called. */
export const LABEL_BYTES_MAX = 128;
/** Keys that one logout names. */
export const LOGOUT_KEYS_MAX = 64;

/** The record of an account, where it is known. */
function changed(state: Context['state'], author: AuthorId): Change | null {
  return state.accounts.has(author) ? { type: 'account', author } : null;
}

export function newAccountBody(
  key: KeyPair,
  network: NetworkId,
  head: Unsigned,
  name: string,
  kdf: Uint8Array,
  invite = NO_INVITE,
): Uint8Array {
  return accountBody(key, network, head, new Writer(128).text(name).hex(key.publicKey).blob(kdf).hex(invite).done());
}

export const account: Kind<Body<'account'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const name = reader.text(NAME_BYTES_MAX);
    const key = reader.hex(KEY_BYTES);
    const kdf = reader.blob(KDF_BYTES_MAX);
    const invite = reader.hex(INVITE_ID_BYTES);
    if (!isSignedBy(suite, reading, reader, key) || authorId(suite, key) !== reading.head.author) return 'not granted';
    // What follows `~` tells accounts of one name apart.
    if (!isShowableName(name) || name.includes('~')) return 'bad body';
    return { law: 'account', name, key, kdf, invite, proof: { keys: [key], until: 0 } };
  },

  fold({ state, law, head }, { invite }) {
    const { author } = head;
    if (invite !== NO_INVITE) state.registered.set(invite, (state.registered.get(invite) ?? new Set()).add(author));
    if (state.accounts.has(author)) return null;
    const isDeleted = law.verdicts.table(`deletion ${author}`).length > 0;
    state.accounts.set(author, { author, name: '', grants: new Map(), rooms: new Set(), devices: new Map(), isDeleted });
    return { type: 'account', author };
  },
};

export function deviceBody(chain: readonly KeyCertificate[], root: string): Uint8Array {
  return writeKeyChain(new Writer(256), chain, root).done();
}

/** With what the device is called, in the words of the key that certifies it: no node can call it something else. */
export function labelledDeviceBody(
  issuer: KeyPair,
  network: NetworkId,
  head: Unsigned,
  chain: readonly KeyCertificate[],
  root: string,
  label: string,
): Uint8Array {
  return accountBody(issuer, network, head, writeKeyChain(new Writer(256), chain, root).text(label).done());
}

function readLabel(suite: Suite, reading: Reading, reader: Reader, issuer: string): string | null {
  if (reader.isAtEnd) return '';
  const label = reader.text(LABEL_BYTES_MAX);
  return isSignedBy(suite, reading, reader, issuer) && isShowableLine(label) ? label : null;
}

/** Of one key that was made known more than once, what was said with a label counts, and the last of that. */
function counts(one: KnownDevice, other: KnownDevice | undefined): boolean {
  if (!other || (one.label === '') !== (other.label === '')) return !other || one.label !== '';
  return comparePlaces(one.at, other.at) > 0;
}

/** A key is made known as one of the account's; its certificate is its proof. */
export const device: Kind<{ proof: Proof; device: KnownDevice }> = {
  read(suite, reading) {
    const { entry, head, place } = reading;
    const reader = new Reader(head.body);
    const keys = readKeyChain(reader);
    const label = readLabel(suite, reading, reader, keys.chain[1]?.key ?? keys.root);
    const proof = proofOf(suite, entry.network, head.author, keys);
    const [certificate] = keys.chain;
    if (!certificate || !proof || label === null) return 'not granted';
    const { key, kind, may } = certificate;
    return { proof, device: { key, kind, may, label, ...keys, at: place } };
  },

  fold(context, body) {
    const { state, head } = context;
    const fault = proofFault(context, body.proof);
    if (fault) return fault;
    const devices = state.accounts.get(head.author)?.devices;
    if (devices && counts(body.device, devices.get(body.device.key))) devices.set(body.device.key, body.device);
    return changed(state, head.author);
  },
};

function proofFault({ law, head, feed, place }: Context, proof: Proof): Void | null {
  const subject = { head, feed, place };
  return law.verdicts.withheldBy(subject) ? 'withheld' : law.verdicts.proofFault(proof, head.author, place, subject, null);
}

export function sessionBody(
  session: KeyPair,
  chain: readonly KeyCertificate[],
  root: string,
  network: NetworkId,
  node: NodeId,
  feed: FeedId,
): Uint8Array {
  return writeKeyChain(new Writer(256), chain, root)
    .raw(signGrant(session, network, node, feed))
    .done();
}

/** A session of an account begins at a node: its certificate, and its grant to that node's incarnation. */
export const session: Kind<{ proof: Proof }> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const keys = readKeyChain(reader);
    const signature = reader.raw(SIGNATURE_BYTES);
    reader.finish();
    const proof = proofOf(suite, reading.entry.network, reading.head.author, keys);
    if (!proof || keys.chain.length === 0) return 'not granted';
    return isGrantTo(suite, reading, proof.keys[0]!, signature) ? { proof } : 'not granted';
  },

  fold(context, { proof }) {
    const { state, head } = context;
    const fault = proofFault(context, proof);
    const one: Account | undefined = state.accounts.get(head.author);
    if (fault || !one) return fault ?? 'not granted';
    giveGrant(context, one);
    return { type: 'account', author: head.author };
  },
};

/** Who stands behind a change of an account: a key of its own, an owner by a grant, or the root key. */
export interface Signer {
  readonly key: KeyPair;
  readonly chain: readonly KeyCertificate[];
  readonly root: string;
}

export function rekeyBody(
  by: { readonly signer: Signer } | { readonly root: KeyPair | null },
  network: NetworkId,
  head: Unsigned,
  to: { readonly subject: AuthorId; readonly key: string; readonly kdf: Uint8Array; readonly cut: ReadonlyVector },
): Uint8Array {
  const writer = new Writer(256).hex(to.subject).hex(to.key).blob(to.kdf);
  writeVector(writer, to.cut);
  if (!('signer' in by)) return sealBody(by.root, network, head, writer.u8(0).done());
  return accountBody(by.signer.key, network, head, writeKeyChain(writer.u8(1), by.signer.chain, by.signer.root).done());
}

/** Another key: what the former one certified ends at the cut. An owner's word resets a key that was lost. */
export const rekey: Kind<Body<'rekey'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const fields = { law: 'rekey', subject, key: reader.hex(KEY_BYTES), kdf: reader.blob(KDF_BYTES_MAX), cut: readVector(reader) } as const;
    if (flag(reader)) {
      const proof = readProof(suite, reading, reader);
      return proof && subject === reading.head.author ? { ...fields, proof, sealed: false } : 'not granted';
    }
    const sealed = readSeal(suite, reading, reader);
    return typeof sealed === 'string' ? sealed : { ...fields, proof: null, sealed };
  },
  fold: ({ state }, { subject }) => changed(state, subject),
};

/** Reads the keys and the signature at a body's end: a key that may change the account. */
function readProof(suite: Suite, reading: Reading, reader: Reader): Proof | null {
  const keys = readKeyChain(reader);
  const proof = proofOf(suite, reading.entry.network, reading.head.author, keys);
  if (!isSignedBy(suite, reading, reader, keys.chain[0]?.key ?? keys.root)) return null;
  return keys.chain.length === 0 || keys.chain[0]!.may === 'all' ? proof : null;
}

export function logoutBody(signer: Signer, network: NetworkId, head: Unsigned, keys: readonly string[], cut: ReadonlyVector): Uint8Array {
  const writer = new Writer(256).varint(keys.length);
  for (const key of keys) writer.hex(key);
  writeVector(writer, cut);
  return accountBody(signer.key, network, head, writeKeyChain(writer, signer.chain, signer.root).done());
}

/** Sessions and devices end at the cut: those named, or all that are known. */
export const logout: Kind<Body<'logout'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const keys = Array.from({ length: reader.count(LOGOUT_KEYS_MAX) }, () => reader.hex(KEY_BYTES));
    const cut = readVector(reader);
    const proof = readProof(suite, reading, reader);
    return proof ? { law: 'logout', keys, cut, proof } : 'not granted';
  },
  fold: ({ state, head }) => changed(state, head.author),
};

export function deletionBody(
  signer: Signer | null,
  network: NetworkId,
  head: Unsigned,
  subject: AuthorId,
  erase: boolean,
  cut: ReadonlyVector,
): Uint8Array {
  const writer = new Writer(256).hex(subject).u8(erase ? 1 : 0);
  writeVector(writer, cut);
  if (!signer) return writer.u8(0).done();
  return accountBody(signer.key, network, head, writeKeyChain(writer.u8(1), signer.chain, signer.root).done());
}

/** The account is no more, by its own word or an owner's; with `erase`, what it wrote is erased too. */
export const deletion: Kind<Body<'deletion'>> = {
  read(suite, reading) {
    const reader = new Reader(reading.head.body);
    const subject = reader.hex(AUTHOR_ID_BYTES) as AuthorId;
    const fields = { law: 'deletion', subject, erase: flag(reader), cut: readVector(reader) } as const;
    if (flag(reader)) {
      const proof = readProof(suite, reading, reader);
      return proof && subject === reading.head.author ? { ...fields, proof } : 'not granted';
    }
    reader.finish();
    return { ...fields, proof: null };
  },

  fold({ state }, { subject }) {
    const one = state.accounts.get(subject);
    if (one) one.isDeleted = true;
    return changed(state, subject);
  },
};
