/**
 * Who is present: the people whose session did not end, at a node in reach or not out of reach for longer than the grace; and by what names.
 *
 * Presence follows from the log (grants and ends) and from the reach of nodes; nothing else is told for it. A node's people are gone only after the
 * grace, so that a dead node is no storm of quits and joins.
 */

import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import type { Notice } from '../core/port.ts';
import { type Grant, type Guest, isOver, type State } from '../core/state.ts';
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

  readonly #feedOf: (node: NodeId) => FeedId | undefined;

  /** `feedOf` tells a node's present governance feed, where it is known: grants to an earlier incarnation are over before their end was heard of. */
  constructor(state: State, self: NodeId, feedOf: (node: NodeId) => FeedId | undefined) {
    this.#feedOf = feedOf;
    this.#state = state;
    this.#self = self;
    this.#near.add(self);
    for (const guest of state.guests.values()) if (!isOver(guest)) this.add(guest.author);
  }

  /** A guest's first grant, or another one, was folded. */
  add(author: AuthorId): void {
    const guest = this.#state.guests.get(author)!;
    this.#index(author, foldName(guest.name.value));
    for (const grant of guest.grants.values()) put(this.#byNode, grant.node, author);
  }

  /** A guest took another name. */
  rename(author: AuthorId): void {
    if (this.#indexed.has(author)) this.#index(author, foldName(this.#state.guests.get(author)!.name.value));
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

  /** A guest's last grant ended. */
  remove(author: AuthorId): void {
    const guest = this.#state.guests.get(author);
    this.#index(author, null);
    for (const grant of guest?.grants.values() ?? []) take(this.#byNode, grant.node, author);
  }

  /** The grant by which the guest is present; null where it is not. */
  presence(author: AuthorId): Grant | null {
    const guest = this.#state.guests.get(author);
    return guest ? this.#grant(guest) : null;
  }

  #grant(guest: Guest): Grant | null {
    for (const grant of guest.grants.values()) if (this.#holds(grant)) return grant;
    return null;
  }

  #holds({ ended, node, feed }: Grant): boolean {
    return !ended && this.#near.has(node) && (this.#feedOf(node) ?? feed) === feed;
  }

  /** Present people of a name, by its normal form; those whose nodes are in reach before those within the grace. */
  named(name: string): AuthorId[] {
    const present = [...(this.#names.get(foldName(name)) ?? [])].filter((author) => this.presence(author) !== null);
    return [...present.filter((author) => this.isServed(author)), ...present.filter((author) => !this.isServed(author))];
  }

  /** Whether the person's node is in reach now: of the others only the grace is left, and who takes their name is taken for them. */
  isServed(author: AuthorId): boolean {
    const guest = this.#state.guests.get(author);
    if (!guest) return false;
    for (const grant of guest.grants.values()) {
      if (this.#holds(grant) && !this.#lostMs.has(grant.node)) return true;
    }
    return false;
  }

  /** People of the same name whose session did not end and that no node serves: this one comes in their place. */
  predecessors(author: AuthorId): AuthorId[] {
    const folded = this.#indexed.get(author);
    const named = folded === undefined ? [] : [...(this.#names.get(folded) ?? [])];
    return named.filter((other) => other !== author && !this.isServed(other));
  }

  /** This node's people whose name somebody present took earlier in history. */
  clashing(own: ReadonlyMap<AuthorId, unknown>, touched: Iterable<AuthorId>): AuthorId[] {
    const losers = new Set<AuthorId>();
    for (const one of touched) {
      const folded = this.#indexed.get(one);
      const named = folded === undefined ? undefined : this.#names.get(folded);
      if (!named || named.size < 2) continue;
      const served = [...named].filter((author) => this.isServed(author)).map((author) => this.#state.guests.get(author)!);
      for (const guest of served) {
        if (own.has(guest.author) && served.some((other) => other !== guest && isEarlier(other, guest))) losers.add(guest.author);
      }
    }
    return [...losers];
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

  #presentAt(node: NodeId): Set<AuthorId> {
    return new Set([...(this.#byNode.get(node) ?? [])].filter((author) => this.presence(author) !== null));
  }
}

function isEarlier(a: Guest, b: Guest): boolean {
  return a.name.at.key < b.name.at.key || (a.name.at.key === b.name.at.key && a.author < b.author);
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
