/**
 * Admission certificates: who says that a node's key is a member of the network.
 *
 * The network's root key signs the first node's certificate, a member signs those of the nodes it lets in, and a node shows the whole chain up
 * to the root, so that anybody who knows the network's id can check it with nothing else in hand.
 */

import { type Reader, Writer } from '../lib/codec.ts';
import { isHexOf, NETWORK_ID_BYTES, type NetworkId, NODE_ID_BYTES, type NodeId, networkId } from './ids.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from './suite.ts';

export interface Certificate {
  readonly network: NetworkId;
  readonly node: NodeId;
  readonly issuer: NodeId;
  /** The name the node was admitted under. */
  readonly name: string;
  /** The invitation it redeemed, 16 bytes; all zero for the first node. */
  readonly invite: string;
  /** When, in ms since 1970 by the issuer's clock. */
  readonly atMs: number;
  readonly signature: Uint8Array;
}

/** From a node's own certificate to the one that the root key signed. */
export type Chain = readonly Certificate[];

/** Certificates in a chain: an invitation by a node that was invited by a node, and so on, so often at most. */
export const CHAIN_LENGTH_MAX = 32;
export const NODE_NAME_BYTES_MAX = 64;
export const INVITE_ID_BYTES = 16;
export const NO_INVITE = '00'.repeat(INVITE_ID_BYTES);
const TAG = 'skein/admission/1';

function writeBody(writer: Writer, body: Omit<Certificate, 'signature'>): Writer {
  return writer.hex(body.network).hex(body.node).hex(body.issuer).text(body.name).hex(body.invite).varint(body.atMs);
}

/** Signs a certificate with the issuer's key. */
export function issueCertificate(issuer: KeyPair, body: Omit<Certificate, 'signature' | 'issuer'>): Certificate {
  const whole = { ...body, issuer: issuer.publicKey as NodeId };
  return { ...whole, signature: issuer.sign(TAG, writeBody(new Writer(), whole).view()) };
}

export function writeChain(writer: Writer, chain: Chain): void {
  writer.varint(chain.length);
  for (const certificate of chain) writeBody(writer, certificate).raw(certificate.signature);
}

export function readChain(reader: Reader): Chain {
  const length = reader.count(CHAIN_LENGTH_MAX);
  return Array.from({ length }, () => ({
    network: reader.hex(NETWORK_ID_BYTES) as NetworkId,
    node: reader.hex(NODE_ID_BYTES) as NodeId,
    issuer: reader.hex(NODE_ID_BYTES) as NodeId,
    name: reader.text(NODE_NAME_BYTES_MAX),
    invite: reader.hex(INVITE_ID_BYTES),
    atMs: reader.varint(),
    signature: reader.raw(SIGNATURE_BYTES).slice(),
  }));
}

export function encodeChain(chain: Chain): Uint8Array {
  const writer = new Writer(256);
  writeChain(writer, chain);
  return writer.done();
}

/** Why a chain does not admit a node; null where it does. */
export function chainFault(suite: Suite, network: NetworkId, node: NodeId, chain: Chain): string | null {
  if (chain.length === 0) return 'the node shows no admission certificate';
  let subject = node;
  for (const certificate of chain) {
    if (certificate.network !== network) return 'the admission certificate is for another network';
    if (certificate.node !== subject || !isHexOf(certificate.issuer, NODE_ID_BYTES)) return 'the admission certificate is for another node';
    const body = writeBody(new Writer(), certificate).view();
    if (!suite.verify(certificate.issuer, TAG, body, certificate.signature)) return 'the admission certificate has a wrong signature';
    subject = certificate.issuer;
  }
  return networkId(suite, subject) === network ? null : 'the admission certificate does not lead to the network’s root key';
}
