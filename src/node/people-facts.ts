/** What the command line may know of the accounts of a network, so that it can sign for them and about them; nothing of it is secret to members. */

import type { AuthorId, FeedId, NetworkId, NodeId } from '../core/ids.ts';
import type { Power } from '../core/law/verdicts.ts';
import { type ScriptFault, scriptFault } from '../core/lookalike.ts';
import type { SessionNo } from '../core/port.ts';
import type { Account, KnownDevice } from '../core/state.ts';
import { checkName, type TextFault } from '../core/text.ts';
import { compareText, toHex } from '../lib/bytes.ts';
import type { NodeLoop } from './loop.ts';

/** What the command line has to know of an account to sign for it, or about it. */
export interface Person {
  readonly author: AuthorId;
  readonly name: string;
  /** The account's own key, and how it is made from a password (in hex). */
  readonly key: string;
  readonly kdf: string;
  readonly power: Power;
  readonly devices: readonly { readonly key: string; readonly may: KnownDevice['may']; readonly label: string }[];
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

/** The command line has none: names that sessions are about to take are others'. */
const NO_SESSION = 0 as SessionNo;

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
    return {
      network: this.#network,
      node: this.#loop.node.id,
      feed: this.#loop.engine.desk.grantFeed,
      nowKey: this.nowKey(),
      registration: this.registration(),
      owners: this.owners(),
      people: names.map((name) => this.#person(name)),
    };
  }

  /** The present, as a history key. */
  nowKey(): number {
    return this.#loop.engine.desk.highestKey({ wallMs: this.#now(), monoMs: 0 });
  }

  registration(): string {
    return this.#loop.state.network?.value.registration ?? 'invite';
  }

  /** The names of the network's owners, in their order. */
  owners(): string[] {
    const { accounts } = this.#loop.state;
    const names = this.#loop.engine.rights.owners().map((author) => accounts.get(author)!.name);
    return names.sort();
  }

  /** How many accounts there are. */
  count(): number {
    return this.#accounts().length;
  }

  /** The accounts that are there, in the order of their names. */
  list(): AccountLine[] {
    const lines = this.#accounts().map((one) => ({
      id: one.author,
      name: one.name,
      role: roleOf(this.#loop.engine.rights.power(one.author, '')),
      present: this.#loop.isPresent(one.author),
      devices: this.#devices(one).length,
    }));
    return lines.sort((a, b) => compareText(a.name, b.name));
  }

  #accounts(): Account[] {
    return [...this.#loop.state.accounts.values()].filter(({ isDeleted }) => !isDeleted);
  }

  #person(name: string): Person | null {
    const { rights, desk } = this.#loop.engine;
    const author = rights.accountNamed(name);
    const own = author && desk.ownKey(author);
    if (!author || !own) return null;
    const one = this.#loop.state.accounts.get(author)!;
    return {
      author,
      name: one.name,
      key: own.key,
      kdf: toHex(own.kdf),
      power: rights.power(author, ''),
      devices: this.#devices(one).map(({ key, may, label }) => ({ key, may, label })),
      cut: [...desk.cutOf(author)],
    };
  }

  #guestNamed(name: string): AuthorId | null {
    const author = this.#loop.presentByName(name);
    return author !== null && this.#loop.state.guests.has(author) ? author : null;
  }

  /** Devices whose keys still speak for the account. */
  #devices({ author, devices }: Account): KnownDevice[] {
    const keysOf = ({ chain, root }: KnownDevice): string[] => [...chain.map(({ key }) => key), root];
    const { desk } = this.#loop.engine;
    return [...devices.values()].filter((one) => one.kind === 'device' && desk.speakFor(author, keysOf(one)));
  }

  /**
   * Why a name cannot be an account's, in words; null where it can. `except`: the account whose name it may be, or be like. A guest who has the name makes room: it
   * may be them who asks.
   */
  nameFault(raw: string, except: AuthorId | null = null): string | null {
    const checked = checkName(raw);
    const fault = 'fault' in checked ? checked.fault : scriptFault(checked.name);
    if (fault) return `‘${raw.slice(0, 64)}’ cannot be a name: ${NAME_WORDS[fault]}`;
    const refusal = this.#loop.engine.desk.names.accountFault(raw.normalize('NFC'), NO_SESSION, except ?? this.#guestNamed(raw));
    if (refusal === null) return null;
    if (refusal.type !== 'name alike' || refusal.like === null) return `the name ‘${raw}’ is taken: choose another`;
    return `‘${raw}’ looks like ‘${refusal.like}’, who is somebody else: choose another name`;
  }
}

function roleOf(power: Power): AccountLine['role'] {
  return power === 4 ? 'owner' : power === 2 ? 'moderator' : 'member';
}
