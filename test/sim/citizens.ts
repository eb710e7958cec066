/**
 * People who use the law: with and without accounts, at any machine that is well, they give and take roles, kick, ban, mute, undo, remove, erase, edit, react and pin,
 * and now and then change their keys, delete an account or cut off a node. Clients are among those that it is done to.
 *
 * They write through the log of the machine they are at, as its engine does, and know what is durable there. Some acts come in pairs, at two machines that have not
 * heard of each other's: a ban against what the banned one says, two demotions, a removal against an edit.
 */

import type { Entry } from '../../src/core/entry.ts';
import type { FeedInfo, FeedKind } from '../../src/core/feed.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { type AuthorId, authorId, type FeedId, messageId, type NetworkId, type RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { CONTENT_KIND_MIN, type Head, KIND, NO_BYTES, type Op } from '../../src/core/op.ts';
import type { KeyPair, Suite } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import type { Vector } from '../../src/core/vector.ts';
import { toHex } from '../../src/lib/bytes.ts';
import type { Random } from '../../src/lib/prng.ts';
import { ACTS, type Act, type Actor, arrive, type Place, type Scene } from './acts.ts';
import { canFind, isDispensable, isRevoked } from './choose.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

type ActName = keyof typeof ACTS;

/** A machine, as citizens find it. */
interface Court extends Place {
  readonly machine: Machine;
  /** The governance feed of its present incarnation. */
  readonly feed: FeedId;
}

/** What is done alone; what is there more than once is done more often. */
const ALONE = [
  ...(['message', 'message', 'message', 'message', 'edit', 'edit', 'reaction', 'reaction', 'remove', 'remove', 'pin'] as const),
  ...(['role', 'role', 'kick', 'ban', 'ban', 'mute', 'checkpoint', 'settings', 'settle'] as const),
  ...(['undo', 'undo', 'undo', 'undo', 'undo', 'undo', 'retain', 'retain', 'retain', 'retain'] as const),
  ...(['account', 'device', 'session', 'rekey', 'logout', 'rename', 'end', 'revoke', 'revoke'] as const),
  ...(['deletion', 'deletion', 'deletion', 'deletion', 'deletion', 'deletion', 'deletion', 'deletion'] as const),
  ...(['room', 'privateRoom', 'invitation', 'invitation', 'join', 'part', 'topic'] as const),
  ...(['due', 'due', 'news', 'read', 'prefer', 'report', 'revoke', 'revoke', 'revoke', 'revoke'] as const),
] satisfies readonly ActName[];

/** What an account mostly does where it does not own the network: there would be little law after it. */
const NOT_THE_OWNERS: readonly ActName[] = ['deletion', 'logout', 'rekey'];

/** What is done at two machines at once: by the law to somebody, and by them meanwhile. */
const PAIRS = [
  ['ban', 'message'],
  ['ban', 'message'],
  ['ban', 'ban'],
  ['role', 'role'],
  ['mute', 'message'],
  ['remove', 'edit'],
  ['remove', 'message'],
  ['retain', 'message'],
  ['deletion', 'message'],
  ['kick', 'join'],
  ['rekey', 'rekey'],
  ['rekey', 'session'],
  ['account', 'account'],
  ['settings', 'due'],
  ['due', 'message'],
  ['revoke', 'message'],
  ['revoke', 'message'],
  ['revoke', 'message'],
] as const satisfies readonly (readonly [ActName, ActName])[];

/** Pairs of the seventh era. Where somebody changes their own keys, the other one is themselves, with what they had before. */
const LATER_PAIRS = [
  ['settings', 'message'],
  ['rekey', 'message'],
  ['logout', 'message'],
  ['account', 'account'],
  ['role', 'role'],
] as const satisfies readonly (readonly [ActName, ActName])[];
const OWN_KEYS: readonly ActName[] = ['rekey', 'logout'];

