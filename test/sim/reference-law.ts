/** The law as the reference fold has it: lists filtered and sorted, judged again and again from the beginning until nothing new is found. */

import type { Entry } from '../../src/core/entry.ts';
import { compare, type Op } from './reference-ops.ts';

const LAW = [7, 24, 25, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 26, 27, 28];
const CUTS = [14, 15, 16, 19, 27, 28];
const idOf = (op: Op): string => op.head.client + op.head.author;

export interface Cut {
  readonly op: Op;
  readonly node: string | null;
  readonly author: string | null;
  /** Null where it is not keys that are cut. */
  readonly keys: readonly string[] | null;
  readonly room: string;
  readonly vector: ReadonlyMap<string, number>;
  readonly until: number;
}

/** What is in force. */
interface InForce {
  readonly ops: readonly Op[];
  readonly cuts: readonly Cut[];
}

export class ReferenceLaw {
  readonly #entries = new Map<string, Entry>();
  readonly #all: readonly Op[];
  readonly #grants: readonly Op[];
  readonly #named = new Map<string, number>();
  readonly #keys = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  /** In the order of law. */
  #law: Op[];
  inForce: InForce = { ops: [], cuts: [] };
  readonly undone = new Set<string>();
  readonly #checkpoints: Op[] = [];
  readonly #covered = new Map<Op, ReadonlyMap<string, number>>();

  /** The authors that nodes are. */
  readonly #authors: ReadonlyMap<string, string>;

  constructor(entries: readonly Entry[], ops: readonly Op[], authors: ReadonlyMap<string, string>) {
    this.#authors = authors;
    for (const entry of entries) this.#entries.set(`${entry.feed} ${entry.seq}`, entry);
    this.#all = ops;
    this.#grants = ops.filter(({ head, body }) => (head.kind === 4 || head.kind === 13) && body !== null);
    this.#law = ops.filter((op) => LAW.includes(op.head.kind) && op.body !== null);
    this.#settle();
  }

  isLaw(op: Op): boolean {
    return LAW.includes(op.head.kind);
  }

  /** The name a node was admitted under, by the earliest of its certificates. */
  nodeName(node: string): string {
    const certificates = [...this.#entries.values()].flatMap(({ header }) => (header?.node === node ? [header.chain[0]!] : []));
    certificates.sort((a, b) => a.atMs - b.atMs || (a.name < b.name ? -1 : 1));
    return certificates[0]!.name;
  }

  // What was before what

  /** How far a feed goes: as far as every proof of a fork says, be it in force or not. */
  #end(feed: string): number {
    let end = this.#ends.get(feed);
    if (end === undefined) {
      const forks = this.#law.filter(({ head, body }) => head.kind === 28 && body!.feed === feed);
      end = Math.min(Number.MAX_SAFE_INTEGER, ...forks.map(({ body }) => body!.cut!.get(feed)!));
      this.#ends.set(feed, end);
    }
    return end;
  }

