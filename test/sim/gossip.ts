/**
 * A world of replicas without people, in virtual time: the real replication, the simulator's network, and for a disk a map and a delay. Every frame on every link
 * is counted, and for every write when each node held it durably.
 */

import { issueCertificate, NO_INVITE } from '../../src/core/admission.ts';
import type { Entry } from '../../src/core/entry.ts';
import type { FeedInfo } from '../../src/core/feed.ts';
import type { AuthorId, FeedId, NetworkId, NodeId, RoomId } from '../../src/core/ids.ts';
import { networkId } from '../../src/core/ids.ts';
import { encodeMessage } from '../../src/core/message.ts';
import { KIND, NO_BYTES, type Op, SALT_BYTES } from '../../src/core/op.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import type { Effect, Input } from '../../src/sync/effects.ts';
import { Replica } from '../../src/sync/replica.ts';
import { EPOCH_MS } from './clock.ts';
import { type End, type Host, Network } from './network.ts';
import { simSuite } from './suite.ts';
import { Timeline } from './timeline.ts';

/** As the node's loop ticks. */
const TICK_MS = 50;
const DISK_MS = 2;

export interface GossipPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly delayMs: number;
  readonly jitterMs?: number;
  readonly fullUpTo?: number;
  readonly push?: boolean;
  readonly bufferBytes?: number;
}

/** A write, and when each node held it. */
export interface Sent {
  readonly atMs: number;
  readonly by: number;
  feed: FeedId | null;
  seq: number;
  readonly reached: Map<number, number>;
}

export class GossipNode implements Host {
  readonly world: GossipWorld;
  readonly index: number;
  readonly key: KeyPair;
  readonly feeds = new Map<FeedId, { readonly info: FeedInfo; readonly entries: Entry[] }>();
  remembered: ReadonlyMap<NodeId, readonly string[]> = new Map();
  seeds: string[] = [];
  replica: Replica | null = null;
  /** Its store finds nothing of what is asked for. */
  blind = false;
  /** Since when it runs without a break. */
  upMs = 0;
  readonly #ends = new Map<number, End>();
  readonly #numbers = new Map<End, number>();
  readonly #writes = new Map<number, Sent>();
  #nextLink = 1;
  #process = 0;

  constructor(world: GossipWorld, index: number) {
    this.world = world;
    this.index = index;
    this.key = world.suite.keyPair(world.random.bytes(32));
    world.network.attach(this);
  }

  get node(): NodeId {
    return this.key.publicKey as NodeId;
  }

  isListening(): boolean {
    return this.replica !== null;
  }

