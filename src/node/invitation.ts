/** Invitations as people pass them on: one line of text with all that a newcomer needs. Whoever has it can join, so it is a secret. */

import { NETWORK_ID_BYTES, type NetworkId } from '../core/ids.ts';
import { decoding, Reader, Writer } from '../lib/codec.ts';
import { TOKEN_BYTES } from '../wire/frame.ts';

export interface Invitation {
  readonly network: NetworkId;
  readonly networkName: string;
  readonly networkKey: Uint8Array;
  readonly token: Uint8Array;
  readonly addresses: readonly string[];
}

const PREFIX = 'skein1-';
const KEY_BYTES = 32;
const ADDRESSES_MAX = 32;

export function formatInvitation(invitation: Invitation): string {
  const writer = new Writer(256).hex(invitation.network).text(invitation.networkName).raw(invitation.networkKey).raw(invitation.token);
  writer.varint(invitation.addresses.length);
  for (const address of invitation.addresses) writer.text(address);
  return PREFIX + Buffer.from(writer.done()).toString('base64url');
}

/** The invitation of a line, or an Error that says why it is none. */
export function parseInvitation(line: string): Invitation | Error {
  const text = line.trim();
  if (!text.startsWith(PREFIX)) return new Error('this is no invitation: one begins with skein1-');
  const reader = new Reader(new Uint8Array(Buffer.from(text.slice(PREFIX.length), 'base64url')));
  const invitation = decoding(() => {
    const network = reader.hex(NETWORK_ID_BYTES) as NetworkId;
    const networkName = reader.text(260);
    const networkKey = reader.raw(KEY_BYTES).slice();
    const token = reader.raw(TOKEN_BYTES).slice();
    const addresses = Array.from({ length: reader.count(ADDRESSES_MAX) }, () => reader.text(512));
    reader.finish();
    return { network, networkName, networkKey, token, addresses };
  });
  return invitation instanceof Error ? new Error('the invitation is damaged: copy the whole line again') : invitation;
}
