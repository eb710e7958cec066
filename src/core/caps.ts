/**
 * How far the feeds of nodes count that were cut off: up to the cuts that are in force, the smallest of them. The first entry of
 * a feed always counts, though nothing in it does that lies beyond a cut: it says whose feed it is, so that everybody knows what those who named it in good faith rest on.
 *
 * Governance is passed on beyond a cut, and judged by the law: of two nodes that revoke each other each side would else never hear of the other's word, and sides
 * would be taken for ever. Only a feed that was forked itself ends at its fork.
 */

import { FEED_KIND } from './feed.ts';
import type { Folder } from './fold.ts';
import type { FeedId, NodeId } from './ids.ts';
import type { ReadonlyVector, Vector } from './vector.ts';

type Governed = Pick<Folder, 'law' | 'state'>;

export function capsOf({ law, state }: Governed): Map<FeedId, number> {
  const caps = new Map<FeedId, number>();
  for (const cut of law.verdicts.cuts.values()) {
    if (cut.of !== 'node') continue;
    for (const info of state.feeds.values()) {
      if (!cut.subjects.includes(info.node)) continue;
      const { body } = cut.op;
      if (info.kind === FEED_KIND.governance && !(body.law === 'fork' && body.feed === info.feed)) continue;
      caps.set(info.feed, Math.min(caps.get(info.feed) ?? Number.MAX_SAFE_INTEGER, Math.max(1, cut.vector.get(info.feed) ?? 0)));
    }
  }
  return caps;
}

/** What of a vector counts. */
export function countedVector(governed: Governed, vector: ReadonlyVector): Vector {
  const counted: Vector = new Map(vector);
  for (const [feed, cap] of capsOf(governed)) {
    const seq = Math.min(cap, vector.get(feed) ?? 0);
    if (seq > 0) counted.set(feed, seq);
    else counted.delete(feed);
  }
  return counted;
}

/** Nodes that are members no more, and why. */
export function revokedNodes({ law }: Pick<Folder, 'law'>): Map<NodeId, string> {
  const revoked = new Map<NodeId, string>();
  for (const { of, subjects, op } of law.verdicts.cuts.values()) {
    if (of !== 'node') continue;
    const reason = op.body.law === 'revoke' ? op.body.reason || 'no reason was given' : 'it wrote two histories';
    for (const node of subjects as readonly NodeId[]) revoked.set(node, reason);
  }
  return revoked;
}
