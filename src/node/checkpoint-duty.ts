/**
 * When a node writes a checkpoint: soon after law came that none covers, where an owner of the network has a session here, or the root key is here. It names what is
 * new. Checkpoints themselves are no such law, so nodes do not answer each other's; who sees another's in time writes none. Pure: told the time, returns what to name.
 */

import { FEED_KIND, type FeedInfo } from '../core/feed.ts';
import type { AuthorId, FeedId } from '../core/ids.ts';
import type { Law } from '../core/law/law.ts';
import type { KeyPair } from '../core/suite.ts';
import { type ReadonlyVector, raise, type Vector } from '../core/vector.ts';
import type { Random } from '../lib/prng.ts';
import { mayAll, type Session, type Sessions } from './sessions.ts';

/** When checkpoints are written. */
export interface CheckpointPace {
  /** How long law waits, in ms: what was said together is covered together. */
  readonly afterMs: number;
  /** And up to so much more, in ms: of several nodes that could write one does. */
  readonly jitterMs: number;
  /** Between two checkpoints, whoever wrote them, in ms: at most four a minute are kept for ever. */
  readonly apartMs: number;
}

export const CHECKPOINT_PACE: CheckpointPace = { afterMs: 2000, jitterMs: 3000, apartMs: 15_000 };
/** How often the node looks, as a part of how long law waits. */
const LOOK_PART = 2;
/** Feeds that one checkpoint names: its body has 48 KiB, and a feed with its number at most 24 bytes. */
const FEEDS_MAX = 2000;

/** An owner, or the root key. */
export type Sealer = { readonly owner: AuthorId } | { readonly root: KeyPair };

interface Due {
  readonly by: Sealer;
  readonly vectors: readonly Vector[];
}

export class CheckpointDuty {
  readonly #law: Law;
  readonly #random: Random;
  readonly #pace: CheckpointPace;
  #lookMs = Number.NEGATIVE_INFINITY;
  /** When what is uncovered is to be covered; null while nothing is. */
  #dueMs: number | null = null;
  /** No checkpoint is written before. */
  #restMs = Number.NEGATIVE_INFINITY;
  /** What this node named already, by whom: where that was void, it is not said again. */
  #named: Vector = new Map();
  #by: string | null = null;

  constructor(law: Law, random: Random, pace: CheckpointPace) {
    this.#law = law;
    this.#random = random;
    this.#pace = pace;
  }

  /** A checkpoint came, or was written here. */
  noteCheckpoint(nowMs: number): void {
    this.#restMs = nowMs + this.#pace.apartMs + this.#random.unit() * this.#pace.jitterMs;
  }

  /** What this node wrote may be lost. */
  again(): void {
    this.#named = new Map();
  }

  /** Who is to say what now, and what it names; null where nothing is due. `whom`: who could; `held`: what is held here, of feeds that `infos` tells of. */
  due(nowMs: number, whom: () => Sealer | null, held: ReadonlyVector, infos: ReadonlyMap<FeedId, FeedInfo>): Due | null {
    if (nowMs < this.#lookMs) return null;
    this.#lookMs = nowMs + this.#pace.afterMs / LOOK_PART;
    const by = this.#isUncovered() ? whom() : null;
    const name = by && ('owner' in by ? by.owner : by.root.publicKey);
    if (name !== this.#by) this.again();
    this.#by = name;
    if (by === null || !this.#isUncovered()) {
      this.#dueMs = null;
      return null;
    }
    this.#dueMs ??= nowMs + this.#pace.afterMs + this.#random.unit() * this.#pace.jitterMs;
    if (nowMs < this.#dueMs || nowMs < this.#restMs) return null;
    this.#dueMs = null;
    this.noteCheckpoint(nowMs);
    return { by, vectors: this.#newIn(held, infos) };
  }

  #newIn(held: ReadonlyVector, infos: ReadonlyMap<FeedId, FeedInfo>): Vector[] {
    const isNew = ([feed, seq]: [FeedId, number]): boolean =>
      infos.get(feed)?.kind === FEED_KIND.governance && seq > this.#law.coveredUpTo(feed);
    const all = [...held].filter(isNew);
    raise(this.#named, new Map(all));
    return Array.from({ length: Math.ceil(all.length / FEEDS_MAX) }, (_, i) => new Map(all.slice(i * FEEDS_MAX, (i + 1) * FEEDS_MAX)));
  }

  /** Whether law is in force that no checkpoint covers, and that was not named already. */
  #isUncovered(): boolean {
    return this.#law.uncovered().some(({ place }) => place.seq > (this.#named.get(place.feed) ?? 0));
  }
}

/** An owner with a session here that may do all they may: none of a device that may only speak. */
export function ownerHere(sessions: Sessions, isOwner: (author: AuthorId) => boolean): AuthorId | null {
  const speaks = (session: Session): boolean => session.isGranted && mayAll(session);
  for (const author of sessions.authors()) if ([...sessions.of(author)].some(speaks) && isOwner(author)) return author;
  return null;
}
