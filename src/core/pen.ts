/** Ops about accounts, signed by whoever they are the word of: each with a key that a password made, an owner's momentary session, or the network's root key. */

import { toHex } from '../lib/bytes.ts';
import type { Random } from '../lib/prng.ts';
import { HLC_PER_MS } from './hlc.ts';
import { type AuthorId, authorId, type FeedId, type NetworkId, type NodeId, type RoomId } from './ids.ts';
import {
  deletionBody,
  deviceBody,
  labelledDeviceBody,
  logoutBody,
  newAccountBody,
  rekeyBody,
  type Signer,
  sessionBody,
} from './kinds/account.ts';
import { roleBody } from './kinds/moderation.ts';
import { settleBody } from './kinds/owner.ts';
import { issueKeyCertificate } from './kinds/proof.ts';
import type { Role } from './law/body.ts';
import { BODY_BYTES_MAX, type Head, headBytes, KIND, NO_BYTES } from './op.ts';
import type { KeyPair, Suite } from './suite.ts';
import { uuidV7 } from './uuid.ts';

/** The account was used at more starts of nodes than one op can name. */
export class CutTooLongError extends Error {
  override name = 'CutTooLongError';
}

/** What is to be known of the network; of the node only by whoever opens a session there for one word. */
export interface PenFacts {
  readonly network: NetworkId;
  readonly node?: NodeId;
  readonly feed?: FeedId;
  /** The present, as a history key. */
  readonly nowKey?: number;
}

/** Whom a word is about, and all that is held of feeds that they wrote in. */
export interface Subject {
  readonly author: AuthorId;
  readonly cut: readonly (readonly [FeedId, number])[];
}

/** An account, with its own key. */
export interface ByAccount {
  readonly author: AuthorId;
  readonly key: KeyPair;
}

/** Whose word it is. */
export type By =
  | ByAccount
  /** The network's root key's. */
  | { readonly root: KeyPair };

/** A session that is opened for one word is good for so long, in ms: the clocks of the node and of whoever judges may differ. */
const SESSION_MS = 600_000;

/** Signs ops for one network; each is a head in hex, as the node takes them. */
export class Pen {
  readonly #suite: Suite;
  readonly #random: Random;
  readonly #facts: PenFacts;
  readonly #nowMs: number;

  constructor(suite: Suite, random: Random, facts: PenFacts, nowMs: number) {
    this.#suite = suite;
    this.#random = random;
    this.#facts = facts;
    this.#nowMs = nowMs;
  }

  #op(kind: number, author: AuthorId, bodyOf: (head: Head) => Uint8Array, room: RoomId | '' = ''): string {
    const client = uuidV7(this.#nowMs, this.#random);
    const head: Head = { kind, author, client, room, target: '', after: 0, body: NO_BYTES, payloadHash: null };
    const body = bodyOf(head);
    if (body.length > BODY_BYTES_MAX)
      throw new CutTooLongError('the account was used at more starts of nodes than one word can name: it cannot be changed');
    return toHex(headBytes({ ...head, body }));
  }

  /** A new account; `invite`: the id of its invitation. */
  account(key: KeyPair, name: string, kdf: Uint8Array, invite: string | undefined): string {
    const { network } = this.#facts;
    return this.#op(KIND.account, authorId(this.#suite, key.publicKey), (head) => newAccountBody(key, network, head, name, kdf, invite));
  }

  /** A session at this node, for the words that follow it; none for the root key, whose word is its own proof. */
  session(by: By): string[] {
    if ('root' in by) return [];
    const { network, node, feed, nowKey } = this.#facts;
    if (!node || !feed || nowKey === undefined) throw new Error('a session is opened at a node');
    const session = this.#suite.keyPair(this.#random.bytes(32));
    const of = { key: session.publicKey, kind: 'session', may: 'speak', until: nowKey + SESSION_MS * HLC_PER_MS } as const;
    const chain = [issueKeyCertificate(by.key, network, by.author, of)];
    return [this.#op(KIND.session, by.author, () => sessionBody(session, chain, by.key.publicKey, network, node, feed))];
  }

  role(by: By, subject: AuthorId, role: Role, room: RoomId | ''): string {
    const root = 'root' in by ? by.root : null;
    const author = 'root' in by ? subject : by.author;
    return this.#op(KIND.role, author, (head) => roleBody(root, this.#facts.network, head, subject, role), room);
  }

  settle(by: By, subject: AuthorId, name: string): string {
    const root = 'root' in by ? by.root : null;
    const author = 'root' in by ? subject : by.author;
    return this.#op(KIND.settle, author, (head) => settleBody(root, this.#facts.network, head, subject, name));
  }

  /** Another key for an account: by its own, or as an owner's reset. */
  rekey(by: By, person: Subject, key: string, kdf: Uint8Array): string {
    const to = { subject: person.author, key, kdf, cut: new Map(person.cut) };
    const author = 'root' in by ? person.author : by.author;
    const isOwn = !('root' in by) && by.author === person.author;
    const who = isOwn ? { signer: signerOf(by.key) } : { root: 'root' in by ? by.root : null };
    return this.#op(KIND.rekey, author, (head) => rekeyBody(who, this.#facts.network, head, to));
  }

  /** The end of an account: by its own key, or an owner's word. */
  deletion(by: ByAccount, person: Subject, erase: boolean): string {
    const signer = by.author === person.author ? signerOf(by.key) : null;
    const cut = new Map(person.cut);
    return this.#op(KIND.deletion, by.author, (head) => deletionBody(signer, this.#facts.network, head, person.author, erase, cut));
  }

  /** The end of some keys, or (none named) of all sessions and devices. */
  logout(key: KeyPair, person: Subject, keys: readonly string[]): string {
    const cut = new Map(person.cut);
    return this.#op(KIND.logout, person.author, (head) => logoutBody(signerOf(key), this.#facts.network, head, keys, cut));
  }

  /** A key that may speak for the account, and not change it. */
  device(key: KeyPair, author: AuthorId, device: string, label = '', by = key): string {
    const of = { key: device, kind: 'device', may: 'speak', until: 0 } as const;
    const chain = [issueKeyCertificate(key, this.#facts.network, author, of)];
    const { network } = this.#facts;
    return this.#op(KIND.device, author, (head) =>
      label === '' ? deviceBody(chain, key.publicKey) : labelledDeviceBody(by, network, head, chain, key.publicKey, label),
    );
  }
}

function signerOf(key: KeyPair): Signer {
  return { key, chain: [], root: key.publicKey };
}