  start(): void {
    const { world } = this;
    const { plan, suite } = world;
    const random = seededRandom(world.random.u32());
    this.replica = new Replica({
      suite,
      network: world.id,
      key: this.key,
      name: `node${this.index}`,
      chain: [world.certify(this)],
      token: new Uint8Array(0),
      random,
      loaded: {
        feeds: [...this.feeds.values()].map(({ info, entries }) => {
          const { seq, hash, hlc } = entries.at(-1)!;
          return { info, tip: { seq, hash, hlc } };
        }),
      },
      remembered: this.remembered,
      seeds: this.seeds,
      fullUpTo: plan.fullUpTo ?? 8,
      copies: 3,
      push: plan.push ?? true,
      admit: () => ({ reason: 'members only' }),
    });
    this.replica.log.incarnate(toHex(random.bytes(16)));
    this.upMs = world.timeline.nowMs;
    const process = ++this.#process;
    this.input({ type: 'addresses', addresses: [`sim:${this.index}`] });
    const tick = (): void => {
      if (process !== this.#process) return;
      this.input({ type: 'tick' });
      world.timeline.after(TICK_MS, tick);
    };
    world.timeline.after(TICK_MS * random.unit(), tick);
  }

  /** The process ends; its kernel tells its peers. */
  kill(silently = false): void {
    this.world.network.vanish(this, silently);
    this.world.seenByGone.entries += this.replica?.seen.entries ?? 0;
    this.world.seenByGone.repeated += this.replica?.seen.repeated ?? 0;
    this.#process++;
    this.replica = null;
    this.#ends.clear();
    this.#numbers.clear();
    this.#writes.clear();
  }

  write(op: Op, token: number, sent: Sent): void {
    this.#writes.set(token, sent);
    this.input({ type: 'write', ops: [op], token });
  }

  input(input: Input): void {
    if (!this.replica) return;
    const { nowMs } = this.world.timeline;
    for (const effect of this.replica.step(input, { wallMs: Math.floor(EPOCH_MS + nowMs), monoMs: nowMs })) this.#perform(effect);
  }

  #later(ms: number, run: () => void): void {
    const process = this.#process;
    this.world.timeline.after(ms, () => process === this.#process && run());
  }

  #perform(effect: Effect): void {
    const { world } = this;
    const end = 'link' in effect ? this.#ends.get(effect.link) : undefined;
    switch (effect.type) {
      case 'append':
        return this.#later(DISK_MS, () => {
          for (const entry of effect.batch.entries) this.#store(entry);
          this.input({ type: 'committed', batch: effect.batch.id, repeats: [] });
        });
      case 'send':
        if (!end) return;
        world.counted(effect.bytes);
        if (!world.network.send(end, effect.bytes)) this.replica!.filled(effect.link);
        return;
      case 'close':
        world.closes.set(effect.reason, (world.closes.get(effect.reason) ?? 0) + 1);
        if (end) this.#later(0, () => world.network.close(end, effect.reason));
        return;
      case 'load': {
        const { link, feed, after } = effect;
        return this.#later(DISK_MS, () => this.input({ type: 'loaded', link, feed, entries: this.#read(feed, after) }));
      }
      case 'dial':
        world.dials++;
        return world.network.dial(this, Number(effect.address.slice(4)), () =>
          this.input({ type: 'dial failed', address: effect.address }),
        );
      case 'remember':
        this.remembered = new Map(effect.peers);
        return;
      case 'warn':
        world.warnings.push(effect.warning);
        return;
      case 'written': {
        const sent = this.#writes.get(effect.token);
        if (sent) world.written(sent, effect.feed, effect.seq);
        return;
      }
      case 'durable':
        for (const entry of effect.entries) world.reached(this.index, entry);
        return;
      default:
        return;
    }
  }

  #store(entry: Entry): void {
    let feed = this.feeds.get(entry.feed);
    if (!feed) this.feeds.set(entry.feed, (feed = { info: this.replica!.log.infos.get(entry.feed)!, entries: [] }));
    feed.entries.push(entry);
  }

  #read(feed: FeedId, after: number): readonly Entry[] {
    if (this.blind) return [];
    return this.feeds.get(feed)?.entries.slice(after, after + 64) ?? [];
  }

  // The network's calls

  linkUp(end: End, peer: number, outbound: boolean): void {
    const link = this.#nextLink++;
    this.#ends.set(link, end);
    this.#numbers.set(end, link);
    this.input({ type: 'link up', link, node: this.world.nodes[peer]!.node, address: `sim:${peer}`, outbound });
  }

  frame(end: End, bytes: Uint8Array): void {
    const link = this.#numbers.get(end);
    if (link !== undefined) this.input({ type: 'frame', link, bytes });
  }

  drained(end: End): void {
    const link = this.#numbers.get(end);
    if (link !== undefined) this.input({ type: 'drained', link });
  }

  linkDown(end: End, reason: string): void {
    const link = this.#numbers.get(end);
    if (link === undefined) return;
    this.#numbers.delete(end);
    this.#ends.delete(link);
    this.input({ type: 'link down', link, reason });
  }
}

export class GossipWorld {
  readonly plan: GossipPlan;
  readonly timeline = new Timeline();
  readonly random: Random;
  readonly suite: Suite = simSuite();
  readonly network: Network;
  readonly id: NetworkId;
  readonly nodes: GossipNode[] = [];
  readonly sent: Sent[] = [];
  readonly closes = new Map<string, number>();
  readonly warnings: string[] = [];
  /** Frames by kind, and all bytes. */
  readonly frames = new Map<number, number>();
  bytes = 0;
  /** After so many frames every link is cut, in the middle of whatever it carries. */
  framesToCut = 0;
  /** What came to processes that are gone. */
  readonly seenByGone = { entries: 0, repeated: 0 };
  dials = 0;
  readonly #root: KeyPair;
  readonly #entries = new Map<string, Sent[]>();

