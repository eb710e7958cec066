/**
 * A hostile member: a machine with a good key and certificate that runs the same engine, and besides writes what it should not, says what is not so, and tampers with
 * what its engine sends.
 *
 * It does one act after the other while the run is unsafe; what it does to frames under way it goes on doing after the heal. It is left out of the dumps and of the
 * holders that count: a `have` that it signs is only its word, so an acknowledgement may count it, and what is on it alone may be lost.
 */

import type { Entry } from '../../src/core/entry.ts';
import type { NodeId } from '../../src/core/ids.ts';
import type { Effect } from '../../src/sync/effects.ts';
import { decodeFrame } from '../../src/wire/frame.ts';
import { PERFORM, TAMPER } from './hostile-acts.ts';
import type { Machine } from './machine.ts';
import { entriesFrame, Pen } from './pen.ts';
import type { Act } from './plan.ts';
import type { World } from './world.ts';

const EVERY_MS = 150;
/** It tampers with one of its engine's frames about so often: a link that breaks all the time carries no other act. */
const TAMPER_MS = 250;

export class Hostile {
  readonly world: World;
  readonly machine: Machine;
  /** Records that its engine sent, to be said again. */
  readonly records: Uint8Array[] = [];
  #running = false;
  #tamperMs = 0;

  constructor(world: World, machine: Machine) {
    this.world = world;
    this.machine = machine;
  }

  begin(): void {
    if (this.#running) return;
    this.#running = true;
    this.#next();
  }

  #next(): void {
    this.world.timeline.after(EVERY_MS * (0.5 + this.world.dice.unit()), () => {
      if (this.world.healed) return;
      if (this.machine.state === 'up' && this.machine.isMember) this.#act();
      this.#next();
    });
  }

  #act(): void {
    const { acts } = this.world.plan;
    const act = acts[this.world.dice.below(acts.length)]!;
    const perform = PERFORM[act];
    if (!perform) return;
    const isDone = perform(this);
    this.world.say(`hostile ${this.machine.index}: ${act}${isDone ? '' : ', nothing to do'}`);
    if (isDone) this.did(act);
  }

  did(act: Act): void {
    this.world.sometimes(`act: ${act}`);
  }

  pen(): Pen {
    return new Pen(this.world, this.machine);
  }

  /** Sends entries to one peer, or all. Whether there was one. */
  tell(entries: readonly Pick<Entry, 'bytes' | 'payloads'>[], toAll = false): boolean {
    return this.say(entriesFrame(this.world, entries), toAll);
  }

  /** Sends a frame to one honest peer, or all peers. */
  say(bytes: Uint8Array, toAll = false): boolean {
    const peer = this.peers()[0];
    if (!peer) return false;
    return this.machine.sendRaw(bytes, (node) => toAll || node === peer) > 0;
  }

  /** Honest peers that are linked, beginning anywhere. */
  peers(): NodeId[] {
    const honest = new Set(this.world.honest().map(({ node }) => node));
    const peers = [...this.machine.engine!.replica.linked()].filter((node) => honest.has(node));
    const from = peers.length > 0 ? this.world.dice.below(peers.length) : 0;
    return [...peers.slice(from), ...peers.slice(0, from)];
  }

  /** What becomes of an effect of its engine: null for nothing. */
  tamper(effect: Effect): Effect | null {
    if (effect.type !== 'send') return effect;
    const frame = decodeFrame(this.world.id, effect.bytes);
    if (frame instanceof Error || frame.type === 'hello' || frame.type === 'admitted') return effect;
    if (frame.type === 'record') this.records.push(effect.bytes);
    const { acts } = this.world.plan;
    const { nowMs } = this.world.timeline;
    if (!this.#running || nowMs < this.#tamperMs) return effect;
    const act = acts[this.world.dice.below(acts.length)]!;
    const bytes = TAMPER[act]?.(this, effect.bytes, frame);
    if (bytes === undefined) return effect;
    this.#tamperMs = nowMs + TAMPER_MS * this.world.dice.unit();
    this.did(act);
    return bytes === null ? null : { ...effect, bytes };
  }
}
