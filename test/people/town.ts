/**
 * A town: a few nodes with people at their doors, each an engine with the memory store, in one process and in told time.
 *
 * Nothing happens but by `say`, which asks and waits for the answer, `settle` and `pass`, which let time go by. Links carry frames at once and in order; where they
 * are cut, nodes try in vain to dial until they are linked again.
 */

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { issueCertificate, NO_INVITE } from '../../src/core/admission.ts';
import { type AuthorId, authorId, type MessageId, type NetworkId, type NodeId, networkId, type RoomId } from '../../src/core/ids.ts';
import { formatInvitationToken, INVITATION_TOKEN_BYTES, invitationId } from '../../src/core/invitation-token.ts';
import type { Signer } from '../../src/core/kinds/account.ts';
import { roleBody } from '../../src/core/kinds/moderation.ts';
import { inviteBody } from '../../src/core/kinds/network.ts';
import { issueKeyCertificate } from '../../src/core/kinds/proof.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND, type Op } from '../../src/core/op.ts';
import type { Answer, Command, Door, Notice, Refusal, SessionNo } from '../../src/core/port.ts';
import type { Shown } from '../../src/core/resolve.ts';
import { nameOf } from '../../src/core/state.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import { utf8 } from '../../src/lib/bytes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { CHECKPOINT_PACE } from '../../src/node/checkpoint-duty.ts';
import { Engine } from '../../src/node/engine.ts';
import { MemoryStore } from '../../src/store/memory.ts';
import type { Effect, Input } from '../../src/sync/effects.ts';
import { simSuite } from '../sim/suite.ts';

const BEGIN_MS = 1_750_000_000_000;
const TICK_MS = 50;
/** In which cut links are noticed, new ones made, and what was missed is asked for. */
const SETTLE_MS = 2000;
const STEPS_MAX = 100_000;
/** How an account's key is made is for clients alone. */
const KDF = utf8('by hand');

export interface TownOptions {
  readonly registration?: 'open' | 'invite' | 'closed';
  readonly floods?: boolean;
  /** Whether nodes write checkpoints; `root`: the first one has the root key beside its data. */
  readonly checkpoints?: 'owners' | 'root';
}

export class Town {
  readonly suite: Suite = simSuite();
  readonly random = seededRandom(4);
  readonly root: KeyPair;
  readonly network: NetworkId;
  readonly houses: House[] = [];
  readonly floods: boolean;
  readonly checkpoints: TownOptions['checkpoints'];
  nowMs = BEGIN_MS;
  #tasks: (() => void)[] = [];
  #links = 0;
  readonly #ends = new Map<string, readonly [number, number]>();

