/** Who a client is, as its storage keeps it, and the request that opens its session at a node. */

import type { Granted, Hello, Request } from '../api/protocol.ts';
import { type AuthorId, authorId } from '../core/ids.ts';
import { signGrant } from '../core/kinds/guest.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import { fromHex, toHex } from '../lib/bytes.ts';

export type Identity =
  /** `seed`: of the session's key, 32 bytes in hex. `asked`: the name that was asked for first. */
  | { readonly type: 'guest'; readonly name: string; readonly asked: string; readonly seed: string }
  /** `chain`: certificates from the session's key up to the account's. */
  | { readonly type: 'account'; readonly name: string; readonly author: AuthorId; readonly seed: string; readonly chain: string }
  | { readonly type: 'token'; readonly name: string; readonly token: string };

/** Keys that were made of their seeds: making one costs more than signing. */
const keys = new WeakMap<Identity, KeyPair>();

function keyOf(identity: Identity & { readonly seed: string }, suite: Suite): KeyPair {
  const key = keys.get(identity) ?? suite.keyPair(fromHex(identity.seed));
  keys.set(identity, key);
  return key;
}

/** Who that is in the log; null where only the node knows. */
export function authorOf(identity: Identity, suite: Suite): AuthorId | null {
  if (identity.type === 'account') return identity.author;
  return identity.type === 'guest' ? authorId(suite, keyOf(identity, suite).publicKey) : null;
}

/** The session's key, and its word that this incarnation of the node may speak for it. */
export function grant(identity: Identity, suite: Suite, hello: Pick<Hello, 'network' | 'node' | 'feed'>): Granted | null {
  if (identity.type === 'token') return null;
  const key = keyOf(identity, suite);
  return { key: key.publicKey, grant: toHex(signGrant(key, hello.network.id, hello.node.id, hello.feed)) };
}

export function opening(identity: Identity, suite: Suite, hello: Hello): Request {
  if (identity.type === 'token') return { do: 'token', name: identity.name, token: identity.token };
  const granted = grant(identity, suite, hello)!;
  if (identity.type === 'guest') return { do: 'guest', name: identity.name, ...granted };
  return { do: 'account', author: identity.author, chain: identity.chain, ...granted };
}
