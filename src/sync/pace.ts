/**
 * How long things wait for each other before they are said, by the size of the mesh. In a full mesh nothing waits: one hop carries everything, and people feel it.
 * Beyond, a frame on each of several links for each entry would be most of the traffic, so what comes close together goes together.
 */

import { AWAITED_MS_MAX, GATHER_MS_MAX, GRAFT_MS, HEARTBEAT_MS, LATE_MS_MAX, PING_MS, QUIET_MS, SUSPECT_MS } from './limits.ts';

export interface Pace {
  /** Between two frames on a link at least, in ms. A link that was quiet for as long sends at once. */
  readonly gatherMs: number;
  /** What a writer waits for goes after so many ms, if nothing else went before. */
  readonly awaitedMs: number;
  /** What nobody waits for goes after so many ms, if nothing else went before. */
  readonly lateMs: number;
  /** How long something a peer holds may be missing here before it is asked for, in ms: longer than word of it may be ahead of it. */
  readonly graftMs: number;
  /** A link on which nothing was said for so many ms carries a ping. */
  readonly pingMs: number;
  /** Silence after which no acknowledgement waits for a peer, and after which it is suspect, in ms. */
  readonly quietMs: number;
  readonly suspectMs: number;
}

export const FULL_PACE: Pace = {
  gatherMs: 0,
  awaitedMs: 0,
  lateMs: 0,
  graftMs: GRAFT_MS,
  pingMs: PING_MS,
  quietMs: QUIET_MS,
  suspectMs: SUSPECT_MS,
};

/** For a mesh of so many members. */
export function paceOf(members: number, isFull: boolean): Pace {
  if (isFull) return FULL_PACE;
  const lateMs = Math.min(LATE_MS_MAX, members * 20);
  const pingMs = Math.min(HEARTBEAT_MS, members * 40);
  return {
    gatherMs: Math.min(GATHER_MS_MAX, members * 4),
    awaitedMs: Math.min(AWAITED_MS_MAX, members * 4),
    lateMs,
    graftMs: GRAFT_MS + lateMs,
    pingMs,
    quietMs: QUIET_MS + pingMs,
    suspectMs: SUSPECT_MS + pingMs,
  };
}
