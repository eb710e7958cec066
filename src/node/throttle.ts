/**
 * How fast passwords may be tried. A wrong one slows down further tries of its source for that account, and, after more of them, of its source for all
 * accounts: a second, two, four, to a minute. Nobody else is slowed down, so wrong passwords lock nobody out: not even a thousand from one address keep
 * the owner from logging in from another. What slow hashing and a password's least strength are for is the attacker with a thousand addresses.
 *
 * A try counts as wrong from its beginning, so that many at once are worth no more than one after the other; `right` and `withdraw` take that
 * back. It is told the time. What is longest untouched is forgotten.
 */

import { NAME_LENGTH_MAX } from '../core/text.ts';
import { Recent } from '../lib/recent.ts';

/** Wrong tries that cost nothing, and how long it takes until one is forgiven. */
interface Allowance {
  readonly free: number;
  readonly forgivenMs: number;
}

/** Somebody who has mistyped a password three times has to think anyway. */
const OF_ONE_ACCOUNT: Allowance = { free: 3, forgivenMs: 300_000 };
/** Behind one address many people may log in, and mistype. */
const OF_A_SOURCE: Allowance = { free: 20, forgivenMs: 60_000 };
const DELAY_MS_MIN = 1000;
export const DELAY_MS_MAX = 60_000;
/** Beyond the tries that lead to the longest delay none are counted, so that a long attack is not remembered longer than a short one. */
const BEYOND_FREE_MAX = Math.ceil(Math.log2(DELAY_MS_MAX / DELAY_MS_MIN)) + 1;
/** Remembered pairs of source and account, and remembered sources: some 100 bytes each. */
const KEYS_MAX = 16_384;

interface Tries {
  /** Wrong ones that were not forgiven at `atMs`, with a fraction. */
  readonly wrong: number;
  readonly atMs: number;
  /** No further try before. */
  readonly nextMs: number;
}

export class Throttle {
  readonly #ofPairs: Recent<string, Tries>;
  readonly #ofSources: Recent<string, Tries>;

  constructor(keysMax = KEYS_MAX) {
    this.#ofPairs = new Recent(keysMax);
    this.#ofSources = new Recent(keysMax);
  }

  /** How many pairs and sources are remembered. */
  get size(): number {
    return this.#ofPairs.size + this.#ofSources.size;
  }

  /**
   * A source (lib/source.ts) wants to try a password for an account, named by the form its name is compared by, whether there is one or not. 0: it may,
   * and the try counts as wrong until `right` or `withdraw`; else the ms to wait, and nothing is counted.
   */
  attempt(source: string, account: string, nowMs: number): number {
    const pair = pairOf(source, account);
    const wait = Math.max(waitOf(this.#ofPairs.get(pair), nowMs), waitOf(this.#ofSources.get(source), nowMs));
    if (wait > 0) return wait;
    this.#ofPairs.set(pair, another(this.#ofPairs.get(pair), OF_ONE_ACCOUNT, nowMs));
    this.#ofSources.set(source, another(this.#ofSources.get(source), OF_A_SOURCE, nowMs));
    return 0;
  }

  /** The password was right: the pair is forgiven all, the source that one try, so that an account of one's own clears nothing. */
  right(source: string, account: string): void {
    this.#ofPairs.delete(pairOf(source, account));
    takeBack(this.#ofSources, source, OF_A_SOURCE);
  }

  /** Nothing was tried after all, as the queue for hashing was full. Not for connections that end meanwhile: each had its hash made. */
  withdraw(source: string, account: string): void {
    takeBack(this.#ofPairs, pairOf(source, account), OF_ONE_ACCOUNT);
    takeBack(this.#ofSources, source, OF_A_SOURCE);
  }
}

/** Whatever is longer than a name can be is nobody's. */
const pairOf = (source: string, account: string): string => `${source} ${account.slice(0, 2 * NAME_LENGTH_MAX)}`;

function waitOf(tries: Tries | undefined, nowMs: number): number {
  return tries ? Math.max(0, Math.ceil(tries.nextMs - nowMs)) : 0;
}

/** The delay after so many wrong tries. */
function delayOf(wrong: number, { free }: Allowance): number {
  return wrong <= free ? 0 : Math.min(DELAY_MS_MAX, Math.round(DELAY_MS_MIN * 2 ** (wrong - free - 1)));
}

function another(tries: Tries | undefined, allowance: Allowance, nowMs: number): Tries {
  const atMs = Math.max(nowMs, tries?.atMs ?? nowMs);
  const left = tries ? Math.max(0, tries.wrong - (atMs - tries.atMs) / allowance.forgivenMs) : 0;
  const wrong = Math.min(left, allowance.free + BEYOND_FREE_MAX) + 1;
  return { wrong, atMs, nextMs: atMs + delayOf(wrong, allowance) };
}

function takeBack(all: Recent<string, Tries>, key: string, allowance: Allowance): void {
  const tries = all.get(key);
  if (!tries) return;
  const wrong = Math.max(0, tries.wrong - 1);
  if (wrong === 0) all.delete(key);
  else all.set(key, { wrong, atMs: tries.atMs, nextMs: tries.atMs + delayOf(wrong, allowance) });
}