/** How often, in a hundred, a pair is one of the seventh era. */
const LATER_PAIRED = 25;
/** How often, in a hundred, acts come in a pair. */
const PAIRED = 30;
/** How often it is done to somebody who just said something, and how often of the others to a client. */
const TALKER_SUBJECT = 50;
const CLIENT_SUBJECT = 30;
/** The last entries of a log in which citizens look for messages. */
const ENTRIES_BACK = 40;
const KNOWN_MESSAGES = 8;

export class Citizens implements Scene<Court> {
  readonly world: World;
  readonly random: Random;
  readonly root: KeyPair;
  readonly later: Random | null;
  readonly spanMs = 2000;
  readonly rooms: RoomId[];
  readonly messages: { id: ReturnType<typeof messageId>; room: RoomId; author: AuthorId }[] = [];
  readonly undoable: { id: ReturnType<typeof messageId>; room: RoomId | '' }[] = [];
  readonly imported: Op[] = [];
  readonly entries: readonly Entry[] = [];
  /** Who acts; in a pair, one of the two. */
  actors: Actor[] = [];
  readonly #courts = new Map<Machine, Court>();
  #court: Court | null = null;
  #subject: AuthorId | null = null;
  #queue: Op[] = [];
  #left: number;

  constructor(world: World, random: Random, root: KeyPair, later: Random | null) {
    this.world = world;
    this.random = random;
    this.root = root;
    this.later = later;
    this.rooms = [...world.roomNames, '#a' as RoomId];
    this.#left = world.plan.citizens;
    for (const isAccount of [true, true, false, false]) this.addActor(isAccount);
  }

  // What acts are drawn from

  get suite(): Suite {
    return this.world.suite;
  }

  get network(): NetworkId {
    return this.world.id;
  }

  get nowMs(): number {
    return this.#court!.machine.now().wallMs;
  }

