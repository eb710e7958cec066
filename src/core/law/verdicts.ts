/**
 * The law as far as it is in force: who has which power, who is muted, what is withheld. Tables of ops in the order of law, each asked for what lies in the
 * causal past of whatever is judged; only cuts reach beyond it.
 */

import type { FeedInfo } from '../feed.ts';
import type { AuthorId, MessageId, NodeId, RoomId } from '../ids.ts';
import type { HistoryKey } from '../order.ts';
import { INDEX_END, type Pasts, type Position } from '../past.ts';
import type { Void } from '../state.ts';
import type { ReadonlyVector } from '../vector.ts';
import { type Cut, isBeyond, type LawBody, type LawOp, type Proof, type Role, UNCOVERED } from './body.ts';
import type { Granted, Grants, Subject } from './grants.ts';
import { Table } from './table.ts';

const NONE: readonly LawOp[] = [];

/** What somebody may do: 4 owns the network, 3 the room, 2 moderates. */
export type Power = 0 | 2 | 3 | 4;

export class Verdicts {
  readonly #pasts: Pasts;
  readonly #grants: Grants;
  readonly #known: ReadonlyMap<MessageId, readonly LawOp[]>;
  /** Ops in force by kind and what they are about, in the order of law. */
  readonly #tables = new Map<string, Table>();
  readonly #byNode = new Map<string, Cut[]>();
  readonly #byAuthor = new Map<string, Cut[]>();
  readonly #byKey = new Map<string, Cut[]>();
  /** Changes of an account's key, by account: its first key may have been used as a guest's. */
  readonly #rekeys = new Map<AuthorId, Cut[]>();
  /** Cuts in force. */
  readonly cuts = new Map<LawOp, Cut>();
  #muted = false;
  #archives = false;
  readonly #ignoresCuts: boolean;

  /** `known`: all ops of law by their ids, in force or not; `ignoresCuts`: a planted fault, by which no cut withholds anything. */
  constructor(pasts: Pasts, grants: Grants, known: ReadonlyMap<MessageId, readonly LawOp[]>, ignoresCuts: boolean) {
    this.#ignoresCuts = ignoresCuts;
    this.#pasts = pasts;
    this.#grants = grants;
    this.#known = known;
  }

