/** A run: machines, network, clients, faults and hostile members of one seed over virtual time, and the record of it. */

import { createHash } from 'node:crypto';
import { issueCertificate, NO_INVITE } from '../../src/core/admission.ts';
import type { Entry } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { type AuthorId, type MessageId, messageId, type NetworkId, type NodeId, networkId, type RoomId } from '../../src/core/ids.ts';
import { roleBody } from '../../src/core/kinds/moderation.ts';
import { KIND, NO_BYTES } from '../../src/core/op.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { covers, equalVectors, type ReadonlyVector, raise, type Vector } from '../../src/core/vector.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import { WAITING_BYTES_MAX } from '../../src/sync/limits.ts';
import { canFind } from './choose.ts';
import { Citizens } from './citizens.ts';
import { type Claim, judgeClaim } from './claims.ts';
import { Client } from './client.ts';
import { EPOCH_MS } from './clock.ts';
import { dumpOf, ERASED_MS, earlyOf, referenceOf } from './dump.ts';
import { injectFault } from './faults.ts';
import { lose } from './faults-node.ts';
import { Hostile } from './hostile.ts';
import { Machine } from './machine.ts';
import { Network } from './network.ts';
import { drawPlan, type Era, type Fault, type Plan, type Planted } from './plan.ts';
import type { Event, RunRecord } from './record.ts';
import { simSuite } from './suite.ts';
import { Timeline } from './timeline.ts';

const WARM_UP_MS = 8000;
const QUIET_MS = 30_000;
const MACHINES_MAX = 10;
const INVITE_MS = 86_400_000_000;
/** What separates the dice of later eras from those of the first. */
const DICE = 0x5eed;
const LAW_DICE = 0x1a3;
const LAST_DICE = 0xf04c;
const TYPING_DICE = 0x717e;
const FORKING_DICE = 0xf0a4;
const PEOPLE_DICE = 0x9e09;
const CLAIM_DICE = 0xc1a1;

export interface WorldOptions {
  readonly seed: number;
  readonly era?: Era;
  readonly sabotage?: Planted;
  readonly plan?: Partial<Plan>;
  /** Where the lines of the trace go, besides its hash; `isState`: the line tells of a change of state. */
  readonly log?: (line: string, isState: boolean) => void;
}

export class World {
  readonly timeline = new Timeline();
  readonly era: Era;
  readonly random;
  /** For whatever the first era knows nothing of: its seeds must draw what they always drew. */
  readonly dice;
  /** For what clients say of their typing. */
  readonly typingDice;
  /** For claims of what is covered. */
  readonly claimDice;
  readonly claims: Claim[] = [];
  readonly suite: Suite = simSuite();
  readonly plan: Plan;
  readonly network: Network;
  readonly id: NetworkId;
  readonly machines: Machine[] = [];
  readonly clients: Client[] = [];
  /** When each entry was on a disk first, in ms, by feed and number. */
  readonly committedMs = new Map<string, number>();
  #wasAnythingSent = false;
  readonly roomNames: RoomId[];
  readonly events: Event[] = [];
  readonly counters = new Map<string, number>();
  readonly hostileAuthors = new Set<AuthorId>();
  /** Entries in which every op is void, by right: the reference does not judge them. */
  readonly voidEntries = new Set<string>();
  healed = false;
  #healedAtMs = 0;
  readonly #expected = new Map<string, ReadonlyVector>();
  /** What each machine was counted as a holder of. */
  readonly #counted = new Map<number, Set<MessageId>>();
  readonly #law;
  /** For what people do from the seventh era on. */
  readonly #people: Random | null;
  readonly #root: KeyPair;
  readonly #trace = createHash('sha256');
  readonly #log: WorldOptions['log'];
  #invitation: Uint8Array = new Uint8Array(0);
  readonly #unwellSinceMs = new Map<number | null, number>();

