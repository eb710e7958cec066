/**
 * Random histories of all kinds of ops: several nodes with wrong clocks that hear of each other now and then, people with and without accounts, and everything they
 * may do or try. The same seed gives the same entries. Most of what is tried is allowed, and some of it is not.
 */

import { issueCertificate, NO_INVITE } from '../../src/core/admission.ts';
import { type Entry, NO_TIP, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../../src/core/feed.ts';
import { HLC_PER_MS } from '../../src/core/hlc.ts';
import {
  type AuthorId,
  authorId,
  type FeedId,
  type MessageId,
  messageId,
  type NetworkId,
  type NodeId,
  networkId,
  type RoomId,
} from '../../src/core/ids.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../../src/core/op.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import { beyond, raise, type Vector } from '../../src/core/vector.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import { ACTS, type Act, type Actor, arrive, type Place, type Scene } from './acts.ts';

const START_MS = 1_700_000_000_000;

/** One node: its present incarnation, what it holds, and how wrong its clock is. */
export interface Site extends Place {
  incarnation: string;
  readonly named: Map<FeedId, Vector>;
  readonly skewMs: number;
}

/** What happens in a history that is all law: checkpoints that name what is new, and clocks that are wrong by days; in half of them nothing that withholds. */
const PEACEFUL = [
  ...(['checkpoint', 'checkpoint', 'checkpoint', 'account', 'account', 'room', 'room', 'role', 'role', 'settle', 'settle'] as const),
  ...(['settings', 'settings', 'kick', 'mute', 'undo', 'invitation', 'session', 'message', 'join'] as const),
] satisfies readonly (keyof typeof ACTS)[];
const LAWFUL = [
  ...PEACEFUL,
  ...(['ban', 'ban', 'undo', 'undo', 'rekey', 'logout', 'revoke', 'revoke', 'deletion', 'fork'] as const),
] satisfies readonly (keyof typeof ACTS)[];

export class History implements Scene<Site> {
  readonly suite: Suite;
  readonly random: Random;
  /** The same numbers always: what the others draw does not change with them. */
  readonly later: Random;
  readonly root: KeyPair;
  readonly network: NetworkId;
  readonly entries: Entry[] = [];
  readonly sites: Site[] = [];
  readonly actors: Actor[] = [];
  readonly rooms: RoomId[] = ['#a' as RoomId, '#b' as RoomId];
  readonly messages: { id: MessageId; room: RoomId; author: AuthorId }[] = [];
  readonly undoable: { id: MessageId; room: RoomId | '' }[] = [];
  readonly imported: Op[] = [];
  readonly #tips = new Map<FeedId, Entry>();
  readonly infos = new Map<FeedId, FeedInfo>();
  readonly spanMs = 60_000;
  readonly deltas: boolean;
  readonly #lawful: readonly (keyof typeof ACTS)[];
  #nowMs = START_MS;
  #queue: Op[] = [];

  /** `lawful`: it is all law. */
  constructor(suite: Suite, random: Random, sites = 3, lawful = false) {
    this.suite = suite;
    this.random = random;
    this.deltas = lawful;
    this.#lawful = lawful && random.below(2) === 0 ? PEACEFUL : LAWFUL;
    this.later = seededRandom(0x9e09);
    this.root = suite.keyPair(random.bytes(32));
    this.network = networkId(suite, this.root.publicKey as NodeId);
    for (let i = 0; i < sites; i++) this.#addSite();
    for (let i = 0; i < 2; i++) this.addActor(false);
    for (let i = 0; i < 2; i++) this.addActor(true);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)]!;
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  #addSite(): void {
    const key = this.suite.keyPair(this.random.bytes(32));
    const author = authorId(this.suite, key.publicKey);
    const skewMs = this.pick(this.deltas ? [0, 0, -3000, -1e9, 1e6] : [0, 0, 3000, -3000, 400_000]);
    this.sites.push({ key, author, incarnation: '', held: new Map(), named: new Map(), skewMs, granted: new Set() });
    this.restart(this.sites.at(-1)!);
  }

  restart(site: Site): void {
    site.incarnation = Buffer.from(this.random.bytes(16)).toString('hex');
    site.granted.clear();
  }

  addActor(isAccount: boolean): Actor {
    const key = this.suite.keyPair(this.random.bytes(32));
    const actor = { author: authorId(this.suite, key.publicKey), key, isAccount, device: null, keys: [] };
    this.actors.push(actor);
    return actor;
  }

  info(site: Site, kind: FeedKind): FeedInfo {
    return feedInfo(this.suite, this.network, { node: site.key.publicKey as NodeId, kind, incarnation: site.incarnation });
  }

  head(fields: Partial<Head> & Pick<Head, 'kind' | 'author'>): Head {
    const client = uuidV7(this.#nowMs, this.random);
    const after = this.chance(10) ? (this.#nowMs + this.random.below(2000)) * HLC_PER_MS : 0;
    return { client, room: '', target: '', after, body: NO_BYTES, payloadHash: null, ...fields };
  }

  subject(): AuthorId {
    return this.pick(this.actors).author;
  }

  say(op: Op): void {
    this.#queue.push(op);
  }

  /** A vector of what a site holds, at times less. */
  cut(site: Site, only: (feed: FeedId) => boolean = () => true): Vector {
    const held = [...site.held].filter(([feed]) => only(feed) && !this.chance(15));
    return new Map(held.map(([feed, seq]) => [feed, this.chance(10) ? Math.max(1, seq - 1) : seq]));
  }

  isGovernance(feed: FeedId): boolean {
    return this.infos.get(feed)?.kind === FEED_KIND.governance;
  }

  #seal(site: Site, kind: FeedKind, ops: readonly Op[]): void {
    const info = this.info(site, kind);
    const last = this.#tips.get(info.feed);
    const deps: Vector = new Map(site.held);
    for (const feed of site.held.keys()) {
      const isOther = feed !== info.feed && feed !== info.sibling && kind !== FEED_KIND.import;
      if (!isOther || (kind === FEED_KIND.governance && !this.isGovernance(feed))) deps.delete(feed);
    }
    const named = site.named.get(info.feed) ?? new Map();
    const chain = [
      issueCertificate(this.root, {
        network: this.network,
        node: info.node,
        name: `node${this.sites.indexOf(site)}`,
        invite: NO_INVITE,
        atMs: 1,
      }),
    ];
    const entry = sealEntry(this.suite, site.key, {
      network: this.network,
      feed: info.feed,
      tip: last ?? NO_TIP,
      hlc: Math.max((last?.hlc ?? 0) + 1, (this.#nowMs + site.skewMs) * HLC_PER_MS),
      governance: kind === FEED_KIND.content ? (site.held.get(info.sibling) ?? 0) : 0,
      deps: beyond(deps, named),
      header: last ? null : { node: info.node, kind, incarnation: info.incarnation, chain },
      ops,
    });
    site.named.set(info.feed, deps);
    this.infos.set(info.feed, info);
    this.#tips.set(info.feed, entry);
    site.held.set(info.feed, entry.seq);
    this.entries.push(entry);
  }

  grant(site: Site, actor: Actor): void {
    if (site.granted.has(actor.author)) return;
    site.granted.add(actor.author);
    arrive(this, site, actor);
  }

  /** Seals what was said at a site: governance first, then content that rests on it. */
  #flush(site: Site): void {
    const queue = this.#queue;
    this.#queue = [];
    const governance = queue.filter(({ head }) => head.kind < KIND.message);
    const content = queue.filter(({ head }) => head.kind >= KIND.message);
    // What content is to rest on has to be named by governance first.
    const isNews = [...site.held.keys()].some((feed) => this.isGovernance(feed));
    if (governance.length > 0 || (content.length > 0 && isNews && this.chance(50))) this.#seal(site, FEED_KIND.governance, governance);
    if (content.length > 0) this.#seal(site, FEED_KIND.content, content);
    if (this.imported.length > 0) this.#seal(site, FEED_KIND.import, this.imported.splice(0));
  }

  /** The beginning: an account that owns the network, rooms and their founders. */
  begin(): void {
    const [site] = this.sites;
    for (const act of ['account', 'account', 'ownRole', 'room', 'room', 'privateRoom'] as const) this.act(site!, act);
    for (const other of this.sites) if (!this.chance(30)) raise(other.held, site!.held);
  }

  act(site: Site, name: keyof typeof ACTS): void {
    const act = ACTS[name] as Act;
    act(this, site);
    this.#flush(site);
  }

  /** Something happens: somebody does something somewhere, or a site hears of another. */
  step(): void {
    this.#nowMs += this.random.below(3000);
    const site = this.pick(this.sites);
    if (this.chance(25)) return this.#hear(site, this.pick(this.sites));
    if (this.chance(3)) return this.restart(site);
    if (this.deltas) return this.act(site, this.pick(this.#lawful));
    const names = Object.keys(ACTS) as (keyof typeof ACTS)[];
    this.act(site, this.chance(40) ? this.pick(['message', 'message', 'edit', 'reaction', 'remove'] as const) : this.pick(names));
  }

  #hear(site: Site, from: Site): void {
    const isWhole = this.chance(60);
    for (const [feed, seq] of from.held) {
      if ((isWhole || this.isGovernance(feed)) && (site.held.get(feed) ?? 0) < seq) site.held.set(feed, seq);
    }
  }

  remember(head: Head): void {
    this.undoable.push({ id: messageId(head.author, head.client), room: head.room });
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  lastOf(site: Site, kind: FeedKind): Entry | undefined {
    return this.#tips.get(this.info(site, kind).feed);
  }
}

/** A whole history of so many steps. */
export function makeHistory(suite: Suite, random: Random, steps: number, lawful = false): History {
  const history = new History(suite, random, 2 + random.below(3), lawful);
  history.begin();
  for (let i = 0; i < steps; i++) history.step();
  return history;
}

/** Any order in which an entry follows its predecessor, its deps, and the governance it rests on. */
export function shuffled(history: History, random: Random): Entry[] {
  const byPlace = new Map(history.entries.map((entry) => [`${entry.feed} ${entry.seq}`, entry]));
  const done = new Set<string>();
  const order: Entry[] = [];
  const take = (feed: string, seq: number): void => {
    const entry = byPlace.get(`${feed} ${seq}`);
    if (!entry || done.has(`${feed} ${seq}`)) return;
    done.add(`${feed} ${seq}`);
    take(feed, seq - 1);
    const rests: [string, number][] = [...entry.deps, [history.infos.get(entry.feed)!.sibling, entry.governance]];
    for (const [other, upTo] of rests.sort(() => random.below(3) - 1)) for (let i = 1; i <= upTo; i++) take(other, i);
    order.push(entry);
  };
  const rest = [...history.entries];
  while (rest.length > 0) {
    const { feed, seq } = rest.splice(random.below(rest.length), 1)[0]!;
    take(feed, seq);
  }
  return order;
}
