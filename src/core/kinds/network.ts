/** The network's own settings, nodes let in, and invitations: what nodes say, and for the settings what the root key says. */

import { DecodeError, Reader, Writer } from '../../lib/codec.ts';
import { type Chain, chainFault, INVITE_ID_BYTES, NO_INVITE, readChain, writeChain } from '../admission.ts';
import { type NetworkId, NODE_ID_BYTES, type NodeId, networkId } from '../ids.ts';
import type { Invite, State } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES } from '../suite.ts';
import { isOwn, type Kind, win, withheld } from './kind.ts';

const NAME_BYTES_MAX = 260;

/**
 * A node has heard of law, and says no more than that: the entry names what it held, so that content that comes after may rest on it (see ADR 10).
 */
export const news: Kind<object> = {
  read: (suite, reading) => (isOwn(suite, reading) && reading.head.body.length === 0 ? {} : 'bad body'),
  fold: () => null,
};

const SETTINGS_TAG = 'skein/network-settings/1';

function settingsBytes(network: NetworkId, name: string, registration: string): Uint8Array {
  return new Writer(64).hex(network).text(name).text(registration).done();
}

/** Signed by the root key, so that no node can name the network anew. */
export function networkBody(root: KeyPair, network: NetworkId, name: string, registration: string): Uint8Array {
  const signature = root.sign(SETTINGS_TAG, settingsBytes(network, name, registration));
  return new Writer(160).text(name).text(registration).hex(root.publicKey).raw(signature).done();
}

export const network: Kind<{ name: string; registration: string }> = {
  read(suite, { head, entry }) {
    const reader = new Reader(head.body);
    const value = { name: reader.text(NAME_BYTES_MAX), registration: reader.text(16) };
    const root = reader.hex(NODE_ID_BYTES) as NodeId;
    const signature = reader.raw(SIGNATURE_BYTES);
    reader.finish();
    const bytes = settingsBytes(entry.network, value.name, value.registration);
    return networkId(suite, root) === entry.network && suite.verify(root, SETTINGS_TAG, bytes, signature) ? value : 'not granted';
  },

  fold({ state, place }, value) {
    if (!state.network) state.network = { value, at: place };
    else if (!win(state.network, value, place)) return null;
    return { type: 'network' };
  },
};

export function admitBody(chain: Chain): Uint8Array {
  const writer = new Writer(256);
  writeChain(writer, chain);
  return writer.done();
}

/** A node let another in: the chain is its proof. */
export const admit: Kind<{ chain: Chain; node: NodeId }> = {
  read(suite, reading) {
    if (!isOwn(suite, reading)) return 'not granted';
    const reader = new Reader(reading.head.body);
    const chain = readChain(reader);
    reader.finish();
    const node = chain[0]?.node;
    if (!node) throw new DecodeError('an admission without a certificate');
    return chainFault(suite, reading.entry.network, node, chain) ? 'not granted' : { chain, node };
  },

  fold(context, { chain, node }) {
    return withheld(context) ?? (addNode(context.state, chain) ? { type: 'node', node } : null);
  },
};

/** Remembers a node by its (already checked) chain: the certificate of the earliest time names it. */
export function addNode(state: State, chain: Chain): boolean {
  const { node, name, invite, atMs } = chain[0]!;
  if (invite !== NO_INVITE) {
    const nodes = state.redeemed.get(invite) ?? new Set();
    state.redeemed.set(invite, nodes.add(node));
  }
  const known = state.nodes.get(node);
  if (known && (known.atMs < atMs || (known.atMs === atMs && known.name <= name))) return false;
  state.nodes.set(node, { name, atMs });
  return !known;
}

export function inviteBody(id: string, uses: number, expiresMs: number): Uint8Array {
  return new Writer(32).hex(id).varint(uses).varint(expiresMs).done();
}

/** An invitation stands: its id is a hash of the token, so the log gives the token away to nobody. */
export const invite: Kind<Invite> = {
  read(suite, reading) {
    if (!isOwn(suite, reading)) return 'not granted';
    const reader = new Reader(reading.head.body);
    const id = reader.hex(INVITE_ID_BYTES);
    const body = { id, uses: reader.varint(), expiresMs: reader.varint(), node: reading.feed.node };
    reader.finish();
    return body;
  },

  fold(context, body) {
    const { invites } = context.state;
    const fault = withheld(context);
    if (fault) return fault;
    const known = invites.get(body.id);
    if (known && known.node <= body.node) return null;
    invites.set(body.id, body);
    return { type: 'invite', invite: body.id };
  },
};