  constructor({ seed, era = 8, sabotage, plan, log }: WorldOptions) {
    this.era = era;
    this.random = seededRandom(seed);
    this.dice = seededRandom(seed ^ DICE);
    this.#law = seededRandom(seed ^ LAW_DICE);
    this.typingDice = seededRandom(seed ^ TYPING_DICE);
    this.#people = era > 6 ? seededRandom(seed ^ PEOPLE_DICE) : null;
    const last = seededRandom(seed ^ LAST_DICE);
    this.claimDice = seededRandom(seed ^ CLAIM_DICE);
    const dice = {
      random: this.random,
      dice: this.dice,
      law: this.#law,
      last,
      typing: this.typingDice,
      forking: seededRandom(seed ^ FORKING_DICE),
      claims: this.claimDice,
    };
    this.plan = { ...drawPlan(dice, era, sabotage ?? null), ...plan };
    this.#log = log;
    this.#root = this.suite.keyPair(this.random.bytes(32));
    this.id = networkId(this.suite, this.#root.publicKey as NodeId);
    const { delayMs, jitterMs, bufferBytes } = this.plan;
    this.network = new Network(this.timeline, this.random, this.dice, { delayMs, jitterMs, loss: 0 }, bufferBytes);
    this.roomNames = Array.from({ length: this.plan.rooms }, (_, i) => `#room${i}` as RoomId);
    this.note(JSON.stringify(this.plan));
  }

  // What is recorded

  note(line: string, isState = false): void {
    const whole = `${this.timeline.nowMs.toFixed(3)} ${line}\n`;
    this.#trace.update(whole);
    this.#log?.(whole, isState);
  }

  /** Notes a change of state. */
  say(line: string): void {
    this.note(line, true);
  }

  event(event: Event): void {
    this.events.push(event);
    this.#wasAnythingSent ||= event.type === 'send';
    if (event.type === 'recv') {
      const { id, text, place } = event.message;
      this.note(`! recv ${event.client} ${id.slice(0, 12)} ${text.slice(0, 14)} ${place.key} live=${event.live}`);
    } else if (event.type === 'page') this.note(`! page ${event.client} ${event.from} ${event.room} ${event.ids.length}`);
    else this.note(`! ${JSON.stringify(event)}`, event.type !== 'read' && event.type !== 'moved' && event.type !== 'forgot');
  }

  sometimes(what: string): void {
    this.counters.set(what, (this.counters.get(what) ?? 0) + 1);
  }

  /** A fault did what it is for. */
  exercised(fault: Fault): void {
    this.sometimes(`fault: ${fault}`);
  }

  duplicate(client: number, id: MessageId): void {
    this.event({ type: 'shown twice', atMs: this.timeline.nowMs, client, id });
  }

  died({ index, hostile }: Machine, error: string): void {
    if (hostile) this.say(`hostile ${index} died: ${error}`);
    else this.event({ type: 'died', atMs: this.timeline.nowMs, machine: index, error });
  }

  acknowledged(machine: Machine, event: Pick<Extract<Event, { type: 'ok' }>, 'atMs' | 'client' | 'id' | 'held' | 'wanted'>): void {
    const honest = this.honest();
    const holders = honest.filter(({ disk }) => disk.store.has(event.id));
    const had = honest.filter(({ disk }) => disk.gone.has(event.id));
    for (const { index } of holders) this.#countedOn(index).add(event.id);
    this.event({
      type: 'ok',
      ...event,
      holders: holders.map(({ index }) => index),
      had: had.map(({ index }) => index),
      nodes: new Set([...holders, ...had].map(({ node }) => node)).size,
      hostile: this.machines.length - honest.length,
    });
    this.#checkHaves(machine);
  }

  #countedOn(machine: number): Set<MessageId> {
    let counted = this.#counted.get(machine);
    if (!counted) this.#counted.set(machine, (counted = new Set()));
    return counted;
  }

  /** A process starts: what was counted on its disk must be there. */
  started({ index, disk }: Machine): void {
    for (const id of this.#countedOn(index)) {
      if (!disk.store.has(id) && !disk.gone.has(id)) this.event({ type: 'broken ack', atMs: this.timeline.nowMs, machine: index, id });
    }
  }

