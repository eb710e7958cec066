/** Limits of links and of setting them up, each with its unit and its reason; and the numbers links go by. */

/** More than this waiting on a link, in bytes, and `send` returns false: one second of a 10 Mbit/s line, or one biggest frame. */
export const QUEUE_BYTES_HIGH = 1 << 20;

/** Below this, in bytes, `drained` is told: half, so that the sender is not woken for every write. */
export const QUEUE_BYTES_LOW = QUEUE_BYTES_HIGH / 2;

/** What one write to a stream gathers at most, in bytes: with yamux's header of 12 it fills one Noise message of 65,519. */
export const WRITE_BYTES_MAX = 65_507;

/** A dial, from the first packet to the link being up, in milliseconds: several round trips of a slow line, on a busy machine. */
export const DIAL_MS_MAX = 5_000;

/**
 * How long after a link came up the peer's own dial may still come in, in milliseconds, because both dialled at once. One
 * that comes later says that the peer lost the link. Too short costs a needless new link, too long delays a needed one.
 */
export const CROSSING_MS_MAX = 2_000;

/** How long a link that is being closed may take to flush, in milliseconds. */
export const FLUSH_MS_MAX = 1_000;

/** What one link may have in flight, in bytes: at 100 ms of round trip it still moves 80 MB/s. */
export const WINDOW_BYTES_MAX = 8 << 20;

/** Connections of one node: far above a mesh of 100, so that libp2p never closes one on its own. */
export const CONNECTIONS_MAX = 10_000;

let links = 0;

/** The next link's number, rising, for all transports of this process. */
export function nextLinkId(): number {
  links += 1;
  return links;
}
