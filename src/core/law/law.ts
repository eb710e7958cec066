/**
 * The law of a network: the few ops that decide what others count for, whatever the order in which they came.
 *
 * Roles, kicks, mutes and invitations count for what has them in its causal past, and only there; so they are put in their place as they come. Cuts reach what
 * was written before them in any order, other law too. Which cuts are in force is settled thus, in the order of law (see ADR 11):
 *
 * 1. All ops are judged under the cuts that were found so far. The first of them that is not in force itself is excluded for good (or else the one that took it
 *    out of force, where that rests on it), and the search begins anew without any; otherwise the first new cut in force is found, and all are judged again, until
 *    there is none.
 * 2. Then the first valid undo or checkpoint that is new is decided: an undo excludes its target, a checkpoint ranks what it covers. After each, 1 begins anew.
 *
 * Only cuts that reach other law (by their subject, beyond them) take part; the others are judged at the end, and change nothing of that. So an op that no cut
 * reaches, and that reaches no other law, is judged as it comes.
 *
 * What a checkpoint covers moves before what is not covered. Verdicts depend on the order of ops about one thing, and of cuts: where no two of these change places,
 * all verdicts stay, and deciding a checkpoint costs what it newly covers. An undo or checkpoint that comes behind all that are decided is decided last.
 */

import type { Entry } from '../entry.ts';
import type { ForkProof } from '../fork-proof.ts';
import type { AuthorId, FeedId, MessageId } from '../ids.ts';
import { Pasts, type Position } from '../past.ts';
import type { Void } from '../state.ts';
import { foldName } from '../text.ts';
import type { ReadonlyVector } from '../vector.ts';
import { type Cut, compareKeys, compareLaw, isBeyond, isCutting, type LawOp, UNCOVERED } from './body.ts';
import { Coverage } from './coverage.ts';
import { Grants } from './grants.ts';
import { insert, Table } from './table.ts';
import { Verdicts } from './verdicts.ts';

/** What an op of law changed of what was judged before it. */
export interface Settled {
  /** Whether another op of law is in force, or is not any more, or in another order. */
  readonly changed: boolean;
  /** Cuts that are in force now and were not, or the other way round. */
  readonly cuts: readonly Cut[];
  /** Whose content may be judged otherwise, wherever it is: whom ops are about that are in force now and were not, or the other way round, or in another order. */
  readonly subjects: ReadonlySet<AuthorId>;
  /** Whether anybody's content may be: rooms are archived, or are not, otherwise than was known. */
  readonly everybody: boolean;
}

const NOBODY: ReadonlySet<AuthorId> = new Set();

export class Law {
  readonly pasts = new Pasts();
  /** All proofs of forks, as they came. */
  readonly proofs: ForkProof[] = [];
  readonly grants = new Grants();
  readonly #deviceKeys = new Map<AuthorId, { key: string; at: Position }[]>();
  readonly #keysOf = new Map<AuthorId, { key: string; at: Position }[]>();
  readonly #claimants = new Map<string, Set<AuthorId>>();
  /** All ops of law in their order. */
  readonly #ops: LawOp[] = [];
  readonly #byId = new Map<MessageId, LawOp[]>();
  /** All ops by author and by node, and all cuts by what they could withhold. */
  readonly #of = new Map<string, LawOp[]>();
  readonly #cutsOn = new Map<string, Cut[]>();
  #voids = new Map<LawOp, Void>();
  #undone = new Set<MessageId>();
  readonly #coverage = new Coverage(this.pasts);
  /** Ops of law by feed, and how many of them are covered. */
  readonly #inFeed = new Map<FeedId, { readonly ops: LawOp[]; covered: number }>();
  /** So many ops of law are covered: those that come first. */
  #covered = 0;
  /** Whether a cut took another one out of force. */
  #isContested = false;
  /** All that may cut, in force or not. */
  #cutting = new Table([]);
  /** The undo or checkpoint in force that comes last without regard to checkpoints. */
  #lastDecided: LawOp | null = null;
  #archives = false;
  readonly #ignoresCuts: boolean;
  #verdicts: Verdicts;

  /** `ignoresCuts`: a planted fault. */
  constructor(ignoresCuts: boolean) {
    this.#ignoresCuts = ignoresCuts;
    this.#verdicts = new Verdicts(this.pasts, this.grants, this.#byId, ignoresCuts);
  }

