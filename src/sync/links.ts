/** This node's links, and what a step says: the effects gathered so far. Every part of the replica speaks through it. */

import type { NetworkId, NodeId } from '../core/ids.ts';
import { encodeFrame, type Frame } from '../wire/frame.ts';
import type { Batch, Effect } from './effects.ts';
import type { SyncLink } from './link.ts';

export type SaidFrame = Exclude<Frame, { type: 'unknown' }>;

export class Links {
  readonly #network: NetworkId;
  readonly #lost: (link: SyncLink) => void;
  readonly all = new Map<number, SyncLink>();
  #effects: Effect[] = [];

  /** `lost` is called once for each link that was open and is no more. */
  constructor(network: NetworkId, lost: (link: SyncLink) => void) {
    this.#network = network;
    this.#lost = lost;
  }

  *open(): Generator<SyncLink> {
    for (const link of this.all.values()) if (link.phase === 'open') yield link;
  }

  /** Members linked here, without those that are silent. */
  linked(): Set<NodeId> {
    const nodes = new Set<NodeId>();
    for (const link of this.open()) if (!link.suspect) nodes.add(link.node);
    return nodes;
  }

  effect(...effects: readonly Effect[]): void {
    this.#effects.push(...effects);
  }

  /** A batch for the disk: before everything else the step says. */
  append(batch: Batch): void {
    this.#effects.unshift({ type: 'append', batch });
  }

  /** What was gathered; the next step begins with nothing. */
  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  send(link: SyncLink, frame: SaidFrame): void {
    this.#effects.push({ type: 'send', link: link.link, bytes: encodeFrame(this.#network, frame) });
  }

  sendAll(frame: SaidFrame, except?: SyncLink): void {
    for (const link of this.open()) if (link !== except) this.send(link, frame);
  }

  close(link: SyncLink, reason: string): void {
    if (link.phase === 'closing') return;
    if (link.phase === 'open') this.#end(link);
    link.phase = 'closing';
    this.#effects.push({ type: 'close', link: link.link, reason });
  }

  /** The link is down. */
  down(id: number): void {
    const link = this.all.get(id);
    this.all.delete(id);
    if (link?.phase === 'open') this.#end(link);
  }

  #end(link: SyncLink): void {
    link.phase = 'closing';
    this.#lost(link);
  }
}
