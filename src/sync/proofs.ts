/**
 * Proofs of forks beside the log. Honest entries may rest on one branch of a forked feed, and the proof of the fork is in such an entry; whoever has it serves nothing
 * behind the fork any more. So whoever waits for more of a feed asks its peers whether that is forked; the proof speaks for itself, ends the waiting, and is kept
 * together with what rests on it (ADR 23).
 *
 * Taken is one proof of a feed that is waited for, the one that ends it soonest, of a node that has a feed here, against that node's budget; so it costs a member as much
 * as its other feeds to fill the room of others.
 */

import { endOfFork, FORK_PROOF_BYTES_MAX, type ForkProof, isForkProved, readForkProof } from '../core/fork-proof.ts';
import type { FeedId, NetworkId } from '../core/ids.ts';
import type { Suite } from '../core/suite.ts';
import { decoding, Reader, Writer } from '../lib/codec.ts';
import { PROOFS_MAX } from '../wire/frame.ts';
import type { Budgets } from './budgets.ts';
import type { Now } from './effects.ts';
import { AWAITED_AGAIN_MS, AWAITED_LOOK_MS, AWAITED_MS, UNWRITTEN_MS, UNWRITTEN_MS_MAX } from './limits.ts';
import type { SyncLink } from './link.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';
import type { Missing } from './missing.ts';
import type { ReplicaOptions } from './options.ts';

/** Proofs that are kept, at most. */
const KEPT_MAX = 1 << 20;

export class Proofs {
  readonly #suite: Suite;
  readonly #network: NetworkId;
  readonly #links: Links;
  readonly #log: Log;
  readonly #missing: Missing;
  readonly #budgets: Budgets;
  /** Of each feed the one that ends it soonest. */
  readonly #known = new Map<FeedId, ForkProof>();
  /** Those that the law does not have, and since when they are known. */
  readonly #unwritten = new Map<FeedId, number>();
  /** When each feed that is waited for is to be asked about. */
  readonly #askAtMs = new Map<FeedId, number>();
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** Whether the disk has all that were learned: 'sent' while it is told. */
  #kept: 'yes' | 'no' | 'sent' = 'yes';

  constructor({ suite, network, loaded }: ReplicaOptions, links: Links, log: Log, missing: Missing, budgets: Budgets) {
    this.#suite = suite;
    this.#network = network;
    this.#links = links;
    this.#log = log;
    this.#missing = missing;
    this.#budgets = budgets;
    const reader = new Reader(loaded.proofs ?? Uint8Array.of(0));
    for (let left = reader.count(KEPT_MAX); left > 0; left--) {
      const proof = readForkProof(suite, network, new Reader(reader.blob(FORK_PROOF_BYTES_MAX)));
      if (proof) this.#add(proof, Number.NEGATIVE_INFINITY);
    }
  }

  #add(proof: ForkProof, sinceMs: number): void {
    this.#known.set(proof.feed, proof);
    this.#unwritten.set(proof.feed, sinceMs);
    this.#log.fork(proof.feed, endOfFork(proof));
  }

  /** The law has proofs. */
  written(proofs: readonly ForkProof[]): void {
    for (const proof of proofs) {
      const known = this.#known.get(proof.feed);
      if (known && known.seq < proof.seq) continue;
      this.#unwritten.delete(proof.feed);
      this.#known.set(proof.feed, proof);
      this.#log.fork(proof.feed, endOfFork(proof));
    }
  }

  /** A peer waits for feeds. */
  asked(link: SyncLink, feeds: readonly FeedId[]): void {
    const proofs = [...new Set(feeds)].flatMap((feed) => this.#known.get(feed)?.bytes ?? []);
    if (proofs.length > 0) this.#links.send(link, { type: 'proofs', proofs });
  }

  /** What a peer answered. */
  learn(link: SyncLink, proofs: readonly Uint8Array[], now: Now): void {
    let isNews = false;
    for (const bytes of proofs) {
      const reader = new Reader(bytes);
      const proof = decoding(() => readForkProof(this.#suite, this.#network, reader));
      if (!proof || proof instanceof Error || reader.at < bytes.length) return this.#links.close(link, 'a proof that cannot be read');
      if (!this.#isWanted(proof)) continue;
      if (!isForkProved(this.#suite, this.#network, proof)) return this.#links.close(link, 'a proof that proves nothing');
      if (!this.#budgets.take(proof.node, 1, bytes.length, now.monoMs)) continue;
      this.#add(proof, now.monoMs);
      this.#kept = 'no';
      isNews = true;
    }
    // What was behind may rest on another forked feed: who knew of this one may know of that.
    if (isNews) this.#ask([link], this.#log.awaited(PROOFS_MAX));
  }

  #isWanted({ node, feed, seq }: ForkProof): boolean {
    return seq < (this.#known.get(feed)?.seq ?? Number.MAX_SAFE_INTEGER) && this.#log.awaits(feed) && this.#log.isWriter(node);
  }

  #ask(links: Iterable<SyncLink>, feeds: ReadonlySet<FeedId>): void {
    if (feeds.size > 0) for (const link of links) this.#links.send(link, { type: 'awaited', feeds: [...feeds] });
  }

  tick(now: Now): void {
    this.#bring(now);
    if (now.monoMs - this.#lookedMs < AWAITED_LOOK_MS) return;
    this.#lookedMs = now.monoMs;
    const awaited = this.#log.awaited(PROOFS_MAX);
    for (const feed of this.#askAtMs.keys()) if (!awaited.has(feed)) this.#askAtMs.delete(feed);
    const due = new Set<FeedId>();
    for (const feed of awaited) {
      const askAtMs = this.#askAtMs.get(feed) ?? now.monoMs + AWAITED_MS;
      if (askAtMs <= now.monoMs) due.add(feed);
      this.#askAtMs.set(feed, askAtMs <= now.monoMs ? now.monoMs + AWAITED_AGAIN_MS : askAtMs);
    }
    this.#ask(this.#links.open(), due);
  }

  /** Brings into the law what nobody seems to bring any more: whoever did may have lost it with its disk. */
  #bring(now: Now): void {
    for (const [feed, sinceMs] of this.#unwritten) {
      if (sinceMs === Number.NEGATIVE_INFINITY) this.#unwritten.set(feed, now.monoMs);
      const ageMs = now.monoMs - sinceMs;
      if (sinceMs === Number.NEGATIVE_INFINITY || ageMs < UNWRITTEN_MS || (!this.#missing.isNone && ageMs < UNWRITTEN_MS_MAX)) continue;
      this.#unwritten.set(feed, Number.POSITIVE_INFINITY);
      this.#links.effect({ type: 'fork', proof: this.#known.get(feed)! });
    }
  }

  /** What the next batch is to keep; null where nothing changed. */
  toKeep(): Uint8Array | null {
    if (this.#kept !== 'no') return null;
    this.#kept = 'sent';
    const writer = new Writer(1024).varint(this.#unwritten.size);
    for (const feed of this.#unwritten.keys()) writer.blob(this.#known.get(feed)!.bytes);
    return writer.done();
  }

  /** The batch is on the disk, or not. */
  settled(isKept: boolean): void {
    if (this.#kept === 'sent') this.#kept = isKept ? 'yes' : 'no';
  }
}
