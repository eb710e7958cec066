/** What a node does of its own accord: it says when it has heard of law, and erases what is past its time. Pure: told the time, returns what to write. */

import type { Folder } from '../core/fold.ts';
import { HLC_PER_MS } from '../core/hlc.ts';
import type { FeedId, NodeId, RoomId } from '../core/ids.ts';
import { borneOut } from '../core/kinds/erase.ts';
import type { HistoryKey, Place } from '../core/order.ts';
import type { State } from '../core/state.ts';
import type { Vector } from '../core/vector.ts';
import type { Random } from '../lib/prng.ts';

/** How often rooms are looked at, in ms. */
const LOOK_MS = 1000;
/** What is past its time is erased in steps of this part of that time, and within these bounds, in ms. */
const STEP_PART = 24;
const STEP_MS_MIN = 2000;
const STEP_MS_MAX = 3_600_000;
/** Feeds that one op names: its body has 16 KiB, and a feed with its number at most 24 bytes. */
const FEEDS_MAX = 600;

export interface Due {
  readonly room: RoomId;
  readonly before: number;
  readonly cut: Vector;
}

/** What a node knows of the time: its own clock, the clock that two nodes bear out, and the last clock of its own that others can know. */
export interface Clocks {
  readonly nowKey: number;
  borneOut(): number;
  ownKey(): number;
}

export function clocksOf({ law, state: { feeds } }: Pick<Folder, 'law' | 'state'>, self: NodeId, feed: FeedId, nowKey: HistoryKey): Clocks {
  const last = (): (readonly [FeedId, HistoryKey])[] => [...law.pasts.lastClocks()];
  return {
    nowKey,
    borneOut: () => borneOut([...last(), [feed, nowKey]], feeds),
    ownKey: () => last().reduce((key, [one, clock]) => (feeds.get(one)?.node === self ? Math.max(key, clock) : key), 0),
  };
}

export class RetentionDuty {
  readonly #state: State;
  readonly #random: Random;
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** When this node is to erase in a room, in ms: nodes do not all do it at once. */
  readonly #dueMs = new Map<RoomId, number>();
  /** What came after messages of its age had been erased, by room and feed: how far, and how old the youngest of it is. */
  readonly #late = new Map<RoomId, Map<FeedId, { readonly seq: number; readonly key: number }>>();

  constructor(state: State, random: Random) {
    this.#state = state;
    this.#random = random;
  }

  /** A message of a room came. */
  note(room: RoomId, { key, feed, seq }: Place): void {
    const erased = this.#state.retentions.get(room) ?? [];
    if (!erased.some(({ before }) => key < before) || this.#isErased(room, feed, seq, key)) return;
    const late = this.#late.get(room) ?? new Map<FeedId, { seq: number; key: number }>();
    const { seq: lastSeq, key: lastKey } = late.get(feed) ?? { seq: 0, key: 0 };
    this.#late.set(room, late.set(feed, { seq: Math.max(seq, lastSeq), key: Math.max(key, lastKey) }));
  }

  #isErased(room: RoomId, feed: FeedId, seq: number, key: number): boolean {
    return (this.#state.retentions.get(room) ?? []).some(({ before, cut }) => key < before && seq <= (cut.get(feed) ?? 0));
  }

  /** Whether something came late that is past its time. */
  #isLate(room: RoomId, before: number): boolean {
    const late = this.#late.get(room);
    for (const [feed, { seq, key }] of late ?? []) {
      if (this.#isErased(room, feed, seq, key)) late!.delete(feed);
      else if (key < before) return true;
    }
    return false;
  }

  /**
   * What is to be erased now. `lastKey`: the highest history key in a room; `held`: the content feeds that are held here. Where only this node's clock says that it is
   * time, it has to say so first, and another one erases: then `tell` is called.
   */
  due(nowMs: number, clocks: Clocks, lastKey: (room: RoomId) => number, held: () => ReadonlyMap<FeedId, number>, tell: () => void): Due[] {
    if (nowMs - this.#lookedMs < LOOK_MS) return [];
    this.#lookedMs = nowMs;
    let hasTold = false;
    const due: Due[] = [];
    for (const { id, settings } of this.#state.rooms.values()) {
      const seconds = settings?.value.retentionSeconds ?? 0;
      if (seconds === 0) continue;
      const stepMs = Math.min(Math.max((seconds * 1000) / STEP_PART, STEP_MS_MIN), STEP_MS_MAX);
      const age = seconds * 1000 * HLC_PER_MS;
      const before = clocks.nowKey - age;
      const erased = Math.max(0, ...(this.#state.retentions.get(id) ?? []).map((one) => one.before));
      // Nothing was said since, or it is not old enough to be worth a step.
      const isEarly = lastKey(id) <= erased || before - erased < stepMs * HLC_PER_MS;
      if (isEarly && !this.#isLate(id, before)) this.#dueMs.delete(id);
      else if (this.#isTurn(id, nowMs, stepMs)) {
        const sure = Math.min(before, clocks.borneOut() - age);
        const isBorneOut = sure - erased >= stepMs * HLC_PER_MS || this.#isLate(id, sure);
        if (isBorneOut) due.push(...inParts(id, sure, held()));
        else {
          this.#dueMs.set(id, nowMs + this.#random.unit() * Math.min(stepMs, 10_000));
          const isTold = clocks.ownKey() - age - erased >= stepMs * HLC_PER_MS;
          if (!isTold && !hasTold) tell();
          hasTold = true;
        }
      }
    }
    return due;
  }

  #isTurn(room: RoomId, nowMs: number, stepMs: number): boolean {
    const dueMs = this.#dueMs.get(room);
    if (dueMs === undefined) {
      this.#dueMs.set(room, nowMs + this.#random.unit() * Math.min(stepMs, 10_000));
      return false;
    }
    if (nowMs < dueMs) return false;
    // It is on its way; should it not arrive, the room is looked at again.
    this.#dueMs.set(room, nowMs + stepMs);
    return true;
  }
}

function inParts(room: RoomId, before: number, held: ReadonlyMap<FeedId, number>): Due[] {
  const all = [...held];
  const parts: Due[] = [];
  for (let at = 0; at < all.length; at += FEEDS_MAX) parts.push({ room, before, cut: new Map(all.slice(at, at + FEEDS_MAX)) });
  return parts;
}
