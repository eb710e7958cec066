/**
 * The setup link: how the first owner of a network is made in a browser. The node that made the network keeps a token for it (mode 0600, beside the recovery key)
 * until there is an owner. Whoever has it hands in an account, and the node seals its role with the root key, while that is still in the data directory.
 */

import { hash, timingSafeEqual } from 'node:crypto';
import { type NetworkId, type NodeId, networkId } from '../core/ids.ts';
import { roleBody } from '../core/kinds/moderation.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../core/op.ts';
import type { KeyPair, Suite } from '../core/suite.ts';
import { isShowableLine } from '../core/text.ts';
import { uuidV7 } from '../core/uuid.ts';
import type { SetupAnswer, SetupPort } from '../doors/http/setup-route.ts';
import { Buckets } from '../lib/buckets.ts';
import type { Random } from '../lib/prng.ts';
import { sourceOf } from '../lib/source.ts';
import { readRecoveryKey, readSetupToken, removeSetupToken, writeSetupToken } from './directory.ts';
import { decodeOp, type Operator, OperatorError } from './operator.ts';

const TOKEN_BYTES = 18;
/** A source may try so often at once, and then every ten seconds. The token has 144 bits: this is to spare the node, not the token. */
const TRIES = { burst: 5, rate: 1, perMs: 10_000, keysMax: 1024 } as const;

export interface SetupOptions {
  readonly directory: string;
  readonly network: NetworkId;
  readonly suite: Suite;
  readonly random: Random;
  readonly operator: Operator;
  /** Gives the network another name; kept once that is written. */
  readonly nameNetwork: (root: KeyPair, name: string) => Promise<void>;
  /** In ms since 1970. */
  readonly now: () => number;
}

export class Setup implements SetupPort {
  readonly #o: SetupOptions;
  readonly #tries = new Buckets(TRIES);
  #isSpending = false;

  constructor(options: SetupOptions) {
    this.#o = options;
  }

  /** The token while there is no owner, made where this node has the root key; else null, and none is kept. */
  token(): string | null {
    const { directory, operator, random } = this.#o;
    if (operator.facts.owners().length > 0) {
      removeSetupToken(directory);
      return null;
    }
    const known = readSetupToken(directory);
    if (known !== null || !this.#root()) return known;
    const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
    writeSetupToken(directory, token);
    return token;
  }

  #root(): KeyPair | null {
    const { directory, suite, network } = this.#o;
    return rootKeyIn(directory, suite, network);
  }

  async spend(source: string, token: string, op: string, network?: string): Promise<SetupAnswer> {
    const retryMs = this.#tries.take(sourceOf(source), 1, this.#o.now());
    if (retryMs > 0) return { fault: 'throttled', words: 'Too many tries: wait a moment.', retryMs };
    const wanted = this.token();
    if (wanted === null) return { fault: 'over', words: 'This network has an owner already, or was not made at this node.' };
    if (!equalSecrets(token, wanted))
      return { fault: 'wrong token', words: 'The setup link is wrong: copy it again from the log of `skein up`.' };
    const root = this.#root();
    if (!root)
      return {
        fault: 'no key',
        words: 'The recovery key was taken away from this node: run `skein account create NAME --role owner` there, which asks for it.',
      };
    if (network !== undefined && !isShowableLine(network))
      return { fault: 'refused', words: 'The network’s name is empty, or holds a character that cannot be shown: choose another.' };
    if (this.#isSpending) return { fault: 'throttled', words: 'The owner is being made: wait a moment.', retryMs: 1000 };
    this.#isSpending = true;
    try {
      return await this.#make(root, op, network);
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return { fault: 'refused', words: error.message };
    } finally {
      this.#isSpending = false;
    }
  }

  async #make(root: KeyPair, hex: string, network: string | undefined): Promise<SetupAnswer> {
    const account = decodeOp(hex);
    if (account.head.kind !== KIND.account) return { fault: 'refused', words: 'What was sent is no account.' };
    const faults = await this.#o.operator.writeOps([account, this.#ownerOp(root, account)]);
    this.token();
    const words = faults.find((fault) => fault !== null);
    if (words !== undefined) return { fault: 'refused', words: words! };
    if (network !== undefined) await this.#o.nameNetwork(root, network);
    return { done: true };
  }

  /** The root key's word that the account owns the network. */
  #ownerOp(root: KeyPair, { head: { author } }: Op): Op {
    const { network, random, now } = this.#o;
    const client = uuidV7(now(), random);
    const head: Head = { kind: KIND.role, author, client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null };
    return { head: { ...head, body: roleBody(root, network, head, author, 'owner') }, payload: null };
  }
}

/** The network's root key, while it is in the data directory and can be read. */
export function rootKeyIn(directory: string, suite: Suite, network: NetworkId): KeyPair | null {
  let seed: Uint8Array | null = null;
  try {
    seed = readRecoveryKey(directory);
  } catch {}
  const key = seed && suite.keyPair(seed);
  return key && networkId(suite, key.publicKey as NodeId) === network ? key : null;
}

/** Whether two texts are equal, in a time that does not tell how far. */
function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/** What the node says once, when it comes up without an owner; the link itself is no word for a log. */
export function setupWords(token: string | null, http: string): string {
  const link = token === null || http === 'off' ? '' : ', or `skein account setup` for a link that makes one in a browser';
  return `nobody owns this network yet: run \`skein account create NAME --role owner\`${link}`;
}

/** Where the first owner is made in a browser. The token is behind `#`, which browsers send to nobody. */
export function setupLink(token: string, http: string): string {
  return `${http}/#setup=${token}`;
}
