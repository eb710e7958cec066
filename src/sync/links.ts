/** This node's links, and what a step says: the effects gathered so far. Every part of the replica speaks through it. */

import type { NetworkId, NodeId } from '../core/ids.ts';
import { encodeFrame, encodeSeveral, type NodeRecord, type SaidFrame, SEVERAL_MAX } from '../wire/frame.ts';
import type { Batch, Effect } from './effects.ts';
import { FRAME_ENTRIES_BYTES_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';

export class Links {
  readonly #network: NetworkId;
  /** Records as they were encoded: each goes to all peers. */
  readonly #encoded = new WeakMap<NodeRecord, Uint8Array>();
  #nowMs = 0;
  readonly #lost: (link: SyncLink) => void;
  readonly all = new Map<number, SyncLink>();
  #effects: Effect[] = [];

  /** `lost` is called once for each link that was open and is no more. */
  constructor(network: NetworkId, lost: (link: SyncLink) => void) {
    this.#network = network;
    this.#lost = lost;
  }

  /** The present step's time, in ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** A step begins at this time. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** The open link to a member, if there is one. */
  to(node: NodeId | undefined): SyncLink | undefined {
    for (const link of this.open()) if (link.node === node) return link;
    return undefined;
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
    if (frame.type === 'entries') link.flow.outEntries += frame.entries.length;
    this.#say(link, encodeFrame(this.#network, frame));
  }

  #say(link: SyncLink, bytes: Uint8Array): void {
    link.spokenMs = this.#nowMs;
    link.flow.outBytes += bytes.length;
    this.#effects.push({ type: 'send', link: link.link, bytes });
  }

  /** Sends frames as one, as far as they fit. */
  sendTogether(link: SyncLink, frames: readonly SaidFrame[]): void {
    for (const frame of frames) if (frame.type === 'entries') link.flow.outEntries += frame.entries.length;
    for (const bytes of gathered(frames.map((one) => this.#encode(one)))) this.#say(link, bytes);
  }

  #encode(frame: SaidFrame): Uint8Array {
    if (frame.type !== 'record') return encodeFrame(this.#network, frame);
    let bytes = this.#encoded.get(frame.record);
    if (!bytes) this.#encoded.set(frame.record, (bytes = encodeFrame(this.#network, frame)));
    return bytes;
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

/** Encoded frames gathered into as few as their sizes allow; one by itself stays what it is. */
function gathered(frames: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let bytes = 0;
  const end = (): void => {
    if (group.length > 0) out.push(group.length === 1 ? group[0]! : encodeSeveral(group));
    group = [];
    bytes = 0;
  };
  for (const encoded of frames) {
    if (bytes + encoded.length > FRAME_ENTRIES_BYTES_MAX || group.length === SEVERAL_MAX) end();
    group.push(encoded);
    bytes += encoded.length;
  }
  end();
  return out;
}
