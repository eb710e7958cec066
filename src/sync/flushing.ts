/** What is gathered on each link goes out: at once in a full mesh, in company beyond (see pace.ts). */

import type { SaidFrame } from '../wire/frame.ts';
import type { Now } from './effects.ts';
import type { Haves } from './haves.ts';
import { FRAME_ENTRIES_BYTES_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Pace } from './pace.ts';
import { partsOf } from './parts.ts';

export class Flushing {
  readonly #links: Links;
  readonly #haves: Haves;

  constructor(links: Links, haves: Haves) {
    this.#links = links;
    this.#haves = haves;
  }

  /** Says what waited long enough for company. */
  flush(pace: Pace, now: Now): void {
    for (const link of this.#links.open()) {
      link.quietMs = pace.quietMs;
      link.outgoing.pace = pace;
      if (this.#isDue(link, pace, now)) this.#sendOutgoing(link, now);
    }
  }

  #isDue({ outgoing, holds, spokenMs }: SyncLink, pace: Pace, now: Now): boolean {
    if (outgoing.isEmpty) return false;
    if (outgoing.entryBytes >= FRAME_ENTRIES_BYTES_MAX || now.monoMs - spokenMs >= pace.pingMs) return true;
    return now.monoMs >= outgoing.dueMs && (pace.lateMs === 0 || !outgoing.isKnown(holds));
  }

  #sendOutgoing(link: SyncLink, now: Now): void {
    const { entries, news, haves, records, prunes, extras } = link.outgoing;
    const frames: SaidFrame[] = partsOf(entries).map((part) => ({ type: 'entries', entries: part }));
    if (news.size > 0) frames.push({ type: 'have', have: this.#haves.sign(news) });
    for (const have of haves) frames.push({ type: 'have', have });
    for (const feed of prunes) frames.push({ type: 'prune', feed });
    for (const record of records.values()) frames.push({ type: 'record', record });
    frames.push(...extras);
    link.outgoing.clear(now.monoMs);
    this.#links.sendTogether(link, frames);
  }
}
