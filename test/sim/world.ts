/** A run: machines, network, clients and faults of one seed over virtual time, and the record of it. */

import { createHash } from 'node:crypto';
import { issueCertificate, NO_INVITE } from '../../src/core/admission.ts';
import { canonicalHead, canonicalMessage } from '../../src/core/canonical.ts';
import type { Entry } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { makeFolder } from '../../src/core/fold.ts';
import { type MessageId, type NetworkId, type NodeId, networkId, type RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { covers, equalVectors, type ReadonlyVector, type Vector } from '../../src/core/vector.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import type { Sabotage } from '../../src/node/engine.ts';
import { Client } from './client.ts';
import { EPOCH_MS } from './clock.ts';
import { injectFault } from './faults.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import { drawPlan, type Plan } from './plan.ts';
import type { Dump, Early, Event, RunRecord } from './record.ts';
import { referenceExport } from './reference.ts';
import { simSuite } from './suite.ts';
import { Timeline } from './timeline.ts';

const WARM_UP_MS = 8000;
const QUIET_MS = 30_000;
const MACHINES_MAX = 10;

export interface WorldOptions {
  readonly seed: number;
  readonly sabotage?: keyof Sabotage;
  readonly plan?: Partial<Plan>;
  /** Where the lines of the trace go, besides its hash. */
  readonly log?: (line: string) => void;
}

export class World {
  readonly timeline = new Timeline();
  readonly random;
  readonly suite: Suite = simSuite();
  readonly plan: Plan;
  readonly network: Network;
  readonly id: NetworkId;
  readonly machines: Machine[] = [];
  readonly clients: Client[] = [];
  readonly roomNames: RoomId[];
  readonly events: Event[] = [];
  readonly counters = new Map<string, number>();
  healed = false;
  #healedAtMs = 0;
  #expected = new Map<string, ReadonlyVector>();
  readonly #root: KeyPair;
  readonly #trace = createHash('sha256');
  readonly #log: ((line: string) => void) | undefined;
  #invitation: Uint8Array = new Uint8Array(0);
  #unwellSinceMs: number | null = null;

  constructor({ seed, sabotage, plan, log }: WorldOptions) {
    this.random = seededRandom(seed);
    this.plan = { ...drawPlan(this.random, sabotage ?? null), ...plan };
    this.#log = log;
    this.#root = this.suite.keyPair(this.random.bytes(32));
    this.id = networkId(this.suite, this.#root.publicKey as NodeId);
    const { delayMs, jitterMs, bufferBytes } = this.plan;
    this.network = new Network(this.timeline, this.random, { delayMs, jitterMs, loss: 0 }, bufferBytes);
    this.roomNames = Array.from({ length: this.plan.rooms }, (_, i) => `#room${i}` as RoomId);
    this.note(JSON.stringify(this.plan));
  }

  // What is recorded

  note(line: string): void {
    const whole = `${this.timeline.nowMs.toFixed(3)} ${line}\n`;
    this.#trace.update(whole);
    this.#log?.(whole);
  }

  event(event: Event): void {
    this.events.push(event);
    if (event.type !== 'recv') this.note(`! ${JSON.stringify(event)}`);
    else
      this.note(
        `! recv ${event.client} ${event.message.id.slice(0, 12)} ${event.message.text.slice(0, 14)} ${event.message.place.key} live=${event.live}`,
      );
  }

  sometimes(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }

  duplicate(client: number, id: MessageId): void {
    this.event({ type: 'shown twice', atMs: this.timeline.nowMs, client, id });
  }

  acknowledged(machine: Machine, event: Extract<Event, { type: 'ok' }>): void {
    const holders = this.machines.filter(({ disk }) => disk.store.has(event.id)).map(({ index }) => index);
    this.event({ ...event, holders });
    this.#checkHaves(machine);
  }

  #checkHaves(by: Machine): void {
    for (const holder of this.machines) {
      const held = holder.disk.store.vector;
      for (const [feed, told] of by.engine!.replica.copies.of(holder.node)) {
        if ((held.get(feed) ?? 0) >= told) continue;
        this.event({
          type: 'false have',
          atMs: this.timeline.nowMs,
          by: by.index,
          holder: holder.index,
          feed,
          told,
          held: held.get(feed) ?? 0,
        });
      }
    }
  }

  /** A machine begins to write: its own entries come after all that it held. */
  appending(machine: Machine, entries: readonly Entry[], durable: ReadonlyVector): void {
    const { infos } = machine.engine!.replica.log;
    for (const entry of entries) {
      const info = infos.get(entry.feed);
      if (info?.node !== machine.node) continue;
      const held: Vector = new Map(durable);
      if (info.kind === FEED_KIND.governance)
        for (const feed of durable.keys()) if (infos.get(feed)?.kind !== FEED_KIND.governance) held.delete(feed);
      this.#expected.set(`${entry.feed}/${entry.seq}`, held);
    }
  }

  // Machines

  /** Machines a client may try. */
  servers(): Machine[] {
    return this.machines.filter((machine) => machine.state !== 'lost' && machine.disk.chain.length > 0);
  }

  /** A newcomer comes with an invitation. */
  join(): void {
    if (this.machines.length >= MACHINES_MAX) return;
    const known = this.servers();
    const machine = new Machine(this, this.machines.length);
    this.machines.push(machine);
    machine.clock.skewMs = this.plan.skewMs * (2 * this.random.unit() - 1);
    machine.clock.drift = this.plan.drift * (2 * this.random.unit() - 1);
    machine.token = this.#invitation;
    machine.seeds = [0, 1].map(() => known[this.random.below(known.length)]!.address);
    machine.start();
  }

  #found(): void {
    const machine = new Machine(this, 0);
    this.machines.push(machine);
    const body = { network: this.id, node: machine.node, name: 'node0', invite: NO_INVITE, atMs: EPOCH_MS };
    machine.disk.chain = [issueCertificate(this.#root, body)];
    machine.start();
    machine.engine!.found(this.#root, 'sim', 'invite');
    this.#invitation = machine.engine!.invite(100, EPOCH_MS + 86_400_000_000);
  }

  #watch(): void {
    const isWell = this.machines.some((machine) => machine.isWell());
    if (!isWell) this.#unwellSinceMs ??= this.timeline.nowMs;
    else if (this.#unwellSinceMs !== null) this.#endUnwell();
  }

  #endUnwell(): void {
    if (this.#unwellSinceMs !== null) this.event({ type: 'nobody well', fromMs: this.#unwellSinceMs - 50, toMs: this.timeline.nowMs + 50 });
    this.#unwellSinceMs = null;
  }

  // The run

  run(): RunRecord {
    this.#found();
    this.timeline.runUntil(100);
    while (this.machines.length < this.plan.nodes) this.join();
    this.#runUntil(WARM_UP_MS, () => this.machines.every(({ disk }) => disk.chain.length > 0 && disk.store.log.length > 0));
    for (let i = 0; i < this.plan.clients; i++) this.clients.push(new Client(this, i));
    for (const client of this.clients) this.#live(client);
    this.#injectAll();
    const endMs = this.timeline.nowMs + this.plan.unsafeMs;
    this.#runUntil(endMs, () => false);
    this.#heal();
    const healedMs = this.#settle();
    return { events: this.events, dumps: this.#dumps(), reference: this.#reference(), early: this.#early(), healedMs, bytesMissing: 0 };
  }

  #live(client: Client): void {
    client.act(!this.healed);
    this.timeline.after(this.plan.actEveryMs * (0.5 + this.random.unit()), () => this.#live(client));
  }

  #injectAll(): void {
    this.timeline.after(this.plan.faultEveryMs * (0.5 + this.random.unit()), () => {
      if (this.healed) return;
      injectFault(this);
      this.#injectAll();
    });
  }

  /** Runs until a time, or until something holds. */
  #runUntil(ms: number, holds: () => boolean): boolean {
    while (this.timeline.nowMs < ms) {
      if (holds()) return true;
      this.timeline.runUntil(Math.min(ms, this.timeline.nowMs + 50));
      this.#watch();
    }
    return holds();
  }

  #heal(): void {
    this.healed = true;
    this.#healedAtMs = this.timeline.nowMs;
    this.event({ type: 'heal', atMs: this.timeline.nowMs });
    this.network.unblockAll();
    for (const machine of this.machines) {
      machine.disk.state = 'good';
      machine.resume();
      if (machine.state === 'down') machine.start();
    }
  }

  /** The machines that live in the end. */
  #living(): Machine[] {
    return this.machines.filter((machine) => machine.state !== 'lost' && machine.disk.chain.length > 0);
  }

  /** Waits for quiet; how long after the heal all that had been acknowledged before it was everywhere. */
  #settle(): number | null {
    const live = this.#living();
    const acked = this.events.filter((event) => event.type === 'ok').map(({ id }) => id);
    const due = acked.filter((id) => live.some(({ disk }) => disk.store.has(id)));
    const isEverywhere = (): boolean => live.every(({ disk }) => due.every((id) => disk.store.has(id)));
    const untilMs = this.#healedAtMs + QUIET_MS;
    const healedMs = this.#runUntil(untilMs, isEverywhere) ? this.timeline.nowMs - this.#healedAtMs : null;
    this.#runUntil(untilMs, () => this.#isQuiet());
    this.timeline.runUntil(this.timeline.nowMs + 700);
    this.#runUntil(untilMs + 700, () => this.#isQuiet());
    this.#endUnwell();
    for (const client of this.clients) {
      this.event({
        type: 'read',
        atMs: this.timeline.nowMs,
        client: client.index,
        view: client.read().map(({ id }) => id),
        rooms: client.complete(),
      });
    }
    return healedMs;
  }

  #isQuiet(): boolean {
    if (this.clients.some((client) => client.outbox.length > 0 || !client.ready)) return false;
    const live = this.#living();
    if (live.some(({ engine }) => engine!.replica.log.writing || engine!.replica.log.writeOps > 0)) return false;
    return live.every(({ engine }) => equalVectors(engine!.replica.log.durable, live[0]!.engine!.replica.log.durable));
  }

  #dumps(): Dump[] {
    return this.#living().map((machine) => {
      const { store } = machine.disk;
      const folder = makeFolder(this.suite);
      for (const entry of store.log) folder.fold(entry);
      const messages = store.messages();
      const canonical = [...canonicalHead(folder, store.vector), ...messages.map((message) => canonicalMessage(folder.state, message))];
      const seen = messages.map(({ id, room, author, place, payload }) => ({
        id,
        room,
        author,
        place,
        text: payload ? decodeMessage(payload).text : '',
      }));
      return { machine: machine.index, node: machine.node, messages: seen, vector: machine.engine!.replica.log.durable, canonical };
    });
  }

  #reference(): string[] {
    const entries = new Map<string, Entry>();
    for (const { disk } of this.#living()) for (const entry of disk.store.log) entries.set(`${entry.feed}/${entry.seq}`, entry);
    return referenceExport([...entries.values()], this.suite.verify);
  }

  #early(): Early[] {
    const early: Early[] = [];
    for (const { index, disk } of this.#living()) {
      const held: Vector = new Map();
      for (const entry of disk.store.log) {
        const expected = this.#expected.get(`${entry.feed}/${entry.seq}`);
        if (expected && !covers(held, expected)) early.push({ machine: index, feed: entry.feed, seq: entry.seq });
        held.set(entry.feed, entry.seq);
      }
    }
    return early;
  }

  traceHash(): string {
    return this.#trace.digest('hex');
  }
}
