/**
 * A machine: a process that runs an engine, its disk, its clock. It carries out effects as the node's loop does (see src/node/loop.ts), in virtual time.
 *
 * A paused process hears nothing; what came meanwhile it hears at once when it goes on. A killed one is gone but for its disk. A hostile one runs the same engine, and
 * tampers with what it sends.
 */

import type { Entry } from '../../src/core/entry.ts';
import { authorId, type FeedId, type NodeId } from '../../src/core/ids.ts';
import { KIND } from '../../src/core/op.ts';
import type { Command, Door, SessionNo } from '../../src/core/port.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import type { ReadonlyVector } from '../../src/core/vector.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import type { CheckpointPace } from '../../src/node/checkpoint-duty.ts';
import { Engine } from '../../src/node/engine.ts';
import type { Sabotage } from '../../src/node/engine-options.ts';
import { ALLOWANCE, type Allowance } from '../../src/sync/budgets.ts';
import type { Effect, Input, Now } from '../../src/sync/effects.ts';
import { Clock } from './clock.ts';
import { Disk } from './disk.ts';
import type { Hostile } from './hostile.ts';
import type { End, Host } from './network.ts';
import type { World } from './world.ts';

export type MachineState = 'up' | 'paused' | 'down' | 'lost';

const TICK_MS = 50;
const STORE_RETRY_MS = 500;
/** How long what was erased by right stays on the disk, in ms. */
export const ERASE_AFTER_MS = 1000;
/** When law is covered here. */
const PACE: CheckpointPace = { afterMs: 200, jitterMs: 400, apartMs: 1000 };
/** How soon a process that died of an error is started again. */
const REVIVE_MS = 500;

/** Of so many feeds at once nobody honest has need; so many a second are soon made up for. */
const TIGHT: Allowance = { ...ALLOWANCE, feedsBurst: 10, feedsPerS: 200 };
/** What a warning is about, before the node. */
const FLOOD = 'flood of ';

export class Machine implements Host {
  readonly world: World;
  readonly index: number;
  readonly key: KeyPair;
  readonly disk: Disk;
  readonly clock: Clock;
  state: MachineState = 'down';
  engine: Engine | null = null;
  hostile: Hostile | null = null;
  /** Whether this machine began as a copy of another, or another as a copy of it. */
  isCloned = false;
  token: Uint8Array = new Uint8Array(0);
  seeds: readonly string[] = [];
  /** What its people are told, by what it is about. */
  readonly warnings = new Map<string, string>();
  readonly #links = new Map<number, End>();
  readonly #numbers = new Map<End, number>();
  #nextLink = 1;
  #inbox: (() => void)[] = [];
  /** How often it came up at another address. */
  #moves = 0;
  #turning = false;
  #process = 0;
  #retrying = false;

  /** A machine with a key of its own, or with that of the one whose copy it is. */
  constructor(world: World, index: number, key?: KeyPair) {
    this.world = world;
    this.index = index;
    this.key = key ?? world.suite.keyPair(world.random.bytes(32));
    this.disk = new Disk(world.timeline, world.random, world.suite, world.plan.sabotage);
    this.clock = new Clock(world.timeline, world.random);
    world.network.attach(this);
  }

  get node(): NodeId {
    return this.key.publicKey as NodeId;
  }

  get address(): string {
    return this.#moves === 0 ? `sim:${this.index}` : `sim:${this.index}:${this.#moves}`;
  }

  /** The next start is at another address; by -1, at the one before. */
  move(by: 1 | -1): void {
    this.#moves += by;
  }

  isListening(): boolean {
    return this.state === 'up';
  }

  get isMember(): boolean {
    return this.disk.chain.length > 0;
  }

  /** Whether this process of the machine still runs, be it paused. */
  runs(process: number): boolean {
    return process === this.#process && (this.state === 'up' || this.state === 'paused');
  }