  /** All nodes are linked. */
  constructor(count: number, { registration = 'open', floods = false, checkpoints }: TownOptions = {}) {
    this.floods = floods;
    this.checkpoints = checkpoints;
    this.root = this.suite.keyPair(this.random.bytes(32));
    this.network = networkId(this.suite, this.root.publicKey as NodeId);
    for (let i = 0; i < count; i++) this.houses.push(new House(this, i));
    this.houses[0]!.engine.members.found(this.root, 'town', registration);
    for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) this.link(i, j);
    this.settle();
  }

  // Time

  soon(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Does what is to be done now. */
  run(): void {
    for (let steps = 0; this.#tasks.length > 0; steps++) {
      assert.ok(steps < STEPS_MAX, 'the town never rests');
      this.#tasks.shift()!();
    }
  }

  pass(ms: number): void {
    const end = this.nowMs + ms;
    this.run();
    while (this.nowMs < end) {
      this.nowMs = Math.min(end, this.nowMs + TICK_MS);
      for (const house of this.houses) house.input({ type: 'tick' });
      this.run();
    }
  }

  settle(): void {
    this.pass(SETTLE_MS);
  }

  // Links

  link(a: number, b: number): void {
    const numbers = [++this.#links, ++this.#links] as const;
    this.#ends.set(`${a} ${b}`, numbers);
    this.houses[a]!.linked(numbers[0], this.houses[b]!, numbers[1], true);
    this.houses[b]!.linked(numbers[1], this.houses[a]!, numbers[0], false);
  }

  cut(a: number, b: number): void {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const [one, other] = this.#ends.get(`${high} ${low}`)!;
    this.#ends.delete(`${high} ${low}`);
    this.houses[high]!.unlinked(one);
    this.houses[low]!.unlinked(other);
  }

  /** Each of the first so many is cut off from all the others. */
  divide(count: number): void {
    for (const key of [...this.#ends.keys()]) {
      const [high, low] = key.split(' ').map(Number) as [number, number];
      if (low < count && high >= count) this.cut(low, high);
    }
    this.settle();
  }

  /** Everybody is linked with everybody again. */
  heal(): void {
    for (let i = 0; i < this.houses.length; i++) for (let j = 0; j < i; j++) if (!this.#ends.has(`${i} ${j}`)) this.link(i, j);
    this.settle();
  }

  // People

  /** The key that a password makes. */
  keyOf(password: string): KeyPair {
    return this.suite.keyPair(hash('sha256', password, 'buffer'));
  }

  signer(password: string): Signer {
    const key = this.keyOf(password);
    return { key, chain: [], root: key.publicKey };
  }

  /** A visitor with a name, as a guest. */
  guest(at: number, name: string): Visitor {
    const visitor = this.houses[at]!.visit();
    visitor.open(name);
    return visitor;
  }

  /** A visitor with an account of that name; the password is the name. */
  citizen(at: number, name: string): Visitor {
    const visitor = this.houses[at]!.visit();
    visitor.register(name, name);
    this.settle();
    return visitor;
  }

  /** An account that owns the network, by the root key's word. */
  owner(at: number, name = 'olga'): Visitor {
    const visitor = this.citizen(at, name);
    this.crown(visitor.author, 'owner');
    return visitor;
  }

  crown(person: AuthorId, role: 'owner' | 'moderator' | 'none'): void {
    const author = authorId(this.suite, this.root.publicKey);
    const client = uuidV7(this.nowMs, this.random);
    const unsigned = { kind: KIND.role, author, client, room: '' as const };
    const body = roleBody(this.root, this.network, unsigned, person, role);
    this.houses[0]!.submit({ head: { ...unsigned, target: '', after: 0, body, payloadHash: null }, payload: null });
    this.settle();
  }

  /** An invitation for so many accounts, written by a node; its token. */
  invite(at: number, uses: number, forMs: number): string {
    const bytes = this.random.bytes(INVITATION_TOKEN_BYTES);
    const body = inviteBody(invitationId(this.suite, bytes), uses, this.nowMs + forMs);
    this.houses[at]!.submit(this.houses[at]!.engine.desk.ownOp(KIND.invite, body, { wallMs: this.nowMs }));
    this.settle();
    return formatInvitationToken(this.suite, bytes);
  }
}

/** A node: its engine, its store, and its door, which writes down what it is told. */
export class House implements Door {
  readonly town: Town;
  readonly key: KeyPair;
  readonly store: MemoryStore;
  readonly index: number;
  engine: Engine;
  readonly heard: Notice[] = [];
  readonly answers = new Map<number, Answer>();
  readonly endings = new Map<SessionNo, string>();
  readonly #peers = new Map<number, { readonly house: House; readonly link: number }>();
  #turning = false;
  #process = 0;

  constructor(town: Town, index: number) {
    this.town = town;
    this.index = index;
    this.key = town.suite.keyPair(town.random.bytes(32));
    this.store = new MemoryStore(town.suite);
    this.engine = this.#start();
  }

  get node(): NodeId {
    return this.key.publicKey as NodeId;
  }

  #start(): Engine {
    const { suite, network, root, random, floods, checkpoints } = this.town;
    const stored = this.store.loadNow();
    const body = { network, node: this.node, name: `node${this.index}`, invite: NO_INVITE, atMs: BEGIN_MS };
    const engine = new Engine({
      ...{ suite, network, key: this.key, name: `node${this.index}`, chain: [issueCertificate(root, body)], token: new Uint8Array(0) },
      ...{ random: seededRandom(random.u32()), loaded: stored, governance: stored.governance, lastKeys: stored.lastKeys },
      ...{ remembered: new Map(), seeds: [], fullUpTo: 8, copies: 1, push: true, floods },
      ...(checkpoints ? { checkpoints: CHECKPOINT_PACE } : {}),
      ...(checkpoints === 'root' && this.index === 0 ? { root: () => root } : {}),
    });
    engine.start();
    this.#process++;
    this.#turning = false;
    this.engine = engine;
    this.input({ type: 'addresses', addresses: [`town:${this.index}`] });
    return engine;
  }

  /** The process is killed, and started again with what is on its disk; links are for the town to make again. */
  restart(): void {
    for (const { house } of [...this.#peers.values()]) this.town.cut(this.index, house.index);
    this.#start();
  }

  input(input: Input): void {
    for (const effect of this.engine.step(input, this.now())) this.#perform(effect);
    this.schedule();
  }

  now(): { wallMs: number; monoMs: number } {
    return { wallMs: this.town.nowMs, monoMs: this.town.nowMs - BEGIN_MS };
  }

  /** Writes an op that was made elsewhere. */
  submit(op: Op): void {
    this.engine.submit([op], () => undefined);
    this.schedule();
  }

  schedule(): void {
    if (this.#turning) return;
    this.#turning = true;
    this.#soon(() => {
      this.#turning = false;
      for (const effect of this.engine.step({ type: 'turn' }, this.now())) this.#perform(effect);
      this.engine.deliver(this.now());
    });
  }

  #soon(task: () => void): void {
    const process = this.#process;
    this.town.soon(() => process === this.#process && task());
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'append': {
        const repeats = this.store.append(effect.batch);
        return this.#soon(() => this.input({ type: 'committed', batch: effect.batch.id, repeats }));
      }
      case 'send': {
        const peer = this.#peers.get(effect.link);
        return this.town.soon(() => peer?.house.hears(peer.link, effect.bytes));
      }
      case 'load': {
        const { link, feed, after, bytesMax } = effect;
        return this.#soon(() => this.input({ type: 'loaded', link, feed, entries: this.store.entriesNow(feed, after, bytesMax) }));
      }
      case 'dial':
        return this.#soon(() => this.input({ type: 'dial failed', address: effect.address }));
      case 'close':
        return assert.fail(`node${this.index} closes a link: ${effect.reason}`);
      default:
        return;
    }
  }

  linked(link: number, house: House, other: number, outbound: boolean): void {
    this.#peers.set(link, { house, link: other });
    this.input({ type: 'link up', link, node: house.node, address: `town:${house.index}`, outbound });
  }

  unlinked(link: number): void {
    this.#peers.delete(link);
    this.input({ type: 'link down', link, reason: 'cut' });
  }

  hears(link: number, bytes: Uint8Array): void {
    if (this.#peers.has(link)) this.input({ type: 'frame', link, bytes });
  }

  // The door

  answer(_: SessionNo, token: number, answer: Answer): void {
    assert.ok(!this.answers.has(token), 'a command is answered once');
    this.answers.set(token, answer);
  }

  notices(notices: readonly Notice[]): void {
    this.heard.push(...notices);
  }

  ended(session: SessionNo, reason: string): void {
    assert.ok(!this.endings.has(session), 'a session ends once');
    this.endings.set(session, reason);
  }

  flush(): void {}

  visit(source = ''): Visitor {
    return new Visitor(this, this.engine.open(this, source));
  }

  /** All that the door was told of a type. */
  told<T extends Notice['type']>(type: T): Extract<Notice, { type: T }>[] {
    return this.heard.filter((notice): notice is Extract<Notice, { type: T }> => notice.type === type);
  }

  // What there is to see

  shown(room: RoomId): Shown[] {
    return this.store.messages().filter((message) => message.room === room);
  }

  /** The texts of a room; null for one that was removed. */
  texts(room: RoomId): (string | null)[] {
    return this.shown(room).map(({ payload }) => payload && decodeMessage(payload).text);
  }

  nameOf(author: AuthorId): string {
    return nameOf(this.engine.state, { author, nick: null, place: null as never });
  }

  members(room: RoomId): AuthorId[] {
    const members = this.engine.state.rooms.get(room)?.members ?? new Map<AuthorId, { value: boolean }>();
    return [...members].filter(([author, { value }]) => value && this.engine.people.presence(author)).map(([author]) => author);
  }

  mayRead(author: AuthorId | null, room: RoomId): boolean {
    return this.engine.desk.mayRead(author, room);
  }
}

let tokens = 0;

/** Somebody at the door of a node: one session. */
export class Visitor {
  readonly house: House;
  readonly no: SessionNo;
  author: AuthorId = '' as AuthorId;

  constructor(house: House, no: SessionNo) {
    this.house = house;
    this.no = no;
  }

  get town(): Town {
    return this.house.town;
  }

  /** Asks, and waits for nothing; `answered` has the answer. */
  ask(command: Command): number {
    const token = ++tokens;
    this.house.engine.command(this.no, token, command, this.house.now());
    this.house.schedule();
    return token;
  }

  answered(token: number): Answer {
    const answer = this.house.answers.get(token);
    assert.ok(answer, 'the command was not answered');
    if (answer.type === 'opened') this.author = answer.author;
    return answer;
  }

  say(command: Command): Answer {
    const token = this.ask(command);
    this.town.run();
    return this.answered(token);
  }

  /** Asks for what is not refused. */
  does(command: Command): Answer {
    const answer = this.say(command);
    assert.notEqual(answer.type, 'refused', `${command.type}: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Why the command is refused. */
  refused(command: Command): Refusal {
    const answer = this.say(command);
    assert.equal(answer.type, 'refused', `${command.type}: ${JSON.stringify(answer)}`);
    return (answer as Extract<Answer, { type: 'refused' }>).refusal;
  }

  open(name: string): void {
    this.does({ type: 'open', name });
  }

  register(name: string, password: string, invitation = ''): void {
    this.does(this.registration(name, password, invitation));
  }

  registration(name: string, password: string, invitation = ''): Command & { type: 'register' } {
    return { type: 'register', name, key: this.town.keyOf(password), kdf: KDF, invitation };
  }

  logIn(author: AuthorId, password: string): void {
    this.does(this.login(author, this.town.signer(password)));
  }

  login(author: AuthorId, signer: Signer): Command {
    return { type: 'log in', author, signer };
  }

  /** Gives the account this visitor has a device that speaks for it; what signs with it. */
  appPassword(owner: Signer, secret: string): { readonly add: Command; readonly signer: Signer } {
    const key = this.town.keyOf(secret);
    const fields = { key: key.publicKey, kind: 'device', may: 'speak', until: 0 } as const;
    const certificate = issueKeyCertificate(owner.key, this.town.network, this.author, fields);
    return { add: { type: 'device', signer: owner, certificate }, signer: { key, chain: [certificate], root: owner.root } };
  }

  rekey(person: AuthorId, signer: Signer | null, password: string, goOn = true): Command {
    const key = this.town.keyOf(password);
    return { type: 'rekey', person, signer, key: key.publicKey, kdf: KDF, ...(goOn ? { next: key } : {}) };
  }

  post(room: RoomId | { readonly author: AuthorId }, text: string, target?: MessageId): MessageId {
    const to = typeof room === 'string' ? { room } : room;
    const answer = this.does({ type: 'post', to, style: 'text', text, ...(target ? { target } : {}) });
    assert.equal(answer.type, 'acknowledged');
    return (answer as Extract<Answer, { type: 'acknowledged' }>).id;
  }

  join(room: string): RoomId {
    this.does({ type: 'join', room });
    return room as RoomId;
  }

  /** Why it is over; null while it is not. */
  get ending(): string | null {
    return this.house.endings.get(this.no) ?? null;
  }

  get session() {
    return this.house.engine.sessions.get(this.no);
  }
}
