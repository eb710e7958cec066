/** What the command line may know of the accounts of a network, so that it can sign for them and about them; nothing of it is secret to members. */

import { FEED_KIND, type FeedInfo } from '../core/feed.ts';
import type { AuthorId, FeedId, NetworkId, NodeId } from '../core/ids.ts';
import type { Power } from '../core/law/verdicts.ts';
import { lookAlike, type ScriptFault, scriptFault } from '../core/lookalike.ts';
import type { Account, KnownDevice } from '../core/state.ts';
import { checkName, foldName, type TextFault } from '../core/text.ts';
import { compareText } from '../lib/bytes.ts';
import type { NodeLoop } from './loop.ts';

/** What the command line has to know of an account to sign for it, or about it. */
export interface Person {
  readonly author: AuthorId;
  readonly name: string;
  /** The account's own key, and how it is made from a password (in hex). */
  readonly key: string;
  readonly kdf: string;
  readonly power: Power;
  readonly devices: readonly { readonly key: string; readonly may: KnownDevice['may'] }[];
  /** All that is held here of feeds in which the account wrote, or in which something about it lies. */
  readonly cut: readonly (readonly [FeedId, number])[];
}

export interface Facts {
  readonly network: NetworkId;
  readonly node: NodeId;
  /** The governance feed of the node's present incarnation: sessions grant it. */
  readonly feed: FeedId;
  /** The present, as a history key. */
  readonly nowKey: number;
  readonly registration: string;
  /** Names of the network's owners. */
  readonly owners: readonly string[];
  /** As asked for; null where nobody has the name. */
  readonly people: readonly (Person | null)[];
}

/** One line of `skein account list`. */
export interface AccountLine {
  readonly id: AuthorId;
  readonly name: string;
  readonly role: 'owner' | 'moderator' | 'member';
  readonly present: boolean;
  readonly devices: number;
}

const NAME_WORDS: Readonly<Record<TextFault | ScriptFault, string>> = {
  empty: 'it is empty',
  'too long': 'it has more than 32 letters',
  'bad character': 'it has to begin with a letter, and to hold only letters, digits and -_[]\\^{|}`',
  'mixed scripts': 'it mixes letters of scripts that look alike; use those of one script',
  'unknown script': 'it has letters of a script that is in no everyday use',
};

/** Names compared before others get their turn. */
const NAMES_AT_ONCE = 500;

export class PeopleFacts {
  readonly #loop: NodeLoop;
  readonly #network: NetworkId;
  /** In ms since 1970. */
  readonly #now: () => number;

  constructor(loop: NodeLoop, network: NetworkId, now: () => number) {
    this.#loop = loop;
    this.#network = network;
    this.#now = now;
  }

  of(names: readonly string[]): Facts {
    const loop = this.#loop;
    return {
      network: this.#network,
      node: loop.node.id,
      feed: loop.engine.replica.log.governanceFeed,
      nowKey: this.nowKey(),
      registration: this.registration(),
      owners: this.owners(),
      people: names.map((name) => this.#person(name)),
    };
  }

  registration(): string {
    return this.#loop.state.network?.value.registration ?? 'invite';
  }

  /** The accounts that are there, in the order of their names. */
  list(): AccountLine[] {
    const lines = this.#accounts().map((one) => ({
      id: one.author,
      name: one.name,
      role: roleOf(this.power(one.author)),
      present: this.#loop.isPresent(one.author),
      devices: this.#devices(one).length,
    }));
    return lines.sort((a, b) => compareText(a.name, b.name));
  }

  /** How many accounts there are. */
  count(): number {
    return this.#accounts().length;
  }

  owners(): string[] {
    const owners = this.#accounts().filter(({ author }) => this.power(author) === 4);
    return owners.map(({ name }) => name).sort();
  }

  #accounts(): Account[] {
    return [...this.#loop.state.accounts.values()].filter(({ isDeleted }) => !isDeleted);
  }

  power(author: AuthorId): Power {
    return this.#loop.engine.law.verdicts.power(author, '', null);
  }

  /** The present, as a history key. */
  nowKey(): number {
    return this.#loop.engine.highestKey({ wallMs: this.#now(), monoMs: 0 });
  }

  #named(name: string): Account | null {
    const folded = foldName(name);
    return this.#accounts().find((one) => foldName(one.name) === folded) ?? null;
  }

  #person(name: string): Person | null {
    const one = this.#named(name);
    const own = one && this.#loop.engine.law.verdicts.ownKey(one.author);
    if (!one || !own) return null;
    return {
      author: one.author,
      name: one.name,
      key: own.key,
      kdf: Buffer.from(own.kdf).toString('hex'),
      power: this.power(one.author),
      devices: this.#devices(one).map(({ key, may }) => ({ key, may })),
      cut: this.#cutOf(one.author),
    };
  }

  /** Devices whose keys still speak for the account. */
  #devices({ author, devices }: Account): KnownDevice[] {
    const { verdicts } = this.#loop.engine.law;
    const info = this.info();
    const keysOf = ({ chain, root }: KnownDevice): string[] => [...chain.map(({ key }) => key), root];
    return [...devices.values()].filter((one) => one.kind === 'device' && verdicts.speakFor(author, keysOf(one), info, this.nowKey()));
  }

  /** What is held of an account: of every feed that it granted, and of those that make it known or are about it. */
  #cutOf(author: AuthorId): [FeedId, number][] {
    const { law, replica } = this.#loop.engine;
    const about = new Set<FeedId>();
    for (const { head, body, place } of law.ops) {
      if (head.author === author || ('subject' in body && body.subject === author)) about.add(place.feed);
    }
    return [...replica.log.durable].filter(([feed]) => {
      const sibling = replica.log.infos.get(feed)?.sibling;
      return about.has(feed) || (sibling !== undefined && law.grants.get(author, sibling) !== undefined) || law.hasDevices(author, feed);
    });
  }

  /** The node's present governance feed. */
  info(): FeedInfo {
    const loop = this.#loop;
    const feed = loop.engine.replica.log.governanceFeed;
    return { feed, node: loop.node.id, kind: FEED_KIND.governance, incarnation: '', sibling: feed };
  }

  /** Why a name cannot be an account's, in words; null where it can. `except`: whose name it may be, or be like. */
  async nameFault(raw: string, except: AuthorId | null = null): Promise<string | null> {
    const checked = checkName(raw);
    const fault = 'fault' in checked ? checked.fault : scriptFault(checked.name);
    if (fault) return `‘${raw.slice(0, 64)}’ cannot be a name: ${NAME_WORDS[fault]}`;
    const others = this.#accounts().filter(({ author }) => author !== except);
    for (const [i, { name }] of others.entries()) {
      if (foldName(name) === foldName(raw)) return `the name ‘${name}’ is taken: choose another`;
      if (lookAlike(name, raw)) return `‘${raw}’ looks like ‘${name}’, who is somebody else: choose another name`;
      if (i % NAMES_AT_ONCE === NAMES_AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
    }
    return null;
  }
}

function roleOf(power: Power): AccountLine['role'] {
  return power === 4 ? 'owner' : power === 2 ? 'moderator' : 'member';
}
