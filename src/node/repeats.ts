/** Messages that came again: whether the op that came first with the id counts for nothing, so that the later one is as good as new. */

import { FEED_KIND } from '../core/feed.ts';
import type { Folder } from '../core/fold.ts';
import type { MessageId } from '../core/ids.ts';
import type { Head } from '../core/op.ts';
import type { ReadonlyVector } from '../core/vector.ts';
import type { Earlier } from '../sync/effects.ts';

export class Repeats {
  readonly #folder: Folder;
  readonly #durable: ReadonlyVector;
  /** Messages that came as void first, and were told of when they came again. */
  readonly #alone = new Set<MessageId>();

  constructor(folder: Folder, durable: ReadonlyVector) {
    this.#folder = folder;
    this.#durable = durable;
  }

  /** Whether a message that came again is shown by this op alone; true once for each. */
  showsAlone(id: MessageId, head: Head, before: Earlier): boolean {
    if (this.#alone.has(id) || !this.#isVoid(head, before)) return false;
    this.#alone.add(id);
    return true;
  }

  /** Whether its author cannot be said to have written what stands at a place, or the law withholds it. */
  #isVoid(head: Head, before: Earlier): boolean {
    const { state, law } = this.#folder;
    const feed = state.feeds.get(before.feed);
    if (!feed) return false;
    const subject = { head, feed, place: { ...before, key: 0 } };
    if (feed.kind === FEED_KIND.import) return law.verdicts.withheldBy(subject) !== null;
    return law.verdicts.standing(subject, this.#durable.get(feed.sibling) ?? 0) !== null;
  }
}
