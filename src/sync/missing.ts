/**
 * What peers hold and this node does not yet: asked for (grafted) when it does not come by itself, of one peer after the other.
 *
 * A feed that moves is on its way; to ask for it then would have it sent twice. One that stands still is asked for, however busy its holder is otherwise.
 */

import type { FeedId, NodeId } from '../core/ids.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import { GAPS_MAX, GRAFT_AGAIN_MS, GRAFT_MS, OVER_BUDGET_MS, WANTS_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';

interface Gap {
  /** The highest entry that somebody holds. */
  seq: number;
  askAtMs: number;
  /** How far the feed was when it was looked at last. */
  after: number;
  /** Whose feed it is, where it was put off for its budget. */
  origin: NodeId | null;
  /** The links whose peers hold it; those asked last stand last. */
  readonly links: Set<number>;
}

/** A feed to ask for, and whom. */
export interface Want {
  readonly link: SyncLink;
  readonly feed: FeedId;
  readonly after: number;
}

export class Missing {
  readonly #links: ReadonlyMap<number, SyncLink>;
  readonly #held: (feed: FeedId) => number;
  readonly #hasRoom: (origin: NodeId, nowMs: number) => boolean;
  readonly #gaps = new Map<FeedId, Gap>();
  /** There were more gaps than are kept. */
  #isMore = false;
  /** See Pace. */
  graftMs = GRAFT_MS;

  /** `held` tells how far a feed is here, what is on its way to the disk included; `hasRoom` whether a member's budget has. */
  constructor(
    links: ReadonlyMap<number, SyncLink>,
    held: (feed: FeedId) => number,
    hasRoom: (origin: NodeId, nowMs: number) => boolean = () => true,
  ) {
    this.#links = links;
    this.#held = held;
    this.#hasRoom = hasRoom;
  }

  /** Whether nobody who is linked holds more than is here, as far as is known. */
  get isNone(): boolean {
    return this.#gaps.size === 0 && !this.#isMore;
  }

  /** A peer holds the feed up to here. */
  note(link: SyncLink, feed: FeedId, seq: number, nowMs: number): void {
    const after = this.#held(feed);
    if (after >= seq) return;
    const gap = this.#gaps.get(feed);
    if (!gap) {
      if (this.#gaps.size >= GAPS_MAX) {
        this.#isMore = true;
        return;
      }
      this.#gaps.set(feed, { seq, askAtMs: nowMs + this.graftMs, after, origin: null, links: new Set([link.link]) });
      return;
    }
    gap.seq = Math.max(gap.seq, seq);
    gap.links.add(link.link);
  }

  noteAll(link: SyncLink, vector: ReadonlyVector, nowMs: number): void {
    for (const [feed, seq] of vector) this.note(link, feed, seq, nowMs);
  }

  /** What to ask for now. */
  due(nowMs: number): Want[] {
    if (this.#isMore && this.#gaps.size === 0) this.#lookAgain(nowMs);
    const wants: Want[] = [];
    for (const [feed, gap] of this.#gaps) {
      if (wants.length === WANTS_MAX) break;
      const after = this.#held(feed);
      if (after >= gap.seq) this.#gaps.delete(feed);
      if (after >= gap.seq || gap.askAtMs > nowMs) continue;
      if (gap.origin && !this.#hasRoom(gap.origin, nowMs)) {
        gap.askAtMs = nowMs + OVER_BUDGET_MS;
        continue;
      }
      const isMoving = after > gap.after;
      gap.after = after;
      gap.askAtMs = nowMs + (isMoving ? this.graftMs : GRAFT_AGAIN_MS);
      if (isMoving) continue;
      const link = this.#nextHolder(feed, gap);
      if (link) wants.push({ link, feed, after });
      else this.#gaps.delete(feed);
    }
    return wants;
  }

  /** The feed is not to be asked for until its origin has room. */
  defer(feed: FeedId, origin: NodeId, nowMs: number): void {
    const gap = this.#gaps.get(feed);
    if (!gap) return;
    gap.origin = origin;
    gap.askAtMs = Math.max(gap.askAtMs, nowMs + OVER_BUDGET_MS);
  }

  #lookAgain(nowMs: number): void {
    this.#isMore = false;
    for (const link of this.#links.values()) if (link.phase === 'open') this.noteAll(link, link.holds, nowMs);
  }

  #nextHolder(feed: FeedId, gap: Gap): SyncLink | null {
    for (const id of [...gap.links]) {
      const link = this.#links.get(id);
      gap.links.delete(id);
      if (link?.phase !== 'open') continue;
      gap.links.add(id);
      if ((link.holds.get(feed) ?? 0) > gap.after) return link;
    }
    return null;
  }
}
