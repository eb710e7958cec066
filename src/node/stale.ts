/**
 * Grants to incarnations of this node that are gone: their sessions cannot have survived, and their end is to be written. Not at once: the incarnation may be a
 * copy of this node that runs, which a record will tell.
 */

import type { AuthorId, FeedId, NodeId } from '../core/ids.ts';
import type { Person, State } from '../core/state.ts';

/** How long a grant is let be, in ms: records come with the first words on a link. Nobody counts as present by it meanwhile. */
const STALE_MS = 3000;

interface Stale {
  readonly author: AuthorId;
  readonly feed: FeedId;
  sinceMs: number | null;
}

export class StaleGrants {
  readonly #self: NodeId;
  readonly #isLive: (feed: FeedId) => boolean;
  readonly #waiting = new Map<string, Stale>();
  /** Whose end is on its way. */
  readonly #ended = new Set<string>();

  /** `isLive`: whether an incarnation of this node runs, this one or a copy. */
  constructor(self: NodeId, isLive: (feed: FeedId) => boolean) {
    this.#self = self;
    this.#isLive = isLive;
  }

  noteAll({ guests, accounts }: State, own: FeedId): void {
    for (const person of [...guests.values(), ...accounts.values()]) this.note(person, own);
  }

  note(person: Person | undefined, own: FeedId): void {
    for (const { node, feed, ended } of person?.grants.values() ?? []) {
      const key = person!.author + feed;
      if (node !== this.#self || ended || feed === own || this.#ended.has(key) || this.#waiting.has(key)) continue;
      this.#waiting.set(key, { author: person!.author, feed, sinceMs: null });
    }
  }

  /** This node goes on in new feeds: ends that were on their way may not have arrived. */
  again(): void {
    this.#ended.clear();
  }

  /** Those to be ended now. */
  due(nowMs: number): Stale[] {
    const due: Stale[] = [];
    for (const [key, stale] of this.#waiting) {
      if (stale.sinceMs === null || this.#isLive(stale.feed)) stale.sinceMs = nowMs;
      if (nowMs - stale.sinceMs < STALE_MS) continue;
      this.#waiting.delete(key);
      this.#ended.add(key);
      due.push(stale);
    }
    return due;
  }
}
