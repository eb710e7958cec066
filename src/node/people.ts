/**
 * Who is present: the people whose session did not end, at a node in reach or not out of reach for longer than the grace; and by what names.
 *
 * Presence follows from the log (grants and ends) and from the reach of nodes; nothing else is told for it. A node's people are gone only after the
 * grace, so that a dead node is no storm of quits and joins.
 */

import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import type { Place } from '../core/order.ts';
import type { Notice } from '../core/port.ts';
import { type Grant, isOver, type State } from '../core/state.ts';
import { foldName } from '../core/text.ts';
import { GRACE_MS } from '../sync/limits.ts';

export class People {
  readonly #state: State;
  readonly #self: NodeId;
  /** Nodes in reach, or within their grace. */
  readonly #near = new Set<NodeId>();
  readonly #lostMs = new Map<NodeId, number>();
  readonly #names = new Map<string, Set<AuthorId>>();
  /** Under what normal form of a name each is in `#names`. */
  readonly #indexed = new Map<AuthorId, string>();
  readonly #byNode = new Map<NodeId, Set<AuthorId>>();
  /** As they were when accounts were looked at last: one may give others another name. */
  readonly #accountNames = new Map<AuthorId, string>();

  readonly #isPast: (node: NodeId, feed: FeedId) => boolean;
  readonly #isBanned: (author: AuthorId) => boolean;
  readonly #rank: (at: Place) => number;

  /**
   * `isPast`: whether a node is known not to run as the incarnation with this governance feed: grants to it are over before their end was heard of. `isBanned`:
   * whether somebody is banned from the network now. `rank`: which checkpoint covers a place.
   */
  constructor(
    state: State,
    self: NodeId,
    isPast: (node: NodeId, feed: FeedId) => boolean,
    isBanned: (author: AuthorId) => boolean,
    rank: (at: Place) => number = () => 0,
  ) {
    this.#rank = rank;
    this.#isPast = isPast;
    this.#isBanned = isBanned;
    this.#state = state;
    this.#self = self;
    this.#near.add(self);
    this.refold();
  }

