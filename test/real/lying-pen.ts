/** What a lying node signs with its own good key and certificate: entries of incarnations that it makes up, at any time and resting on anything. */

import type { Chain } from '../../src/core/admission.ts';
import { type Entry, type FeedTip, NO_TIP, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../../src/core/feed.ts';
import { type AuthorId, authorId, type NetworkId, type NodeId, type RoomId } from '../../src/core/ids.ts';
import { sessionBody } from '../../src/core/kinds/account.ts';
import { guestBody } from '../../src/core/kinds/guest.ts';
import { issueKeyCertificate } from '../../src/core/kinds/proof.ts';
import { encodeMessage } from '../../src/core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../../src/core/op.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import type { ReadonlyVector } from '../../src/core/vector.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { makeSuite, systemRandom } from '../../src/lib/crypto.ts';
import type { Certified } from '../../src/node/sessions.ts';

export const suite = makeSuite();
export const random = systemRandom();

/** The node that lies. */
export interface Self {
  readonly network: NetworkId;
  readonly key: KeyPair;
  readonly chain: Chain;
}

/** An op with a head of its own; what is given wins. */
export function opOf(author: AuthorId, kind: number, fields: Partial<Head> = {}): Op {
  const head = {
    kind,
    author,
    client: uuidV7(Date.now(), random),
    room: '',
    target: '',
    after: 0,
    body: NO_BYTES,
    payloadHash: null,
  } as const;
  return { head: { ...head, ...fields }, payload: null };
}

/** The same where the body signs the head. */
export function signedOpOf(author: AuthorId, kind: number, bodyOf: (head: Head) => Uint8Array, fields: Partial<Head> = {}): Op {
  const { head } = opOf(author, kind, fields);
  return { head: { ...head, body: bodyOf(head) }, payload: null };
}

export function messageOf(author: AuthorId, room: RoomId, text: string): Op {
  const payload = encodeMessage(random.bytes(SALT_BYTES), 'text', text);
  return { ...opOf(author, KIND.message, { room, payloadHash: suite.sha256(payload) }), payload };
}

export class LyingPen {
  readonly #self: Self;
  readonly #incarnation = toHex(random.bytes(16));
  readonly #tips = new Map<FeedKind, FeedTip>();
  readonly entries: Entry[] = [];
  #hlc: number;

  /** `hlc`: what the clock of its first entry says. */
  constructor(self: Self, hlc: number) {
    this.#self = self;
    this.#hlc = hlc;
  }

  info(kind: FeedKind): FeedInfo {
    const { key, network } = this.#self;
    return feedInfo(suite, network, { node: key.publicKey as NodeId, kind, incarnation: this.#incarnation });
  }

  entry(kind: FeedKind, ops: readonly Op[], deps: ReadonlyVector = new Map()): void {
    const { key, network, chain } = this.#self;
    const { feed, node, incarnation } = this.info(kind);
    const tip = this.#tips.get(kind) ?? NO_TIP;
    const header = tip.seq === 0 ? { node, kind, incarnation, chain } : null;
    const governance = kind === FEED_KIND.governance ? 0 : (this.#tips.get(FEED_KIND.governance)?.seq ?? 0);
    const entry = sealEntry(suite, key, { network, feed, tip, hlc: this.#hlc++, governance, deps, header, ops });
    this.#tips.set(kind, entry);
    this.entries.push(entry);
  }

  /** A guest of its own arrives. */
  guest(session: KeyPair, name: string): Op {
    const { feed, node } = this.info(FEED_KIND.governance);
    const body = guestBody(session, name, this.#self.network, node, feed);
    return opOf(authorId(suite, session.publicKey), KIND.guest, { body });
  }

  /** A session of an account grants it, by its key. */
  session(author: AuthorId, key: KeyPair, { chain, root }: Certified): Op {
    const { feed, node } = this.info(FEED_KIND.governance);
    return opOf(author, KIND.session, { body: sessionBody(key, chain, root, this.#self.network, node, feed) });
  }

  /** The same with a session that it makes itself, certified by this key. */
  ownSession(author: AuthorId, issuer: KeyPair, root = issuer.publicKey): Op {
    const key = suite.keyPair(random.bytes(32));
    const of = { key: key.publicKey, kind: 'session', may: 'speak', until: 0 } as const;
    return this.session(author, key, { chain: [issueKeyCertificate(issuer, this.#self.network, author, of)], root });
  }
}