  /** How many entries of `other` a governance feed had named by its entry `seq`. */
  #upTo(feed: string, seq: number, other: string): number {
    const key = `${feed} ${seq} ${other}`;
    let upTo = this.#named.get(key);
    if (upTo === undefined) {
      upTo = 0;
      for (let i = 1; i <= Math.min(seq, this.#end(feed)); i++)
        upTo = Math.max(upTo, this.#entries.get(`${feed} ${i}`)?.deps.get(other as never) ?? 0);
      this.#named.set(key, upTo);
    }
    return upTo;
  }

  /** Whether an op of governance lies in the past of another op. */
  isPast(op: Op, of: Op): boolean {
    const [feed, seq, index] = of.feedKind === 0 ? [of.entry.feed, of.entry.seq, of.index] : [of.sibling, of.entry.governance, 256];
    if (op.entry.feed === feed) return op.entry.seq < seq || (op.entry.seq === seq && op.index < index);
    return op.entry.seq <= this.#upTo(feed, seq, op.entry.feed);
  }

  #key(feed: string, to: number): number {
    const seq = Math.min(to, this.#end(feed));
    const name = `${feed} ${seq}`;
    const entry = this.#entries.get(name);
    if (!entry) return 0;
    let key = this.#keys.get(name);
    if (key === undefined) {
      const afters = entry.heads.map(({ after }) => after + 1);
      const deps = [...entry.deps].map(([other, upTo]) => 1 + this.#key(other, upTo));
      key = Math.max(entry.hlc, 1 + this.#key(feed, seq - 1), ...afters, ...deps);
      this.#keys.set(name, key);
    }
    return key;
  }

  #rank({ entry }: Op): number {
    const at = this.#checkpoints.findIndex((checkpoint) => (this.#coveredBy(checkpoint).get(entry.feed) ?? 0) >= entry.seq);
    return at < 0 ? this.#checkpoints.length : at;
  }

  /** All that a checkpoint names, and that this rests on. */
  #coveredBy(checkpoint: Op): ReadonlyMap<string, number> {
    const known = this.#covered.get(checkpoint);
    if (known) return known;
    const covered = new Map<string, number>();
    const cover = (feed: string, named: number): void => {
      const to = Math.min(named, this.#end(feed));
      for (let seq = (covered.get(feed) ?? 0) + 1; seq <= to; seq++) {
        const entry = this.#entries.get(`${feed} ${seq}`);
        if (!entry) return;
        covered.set(feed, seq);
        for (const [other, upTo] of entry.deps) cover(other, upTo);
      }
    };
    for (const [feed, named] of checkpoint.body!.cut!) cover(feed, named);
    this.#covered.set(checkpoint, covered);
    return covered;
  }

  order(a: Op, b: Op): number {
    const keys = this.#key(a.entry.feed, a.entry.seq) - this.#key(b.entry.feed, b.entry.seq);
    if (this.#rank(a) !== this.#rank(b)) return this.#rank(a) - this.#rank(b);
    if (keys !== 0) return keys;
    if (a.entry.feed !== b.entry.feed) return a.entry.feed < b.entry.feed ? -1 : 1;
    return a.entry.seq - b.entry.seq || a.index - b.index;
  }

  // Settling

  #settle(): void {
    const decided = new Set<Op>();
    for (;;) {
      this.#law = [...this.#law].sort((a, b) => this.order(a, b));
      this.inForce = this.#find();
      const next = this.inForce.ops.find((op) => (op.head.kind === 21 || op.head.kind === 22) && !decided.has(op));
      if (!next) return;
      decided.add(next);
      if (next.head.kind === 22) this.#checkpoints.push(next);
      else this.undone.add(next.head.target);
    }
  }

  #find(): InForce {
    const excluded = new Set<Op>();
    let found: Cut[] = [];
    for (;;) {
      const { ops, cuts, lost, next } = this.#judgeAll(found, excluded);
      if (lost) {
        excluded.add(this.#sitterOn(lost, found, excluded) ?? lost);
        found = [];
      } else if (next) found = [...found, next];
      else return { ops, cuts };
    }
  }

  /** The last found cut without which the lost one is in force, and which is not in force without that. */
  #sitterOn(lost: Op, found: readonly Cut[], excluded: ReadonlySet<Op>): Op | undefined {
    const inForceWithout = (op: Op): readonly Op[] => {
      const rest = found.filter((cut) => cut.op !== op);
      return this.#judgeAll(rest, new Set([...excluded, op]), false).ops;
    };
    const without = inForceWithout(lost);
    const sitters = found.filter(({ op }) => op !== lost && !without.includes(op) && inForceWithout(op).includes(lost));
    return sitters.at(-1)?.op;
  }

  #judgeAll(found: readonly Cut[], excluded: ReadonlySet<Op>, stops = true): InForce & { lost?: Op; next?: Cut } {
    const ops: Op[] = [];
    const cuts = [...found];
    for (const op of this.#law) {
      const isFound = found.some((cut) => cut.op === op);
      if (excluded.has(op) || !this.#isJust(op, { ops, cuts })) {
        if (isFound && stops) return { ops, cuts, lost: op };
        continue;
      }
      ops.push(op);
      const cut = isFound || this.undone.has(idOf(op)) ? null : this.cutOf(op);
      if (cut && stops && this.#reachesLaw(cut)) return { ops, cuts, next: cut };
      if (cut) cuts.push(cut);
    }
    return { ops, cuts };
  }

  #reachesLaw(cut: Cut): boolean {
    return this.#law.some((op) => {
      const isSubject = cut.node === null ? op.head.author === cut.author : op.node === cut.node;
      return isSubject && op !== cut.op && this.isBeyond(cut, op);
    });
  }

  isBeyond({ vector, until }: Cut, { entry, key }: Op): boolean {
    return entry.seq > (vector.get(entry.feed) ?? 0) && (until === 0 || key < until);
  }

  cutOf(op: Op): Cut | null {
    const { kind, author, room } = op.head;
    const body = op.body!;
    if (!CUTS.includes(kind)) return null;
    const whole = { op, node: null, author, keys: null, room: '', vector: body.cut!, until: 0 };
    if (kind === 19) return { ...whole, author: body.subject!, room, until: body.until! };
    if (kind === 27 || kind === 28) return { ...whole, author: null, node: body.node! };
    if (kind === 16) return { ...whole, author: body.subject! };
    const past = this.#all.filter((other) => other.body !== null && other.feedKind === 0 && this.isPast(other, op));
    if (kind === 14) {
      const own = past.filter(
        (other) =>
          (other.head.kind === 11 && other.head.author === body.subject) ||
          (other.head.kind === 14 && other.body!.subject === body.subject),
      );
      return { ...whole, author: body.subject!, keys: own.map((other) => other.body!.key!).filter((key) => key !== body.key) };
    }
    const sessions = past.filter((other) => (other.head.kind === 12 || other.head.kind === 13) && other.head.author === author);
    return { ...whole, keys: body.keys!.length > 0 ? body.keys! : sessions.map((other) => other.body!.proof!.keys[0]!) };
  }

  // Judging

  withheld(op: Op, { cuts } = this.inForce, self = op): boolean {
    return cuts.some((cut) => cut.op !== self && cut.keys === null && this.reaches(cut, op));
  }

  /** Whether a cut withholds an op, or, where it is one of keys, may do so. */
  reaches(cut: Cut, op: Op): boolean {
    if (!this.isBeyond(cut, op)) return false;
    if (cut.node !== null) return cut.node === op.node;
    return cut.author === op.head.author && (cut.room === '' || cut.room === op.head.room);
  }

  /** Whether the proof that was used by one op stands behind another. */
  proves(by: Op, op: Op, inForce = this.inForce, self = op): boolean {
    const { keys, until } = by.body!.proof!;
    if (until !== 0 && op.key >= until) return false;
    const isOwnKey =
      (by.head.kind === 11 && by === op) ||
      inForce.ops.some((other) => {
        const whose = other.head.kind === 11 ? other.head.author : other.head.kind === 14 ? other.body!.subject : null;
        return whose === by.head.author && other.body!.key === keys.at(-1) && this.isPast(other, by);
      });
    const isMade =
      by.head.kind === 11 || inForce.ops.some((one) => one.head.kind === 11 && one.head.author === by.head.author && this.isPast(one, by));
    return isOwnKey && isMade && !this.#isKeyCut(keys, op, inForce, self);
  }

  #isKeyCut(keys: readonly string[] | null, op: Op, { cuts }: InForce, self: Op): boolean {
    return cuts.some((cut) => {
      if (cut.keys === null || cut.author !== op.head.author || cut.op === self || !this.isBeyond(cut, op)) return false;
      return keys === null ? cut.op.head.kind === 14 : keys.some((key) => cut.keys!.includes(key));
    });
  }

  /** Whether the author of an op had granted its node by then, and nothing withholds it. */
  stands(op: Op, inForce = this.inForce): boolean {
    const behind = (grant: Op, what: Op): boolean => {
      if (this.withheld(what, inForce, op)) return false;
      return grant.head.kind === 4 ? !this.#isKeyCut(null, what, inForce, op) : this.proves(grant, what, inForce, op);
    };
    return this.#grants.some((grant) => {
      if (grant.head.author !== op.head.author || grant.entry.feed !== op.sibling) return false;
      return (grant === op || this.isPast(grant, op)) && behind(grant, grant) && behind(grant, op);
    });
  }

  power(author: string, room: string, at: Op, { ops } = this.inForce): number {
    const roleIn = (where: string): string | undefined =>
      ops.filter((op) => op.head.kind === 17 && op.head.room === where && op.body!.subject === author && this.isPast(op, at)).at(-1)?.body
        ?.role;
    const network = roleIn('');
    if (network === 'owner') return 4;
    if (room !== '') {
      const founder = ops.find((op) => (op.head.kind === 7 || op.head.kind === 25) && op.head.room === room && this.isPast(op, at));
      const role = roleIn(room) ?? (founder?.head.author === author ? 'owner' : 'none');
      if (role === 'owner') return 3;
      if (role === 'moderator') return 2;
    }
    return network === 'moderator' ? 2 : 0;
  }

  #moderates(op: Op, subject: string, room: string, inForce: InForce): boolean {
    const power = this.power(op.head.author, room, op, inForce);
    return power >= 2 && power >= this.power(subject, room, op, inForce);
  }

  /** Whether its issuer held all that a checkpoint names. */
  #mayCheckpoint(op: Op): boolean {
    return [...op.body!.cut!].every(([feed, seq]) => {
      return feed === op.entry.feed ? seq < op.entry.seq : seq <= this.#upTo(op.entry.feed, op.entry.seq, feed);
    });
  }

  /** Whether an op of law is in force, as far as those before it are. */
  #isJust(op: Op, inForce: InForce): boolean {
    const { kind, author, room } = op.head;
    const body = op.body!;
    if (body.sealed) return kind !== 22 || this.#mayCheckpoint(op);
    if (kind === 28) return true;
    if (this.withheld(op, inForce)) return false;
    if (body.proof) return this.proves(op, op, inForce);
    if (kind === 27 && this.isOwnWord(op)) return true;
    if (!this.stands(op, inForce)) return false;
    const power = this.power(author, room, op, inForce);
    if (kind === 7 || kind === 25) {
      const made = inForce.ops.filter((other) => (other.head.kind === 7 || other.head.kind === 25) && other.head.room === room);
      return made.every((other) => this.#rank(other) === this.#rank(op));
    }
    if (kind === 17) return power >= (room === '' ? 4 : 3);
    if (kind === 18 || kind === 19 || kind === 20) return this.#moderates(op, body.subject!, room, inForce);
    if (kind === 26) return power >= 2;
    if (kind === 24) return power >= 3 && (room[0] !== '!' || this.isInside(op, inForce));
    if (kind === 21)
      return this.#law.some((target) => idOf(target) === op.head.target && this.isPast(target, op) && this.#mayUndo(op, target, inForce));
    if (
      kind === 23 &&
      body.subject === author &&
      inForce.ops.some((one) => one.head.kind === 11 && one.head.author === author && this.isPast(one, op))
    )
      return true;
    const owns = this.power(author, '', op, inForce) === 4;
    return kind === 22 ? owns && this.#mayCheckpoint(op) : owns;
  }

  #mayUndo(op: Op, target: Op, inForce: InForce): boolean {
    const { kind, room, author } = target.head;
    if (kind === 18 || kind === 19 || kind === 20) {
      const isTheirs = op.head.author !== target.body!.subject || op.head.author === author;
      return isTheirs && this.#moderates(op, target.body!.subject!, room, inForce);
    }
    if (kind !== 27) return false;
    return this.power(op.head.author, '', op, inForce) === 4 || (this.isOwnWord(target) && author === op.head.author);
  }

  /** Whether a node may erase what is past its time in a room, by the settings that it knew. */
  isDue(op: Op): boolean {
    const known = this.inForce.ops.filter((one) => one.head.kind === 24 && one.head.room === op.head.room && this.isPast(one, op));
    const seconds = known.at(-1)?.body?.settings?.retentionSeconds ?? 0;
    return seconds > 0 && op.body!.before! <= this.#borneOut(op) - seconds * 1000 * 1024;
  }

  /** The highest clock that two nodes had reached in governance, as far as an op knew, its own among them; where it knew of one node only, that node's. */
  #borneOut(op: Op): number {
    const clocks = new Map<string, number>();
    // Of whole entries: also one tells the time of which no op can be read.
    for (const { feed, seq, hlc } of this.#entries.values()) {
      const { kind, node } = this.#entries.get(`${feed} 1`)!.header!;
      const upTo = feed === op.entry.feed ? op.entry.seq : this.#upTo(op.entry.feed, op.entry.seq, feed);
      if (kind === 0 && seq <= Math.min(upTo, this.#end(feed))) clocks.set(node, Math.max(clocks.get(node) ?? 0, hlc));
    }
    const sorted = [...clocks.values()].sort((a, b) => a - b);
    return sorted.at(-2) ?? sorted.at(-1) ?? 0;
  }

  isOwnWord(op: Op): boolean {
    return this.#authors.get(op.node) === op.head.author;
  }

  isMuted(op: Op): boolean {
    return this.muteOf(op) !== undefined;
  }

  /** The word by which the room of an op was archived, as far as it knew. */
  archiveOf(op: Op): Op | undefined {
    const known = this.inForce.ops.filter((one) => one.head.kind === 24 && one.head.room === op.head.room && this.isPast(one, op));
    const last = known.at(-1);
    return last?.body?.settings?.archived ? last : undefined;
  }

  muteOf(op: Op): Op | undefined {
    return this.inForce.ops.find((mute) => {
      if (mute.head.kind !== 20 || mute.body!.subject !== op.head.author || !['', op.head.room].includes(mute.head.room)) return false;
      if ((mute.body!.until !== 0 && op.key >= mute.body!.until!) || !this.isPast(mute, op)) return false;
      return !this.#isUndoneFor(mute, op);
    });
  }

  #isUndoneFor(target: Op, op: Op, inForce = this.inForce): boolean {
    return inForce.ops.some((undo) => undo.head.kind === 21 && undo.head.target === idOf(target) && this.isPast(undo, op));
  }

  /** Whether the author of an op belongs to its private room. */
  isInside(op: Op, inForce = this.inForce): boolean {
    const { room, author } = op.head;
    const words = inForce.ops.filter((one) => {
      if (![17, 18, 26].includes(one.head.kind) || one.head.room !== room || one.body!.subject !== author || !this.isPast(one, op))
        return false;
      return one.head.kind !== 18 || !this.#isUndoneFor(one, op, inForce);
    });
    const last = words.at(-1);
    if (last) return last.head.kind === 26 || (last.head.kind === 17 && last.body!.role !== 'none');
    const founder = inForce.ops.find(
      (one) => (one.head.kind === 7 || one.head.kind === 25) && one.head.room === room && this.isPast(one, op),
    );
    return founder?.head.author === author;
  }
}

export { compare, idOf };