  constructor(plan: GossipPlan) {
    this.plan = plan;
    this.random = seededRandom(plan.seed);
    this.#root = this.suite.keyPair(this.random.bytes(32));
    this.id = networkId(this.suite, this.#root.publicKey as NodeId);
    const quality = { delayMs: plan.delayMs, jitterMs: plan.jitterMs ?? 0, loss: 0 };
    this.network = new Network(this.timeline, this.random, this.random, quality, plan.bufferBytes ?? 4_000_000);
    while (this.nodes.length < plan.nodes) this.#join();
  }

  /** Every node knows one that came before it. */
  #join(): void {
    const node = new GossipNode(this, this.nodes.length);
    if (node.index > 0) node.seeds = [`sim:${this.random.below(node.index)}`];
    this.nodes.push(node);
    this.timeline.after(20 * node.index, () => node.start());
  }

  certify(node: GossipNode) {
    return issueCertificate(this.#root, {
      network: this.id,
      node: node.node,
      name: `node${node.index}`,
      invite: NO_INVITE,
      atMs: EPOCH_MS,
    });
  }

  counted(bytes: Uint8Array): void {
    if (--this.framesToCut === 0)
      for (const link of this.network.connections) this.timeline.after(0, () => this.network.reset(link, 'cut'));
    this.frames.set(bytes[0]!, (this.frames.get(bytes[0]!) ?? 0) + 1);
    this.bytes += bytes.length;
  }

  get framesSent(): number {
    let sum = 0;
    for (const count of this.frames.values()) sum += count;
    return sum;
  }

  /** A message is written at a node that runs. */
  send(): void {
    const up = this.nodes.filter((node) => node.replica);
    this.sendAt(up[this.random.below(up.length)]!);
  }

  sendAt(node: GossipNode, text = `message ${this.sent.length} ${'x'.repeat(60)}`): void {
    const payload = encodeMessage(this.random.bytes(SALT_BYTES), 'text', text);
    const author = toHex(this.random.bytes(16)) as AuthorId;
    const client = uuidV7(EPOCH_MS + Math.floor(this.timeline.nowMs), this.random);
    const payloadHash = this.suite.sha256(payload);
    const head = { kind: KIND.message, author, client, room: '#r' as RoomId, target: '' as const, after: 0, body: NO_BYTES, payloadHash };
    const sent: Sent = { atMs: this.timeline.nowMs, by: node.index, feed: null, seq: 0, reached: new Map() };
    this.sent.push(sent);
    node.write({ head, payload }, this.sent.length, sent);
  }

  written(sent: Sent, feed: FeedId, seq: number): void {
    sent.feed = feed;
    sent.seq = seq;
    const key = `${feed}/${seq}`;
    const known = this.#entries.get(key);
    if (known) known.push(sent);
    else this.#entries.set(key, [sent]);
  }

  reached(node: number, { feed, seq }: Entry): void {
    for (const sent of this.#entries.get(`${feed}/${seq}`) ?? []) if (!sent.reached.has(node)) sent.reached.set(node, this.timeline.nowMs);
  }

  /** Runs for a time with so many sends a second, at even random moments. */
  run(ms: number, sendsPerSecond = 0): void {
    const untilMs = this.timeline.nowMs + ms;
    const next = (): void => {
      this.timeline.after((2000 / sendsPerSecond) * this.random.unit(), () => {
        if (this.timeline.nowMs >= untilMs) return;
        this.send();
        next();
      });
    };
    if (sendsPerSecond > 0) next();
    this.timeline.runUntil(untilMs);
  }

  /** Whether all that run hold the same. */
  isEqual(): boolean {
    const up = this.nodes.filter((node) => node.replica);
    const sums = new Set(
      up.map(({ replica }) =>
        [...replica!.log.durable]
          .map(([feed, seq]) => `${feed}${seq}`)
          .sort()
          .join(),
      ),
    );
    return sums.size === 1;
  }

  /** Open links of each node that runs. */
  degrees(): number[] {
    return this.nodes.flatMap(({ replica }) => (replica ? [replica.linked().size] : []));
  }
}