  get verdicts(): Verdicts {
    return this.#verdicts;
  }

  /** All ops of law, in the order of law. */
  get ops(): readonly LawOp[] {
    return this.#ops;
  }

  /** Accounts that ever had or were given a name, by its normal form. */
  claimants(folded: string): ReadonlySet<AuthorId> {
    return this.#claimants.get(folded) ?? new Set();
  }

  voidOf(op: LawOp): Void | null {
    return this.#voids.get(op) ?? null;
  }

  /** Whether a kick, ban, mute or revocation was undone. */
  isUndone(id: MessageId): boolean {
    return this.#undone.has(id);
  }

  /** Which checkpoint covers an entry of governance first; UNCOVERED for none. */
  rank(feed: FeedId, seq: number): number {
    return this.#coverage.rank(feed, seq);
  }

  /** How many entries of a governance feed checkpoints in force cover. */
  coveredUpTo(feed: FeedId): number {
    return this.#coverage.upTo(feed);
  }

  /** Ops of law in force that no checkpoint covers, but for checkpoints. */
  uncovered(): readonly LawOp[] {
    return this.#ops.slice(this.#covered).filter((op) => op.body.law !== 'checkpoint' && !this.#voids.has(op));
  }

  /** Takes the next entry of a governance feed. */
  begin(entry: Entry): void {
    this.pasts.add(entry);
  }