  /** Up, a member, and able to write. */
  isWell(): boolean {
    return (
      this.state === 'up' &&
      this.hostile === null &&
      this.isMember &&
      this.disk.state !== 'full' &&
      this.disk.state !== 'lying' &&
      this.engine!.replica.writable
    );
  }

  start(): void {
    const { world, disk } = this;
    this.state = 'up';
    this.#process++;
    this.clock.reboot();
    const stored = disk.store.loadNow();
    this.engine = new Engine({
      suite: world.suite,
      network: world.id,
      key: this.key,
      name: `node${this.index}`,
      chain: disk.chain,
      token: this.token,
      random: seededRandom(world.random.u32()),
      loaded: stored,
      governance: stored.governance,
      lastKeys: stored.lastKeys,
      remembered: disk.remembered,
      seeds: this.seeds,
      fullUpTo: world.plan.fullUpTo,
      copies: world.plan.copies,
      push: world.plan.push,
      eraseAfterMs: ERASE_AFTER_MS,
      ...(world.plan.checkpoints ? { checkpoints: PACE, root: () => world.rootAt(this) } : {}),
      ...(world.plan.tight ? { allowance: TIGHT } : {}),
      ...(world.plan.sabotage ? { sabotage: { [world.plan.sabotage]: true } as Sabotage } : {}),
    });
    world.say(`start ${this.index}`);
    world.started(this);
    this.engine.start();
    this.input({ type: 'addresses', addresses: [this.address] });
    const process = this.#process;
    const tick = (): void => {
      if (process !== this.#process) return;
      if (this.state === 'up') this.input({ type: 'tick' });
      world.timeline.after(TICK_MS, tick);
    };
    tick();
  }

  /** The process dies; `silently`: its machine does too, and nobody is told. */
  kill(silently: boolean, tail: 'either' | 'lost' = 'either'): { underWay: boolean; lost: boolean } {
    this.world.say(`kill ${this.index}${silently ? ', its power is cut' : ''}`);
    const batch = this.disk.crash(tail, silently);
    this.world.network.vanish(this, silently);
    this.#process++;
    this.engine = null;
    this.warnings.clear();
    this.#links.clear();
    this.#numbers.clear();
    this.#inbox = [];
    this.#turning = false;
    this.#retrying = false;
    this.state = 'down';
    return batch;
  }

  pause(): void {
    this.world.say(`pause ${this.index}`);
    this.state = 'paused';
  }

  /** What waits for a paused process. */
  get inbox(): number {
    return this.#inbox.length;
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.world.say(`resume ${this.index}`);
    this.state = 'up';
    const inbox = this.#inbox;
    this.#inbox = [];
    for (const run of inbox) this.#soon(run);
  }

  /** Runs now, at the end of a pause, or never. */
  #soon(run: () => void): void {
    if (this.state === 'paused') this.#inbox.push(run);
    else if (this.state === 'up') this.#guard(run);
  }

  /** An error that the engine throws ends the process. */
  #guard(run: () => void): void {
    const process = this.#process;
    try {
      run();
    } catch (error) {
      if (process !== this.#process) return;
      const { stack } = error as Error;
      this.world.died(this, (stack ?? String(error)).split('\n').slice(0, 3).join(' '));
      this.kill(false);
      this.world.timeline.after(REVIVE_MS, () => this.state === 'down' && this.start());
    }
  }

  #later(ms: number, run: () => void): void {
    const process = this.#process;
    this.world.timeline.after(ms, () => process === this.#process && this.#soon(run));
  }

  now(): Now {
    return { wallMs: this.clock.wallMs(), monoMs: this.clock.monoMs() };
  }

