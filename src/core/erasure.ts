/**
 * Payloads that are gone by right. An op keeps its head for ever; its payload may go once governance erases it: removed, past its time, or its author deleted with
 * all they wrote (see ADR 21).
 *
 * What is erased may show again, where the op that erased it is withheld by a cut that became known later. Nodes that had erased by then have a gap. So what may be
 * missing is more than what is erased now: an op that was in force as far as its own past knew explains a gap for good.
 */

import { type Entry, payloadsOf } from './entry.ts';
import { type Head, writePayloads } from './op.ts';
import { historyKey, type Place } from './order.ts';

/** The judgement of what was folded. */
export interface Erasure {
  /** Whether anything was ever to be erased; where not, nothing needs to be looked at. */
  readonly erases: boolean;
  /** Rises when anything may be erased that was not, or the other way round, but for the removal of one message. */
  readonly epoch: number;
  /** Whether an op is erased as the law is now: its payload is to go. */
  isErased(head: Head, place: Place): boolean;
  /** Whether its payload may be missing, as it is erased now or once was by right. */
  mayLack(head: Head, place: Place): boolean;
}

/** Of whoever has folded nothing. */
export const NO_ERASURE: Erasure = { erases: false, epoch: 0, isErased: () => false, mayLack: () => false };

/** Where an op of an entry is in history. */
export function placeIn({ feed, seq, hlc, heads }: Entry, index: number): Place {
  return { key: historyKey(hlc, heads[index]!.after), feed, seq, index };
}

/** The ops of an entry that had a payload and have none here. */
export function gapsOf(entry: Entry): number[] {
  return payloadsOf(entry).flatMap((payload, i) => (payload === null && entry.heads[i]!.payloadHash !== null ? [i] : []));
}

/** Whether every payload that is missing may be. */
export function isExplained(erasure: Erasure, entry: Entry): boolean {
  return gapsOf(entry).every((i) => erasure.mayLack(entry.heads[i]!, placeIn(entry, i)));
}

/** Gaps that nothing in force explains any more: their payloads are wanted back, if anybody has them. */
export function isOrphaned(erasure: Erasure, entry: Entry): boolean {
  return gapsOf(entry).some((i) => !erasure.isErased(entry.heads[i]!, placeIn(entry, i)));
}

/** The ops of an entry whose payloads are to go and are still there. */
export function erasableIn(erasure: Erasure, entry: Entry): number[] {
  if (!erasure.erases) return [];
  return payloadsOf(entry).flatMap((payload, i) => (payload !== null && erasure.isErased(entry.heads[i]!, placeIn(entry, i)) ? [i] : []));
}

/** The payloads of an entry without those of some ops, as they travel and are kept. */
export function blanked(payloads: readonly (Uint8Array | null)[], without: readonly number[]): Uint8Array {
  return writePayloads(payloads.map((payload, i) => (without.includes(i) ? null : payload)));
}

/** An entry without what is to go. */
export function stripped(erasure: Erasure, entry: Entry): Entry {
  const without = erasableIn(erasure, entry);
  return without.length === 0 ? entry : { ...entry, payloads: blanked(payloadsOf(entry), without) };
}