  get sites(): readonly Court[] {
    return this.world.servers().flatMap((machine) => this.#courtOf(machine) ?? []);
  }

  /** A node that is cut off is out of play for good, so the others must do without it, those too that are just being let in: by it, if it has not heard of that. */
  mayRevoke(node: string, at: Court): boolean {
    const machines = this.world.servers().filter((machine) => machine.node === node);
    const [machine] = machines;
    const left = this.world.servers().filter((other) => other !== machine && !isRevoked(this.world, other));
    const nodes = new Set(left.map((other) => other.node));
    const found = [...left, ...this.world.newcomers()];
    return machines.length === 1 && machine !== at.machine && nodes.size > 1 && canFind(found) && isDispensable(this.world, machine!);
  }

  get infos(): ReadonlyMap<FeedId, FeedInfo> {
    return this.#court!.machine.engine!.replica.log.infos;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random.below(list.length)]!;
  }

  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  addActor(isAccount: boolean): Actor {
    const key = this.suite.keyPair(this.random.bytes(32));
    const actor = { author: authorId(this.suite, key.publicKey), key, isAccount, device: null, keys: [] };
    this.actors.push(actor);
    return actor;
  }

  subject(): AuthorId {
    if (this.#subject) return this.#subject;
    if (this.messages.length > 0 && this.chance(TALKER_SUBJECT)) return this.pick(this.messages).author;
    return this.chance(CLIENT_SUBJECT) ? this.pick(this.world.clients).author : this.pick(this.actors).author;
  }

  info({ machine, feed }: Court, kind: FeedKind): FeedInfo {
    return { feed, node: machine.node, kind, incarnation: '', sibling: feed };
  }

  isGovernance(feed: FeedId): boolean {
    return this.infos.get(feed)?.kind === FEED_KIND.governance;
  }

  lastOf(): undefined {
    return undefined;
  }

  head(fields: Partial<Head> & Pick<Head, 'kind' | 'author'>): Head {
    return { client: uuidV7(this.nowMs, this.random), room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null, ...fields };
  }

  say(op: Op): void {
    this.#queue.push(op);
  }

  cut({ held }: Court, only: (feed: FeedId) => boolean = () => true): Vector {
    return new Map([...held].filter(([feed]) => only(feed)));
  }

  grant(site: Court, actor: Actor): void {
    if (site.granted.has(actor.author)) return;
    site.granted.add(actor.author);
    arrive(this, site, actor);
  }

  remember({ author, client, room }: Head): void {
    this.undoable.push({ id: messageId(author, client), room });
  }

  /** A machine as it is now; null where it cannot write. */
  #courtOf(machine: Machine): Court | null {
    if (!machine.isWell()) return null;
    const { log } = machine.engine!.replica;
    const known = this.#courts.get(machine);
    const author = authorId(this.suite, machine.node);
    const granted = known?.feed === log.governanceInfo.feed ? known.granted : new Set<AuthorId>();
    const court = { machine, feed: log.governanceInfo.feed, key: machine.key, author, held: new Map(log.durable), granted };
    this.#courts.set(machine, court);
    return court;
  }

  // What they do

  /** The beginning: an account that owns the network, and rooms. */
  begin(): void {
    const [court] = this.sites;
    if (!court) return;
    const all = this.actors;
    for (const name of ['account', 'account', 'ownRole', 'room', 'privateRoom'] as const) this.#act(court, name);
    if (this.chance(50)) {
      this.actors = all.slice(1);
      this.#act(court, 'ownRole');
      this.actors = all;
    }
    this.#next();
  }

  #next(): void {
    const { citizenEveryMs } = this.world.plan;
    this.world.timeline.after(citizenEveryMs * (0.5 + this.random.unit()), () => {
      if (this.world.healed || this.#left <= 0) return;
      const courts = this.sites;
      if (courts.length > 1 && this.chance(PAIRED)) this.#pair(courts);
      else if (courts.length > 0) this.#alone(this.pick(courts), this.pick(ALONE));
      this.#next();
    });
  }

  #alone(court: Court, name: ActName): void {
    const all = this.actors;
    if (NOT_THE_OWNERS.includes(name) && this.chance(80)) this.actors = all.slice(1);
    this.#act(court, name);
    this.actors = all;
  }

