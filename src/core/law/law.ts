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
 */

import type { Entry } from '../entry.ts';
import type { ForkProof } from '../fork-proof.ts';
import type { AuthorId, FeedId, MessageId } from '../ids.ts';
import { Pasts, type Position } from '../past.ts';
import type { Void } from '../state.ts';
import { foldName } from '../text.ts';
import { type Cut, compareLaw, isBeyond, isCutting, type LawOp, UNCOVERED } from './body.ts';
import { Grants } from './grants.ts';
import { insert, Verdicts } from './verdicts.ts';

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
  #checkpoints: LawOp[] = [];
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
    this.#ops.sort(compareLaw);
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
      if (cut && !this.#undone.has(op.id)) this.#verdicts.cut(cut);
    }
    return { changed: false, cuts: cut && this.#verdicts.cuts.has(op) ? [cut] : [], subjects: NOBODY, everybody: false };
  }

  #claim(name: string, author: AuthorId): void {
    const folded = foldName(name);
    this.#claimants.set(folded, (this.#claimants.get(folded) ?? new Set()).add(author));
  }

  /** Whether an op may change what was settled, or depend on how it was settled. */
  #unsettles(op: LawOp, cut: Cut | null): boolean {
    const { law } = op.body;
    if (law === 'undo' || law === 'checkpoint' || this.#undone.has(op.id)) return true;
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

  #settleAnew(op: LawOp): Settled {
    const before = { cuts: this.#verdicts.cuts, voids: this.#voids, undone: this.#undone.size, checkpoints: this.#checkpoints.length };
    const order = this.#ops.filter((one) => one !== op);
    this.#settle();
    const { cuts } = this.#verdicts;
    const touched = [...before.cuts.values(), ...cuts.values()].filter((cut) => before.cuts.has(cut.op) !== cuts.has(cut.op));
    const verdictOf = (voids: ReadonlyMap<LawOp, Void>, one: LawOp): boolean => voids.has(one);
    const others = this.#ops.filter((one) => one !== op);
    const rejudged = others.filter((one) => verdictOf(before.voids, one) !== verdictOf(this.#voids, one));
    const moved = others.filter((one, i) => one !== order[i]);
    const changed = before.undone !== this.#undone.size || before.checkpoints !== this.#checkpoints.length || rejudged.length > 0;
    const subjects = new Set([...rejudged, ...moved].flatMap((one) => this.#subjectsOf(one)));
    const settings = order.filter(isSettings);
    const everybody = this.#archives && (rejudged.some(isSettings) || others.filter(isSettings).some((one, i) => one !== settings[i]));
    return { changed, cuts: touched, subjects, everybody };
  }

  /** Whose content is judged by an op. */
  #subjectsOf({ body, head }: LawOp): AuthorId[] {
    if (body.law === 'undo')
      return (this.#byId.get(head.target as MessageId) ?? []).filter(isNoUndo).flatMap((one) => this.#subjectsOf(one));
    return ['subject' in body ? body.subject : head.author];
  }

  #settle(): void {
    this.#undone = new Set();
    this.#checkpoints = [];
    const decided = new Set<LawOp>();
    this.#rank();
    this.#findCuts();
    for (;;) {
      const next = this.#ops.find(
        (op) => (op.body.law === 'undo' || op.body.law === 'checkpoint') && !decided.has(op) && !this.#voids.has(op),
      );
      if (!next) return;
      decided.add(next);
      if (next.body.law === 'checkpoint') this.#checkpoints.push(next);
      else if (this.#undo(next.head.target as MessageId)) continue;
      this.#rank();
      this.#findCuts();
    }
  }

  /** Excludes what was undone; whether no law was judged by it, so that all verdicts stay. */
  #undo(target: MessageId): boolean {
    this.#undone.add(target);
    const targets = (this.#byId.get(target) ?? []).map((op) => this.#cutOf(op));
    if (targets.some((cut) => cut !== null && this.#reachesLaw(lasting(cut)))) return false;
    for (const cut of targets) if (cut) this.#verdicts.uncut(cut);
    return true;
  }

  #rank(): void {
    for (const op of this.#ops) {
      const { feed, seq } = op.place;
      const rank = this.#checkpoints.findIndex(({ body }) => body.law === 'checkpoint' && (body.vector.get(feed) ?? 0) >= seq);
      op.rank = rank < 0 ? UNCOVERED : rank;
    }
    this.#ops.sort(compareLaw);
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
      else if (!next.found) return;
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
