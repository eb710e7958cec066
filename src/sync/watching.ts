/** What becomes of links with time: a silent peer is suspect, then let go; one that gives nothing although it was asked is called anew; pings measure. */

import type { Now } from './effects.ts';
import { CLOCK_MS, GREETING_MS, NO_PROGRESS_MS, RESET_MS } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { Pace } from './pace.ts';
import type { Records } from './records.ts';
import type { Streaming } from './streaming.ts';

/** What it asks of the replica at the time. */
export interface Watched {
  readonly pace: Pace;
  readonly isFull: boolean;
  readonly writable: boolean;
}

export class Watching {
  readonly #links: Links;
  readonly #log: Log;
  readonly #streaming: Streaming;
  readonly #records: Records;

  constructor(links: Links, log: Log, streaming: Streaming, records: Records) {
    this.#links = links;
    this.#log = log;
    this.#streaming = streaming;
    this.#records = records;
  }

  tick(watched: Watched, now: Now): void {
    for (const link of this.#links.all.values()) this.#watch(link, watched, now);
  }

  #watch(link: SyncLink, watched: Watched, now: Now): void {
    if (link.phase === 'closing') return;
    if (link.phase !== 'open') {
      if (now.monoMs - link.sinceMs > GREETING_MS) this.#links.close(link, 'the peer said no good hello in time');
      return;
    }
    link.look(this.#log.durable, now.monoMs);
    if (link.stalled) {
      link.stalled = false;
      this.#streaming.stream(link);
    }
    const silentMs = now.monoMs - link.heardMs;
    if (silentMs > RESET_MS) return this.#links.close(link, 'the peer is silent');
    if (this.#isStuck(link, silentMs, watched, now)) return this.#reset(link);
    if (silentMs > watched.pace.suspectMs && !link.suspect) {
      link.suspect = true;
      this.#records.changed();
      this.#links.effect({ type: 'reach' }, { type: 'copies' });
    }
    this.#ping(link, watched, now);
  }

  /** Whether a peer that talks gives nothing, although it holds more and was asked. A slow one is silent meanwhile. */
  #isStuck(link: SyncLink, silentMs: number, { pace, writable }: Watched, now: Now): boolean {
    if (silentMs > pace.quietMs) return false;
    if (now.monoMs - (link.told ? (link.owesSinceMs ?? now.monoMs) : link.sinceMs) <= NO_PROGRESS_MS) return false;
    link.owesSinceMs = null;
    if (!link.told) return true;
    for (const [feed, seq] of link.holds) if (seq > this.#log.stagedSeq(feed)) return writable;
    return false;
  }

  #reset(link: SyncLink): void {
    const warning = `${link.name} at ${link.address} is linked but sends nothing of what it holds: the link is made anew`;
    this.#links.effect({ type: 'warn', warning });
    this.#links.close(link, 'no progress');
  }

  #ping(link: SyncLink, { pace, isFull }: Watched, now: Now): void {
    // In a full mesh pings measure, too; beyond, they are for links on which nothing else is said.
    const isMeasured = link.rttMs !== null && now.monoMs - link.pingedMs < CLOCK_MS;
    const lastMs = isFull || !isMeasured ? link.pingedMs : link.spokenMs;
    if (now.monoMs - lastMs < pace.pingMs) return;
    link.pingedMs = now.monoMs;
    this.#links.send(link, { type: 'ping', atMs: Math.floor(now.monoMs) });
  }
}