  addDevice(author: AuthorId, key: string, at: Position): void {
    push(this.#deviceKeys, author, { key, at });
  }

  /** Whether a feed carries devices of an account, which need no grant. */
  hasDevices(author: AuthorId, feed: FeedId): boolean {
    return this.#deviceKeys.get(author)?.some(({ at }) => at.feed === feed) ?? false;
  }

  /** Takes an op of law, and settles anew what it may have unsettled. */
  add(op: LawOp): Settled {
    // It was read together with the ops before it in its entry, one of which may have proved a fork.
    op.key = this.pasts.key(op.place.feed, op.place.seq);
    insert(this.#ops, op);
    push(this.#byId, op.id, op);
    const inFeed = this.#inFeed.get(op.place.feed);
    if (inFeed) inFeed.ops.push(op);
    else this.#inFeed.set(op.place.feed, { ops: [op], covered: 0 });
    if (isCutting(op)) this.#cutting.add(op);
    for (const name of namesOf(op)) push(this.#of, name, op);
    const { body, head, place } = op;
    if (body.law === 'account') push(this.#keysOf, head.author, { key: body.key, at: place });
    if (body.law === 'rekey') push(this.#keysOf, body.subject, { key: body.key, at: place });
    if (body.law === 'settings' && body.settings.archived) this.#archives = true;
    if (body.law === 'account') this.#claim(body.name, head.author);
    if (body.law === 'settle') this.#claim(body.name, body.subject);
    if (body.law === 'fork') this.proofs.push(body.proof);
    if (body.law === 'fork' && this.pasts.fork(body.feed, body.proof.seq - 1)) return this.#reorder(op);
    return this.#enter(op);
  }

  /** Keys and pasts changed with a fork: the order of law is found anew. */
  #reorder(op: LawOp): Settled {
    for (const one of this.#ops) one.key = this.pasts.key(one.place.feed, one.place.seq);
    this.#order();
    const entered = this.#enter(op);
    const settled = this.#settleAnew(op);
    return {
      changed: true,
      cuts: [...entered.cuts, ...settled.cuts],
      subjects: entered.subjects.union(settled.subjects),
      everybody: this.#archives,
    };
  }

  /** Judges an op that has its place in the order. */
  #enter(op: LawOp): Settled {
    const cut = this.#cutOf(op);
    if (cut) for (const subject of reachOf(cut)) push(this.#cutsOn, subject, cut);
    if (this.#unsettles(op, cut)) return this.#settleAnew(op);
    const fault = this.#verdicts.judge(op);
    if (fault) this.#voids.set(op, fault);
    else {
      this.#verdicts.accept(op);
      if (isDecision(op)) return this.#decideLast(op);
      if (cut && !this.#undone.has(op.id)) this.#verdicts.cut(cut);
    }
    return { changed: false, cuts: cut && this.#verdicts.cuts.has(op) ? [cut] : [], subjects: NOBODY, everybody: false };
  }

  /** Decides an undo or a checkpoint that comes behind all that were decided. */
  #decideLast(op: LawOp): Settled {
    const before = [...this.#verdicts.cuts.values()];
    const undone = this.#undone.size;
    if (!this.#decide(op)) return this.#settleAnew(op, undone);
    const cuts = before.filter((cut) => !this.#verdicts.cuts.has(cut.op));
    return { changed: undone !== this.#undone.size, cuts, subjects: NOBODY, everybody: false };
  }

  #claim(name: string, author: AuthorId): void {
    const folded = foldName(name);
    this.#claimants.set(folded, (this.#claimants.get(folded) ?? new Set()).add(author));
  }

  /** Whether an op may change what was settled, or depend on how it was settled. */
  #unsettles(op: LawOp, cut: Cut | null): boolean {
    if (this.#undone.has(op.id)) return true;
    if (isDecision(op) && this.#lastDecided && compareKeys(op, this.#lastDecided) < 0) return true;
    for (const name of namesOf(op)) {
      if (this.#cutsOn.get(name)?.some((other) => other.op !== op && isBeyond(lasting(other), op.place))) return true;
    }
    return cut !== null && this.#reachesLaw(lasting(cut));
  }

  /** Whether there is law, in force or not, by a cut's subject beyond it. */
  #reachesLaw(cut: Cut): boolean {
    return reachOf(cut).some((subject) => this.#of.get(subject)?.some((other) => other !== cut.op && isBeyond(cut, other.place)));
  }

  /** What an op would withhold. */
  #cutOf(op: LawOp): Cut | null {
    if (!isCutting(op)) return null;
    const { body, head } = op;
    const whole = { op, author: head.author, room: '', until: 0 } as const;
    switch (body.law) {
      case 'ban':
        return {
          ...whole,
          of: 'author',
          subjects: [body.subject],
          author: body.subject,
          room: head.room,
          vector: body.cut,
          until: body.until,
        };
      case 'revoke':
      case 'fork':
        return { ...whole, of: 'node', subjects: [body.node], author: null, vector: body.cut };
      case 'deletion':
        return { ...whole, of: 'author', subjects: [body.subject], author: body.subject, vector: body.cut };
      case 'rekey':
        return { ...whole, of: 'key', subjects: this.#accountKeys(op, body.subject, body.key), author: body.subject, vector: body.cut };
      case 'logout':
        return { ...whole, of: 'key', subjects: body.keys.length > 0 ? body.keys : this.#sessionKeys(op), vector: body.cut };
      default:
        return null;
    }
  }

  /** The keys of an account in the past of an op, but for the one it brings: whether they were in force is of no matter. */
  #accountKeys(op: LawOp, subject: AuthorId, but: string): string[] {
    const past = (this.#keysOf.get(subject) ?? []).filter(({ at }) => this.pasts.has(at, op.place));
    return [...new Set(past.map(({ key }) => key))].filter((key) => key !== but);
  }

  /** The keys of sessions and devices in the past of an op. */
  #sessionKeys({ head, place }: LawOp): string[] {
    const isPast = (at: Position): boolean => this.pasts.has(at, place);
    const devices = (this.#deviceKeys.get(head.author) ?? []).filter(({ at }) => isPast(at)).map(({ key }) => key);
    return [...new Set([...this.grants.sessions(head.author, isPast), ...devices])];
  }

  // Settling

  /** `undone`: how much was undone before. */
  #settleAnew(op: LawOp, undone = this.#undone.size): Settled {
    const before = { verdicts: this.#verdicts, voids: this.#voids };
    this.settle();
    const { cuts } = this.#verdicts;
    const touched = [...before.verdicts.cuts.values(), ...cuts.values()].filter(
      (cut) => before.verdicts.cuts.has(cut.op) !== cuts.has(cut.op),
    );
    const rejudged = this.#ops.filter((one) => one !== op && before.voids.has(one) !== this.#voids.has(one));
    const moved = this.#movedSince(before.verdicts, op);
    const changed = undone !== this.#undone.size || rejudged.length > 0 || moved.length > 0;
    const others = [...rejudged, ...moved];
    const subjects = new Set(others.flatMap((one) => this.#subjectsOf(one)));
    return { changed, cuts: touched, subjects, everybody: this.#archives && others.some(isSettings) };
  }

  /** Ops in force that have another place among those about the same thing; but for one that is new. */
  #movedSince(before: Verdicts, but: LawOp): LawOp[] {
    const moved: LawOp[] = [];
    for (const [name, { ops }] of this.#verdicts.tables()) {
      const known = before.table(name);
      if (known.length < 2) continue;
      const [old, now] = [known, ops].map((list) => list.filter((one) => one !== but));
      moved.push(...now!.filter((one, i) => one !== old![i]));
    }
    return moved;
  }

  /** Whose content is judged by an op. */
  #subjectsOf({ body, head }: LawOp): AuthorId[] {
    if (body.law === 'undo')
      return (this.#byId.get(head.target as MessageId) ?? []).filter(isNoUndo).flatMap((one) => this.#subjectsOf(one));
    return ['subject' in body ? body.subject : head.author];
  }

  /** Settles everything anew, which changes nothing where nothing came that unsettles it. */
  settle(): void {
    this.#undone = new Set();
    this.#lastDecided = null;
    this.#coverage.clear();
    this.#covered = 0;
    for (const inFeed of this.#inFeed.values()) inFeed.covered = 0;
    for (const op of this.#ops) op.rank = UNCOVERED;
    this.#order();
    this.#findCuts();
    const decided = new Set<LawOp>();
    for (let at = 0; at < this.#ops.length; at++) {
      const op = this.#ops[at]!;
      if (!isDecision(op) || decided.has(op) || this.#voids.has(op)) continue;
      decided.add(op);
      // What comes before it is decided, or is not in force, in the new order too.
      if (this.#decide(op)) continue;
      this.#findCuts();
      at = -1;
    }
  }

  /** Decides an undo or a checkpoint; whether all verdicts stay. */
  #decide(op: LawOp): boolean {
    if (!this.#lastDecided || compareKeys(this.#lastDecided, op) < 0) this.#lastDecided = op;
    return op.body.law === 'checkpoint' ? this.#cover(op.body.vector) : this.#undo(op.head.target as MessageId);
  }

  /** Excludes what was undone; whether no law was judged by it, so that all verdicts stay. */
  #undo(target: MessageId): boolean {
    this.#undone.add(target);
    const targets = (this.#byId.get(target) ?? []).map((op) => this.#cutOf(op));
    if (targets.some((cut) => cut !== null && this.#reachesLaw(lasting(cut)))) return false;
    for (const cut of targets) if (cut) this.#verdicts.uncut(cut);
    return true;
  }

  /** Puts all ops in order. */
  #order(): void {
    this.#ops.sort(compareLaw);
    this.#cutting = new Table(this.#ops.filter(isCutting));
  }

  /** Puts what a checkpoint covers before what is not covered; whether no order changed that verdicts depend on. */
  #cover(vector: ReadonlyVector): boolean {
    const { rank, feeds } = this.#coverage.cover(vector);
    const covered: LawOp[] = [];
    for (const feed of feeds) {
      const inFeed = this.#inFeed.get(feed);
      for (; inFeed && inFeed.covered < inFeed.ops.length; inFeed.covered++) {
        const op = inFeed.ops[inFeed.covered]!;
        if (op.place.seq > this.#coverage.upTo(feed)) break;
        op.rank = rank;
        covered.push(op);
      }
    }
    const isInOrder = this.#gather(covered.length);
    const unsettles = (op: LawOp): boolean => (!this.#voids.has(op) && this.#verdicts.ousts(op)) || (!isInOrder && this.#crosses(op));
    if (!covered.some(unsettles)) return true;
    this.#cutting = new Table(this.#ops.filter(isCutting));
    return false;
  }

  /** Moves so many ops that were covered just now before the others; whether they were there already. */
  #gather(count: number): boolean {
    const behind: LawOp[] = [];
    const end = this.#covered + count;
    let at = this.#covered;
    while (this.#covered < end) {
      const op = this.#ops[at++]!;
      if (op.rank === UNCOVERED) behind.push(op);
      else this.#ops[this.#covered++] = op;
    }
    for (const [i, op] of behind.entries()) this.#ops[end + i] = op;
    return behind.length === 0;
  }

  /** Whether an op that was covered just now came before an uncovered one, and verdicts may depend on which of the two is first. */
  #crosses(op: LawOp): boolean {
    if (!this.#voids.has(op) && this.#verdicts.crosses(op)) return true;
    if (isCutting(op) && this.#cutting.crosses(op)) return true;
    const isBehind = (other: LawOp): boolean => other.rank === UNCOVERED && compareKeys(other, op) < 0;
    const cut = this.#cutOf(op);
    if (cut && this.#isPlaced(op) && reachOf(cut).some((name) => this.#of.get(name)?.some(isBehind))) return true;
    return namesOf(op).some((name) => this.#cutsOn.get(name)?.some((other) => this.#isPlaced(other.op) && isBehind(other.op)));
  }

  /**
   * Whether a cut may at times reach only what comes behind it: a ban that expires, which may reach law only by what that rests on; and any, where one took another out
   * of force and it was looked which rests on which.
   */
  #isPlaced({ body }: LawOp): boolean {
    return this.#isContested || (body.law === 'ban' && body.until !== 0);
  }

  /** Step 1 of the above. */
  #findCuts(): void {
    const excluded = new Set<LawOp>();
    let found: Cut[] = [];
    for (;;) {
      const next = this.#judgeAll(found, excluded);
      this.#verdicts = next.verdicts;
      this.#voids = next.voids;
      if (next.lost) excluded.add(this.#sitterOn(next.lost, found, excluded) ?? next.lost);
      this.#isContested = excluded.size > 0;
      if (!next.lost && !next.found) return;
      found = next.found ? [...found, next.found] : [];
    }
  }

  /** Which found cut takes another one out of force and rests on it: without that it is not in force, and without it that is. It has cut nothing. */
  #sitterOn(lost: LawOp, found: readonly Cut[], excluded: ReadonlySet<LawOp>): LawOp | undefined {
    const voidsWithout = (op: LawOp): ReadonlyMap<LawOp, Void> =>
      this.#judgeAll(
        found.filter((cut) => cut.op !== op),
        new Set([...excluded, op]),
        false,
      ).voids;
    const voids = voidsWithout(lost);
    return found.map(({ op }) => op).findLast((op) => op !== lost && voids.has(op) && !voidsWithout(op).has(lost));
  }

  /** Judges all under some cuts. `stops`: at the first of these that is not in force, or at the first one in force that is not among them and reaches law. */
  #judgeAll(
    cuts: readonly Cut[],
    excluded: ReadonlySet<LawOp>,
    stops = true,
  ): { verdicts: Verdicts; voids: Map<LawOp, Void>; lost?: LawOp; found?: Cut } {
    const verdicts = new Verdicts(this.pasts, this.grants, this.#byId, this.#ignoresCuts);
    for (const cut of cuts) verdicts.cut(cut);
    const voids = new Map<LawOp, Void>();
    for (const op of this.#ops) {
      const fault = excluded.has(op) ? 'withheld' : verdicts.judge(op);
      const known = verdicts.cuts.has(op);
      if (fault && known && stops) return { verdicts, voids, lost: op };
      if (fault) voids.set(op, fault);
      else {
        verdicts.accept(op);
        const cut = known || this.#undone.has(op.id) ? null : this.#cutOf(op);
        if (cut && stops && this.#reachesLaw(cut)) return { verdicts, voids, found: cut };
        if (cut) verdicts.cut(cut);
      }
    }
    return { verdicts, voids };
  }
}

function isDecision({ body: { law } }: LawOp): boolean {
  return law === 'undo' || law === 'checkpoint';
}

function isSettings({ body }: LawOp): boolean {
  return body.law === 'settings';
}

function isNoUndo({ body }: LawOp): boolean {
  return body.law !== 'undo';
}

/** A cut without its expiry: what was written after that may still rest on a grant that the cut withholds. */
function lasting(cut: Cut): Cut {
  return { ...cut, until: 0 };
}

/** Under what names cuts find an op. */
function namesOf({ head, feed }: LawOp): string[] {
  return [head.author, feed.node];
}

/** The authors or nodes whose ops a cut may reach. */
function reachOf(cut: Cut): readonly string[] {
  return cut.of === 'node' ? cut.subjects : [cut.author!];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
