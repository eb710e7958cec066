/** Accounts for clients that keep their own keys: what they derive them from, what they sign by, and the ops that they hand in. */

import type { AccountKey, OwnAccount } from '../api/protocol.ts';
import { type AuthorId, authorId, type NetworkId } from '../core/ids.ts';
import { KIND } from '../core/op.ts';
import type { Suite } from '../core/suite.ts';
import { foldName } from '../core/text.ts';
import type { AccountsPort, Written } from '../doors/api/accounts.ts';
import { Buckets } from '../lib/buckets.ts';
import { concatBytes, toHex, utf8 } from '../lib/bytes.ts';
import { sourceOf } from '../lib/source.ts';
import type { NodeLoop } from './loop.ts';
import { decodeOp, type Operator, OperatorError } from './operator.ts';
import { decoyKdf } from './passwords.ts';

const KEYS_MAX = 4096;
const HOUR_MS = 3_600_000;
/** An address asks for keys: thirty at once, then one a second. */
const KEYS = { burst: 30, rate: 1, perMs: 1000, keysMax: KEYS_MAX } as const;
/** And hands in ops: each is a signature or two to verify, and a commit. */
const WRITES = { burst: 20, rate: 1, perMs: 5000, keysMax: KEYS_MAX } as const;
/** Accounts that are made from one address, as at other doors (floods.ts). */
const MAKES = { burst: 5, rate: 5, perMs: HOUR_MS, keysMax: KEYS_MAX } as const;

export interface AccountsOptions {
  readonly loop: NodeLoop;
  readonly operator: Operator;
  readonly suite: Suite;
  readonly network: NetworkId;
  /** The same on all nodes of the network, and known to nobody else. */
  readonly secret: Uint8Array;
  /** Whether floods are held back. */
  readonly floods: boolean;
  readonly now: () => number;
}

export class Accounts implements AccountsPort {
  readonly #o: AccountsOptions;
  readonly #keys = new Buckets(KEYS);
  readonly #writes = new Buckets(WRITES);
  readonly #makes = new Buckets(MAKES);

  constructor(options: AccountsOptions) {
    this.#o = options;
  }

  /** The name is given back as it was asked for: how it shows would say that it is somebody's. */
  key(name: string, address: string): AccountKey | { readonly retryMs: number } {
    const { loop, suite, network, secret, operator, now } = this.#o;
    const retryMs = this.#keys.take(sourceOf(address), 1, now());
    if (retryMs > 0) return { retryMs };
    const decoy = suite.keyPair(suite.sha256(concatBytes(utf8('skein/decoy-key/1\0'), secret, utf8(foldName(name))))).publicKey;
    const author = loop.accountNamed(name);
    const own = author && loop.ownKey(author);
    const key = own ? own.key : decoy;
    const kdf = own ? own.kdf : decoyKdf(suite, secret, name);
    return {
      network,
      author: author && own ? author : authorId(suite, decoy),
      name,
      key,
      kdf: toHex(kdf),
      nowKey: operator.facts.nowKey(),
    };
  }

  own(author: AuthorId): OwnAccount | null {
    const { loop, network, operator } = this.#o;
    const own = loop.ownKey(author);
    if (!own) return null;
    const devices = loop.devices(author).filter(({ kind }) => kind === 'device');
    return {
      network,
      author,
      name: loop.state.accounts.get(author)!.name,
      key: own.key,
      kdf: toHex(own.kdf),
      nowKey: operator.facts.nowKey(),
      cut: Object.fromEntries(loop.engine.desk.cutOf(author)),
      devices: devices.map(({ key, may, label }) => ({ key, may, label })),
    };
  }

  async write(hex: readonly string[], address: string): Promise<Written> {
    const { operator, floods, now } = this.#o;
    const source = sourceOf(address);
    try {
      const ops = hex.map(decodeOp);
      const makes = ops.filter(({ head }) => head.kind === KIND.account).length;
      const retryMs = Math.max(this.#writes.take(source, 1, now()), floods && makes > 0 ? this.#makes.take(source, makes, now()) : 0);
      if (retryMs > 0) return { refused: 'Too much in too short a time: try again later.', retryMs };
      return { faults: await operator.write(hex) };
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      return { refused: error.message };
    }
  }
}
