/** The network's own settings, nodes let in, and invitations: what nodes say, and for the settings what the root key says. */

import { DecodeError, Reader, Writer } from '../../lib/codec.ts';
import { type Chain, chainFault, INVITE_ID_BYTES, NO_INVITE, readChain, writeChain } from '../admission.ts';
import { authorId, type NetworkId, NODE_ID_BYTES, type NodeId, networkId } from '../ids.ts';
import type { State } from '../state.ts';
import { type KeyPair, SIGNATURE_BYTES, type Suite } from '../suite.ts';
import { type Fold, isOwn, win } from './kind.ts';

const NAME_BYTES_MAX = 260;
const SETTINGS_TAG = 'skein/network-settings/1';

function settingsBytes(network: NetworkId, name: string, registration: string): Uint8Array {
  return new Writer(64).hex(network).text(name).text(registration).done();
}

/** Signed by the root key, so that no node can name the network anew. */
export function networkBody(root: KeyPair, network: NetworkId, name: string, registration: string): Uint8Array {
  const signature = root.sign(SETTINGS_TAG, settingsBytes(network, name, registration));
  return new Writer(160).text(name).text(registration).hex(root.publicKey).raw(signature).done();
}

export function foldNetwork(suite: Suite): Fold {
  return ({ state, head, entry, place }) => {
    const reader = new Reader(head.body);
    const value = { name: reader.text(NAME_BYTES_MAX), registration: reader.text(16) };
    const root = reader.hex(NODE_ID_BYTES) as NodeId;
    const signature = reader.raw(SIGNATURE_BYTES);
    reader.finish();
    const bytes = settingsBytes(entry.network, value.name, value.registration);
    if (networkId(suite, root) !== entry.network || !suite.verify(root, SETTINGS_TAG, bytes, signature)) return 'not granted';
    if (!state.network) state.network = { value, at: place };
    else if (!win(state.network, value, place)) return null;
    return { type: 'network' };
  };
}

export function admitBody(chain: Chain): Uint8Array {
  const writer = new Writer(256);
  writeChain(writer, chain);
  return writer.done();
}

/** A node let another in: the chain is its proof. */
export function foldAdmit(suite: Suite): Fold {
  return (context) => {
    if (!isOwn(context, authorId)) return 'not granted';
    const reader = new Reader(context.head.body);
    const chain = readChain(reader);
    reader.finish();
    const node = chain[0]?.node;
    if (!node) throw new DecodeError('an admission without a certificate');
    if (chainFault(suite, context.entry.network, node, chain)) return 'not granted';
    return addNode(context.state, chain) ? { type: 'node', node } : null;
  };
}

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
export const foldInvite: Fold = (context) => {
  const { state, head, feed } = context;
  if (!isOwn(context, authorId)) return 'not granted';
  const reader = new Reader(head.body);
  const id = reader.hex(INVITE_ID_BYTES);
  const invite = { id, uses: reader.varint(), expiresMs: reader.varint(), node: feed.node };
  reader.finish();
  const known = state.invites.get(id);
  if (known && known.node <= invite.node) return null;
  state.invites.set(id, invite);
  return { type: 'invite', invite: id };
};
