/** Entries that peers send: each is offered to the log, within the budget of its origin, and what cannot be taken yet is asked for later. */

import { type Entry, readEntry } from '../core/entry.ts';
import type { NodeId } from '../core/ids.ts';
import { raise } from '../core/vector.ts';
import { decoding } from '../lib/codec.ts';
import type { SealedEntry } from '../wire/frame.ts';
import type { Budgets } from './budgets.ts';
import type { Now } from './effects.ts';
import type { Flooding } from './flooding.ts';
import type { Forks } from './forks.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { Mending } from './mending.ts';
import type { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';
import type { Trees } from './trees.ts';

interface Parts {
  readonly budgets: Budgets;
  readonly flooding: Flooding;
  readonly missing: Missing;
  readonly trees: Trees;
  readonly mending: Mending;
  readonly forks: Forks;
}

export class Intake {
  readonly #o: ReplicaOptions;
  readonly #links: Links;
  readonly #log: Log;
  readonly #budgets: Budgets;
  readonly #flooding: Flooding;
  readonly #missing: Missing;
  readonly #trees: Trees;
  readonly #mending: Mending;
  readonly #forks: Forks;
  /** Entries that came, and how many of them were here before. */
  readonly seen = { entries: 0, repeated: 0 };

  constructor(options: ReplicaOptions, links: Links, log: Log, { budgets, flooding, missing, trees, mending, forks }: Parts) {
    this.#o = options;
    this.#links = links;
    this.#log = log;
    this.#budgets = budgets;
    this.#flooding = flooding;
    this.#missing = missing;
    this.#trees = trees;
    this.#mending = mending;
    this.#forks = forks;
  }

  entries(link: SyncLink, sealed: readonly SealedEntry[], now: Now): void {
    link.flow.inEntries += sealed.length;
    for (const { bytes, payloads } of sealed) {
      const entry = decoding(() => readEntry(this.#o.suite, bytes, payloads));
      if (entry instanceof Error) return this.#links.close(link, `an entry that cannot be read: ${entry.message}`);
      raise(link.sent, new Map([[entry.feed, entry.seq]]));
      link.owesSinceMs = null;
      if (this.#isBeyondBudget(entry, now)) {
        this.#putOff(link, entry, now);
        continue;
      }
      const offered = decoding(() => this.#log.offer(entry));
      if (offered instanceof Error) return this.#links.close(link, offered.message);
      if (typeof offered === 'object') return this.#links.close(link, offered.fault);
      this.seen.entries++;
      if (offered === 'staged' || offered === 'waiting') this.#trees.came(link, entry.feed);
      if (offered === 'forked') this.#forks.suspect(link, entry.feed, entry.seq - 1);
      if (offered === 'repeated' && !this.#mending.takes(entry) && !this.#forks.takes(link, entry)) {
        this.seen.repeated++;
        this.#trees.repeated(link, entry.feed, now.monoMs);
      }
      if (offered === 'waiting' || offered === 'dropped' || offered === 'stripped')
        this.#missing.note(link, entry.feed, entry.seq, now.monoMs);
    }
  }

  /** Whether the entry is new and its origin has had its share for now. */
  #isBeyondBudget(entry: Entry, now: Now): boolean {
    const origin = this.#log.originOf(entry);
    if (origin === '' || origin === this.#o.key.publicKey || entry.seq <= this.#log.stagedSeq(entry.feed)) return false;
    if (this.#budgets.take(origin, entry.header ? 1 : 0, entry.bytes.length + entry.payloads.length, now.monoMs)) return false;
    this.#flooding.note(origin, 'feeds', now.monoMs);
    return true;
  }

  /** It waits where it is. */
  #putOff(link: SyncLink, entry: Entry, now: Now): void {
    this.#trees.refuse(link, entry.feed, now.monoMs);
    this.#missing.note(link, entry.feed, entry.seq, now.monoMs);
    this.#missing.defer(entry.feed, this.#log.originOf(entry) as NodeId, now.monoMs);
  }
}