  #checkHaves(by: Machine): void {
    for (const holder of this.honest()) {
      const twins = this.machines.filter(({ node }) => node === holder.node);
      for (const [feed, told] of by.engine!.replica.copies.of(holder.node)) {
        const held = Math.max(...twins.map(({ disk }) => Math.max(disk.store.vector.get(feed) ?? 0, disk.goneVector.get(feed) ?? 0)));
        if (held >= told) continue;
        this.event({ type: 'false have', atMs: this.timeline.nowMs, by: by.index, holder: holder.index, feed, told, held });
      }
    }
  }

  /** A machine begins to write: its own entries come after all that it held. */
  appending(machine: Machine, entries: readonly Entry[], durable: ReadonlyVector): void {
    const { infos, governanceInfo } = machine.engine!.replica.log;
    for (const entry of entries) {
      const info = infos.get(entry.feed);
      if (info?.sibling !== governanceInfo.feed) continue;
      const held: Vector = new Map(durable);
      if (info.kind === FEED_KIND.governance)
        for (const feed of durable.keys()) if (infos.get(feed)?.kind !== FEED_KIND.governance) held.delete(feed);
      this.#expected.set(`${entry.feed}/${entry.seq}`, held);
    }
  }

  // Machines

  honest(): Machine[] {
    return this.machines.filter(({ hostile }) => hostile === null);
  }

  /** Honest machines that are members and not gone for good: those a client may try, and those that are judged. */
  servers(): Machine[] {
    return this.machines.filter((machine) => machine.state !== 'lost' && machine.isMember && machine.hostile === null);
  }

  /** Honest machines that nobody has let in yet. */
  newcomers(): Machine[] {
    return this.machines.filter((machine) => machine.state !== 'lost' && !machine.isMember && machine.hostile === null);
  }

  /** A newcomer comes with an invitation. */
  join(): Machine | null {
    if (this.machines.length >= MACHINES_MAX) return null;
    const known = this.servers();
    const machine = new Machine(this, this.machines.length);
    this.machines.push(machine);
    machine.clock.skewMs = this.plan.skewMs * (2 * this.random.unit() - 1);
    machine.clock.drift = this.plan.drift * (2 * this.random.unit() - 1);
    this.#invite(machine, known);
    machine.start();
    return machine;
  }

  #invite(machine: Machine, known: readonly Machine[]): void {
    machine.token = this.#invitation;
    machine.seeds = [0, 1].map(() => known[this.random.below(known.length)]!.address);
  }

  /** A machine whose certificate is gone with its disk comes as a newcomer does. */
  inviteAgain(machine: Machine): void {
    this.#invite(
      machine,
      this.servers().filter((other) => other !== machine),
    );
  }

  /** A copy of a machine, as it is on the disk now, begins to run beside it, if it knows anybody or anybody knows it. */
  clone(of: Machine): boolean {
    if (this.machines.length >= MACHINES_MAX) return false;
    const copy = new Machine(this, this.machines.length, of.key);
    copy.disk.copyFrom(of.disk);
    if (!canFind([...this.servers(), copy])) return false;
    this.machines.push(copy);
    copy.clock.skewMs = of.clock.skewMs;
    copy.isCloned = true;
    of.isCloned = true;
    copy.seeds = of.seeds;
    copy.start();
    return true;
  }

  #found(): void {
    const machine = new Machine(this, 0);
    this.machines.push(machine);
    const body = { network: this.id, node: machine.node, name: 'node0', invite: NO_INVITE, atMs: EPOCH_MS };
    machine.disk.chain = [issueCertificate(this.#root, body)];
    machine.start();
    machine.engine!.members.found(this.#root, 'sim', 'invite');
    this.#invitation = machine.engine!.members.invite(100, EPOCH_MS + INVITE_MS);
  }

  /** The root key, at the machine that made the network. */
  rootAt({ index }: Machine): KeyPair | null {
    return index === 0 ? this.#root : null;
  }

  /** Somebody owns the network, by the root key's word. */
  #crown(owner: AuthorId): void {
    const { engine } = this.machines[0]!;
    if (!engine) return;
    const { head } = engine.desk.ownOp(KIND.role, NO_BYTES, { wallMs: EPOCH_MS });
    engine.replica.log.write(0, [{ head: { ...head, body: roleBody(this.#root, this.id, head, owner, 'owner') }, payload: null }], false);
  }

  /** Whoever runs a machine whose node was revoked takes it away: nobody talks with it any more. */
  #takeOut(): void {
    for (const machine of this.machines) {
      if (machine.state === 'lost') continue;
      const isRevoked = (by: Machine): boolean =>
        by !== machine && by.node !== machine.node && by.engine?.members.revocation(machine.node) != null;
      if (!this.servers().some((by) => by.state === 'up' && isRevoked(by))) continue;
      if (machine.hostile === null && this.servers().length < 2) continue;
      this.sometimes('a revoked machine taken away');
      lose(this, machine, true);
    }
    // Copies of one node link with others alone: where there are none, one of them goes on.
    const left = this.servers();
    if (new Set(left.map(({ node }) => node)).size > 1) return;
    for (const copy of left.slice(1)) lose(this, copy, true);
  }

  #watch(): void {
    this.#note(
      null,
      this.machines.some((machine) => machine.isWell()),
    );
    for (const { index, cut } of this.clients) {
      this.#note(index, cut.size === 0 || this.machines.some((machine) => machine.isWell() && !cut.has(machine.index)));
    }
    this.#takeOut();
    for (const { index, engine } of this.machines) {
      if (engine && engine.replica.log.waitingBytes > WAITING_BYTES_MAX)
        this.event({ type: 'beyond limit', atMs: this.timeline.nowMs, machine: index, what: 'waiting entries' });
    }
  }

  /** From when to when nobody was well that a client, or all of them, could reach. */
  #note(client: number | null, isWell: boolean): void {
    const sinceMs = this.#unwellSinceMs.get(client);
    if (!isWell && sinceMs === undefined) this.#unwellSinceMs.set(client, this.timeline.nowMs);
    if (!isWell || sinceMs === undefined) return;
    this.#unwellSinceMs.delete(client);
    this.event({ type: 'nobody well', fromMs: sinceMs - 50, toMs: this.timeline.nowMs + 50, client });
  }

  // The run

  run(): RunRecord {
    this.#found();
    this.timeline.runUntil(100);
    while (this.machines.length < this.plan.nodes) {
      const machine = this.join()!;
      if (machine.index >= this.plan.nodes - this.plan.hostile) machine.hostile = new Hostile(this, machine);
    }
    this.#runUntil(WARM_UP_MS, () => this.machines.every(({ isMember, disk }) => isMember && disk.store.log.length > 0));
    for (let i = 0; i < this.plan.clients; i++) this.clients.push(new Client(this, i));
    for (const client of this.clients) this.#live(client);
    if (this.plan.checkpoints) this.#crown(this.clients[0]!.author);
    this.#injectAll();
    for (const { hostile } of this.machines) hostile?.begin();
    if (this.plan.citizens > 0) new Citizens(this, this.#law, this.#root, this.#people).begin();
    this.#runUntil(this.timeline.nowMs + this.plan.unsafeMs, () => false);
    const { union, bytesMissing } = this.#heal();
    const times = this.#settle(union);
    return this.#record(times, bytesMissing);
  }

  #record(times: Pick<RunRecord, 'healedMs' | 'caughtUpMs'>, bytesMissing: number): RunRecord {
    const living = this.servers();
    const { reference, effects, cuts, whole } = referenceOf(this, living);
    for (const { events, counted } of this.claims.map((claim) => judgeClaim(claim, whole))) {
      if (counted) this.sometimes(counted);
      for (const what of events) this.event({ type: 'claim taken', atMs: this.timeline.nowMs, what });
    }
    if (this.plan.citizens > 0) for (const what of effects.exercised) this.sometimes(what);
    return {
      events: this.events,
      dumps: living.map((machine) => dumpOf(this, machine)),
      reference,
      effects,
      early: living.flatMap((machine) => earlyOf(machine, this.#expected, cuts)),
      clients: this.clients.map((client) => ({ author: client.author, direct: client.directRooms() })),
      hostileAuthors: this.hostileAuthors,
      ...times,
      bytesMissing,
    };
  }

  #live(client: Client): void {
    // Where all the talking time went by in blackouts they talk after it: a run without a message says nothing.
    client.act(!this.healed || !this.#wasAnythingSent);
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

  /** Undoes every fault; what all live machines together hold then, and how much of it the one that lacks most has to get. */
  #heal(): { union: Vector; bytesMissing: number } {
    this.healed = true;
    this.#healedAtMs = this.timeline.nowMs;
    this.event({ type: 'heal', atMs: this.timeline.nowMs });
    this.network.unblockAll();
    for (const client of this.clients) client.reconnect();
    for (const machine of this.machines) {
      machine.disk.state = 'good';
      machine.disk.trap = null;
      machine.resume();
      if (machine.state === 'down') machine.start();
    }
    const union: Vector = new Map();
    const sizes = new Map<Entry, number>();
    const stores = this.servers().map(({ disk }) => disk.store);
    for (const { log } of stores) {
      for (const entry of log) {
        if (!raise(union, new Map([[entry.feed, entry.seq]]))) continue;
        sizes.set(entry, entry.bytes.length + entry.payloads.length);
      }
    }
    const lacks = stores.map(({ vector }) => {
      let bytes = 0;
      for (const [entry, size] of sizes) if ((vector.get(entry.feed) ?? 0) < entry.seq) bytes += size;
      return bytes;
    });
    return { union, bytesMissing: Math.max(0, ...lacks) };
  }

  /** Waits for quiet; how long after the heal all that had been acknowledged before it, and all that anybody held, was everywhere. */
  #settle(union: ReadonlyVector): Pick<RunRecord, 'healedMs' | 'caughtUpMs'> {
    const acked = this.events.filter((event) => event.type === 'ok').map(({ id }) => id);
    const held = acked.filter((id) => this.servers().some(({ disk }) => disk.store.has(id)));
    const isEverywhere = (): boolean => {
      const due = held.filter((id) => this.#counts(id));
      return this.servers().every(({ disk }) => due.every((id) => disk.store.has(id)));
    };
    const hasCaughtUp = (): boolean => this.servers().every((machine) => covers(machine.disk.store.vector, countedBy(machine, union)));
    const untilMs = this.#healedAtMs + QUIET_MS;
    const sinceHeal = (holds: () => boolean): number | null =>
      this.#runUntil(untilMs, holds) ? this.timeline.nowMs - this.#healedAtMs : null;
    const healedMs = sinceHeal(isEverywhere);
    const caughtUpMs = sinceHeal(hasCaughtUp);
    this.#runUntil(untilMs, () => this.#isQuiet());
    this.timeline.runUntil(this.timeline.nowMs + 700);
    this.#runUntil(untilMs + 700, () => this.#isQuiet());
    if (this.plan.citizens > 0) {
      this.timeline.runUntil(this.timeline.nowMs + ERASED_MS);
      this.#runUntil(this.timeline.nowMs + QUIET_MS, () => this.#isQuiet());
    }
    for (const client of [null, ...this.clients.map(({ index }) => index)]) this.#note(client, true);
    for (const client of this.clients) client.tellView();
    for (const { isCloned, key } of this.machines) if (isCloned) this.#noteClone(key);
    return { healedMs, caughtUpMs };
  }

  /** Whether a message is in an entry that counts, where nodes were revoked. */
  #counts(id: MessageId): boolean {
    if (!this.counters.has('a revoked machine taken away')) return true;
    return this.servers().some(({ disk, engine }) =>
      disk.store.log.some(
        ({ feed, seq, heads }) =>
          seq <= (engine?.replica.log.capOf(feed) ?? 0) && heads.some((head) => messageId(head.author, head.client) === id),
      ),
    );
  }

  /** Whether both of two machines with one key wrote something. */
  #noteClone(key: KeyPair): void {
    const twins = this.machines.filter((one) => one.key === key);
    const wrote = twins.filter(({ engine, disk }) => engine && disk.store.vector.has(engine.replica.log.governanceInfo.feed));
    if (wrote.length > 1) this.exercised('cloned');
  }

  #isQuiet(): boolean {
    if (!this.#wasAnythingSent || !this.clients.every(({ isAtRest }) => isAtRest)) return false;
    const live = this.servers();
    if (live.some(({ engine }) => !engine || engine.replica.log.committing.length > 0 || engine.replica.log.writeOps > 0)) return false;
    return live.every(({ engine }) => equalVectors(engine!.replica.log.durable, live[0]!.engine!.replica.log.durable));
  }

  traceHash(): string {
    return this.#trace.digest('hex');
  }
}

/** What of a vector counts for a machine: nothing beyond the cuts that it knows. */
function countedBy({ engine }: Machine, vector: ReadonlyVector): Vector {
  const counted: Vector = new Map();
  for (const [feed, seq] of vector) {
    const upTo = Math.min(seq, engine?.replica.log.capOf(feed) ?? seq);
    if (upTo > 0) counted.set(feed, upTo);
  }
  return counted;
}