  /** Two acts at two machines, neither of which has heard of the other. */
  #pair(courts: readonly Court[]): void {
    const here = this.random.below(courts.length);
    const there = (here + 1 + this.random.below(courts.length - 1)) % courts.length;
    const drawn = this.pick(PAIRS);
    const isLater = this.later !== null && this.later.below(100) < LATER_PAIRED;
    const [first, second] = isLater ? LATER_PAIRS[this.later!.below(LATER_PAIRS.length)]! : drawn;
    const all = this.actors;
    if (isLater && OWN_KEYS.includes(first)) return this.#ownKeys(courts[here]!, courts[there]!, first, all);
    const isMutual = first === second || second === 'session';
    const [one, other] = isMutual ? all.filter(({ isAccount }) => isAccount) : [all[0]!, this.pick(all.slice(1))];
    this.#target(courts[here]!, second === 'edit' ? all : []);
    const target = this.messages.splice(0);
    const writer = all.find(({ author }) => author === target[0]?.author) ?? other!;
    if (isMutual) this.actors = [one!];
    this.#subject = isMutual ? other!.author : writer.author;
    const done = this.#act(courts[here]!, first, target);
    this.actors = [second === 'session' ? one! : isMutual ? other! : writer];
    this.#subject = isMutual ? one!.author : null;
    const meanwhile = this.#act(courts[there]!, second, target);
    this.actors = all;
    this.#subject = null;
    this.#count(first, second, done, meanwhile);
  }

  /** Somebody speaks by their old session while they change their keys elsewhere. */
  #ownKeys(here: Court, there: Court, change: ActName, all: Actor[]): void {
    this.actors = [this.later!.below(4) === 0 ? all[0]! : (all.slice(1).find(({ isAccount }) => isAccount) ?? all[0]!)];
    const said = this.#act(there, 'message');
    const changed = this.#act(here, change);
    this.actors = all;
    this.#count(change, 'message', changed, said);
  }

  /** Both were done, and neither had heard of the other. */
  #count(first: ActName, second: ActName, one: readonly Op[], other: readonly Op[]): void {
    const of = (ops: readonly Op[], act: ActName): Head | undefined => ops.find(({ head }) => head.kind === KIND[kindOf(act)])?.head;
    const [a, b] = [of(one, first), of(other, second)];
    if (!a || !b) return;
    this.world.sometimes(`pair: ${first} against ${second}`);
    if (first === 'role' && second === 'role' && demotes(a, b) && demotes(b, a)) this.world.sometimes('pair: two who demote each other');
    if (first === 'account' && second === 'account' && a.author !== b.author && nameOf(a) === nameOf(b))
      this.world.sometimes('pair: two who register one name');
  }

  /** Finds one message for both of a pair, by one of some people if there is any. */
  #target({ machine }: Court, by: readonly Actor[]): void {
    this.#look(machine);
    const own = this.messages.filter(({ author }) => by.some((actor) => actor.author === author));
    const found = own.at(-1) ?? this.messages.at(-1);
    this.messages.splice(0, this.messages.length, ...(found ? [found] : []));
  }

  /** Looks for the last messages of a machine's log. */
  #look({ disk }: Machine): void {
    this.messages.length = 0;
    for (const { heads } of disk.store.log.slice(-ENTRIES_BACK)) {
      for (const { kind, author, client, room } of heads)
        if (kind === KIND.message && room[0] !== '@') this.messages.push({ id: messageId(author, client), room: room as RoomId, author });
    }
    this.messages.splice(0, this.messages.length - KNOWN_MESSAGES);
  }

  /** What was said. */
  #act(court: Court, name: ActName, target?: typeof this.messages): readonly Op[] {
    const { machine } = court;
    this.#court = court;
    if (target) this.messages.splice(0, this.messages.length, ...target);
    else this.#look(machine);
    (ACTS[name] as unknown as Act)(this as unknown as Scene, court);
    const queue = this.#queue;
    this.#queue = [];
    this.#left--;
    if (queue.length === 0) return queue;
    this.world.say(`citizens at ${machine.index}: ${name}`);
    if (this.world.network.blocked.size > 0) this.world.sometimes('law and content written in a partition');
    for (const op of queue) this.#tell(op);
    const { log } = machine.engine!.replica;
    const governance = queue.filter(({ head }) => head.kind < CONTENT_KIND_MIN);
    const content = queue.filter(({ head }) => head.kind >= CONTENT_KIND_MIN);
    for (const ops of [governance, content]) if (ops.length > 0) log.write(0, ops, false);
    machine.input({ type: 'turn' });
    return queue;
  }

  /** Tells the record what is said. */
  #tell({ head: { kind, author, client, room, target }, payload }: Op): void {
    if ((kind !== KIND.message && kind !== KIND.edit) || !payload) return;
    const { text } = decodeMessage(payload);
    const id = kind === KIND.edit ? (target as (typeof this.messages)[0]['id']) : messageId(author, client);
    this.world.event({ type: 'wrote', atMs: this.world.timeline.nowMs, id, room: room as RoomId, author, text });
  }
}

/** The kind of op that an act is. */
function kindOf(act: ActName): keyof typeof KIND {
  return act === 'due' ? 'retain' : (act as keyof typeof KIND);
}

/** Whether a role that is given takes what the author of another one has. */
function demotes({ body, author }: Head, of: Head): boolean {
  return author !== of.author && toHex(body.subarray(0, 16)) === of.author && body[16]! < 2;
}

function nameOf({ body }: Head): string {
  return new TextDecoder().decode(body.subarray(1, 1 + body[0]!)).toLowerCase();
}
