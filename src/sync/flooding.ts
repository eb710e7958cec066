/**
 * Which members flood: their feeds grow faster than their budget, or they send more frames than anybody has a use for. What is beyond the budget waits where it is (see
 * budgets.ts); a person has to judge the rest, so people are told who does what and how to end it, and told no more when it was quiet for a while.
 */

import type { NodeId } from '../core/ids.ts';
import type { Allowance } from './budgets.ts';
import { FLOOD_OVER_MS, FRAMES_LOOK_MS } from './limits.ts';
import type { Links } from './links.ts';
import type { Peers } from './peers.ts';

type Excess = 'feeds' | 'frames';

/** Hexadecimal digits of a node's id that name it to `skein revoke`: a name may be another's as well. */
const ID_DIGITS = 12;

export class Flooding {
  readonly #links: Links;
  readonly #peers: Peers;
  readonly #allowance: Allowance;
  /** When each did it last, in ms. */
  readonly #lastMs = new Map<NodeId, number>();
  #lookedMs = 0;

  constructor(links: Links, peers: Peers, allowance: Allowance) {
    this.#links = links;
    this.#peers = peers;
    this.#allowance = allowance;
  }

  /** A member goes beyond what it may. */
  note(node: NodeId, what: Excess, nowMs: number): void {
    if (!this.#lastMs.has(node)) this.#warn(node, this.#wording(node, what));
    this.#lastMs.set(node, nowMs);
  }

  /** It was cut off. */
  forget(node: NodeId): void {
    if (this.#lastMs.delete(node)) this.#warn(node, '');
  }

  tick(nowMs: number): void {
    if (nowMs - this.#lookedMs >= FRAMES_LOOK_MS) this.#count(nowMs);
    for (const [node, lastMs] of this.#lastMs) if (nowMs - lastMs >= FLOOD_OVER_MS) this.forget(node);
  }

  #count(nowMs: number): void {
    const framesMax = (this.#allowance.framesPerS * (nowMs - this.#lookedMs)) / 1000;
    this.#lookedMs = nowMs;
    for (const link of this.#links.open()) {
      if (link.frames > framesMax) this.note(link.node, 'frames', nowMs);
      link.frames = 0;
    }
  }

  #warn(node: NodeId, warning: string): void {
    this.#links.effect({ type: 'warn', about: `flood of ${node}`, warning });
  }

  #wording(node: NodeId, what: Excess): string {
    const { feedsBurst, bytesBurst, feedsPerS, bytesPerS, framesPerS } = this.#allowance;
    const name = this.#peers.records.get(node)?.name ?? node.slice(0, ID_DIGITS);
    const does =
      what === 'frames'
        ? `it sends more than ${framesPerS} frames a second`
        : `it writes more than is taken of one member (${feedsBurst} feeds and ${inMiB(bytesBurst)} at once, then ${feedsPerS} feeds and ${inMiB(bytesPerS)} a second), ` +
          'so the rest waits there; where a large history is being fetched, that is all right';
    return `node ${name} floods: ${does}; to end it: skein revoke ${node.slice(0, ID_DIGITS)}`;
  }
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 104_857.6) / 10} MiB`;
}