  /** Where an op of governance stands, or where content says it rests. */
  #position({ feed, place }: Subject, governance: number): Position {
    return feed.feed === feed.sibling ? place : { feed: feed.sibling, seq: governance, index: INDEX_END };
  }

  // What is in force

  /** Puts an op in force. */
  accept(op: LawOp): void {
    for (const key of op.tables) {
      const table = this.#tables.get(key);
      if (table) table.add(op);
      else this.#tables.set(key, new Table([op]));
    }
    if (op.body.law === 'mute') this.#muted = true;
    if (op.body.law === 'settings' && op.body.settings.archived) this.#archives = true;
  }

  #indexOf({ of }: Cut): Map<string, Cut[]> {
    return of === 'node' ? this.#byNode : of === 'author' ? this.#byAuthor : this.#byKey;
  }

  /** Takes a ban or a revocation out of force. */
  uncut(cut: Cut): void {
    this.cuts.delete(cut.op);
    const index = this.#indexOf(cut);
    for (const subject of cut.subjects) {
      const rest = (index.get(subject) ?? []).filter((other) => other.op !== cut.op);
      if (rest.length > 0) index.set(subject, rest);
      else index.delete(subject);
    }
  }

  /** Puts a cut in force. */
  cut(cut: Cut): void {
    this.cuts.set(cut.op, cut);
    const index = this.#indexOf(cut);
    for (const subject of cut.subjects) {
      const cuts = index.get(subject);
      if (cuts) cuts.push(cut);
      else index.set(subject, [cut]);
    }
    if (cut.op.body.law === 'rekey') this.#rekeys.set(cut.author!, [...(this.#rekeys.get(cut.author!) ?? []), cut]);
  }

  /** The ops in force in one table; see tablesOf in body.ts. */
  table(key: string): readonly LawOp[] {
    return this.#tables.get(key)?.ops ?? NONE;
  }

  /** All tables by their names. */
  tables(): IterableIterator<[string, Table]> {
    return this.#tables.entries();
  }

  /** Whether an op in force that was covered just now made a room that others made, too, who are not covered: they did not. */
  ousts(op: LawOp): boolean {
    return op.body.law === 'founded' && this.table(`founded ${op.head.room}`).some(({ rank }) => rank === UNCOVERED);
  }

  /** Whether an op in force that was covered just now came behind another one about the same thing that is not covered. */
  crosses(op: LawOp): boolean {
    return op.tables.some((key) => this.#tables.get(key)!.crosses(op));
  }

  /** The last op of a table, in the order of law, that is in the past of a position; null means at the end of all. */
  #last(key: string, at: Position | null): LawOp | null {
    const table = this.table(key);
    for (let i = table.length - 1; i >= 0; i--) if (at === null || this.#pasts.has(table[i]!.place, at)) return table[i]!;
    return null;
  }

  // Questions

  /** The power of somebody over a room (empty for the network), as known at a position; null for the present. */
  power(author: AuthorId, room: RoomId | '', at: Position | null): Power {
    const network = this.networkRole(author, at);
    if (network === 'owner') return 4;
    if (room) {
      const here = this.#last(`role ${room} ${author}`, at);
      const role = here ? roleOf(here) : this.founder(room, at) === author ? 'owner' : 'none';
      if (role === 'owner') return 3;
      if (role === 'moderator') return 2;
    }
    return network === 'moderator' ? 2 : 0;
  }

  /** The role of somebody in the network. */
  networkRole(author: AuthorId, at: Position | null): Role {
    return roleOf(this.#last(`role ${author}`, at));
  }

  /** Who made a room first. */
  founder(room: RoomId, at: Position | null): AuthorId | null {
    const made = this.table(`founded ${room}`).find((op) => at === null || this.#pasts.has(op.place, at));
    return made?.head.author ?? null;
  }

  /** Whether somebody may act against somebody in a room. */
  moderates(author: AuthorId, subject: AuthorId, room: RoomId | '', at: Position): boolean {
    const power = this.power(author, room, at);
    return power >= 2 && power >= this.power(subject, room, at);
  }

  /** Whether somebody belongs to a private room: as its founder, by an invitation or a role there, until a kick. */
  isInside(author: AuthorId, room: RoomId, at: Position | null): boolean {
    const table = this.table(`inside ${room} ${author}`);
    for (let i = table.length - 1; i >= 0; i--) {
      const op = table[i]!;
      if (at !== null && !this.#pasts.has(op.place, at)) continue;
      if (op.body.law === 'kick') {
        if (!this.isUndone(op.id, at)) return false;
      } else return op.body.law === 'invitation' || roleOf(op) !== 'none';
    }
    return this.founder(room, at) === author;
  }

  /** Whether an op was undone, as known at a position. */
  isUndone(id: MessageId, at: Position | null): boolean {
    return this.#last(`undo ${id}`, at) !== null;
  }

  /** Whether the author of an op had been muted there, as far as it knew. */
  isMuted(subject: Subject, governance: number): boolean {
    if (!this.#muted) return false;
    const { head, place } = subject;
    const at = this.#position(subject, governance);
    for (const room of head.room ? ['', head.room] : ['']) {
      for (const op of this.table(`mute ${room} ${head.author}`) as readonly LawOp<LawBody & { law: 'mute' }>[]) {
        const holds = op.body.until === 0 || place.key < op.body.until;
        if (holds && this.#pasts.has(op.place, at) && !this.isUndone(op.id, at)) return true;
      }
    }
    return false;
  }

  /** Whether the room of an op had been archived, as far as it knew. */
  isArchived(subject: Subject, governance: number): boolean {
    if (!this.#archives || !subject.head.room) return false;
    const body = this.#last(`settings ${subject.head.room}`, this.#position(subject, governance))?.body;
    return body?.law === 'settings' && body.settings.archived;
  }

  /** Whether somebody is banned from the network, for whatever has this history key. */
  isBanned(author: AuthorId, key: HistoryKey): boolean {
    const bans = this.#byAuthor.get(author) ?? [];
    return bans.some(({ op, room, until }) => op.body.law === 'ban' && room === '' && (until === 0 || key < until));
  }

  /** How long the messages of a room are kept, as known at a position, in seconds; 0 for ever. */
  retentionSeconds(room: RoomId, at: Position | null): number {
    const body = this.#last(`settings ${room}`, at)?.body;
    return body?.law === 'settings' ? body.settings.retentionSeconds : 0;
  }

  /** What keeps somebody from speaking in a room now (the key says when): a ban or a mute, there or everywhere; null where nothing does. */
  silencedBy(author: AuthorId, room: RoomId | '', key: HistoryKey): LawOp | null {
    for (const { op, room: where, until } of this.#byAuthor.get(author) ?? []) {
      if (op.body.law === 'ban' && (where === '' || where === room) && (until === 0 || key < until)) return op;
    }
    for (const where of room ? ['', room] : ['']) {
      for (const op of this.table(`mute ${where} ${author}`) as readonly LawOp<LawBody & { law: 'mute' }>[]) {
        if ((op.body.until === 0 || key < op.body.until) && !this.isUndone(op.id, null)) return op;
      }
    }
    return null;
  }

  /** The key that is an account's own now, and how it is made from a password; null for no account. */
  ownKey(author: AuthorId): { readonly key: string; readonly kdf: Uint8Array } | null {
    const body = this.#last(`key ${author}`, null)?.body;
    return body?.law === 'account' || body?.law === 'rekey' ? { key: body.key, kdf: body.kdf } : null;
  }

  /** Whether keys (from the one that signs up to the account's own) speak for an account, for whatever is written at an incarnation from now on. */
  speakFor(author: AuthorId, keys: readonly string[], info: FeedInfo, nowKey: HistoryKey): boolean {
    if (this.ownKey(author)?.key !== keys.at(-1)) return false;
    const place = { key: nowKey, feed: info.feed, seq: Number.MAX_SAFE_INTEGER, index: INDEX_END };
    return !keys.some((key) => this.#byKey.get(key)?.some((cut) => cut.author === author && isBeyond(cut, place)));
  }

  /**
   * Why a session speaks no more at an incarnation that it granted (`info`: its governance feed), for whatever is written from now on: it was logged out, its
   * key, its device or its account is no more, it has expired, its author or its node was cut off. Null while it speaks. A guest's session is its author.
   */
  sessionFault(author: AuthorId, info: FeedInfo, key: string | null, nowKey: HistoryKey): Void | null {
    const place = { key: nowKey, feed: info.feed, seq: Number.MAX_SAFE_INTEGER, index: INDEX_END };
    const subject = { head: { author, room: '' } as Subject['head'], feed: info, place };
    let result: Void = 'not granted';
    for (const granted of this.#grants.get(author, info.feed)?.all ?? []) {
      if ((granted.proof?.keys[0] ?? null) !== key) continue;
      const fault = this.#grantFault(granted, granted.by, null) ?? this.#grantFault(granted, subject, null);
      if (fault === null) return null;
      result = fault;
    }
    return result;
  }

  /** Whether a node was cut off. */
  isRevoked(node: NodeId): boolean {
    return this.#byNode.has(node);
  }

  /** The cut that withholds an op for its node's or its author's sake. */
  withheldBy({ head, feed, place }: Subject, self: LawOp | null = null): Cut | null {
    if (this.cuts.size === 0 || this.#ignoresCuts) return null;
    for (const cut of this.#byNode.get(feed.node) ?? []) if (cut.op !== self && isBeyond(cut, place)) return cut;
    for (const cut of this.#byAuthor.get(head.author) ?? []) {
      if (cut.op !== self && isBeyond(cut, place) && (cut.room === '' || cut.room === head.room)) return cut;
    }
    return null;
  }

  /** Why the author of an op may not be said to have written it; null where they had granted its node by then and nothing withholds it. */
  standing(subject: Subject, governance: number, self: LawOp | null = null): Void | null {
    const { head, feed, place } = subject;
    const backing = this.#grants.get(head.author, feed.sibling);
    const isContent = feed.feed !== feed.sibling;
    if (!backing || backing.seq > (isContent ? governance : place.seq)) return 'not granted';
    if (isContent && backing.all[0]!.proof === null && this.cuts.size === 0) return null;
    const at = this.#position(subject, governance);
    let result: Void | null = 'not granted';
    for (const granted of backing.all) {
      if (!this.#pasts.has(granted, at)) continue;
      const fault = this.#grantFault(granted, granted.by, self) ?? this.#grantFault(granted, subject, self);
      if (fault === null) return null;
      if (fault === 'withheld') result = fault;
    }
    return result;
  }

  /** Why a grant does not stand behind an op: behind another one as little as behind itself. */
  #grantFault(granted: Granted, subject: Subject, self: LawOp | null): Void | null {
    if (this.withheldBy(subject, self)) return 'withheld';
    return granted.proof ? this.proofFault(granted.proof, subject.head.author, granted, subject, self) : this.#guestFault(subject, self);
  }

  #guestFault({ head, place }: Subject, self: LawOp | null): Void | null {
    if (this.#ignoresCuts) return null;
    return this.#rekeys.get(head.author)?.some((cut) => cut.op !== self && isBeyond(cut, place)) ? 'withheld' : null;
  }

  /** Why a proof does not speak for an account: at a position where it was used, for an op that it stands behind. */
  proofFault({ keys, until }: Proof, author: AuthorId, at: Position, { place }: Subject, self: LawOp | null): Void | null {
    if (until !== 0 && place.key >= until) return 'not granted';
    if (!this.#isKeyOf(keys.at(-1)!, author, at, self)) return 'not granted';
    if (this.#byKey.size === 0 || this.#ignoresCuts) return null;
    for (const key of keys) {
      for (const cut of this.#byKey.get(key) ?? []) {
        if (cut.op !== self && cut.author === author && isBeyond(cut, place)) return 'withheld';
      }
    }
    return null;
  }

  /** Whether a key was an account's own at a position; an account that was not made there yet has none, though its key may have been reset. */
  #isKeyOf(key: string, author: AuthorId, at: Position, self: LawOp | null): boolean {
    if (self?.body.law === 'account') return self.body.key === key;
    if (this.#last(`account ${author}`, at) === null) return false;
    return this.table(`key ${author}`).some((op) => (op.body as { key: string }).key === key && this.#pasts.has(op.place, at));
  }

  /** Why an op of law is not in force; null where it is. */
  judge(op: LawOp): Void | null {
    const { body, head, place } = op;
    if ('sealed' in body && body.sealed) return body.law === 'checkpoint' ? this.#checkpointFault(body.vector, op) : null;
    // A proof of two histories needs nobody's word: whatever became of who brought it, the branches count nowhere.
    if (body.law === 'fork') return null;
    if (this.withheldBy(op, op)) return 'withheld';
    if ('proof' in body && body.proof) return this.proofFault(body.proof, head.author, place, op, op);
    if (body.law === 'revoke' && op.own) return null;
    return this.standing(op, 0, op) ?? this.#powerFault(op);
  }

  #powerFault(op: LawOp): Void | null {
    const { body, head, place } = op;
    const room = head.room as RoomId | '';
    const mayIf = (may: boolean): Void | null => (may ? null : 'not allowed');
    switch (body.law) {
      case 'founded':
        // What its author knows of is no matter: else whoever rests on nothing would have made any room.
        return mayIf(!this.table(`founded ${room}`).some(({ rank }) => rank < op.rank));
      case 'role':
        return mayIf(this.power(head.author, room, place) >= (room ? 3 : 4));
      case 'kick':
        return mayIf(room !== '' && this.moderates(head.author, body.subject, room, place));
      case 'ban':
      case 'mute':
        return mayIf(this.moderates(head.author, body.subject, room, place));
      case 'invitation':
        return mayIf(this.power(head.author, room, place) >= 2);
      case 'settle':
        return mayIf(this.power(head.author, '', place) === 4 || this.#renamesItself(op));
      case 'settings':
        return mayIf(this.power(head.author, room, place) >= 3 && (room[0] !== '!' || this.isInside(head.author, room as RoomId, place)));
      case 'undo':
        return this.#undoFault(op);
      case 'checkpoint':
        return mayIf(this.power(head.author, '', place) === 4) ?? this.#checkpointFault(body.vector, op);
      default:
        return mayIf(this.power(head.author, '', place) === 4);
    }
  }

  /** An account takes another name; a guest's is not law. */
  #renamesItself({ body, head, place }: LawOp): boolean {
    return body.law === 'settle' && body.subject === head.author && this.#last(`account ${head.author}`, place) !== null;
  }

  /** Whoever may do it may undo it, where it was known to them. */
  #undoFault({ head, place }: LawOp): Void | null {
    if (!head.target) return 'no target';
    const targets = (this.#known.get(head.target) ?? []).filter((target) => this.#pasts.has(target.place, place));
    if (targets.length === 0) return 'no target';
    return targets.some((target) => this.#mayUndo(head.author, target, place)) ? null : 'not allowed';
  }

  #mayUndo(author: AuthorId, { body, head, own }: LawOp, at: Position): boolean {
    switch (body.law) {
      case 'kick':
      case 'ban':
      case 'mute':
        // Nobody takes back what others did to them.
        return (author !== body.subject || author === head.author) && this.moderates(author, body.subject, head.room as RoomId | '', at);
      case 'revoke':
        return this.power(author, '', at) === 4 || (own && author === head.author);
      default:
        return false;
    }
  }

  /** A checkpoint names what its issuer held. */
  #checkpointFault(vector: ReadonlyVector, { place }: LawOp): Void | null {
    for (const [feed, seq] of vector) if (!this.#pasts.has({ feed, seq, index: INDEX_END - 1 }, place)) return 'not allowed';
    return null;
  }
}

function roleOf(op: LawOp | null): Role {
  return op?.body.law === 'role' ? op.body.role : 'none';
}