  /** The state was folded anew: anybody may be there, gone, or of another name. Which nodes are near is as it was. */
  refold(): void {
    for (const part of [this.#names, this.#indexed, this.#byNode, this.#accountNames]) part.clear();
    for (const people of [this.#state.guests, this.#state.accounts]) {
      for (const person of people.values()) if (!isOver(person)) this.add(person.author);
    }
    for (const { author, name } of this.#state.accounts.values()) this.#accountNames.set(author, name);
  }

  /** A person's first grant, or another one, was folded. */
  add(author: AuthorId): void {
    this.#index(author, this.#folded(author));
    for (const grant of this.#grants(author)) put(this.#byNode, grant.node, author);
  }

  /** A person took another name. */
  rename(author: AuthorId): void {
    if (this.#indexed.has(author)) this.#index(author, this.#folded(author));
  }

  /** An account has a session more, or another name, which may give others of that name another one: those. */
  account(author: AuthorId): AuthorId[] {
    const account = this.#state.accounts.get(author);
    if (!account) return [];
    if (!isOver(account)) this.add(author);
    if (this.#accountNames.get(author) === account.name) return [];
    const renamed: AuthorId[] = [];
    for (const other of this.#state.accounts.values()) {
      if (this.#accountNames.get(other.author) === other.name) continue;
      this.#accountNames.set(other.author, other.name);
      this.rename(other.author);
      if (other.author !== author) renamed.push(other.author);
    }
    return renamed;
  }

  /** The normal form of the name that somebody shows under; null where they have none. */
  #folded(author: AuthorId): string | null {
    const name = this.#state.accounts.get(author)?.name || this.#state.guests.get(author)?.name.value;
    return name ? foldName(name) : null;
  }

  *#grants(author: AuthorId): Generator<Grant> {
    yield* this.#state.guests.get(author)?.grants.values() ?? [];
    yield* this.#state.accounts.get(author)?.grants.values() ?? [];
  }

  #index(author: AuthorId, folded: string | null): void {
    const before = this.#indexed.get(author);
    if (before === folded) return;
    if (before !== undefined) take(this.#names, before, author);
    if (folded === null) this.#indexed.delete(author);
    else {
      this.#indexed.set(author, folded);
      put(this.#names, folded, author);
    }
  }

  /** A person's last grant as a guest, or as an account, ended. */
  remove(author: AuthorId): void {
    for (const grant of this.#grants(author)) if (!grant.ended) return;
    this.#index(author, null);
    for (const grant of this.#grants(author)) take(this.#byNode, grant.node, author);
  }

  /** The grant by which somebody is present; null where they are not. */
  presence(author: AuthorId): Grant | null {
    if (this.#isOut(author)) return null;
    for (const grant of this.#grants(author)) if (this.#holds(grant)) return grant;
    return null;
  }

  /** Whether a person is there by their session's grant to this incarnation of a node. */
  isThere(author: AuthorId, node: NodeId, feed: FeedId): boolean {
    if (this.#isOut(author)) return false;
    for (const grant of this.#grants(author)) if (grant.node === node && grant.feed === feed && this.#holds(grant)) return true;
    return false;
  }

  #isOut(author: AuthorId): boolean {
    return this.#state.accounts.get(author)?.isDeleted === true || this.#isBanned(author);
  }

  #holds({ ended, node, feed }: Grant): boolean {
    return !ended && this.#near.has(node) && !this.#isPast(node, feed);
  }

  /** Present people of a name, by its normal form; those whose nodes are in reach before those within the grace. */
  named(name: string): AuthorId[] {
    const present = [...(this.#names.get(foldName(name)) ?? [])].filter((author) => this.presence(author) !== null);
    return [...present.filter((author) => this.isServed(author)), ...present.filter((author) => !this.isServed(author))];
  }

  /** Whether the person's node is in reach now: of the others only the grace is left, and who takes their name is taken for them. */
  isServed(author: AuthorId): boolean {
    if (this.#isOut(author)) return false;
    for (const grant of this.#grants(author)) {
      if (this.#holds(grant) && !this.#lostMs.has(grant.node)) return true;
    }
    return false;
  }

  /** Guests of the same name whose session did not end and that no node serves: this one comes in their place. */
  predecessors(author: AuthorId): AuthorId[] {
    const folded = this.#indexed.get(author);
    const named = folded === undefined ? [] : [...(this.#names.get(folded) ?? [])];
    return named.filter((other) => other !== author && !this.isServed(other) && !this.#state.accounts.has(other));
  }

  /** A name like this one that nobody present has. */
  free(name: string): string {
    const base = name.replace(/~\d+$/, '');
    let n = 2;
    while (this.named(`${base}~${n}`).length > 0) n++;
    return `${base}~${n}`;
  }

  /** This node's guests whose name somebody present took earlier in history, or has as an account. */
  clashing(own: ReadonlyMap<AuthorId, unknown>, touched: Iterable<AuthorId>): AuthorId[] {
    const losers = new Set<AuthorId>();
    for (const one of touched) {
      const folded = this.#indexed.get(one);
      const named = folded === undefined ? undefined : this.#names.get(folded);
      if (!named || named.size < 2) continue;
      const served = [...named].filter((author) => this.isServed(author));
      for (const author of served) {
        if (own.has(author) && served.some((other) => other !== author && this.#isEarlier(other, author))) losers.add(author);
      }
    }
    return [...losers];
  }

  /** Whether somebody's right to a name comes before another's: an account's before a guest's, else what a checkpoint covers first, else the earlier in history. */
  #isEarlier(a: AuthorId, b: AuthorId): boolean {
    const { accounts, guests } = this.#state;
    if (accounts.has(a) || accounts.has(b)) return !accounts.has(b);
    const [one, other] = [guests.get(a)!.name.at, guests.get(b)!.name.at];
    const order = this.#rank(one) - this.#rank(other) || one.key - other.key;
    return order < 0 || (order === 0 && a < b);
  }

  /** The nodes in reach changed: people of nodes that came back are back at once. */
  reach(reachable: ReadonlySet<NodeId>, nowMs: number): Notice[] {
    for (const node of this.#near) {
      if (node === this.#self || reachable.has(node)) this.#lostMs.delete(node);
      else if (!this.#lostMs.has(node)) this.#lostMs.set(node, nowMs);
    }
    const notices: Notice[] = [];
    for (const node of reachable) {
      if (this.#near.has(node)) continue;
      const before = this.#presentAt(node);
      this.#near.add(node);
      for (const author of this.#byNode.get(node) ?? []) {
        if (!before.has(author) && this.presence(author)) notices.push({ type: 'back', author, node });
      }
    }
    return notices;
  }

  /** Those whose nodes' grace is over. */
  expire(nowMs: number): Notice[] {
    const notices: Notice[] = [];
    for (const [node, lostMs] of this.#lostMs) {
      if (nowMs - lostMs < GRACE_MS) continue;
      const before = this.#presentAt(node);
      this.#lostMs.delete(node);
      this.#near.delete(node);
      for (const author of before) if (!this.presence(author)) notices.push({ type: 'gone', author, node });
    }
    return notices;
  }

  /** How many people each node serves; who has sessions at several is counted at each. */
  served(): Map<NodeId, number> {
    const served = new Map<NodeId, number>();
    for (const [node, authors] of this.#byNode) {
      let count = 0;
      for (const author of authors) if (!this.#isOut(author) && this.#isAt(author, node)) count++;
      if (count > 0) served.set(node, count);
    }
    return served;
  }

  /** How many sessions somebody has, at nodes in reach or within their grace. */
  sessionsOf(author: AuthorId): number {
    if (this.#isOut(author)) return 0;
    return [...this.#grants(author)].filter((grant) => this.#holds(grant)).length;
  }

  #isAt(author: AuthorId, node: NodeId): boolean {
    for (const grant of this.#grants(author)) if (grant.node === node && this.#holds(grant)) return true;
    return false;
  }

  #presentAt(node: NodeId): Set<AuthorId> {
    return new Set([...(this.#byNode.get(node) ?? [])].filter((author) => this.presence(author) !== null));
  }
}

function put<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function take<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
