/**
 * A hybrid logical clock (Kulkarni, Demirbas, Madappa, Avva, Leone 2014) in one integer: milliseconds since 1970 times 1024, plus a counter
 * that may carry into the milliseconds. It fits a double exactly until the year 2248.
 *
 * A remote time advances the clock by at most DRIFT_MS_MAX beyond the local time, so that a node with a wrong clock drags nobody.
 */

/** Steps of the clock in a millisecond. */
export const HLC_PER_MS = 1024;
/** How far beyond the local clock a remote one may pull, in ms: far above the skew of synchronised clocks, too little to be seen. */
export const DRIFT_MS_MAX = 500;

/**
 * How much later than the local clock a history key may be and be believed, in steps of the clock: three hours. Clocks that are an hour off either way are two hours
 * apart, and a client that fails over from the one to the other, in a partition, must be served. What claims to be later is nobody's `after` (ADR 8).
 */
export const AHEAD_MAX = 3 * 3_600_000 * HLC_PER_MS;

/** The end of time: what claims to be later shows nowhere, so that no lie about the time takes the room for all that follows. The year 2100. */
export const TIME_MAX = 4_102_444_800_000 * HLC_PER_MS;
/** No entry may claim to be later: beyond it sums would not be exact. */
export const CLOCK_MAX = 2 ** 52;

/** A reading of the clock. */
export type Hlc = number;

/** The next reading: later than every earlier one, and not before the local time. */
export function nextHlc(last: Hlc, nowMs: number): Hlc {
  return Math.max(last + 1, Math.floor(nowMs) * HLC_PER_MS);
}

/** The clock after another node's reading was seen. */
export function observeHlc(last: Hlc, remote: Hlc, nowMs: number): Hlc {
  return Math.max(last, Math.min(remote, (Math.floor(nowMs) + DRIFT_MS_MAX) * HLC_PER_MS));
}

/** The time of a reading or of a history key, in ms since 1970. */
export function hlcMs(hlc: Hlc): number {
  return Math.floor(hlc / HLC_PER_MS);
}