  input(input: Input): void {
    this.#soon(() => {
      if (input.type !== 'tick')
        this.world.note(
          `${this.index} ${input.type}${'link' in input ? ` ${input.link}` : ''}${input.type === 'frame' ? ` ${input.bytes[0]} ${input.bytes.length}` : ''}`,
        );
      for (const effect of this.engine!.step(input, this.now())) this.#perform(effect);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#turning) return;
    this.#turning = true;
    this.#later(0, () => {
      this.#turning = false;
      for (const effect of this.engine!.step({ type: 'turn' }, this.now())) this.#perform(effect);
      this.engine!.deliver(this.now());
    });
  }

  #perform(asked: Effect): void {
    const effect = this.hostile ? this.hostile.tamper(asked) : asked;
    if (!effect) return;
    const end = 'link' in effect ? this.#links.get(effect.link) : undefined;
    switch (effect.type) {
      case 'append':
        return this.#commit(effect);
      case 'send':
        if (end && !this.world.network.send(end, effect.bytes)) this.engine!.replica.filled(effect.link);
        return;
      case 'close':
        this.world.say(`${this.index} closes ${effect.link}: ${effect.reason}`);
        this.world.sometimes(`close: ${effect.reason}`);
        if (end) this.#later(0, () => this.world.network.close(end, effect.reason));
        return;
      case 'load': {
        const { link, feed, after, bytesMax } = effect;
        return this.#later(this.disk.delayMs(), () => {
          this.input({ type: 'loaded', link, feed, entries: this.#read(feed, after, bytesMax) });
        });
      }
      case 'fetch': {
        const { link, feed, seqs } = effect;
        return this.#later(this.disk.delayMs(), () => {
          const entries = seqs.flatMap((seq) => this.#read(feed, seq - 1, 1).slice(0, 1));
          this.input({ type: 'fetched', link, entries });
        });
      }
      case 'compare': {
        const { link, entry } = effect;
        return this.#later(this.disk.delayMs(), () => {
          const [own] = this.#read(entry.feed, entry.seq - 1, 1);
          if (own) this.input({ type: 'compared', link, own, other: entry });
        });
      }
      case 'mend':
        return this.#later(this.disk.delayMs(), () => {
          if (!this.disk.mend(effect.entry)) return;
          this.world.sometimes('mended');
          this.input({ type: 'mended', entry: effect.entry });
        });
      case 'erase':
        return this.#later(this.disk.delayMs(), () => this.#erase());
      case 'dial':
        return this.#dial(effect.address);
      case 'remember':
        this.disk.remembered = new Map(effect.peers);
        return;
      case 'admitted':
        this.disk.chain = effect.chain;
        this.world.say(`${this.index} admitted`);
        if (this.world.network.blocked.size > 0) this.world.sometimes('admitted during a partition');
        return;
      case 'warn':
        this.#warned(effect.warning, effect.about);
        return this.world.note(`${this.index} warn ${effect.warning}`);
      case 'not admitted':
        return this.world.note(`${this.index} not admitted ${effect.reason}`);
      default:
        return;
    }
  }

  #warned(warning: string, about = warning): void {
    if (warning === '') this.warnings.delete(about);
    else this.warnings.set(about, warning);
    const { machines, timeline } = this.world;
    const named = warning !== '' && about.startsWith(FLOOD) ? (about.slice(FLOOD.length) as NodeId) : null;
    if (named === null) return;
    const isHonest = machines.some((machine) => machine.node === named && machine.hostile === null);
    this.world.event({ type: 'named', atMs: timeline.nowMs, machine: this.index, named, isHonest });
  }

  /** What the disk gives; a damaged entry that it meets is told of, as the store does. */
  #read(feed: FeedId, after: number, bytesMax: number): Entry[] {
    const { entries, damaged } = this.disk.read(feed, after, bytesMax);
    if (damaged) this.#later(0, () => this.input({ type: 'damaged', holes: [{ feed, seq: damaged.seq, hash: damaged.hash }] }));
    return entries;
  }

  #erase(): void {
    if (this.disk.state === 'full') return this.#later(STORE_RETRY_MS, () => this.#erase());
    const { erased, orphans } = this.disk.erase();
    if (erased > 0) this.world.say(`${this.index} erased payloads of ${erased} entries`);
    if (erased > 0) this.world.sometimes('payloads erased');
    if (orphans.length > 0) this.world.sometimes('gaps that nothing explains any more');
    this.input({ type: 'gaps', holes: orphans });
  }

  #dial(address: string): void {
    const { machines, network } = this.world;
    const to = Number(address.split(':')[1]);
    const failed = (): void => this.input({ type: 'dial failed', address });
    network.dial(this, to, failed, () => machines[to]?.address === address);
  }

  /** Sends bytes on every open link that is wanted, past the engine: how many there were. */
  sendRaw(bytes: Uint8Array, isWanted: (peer: NodeId) => boolean): number {
    let sent = 0;
    for (const [link, end] of this.#links) {
      const { phase, node } = this.engine!.replica.links.get(link) ?? {};
      if (phase !== 'open' || !node || !isWanted(node)) continue;
      this.world.network.send(end, bytes);
      sent++;
    }
    return sent;
  }

  #noteCommitted(entries: readonly Entry[]): void {
    const { committedMs, timeline } = this.world;
    for (const { feed, seq } of entries) {
      const name = `${feed}/${seq}`;
      if (!committedMs.has(name)) committedMs.set(name, timeline.nowMs);
    }
  }

  #commit({ batch }: Extract<Effect, { type: 'append' }>): void {
    this.#countCheckpoints(batch.entries);
    this.world.appending(this, batch.entries, new Map(this.engine!.replica.log.durable) as ReadonlyVector);
    this.disk.commit(batch, (outcome) => {
      this.#soon(() => {
        if (!('error' in outcome)) {
          this.world.say(`${this.index} committed ${batch.entries.length} entries`);
          this.#noteCommitted(batch.entries);
          return this.input({ type: 'committed', batch: batch.id, repeats: outcome.repeats });
        }
        this.world.say(`${this.index} commit failed, ${outcome.written ? '' : 'not '}written`);
        this.world.sometimes(outcome.written ? 'commit error, written' : 'commit error, not written');
        this.input({ type: 'commit failed', batch: batch.id, written: outcome.written, repeats: outcome.repeats });
        if (!this.engine!.replica.writable) this.#retryStore();
      });
    });
  }

  #countCheckpoints(entries: readonly Entry[]): void {
    const { world } = this;
    const { infos } = this.engine!.replica.log;
    const self = authorId(world.suite, this.node);
    for (const { feed, heads } of entries) {
      if (infos.get(feed)?.node !== this.node) continue;
      for (const { kind, author } of heads) {
        if (kind !== KIND.checkpoint) continue;
        if (author === self) world.sometimes('checkpoint by duty, sealed');
        else if (world.clients.some((client) => client.author === author)) world.sometimes('checkpoint by duty');
      }
    }
  }

  #retryStore(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    this.#later(STORE_RETRY_MS, () => {
      this.#retrying = false;
      if (this.disk.state === 'full') return this.#retryStore();
      this.input({ type: 'writable' });
    });
  }

  // For clients

  /** A session of a door; null where no process listens. */
  session(door: Door): { readonly no: SessionNo; readonly process: number } | null {
    return this.state === 'up' || this.state === 'paused' ? { no: this.engine!.open(door), process: this.#process } : null;
  }

  command(session: SessionNo, process: number, token: number, command: Command): void {
    if (process !== this.#process) return;
    this.#soon(() => {
      this.world.note(`${this.index} command ${session} ${command.type}`);
      this.engine!.command(session, token, command, this.now());
      this.#schedule();
    });
  }

  // The network's calls

  linkUp(end: End, peer: number, outbound: boolean): void {
    const link = this.#nextLink++;
    this.#links.set(link, end);
    this.#numbers.set(end, link);
    const { node, address } = this.world.machines[peer]!;
    if (outbound) this.world.say(`link ${this.index}-${peer} up`);
    this.input({ type: 'link up', link, node, address, outbound });
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
    this.#links.delete(link);
    this.world.say(`link of ${this.index} down: ${reason}`);
    this.input({ type: 'link down', link, reason });
  }
}
