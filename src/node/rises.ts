/**
 * Acknowledged messages that are not on every node yet: their sessions are told when more nodes hold them. For so long, and of so many, as their clients may still
 * look at them: who wants to know of all asks the node.
 */

import type { FeedId, MessageId } from '../core/ids.ts';
import type { Copies } from '../sync/copies.ts';
import type { Session } from './sessions.ts';

/** How long a message is followed after it was acknowledged, in ms. */
const FOLLOW_MS = 600_000;
/** Messages followed at once; the oldest make room. */
const FOLLOWED_MAX = 4096;

interface Followed {
  readonly session: Session;
  readonly id: MessageId;
  readonly feed: FeedId;
  readonly seq: number;
  readonly sinceMs: number;
  /** What was told last. */
  held: number;
}

export class Rises {
  /** In the order in which they were acknowledged. */
  #followed: Followed[] = [];
  #isDue = false;

  /** A message was acknowledged as held by so many. Only doors that want to hear of more are told. */
  follow(session: Session | undefined, id: MessageId, { feed, seq, held }: Pick<Followed, 'feed' | 'seq' | 'held'>, nowMs: number): void {
    if (!session?.door.copies) return;
    this.#followed.push({ session, id, feed, seq, held, sinceMs: nowMs });
    if (this.#followed.length > FOLLOWED_MAX) this.#followed = this.#followed.slice(-FOLLOWED_MAX / 2);
  }

  /** Somebody holds more than before. */
  rose(): void {
    this.#isDue = true;
  }

  /** Tells of what more nodes hold, at the end of a turn; `countNodes`: how many there are. Whether it told anything. */
  tell(copies: Copies, countWanted: () => number, countNodes: () => number, nowMs: number): boolean {
    if (!this.#isDue || this.#followed.length === 0) return false;
    this.#isDue = false;
    let told = false;
    const [wanted, all] = [countWanted(), countNodes()];
    this.#followed = this.#followed.filter((one) => {
      const held = 1 + copies.count(one.feed, one.seq);
      if (held > one.held) {
        one.held = held;
        told = true;
        one.session.door.copies!(one.session.no, one.id, held, wanted);
      }
      return held < all && nowMs - one.sinceMs < FOLLOW_MS;
    });
    return told;
  }
}
