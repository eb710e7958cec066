/** What is left at the machines in the end, for the checker: ordered dumps, what the reference makes of it all, and what came before its deps. */

import { canonicalHead, canonicalMessage } from '../../src/core/canonical.ts';
import { type Entry, payloadsOf } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { type Folder, makeFolder } from '../../src/core/fold.ts';
import { type FeedId, type MessageId, messageId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND } from '../../src/core/op.ts';
import { covers, type ReadonlyVector, type Vector } from '../../src/core/vector.ts';
import { ERASE_AFTER_MS, type Machine } from './machine.ts';
import type { Dump, Early, Effects, Seen } from './record.ts';
import { linesOf, Reference } from './reference.ts';
import { effectsOf } from './reference-effects.ts';
import type { Op } from './reference-ops.ts';
import type { World } from './world.ts';

/** After so long, in ms, what was erased by right is on no disk. */
export const ERASED_MS = 2 * ERASE_AFTER_MS + 500;

export function dumpOf({ suite, plan, voidEntries }: World, machine: Machine): Dump {
  const { store } = machine.disk;
  const folder = makeFolder(suite, { clockOrder: plan.sabotage === 'clockOrder', cutsIgnored: plan.sabotage === 'cutsIgnored' });
  for (const entry of store.log) folder.fold(entry);
  const messages = store.messages();
  const canonical = [...canonicalHead(folder, store.vector), ...messages.map((message) => canonicalMessage(folder.state, message))];
  const seen = messages.map(({ id, room, author, place, payload }) => {
    const text = payload ? decodeMessage(payload).text : '';
    return { id, room, author, place, text };
  });
  return {
    machine: machine.index,
    node: machine.node,
    messages: seen,
    vector: machine.engine?.replica.log.durable ?? store.vector,
    canonical,
    ...payloadsIn(
      store.log.filter(({ feed, seq }) => !voidEntries.has(`${feed}/${seq}`) && !isForked(folder, feed, seq)),
      seen,
    ),
  };
}

/** Of two histories of one feed neither counts, and each may be on some disks. */
function isForked({ state, law }: Folder, feed: FeedId, seq: number): boolean {
  const node = state.feeds.get(feed)?.node;
  const proofs = [...law.verdicts.cuts.values()].filter(({ op }) => op.body.law === 'fork');
  return proofs.some(({ subjects, vector }) => node !== undefined && subjects.includes(node) && seq > (vector.get(feed) ?? 0));
}

function payloadsIn(log: readonly Entry[], seen: readonly Seen[]): Pick<Dump, 'whole' | 'blank' | 'blankEdits'> {
  const places = new Map(seen.map(({ id, place: { feed, seq, index } }) => [`${feed}/${seq}/${index}`, id]));
  const whole = new Set<MessageId>();
  const blank = new Set<MessageId>();
  const blankEdits = new Set<MessageId>();
  for (const entry of log) {
    const payloads = payloadsOf(entry);
    for (const [i, { kind, author, client, target, payloadHash }] of entry.heads.entries()) {
      const shown = places.get(`${entry.feed}/${entry.seq}/${i}`);
      if (payloads[i] && shown) whole.add(shown);
      if (!payloads[i] && payloadHash && kind === KIND.message) blank.add(messageId(author, client));
      if (!payloads[i] && payloadHash && kind === KIND.edit) blankEdits.add(target as MessageId);
    }
  }
  return { whole, blank, blankEdits };
}

/** Entries by their places; of one place, the first that comes. What a hostile member wrote and must have no effect is without its ops, so that it has none. */
function placed(entries: Iterable<Entry>, voidEntries: ReadonlySet<string>): Map<string, Entry> {
  const at = new Map<string, Entry>();
  for (const entry of entries) {
    const key = `${entry.feed}/${entry.seq}`;
    if (!at.has(key)) at.set(key, voidEntries.has(key) ? { ...entry, heads: [], payloads: new Uint8Array(0) } : entry);
  }
  return at;
}

/** The reference fold of everything that is there in the end, and what the law did, be it lost with its disk since. */
export function referenceOf(
  { suite, machines, voidEntries, timeline, committedMs }: World,
  living: readonly Machine[],
): { reference: readonly string[]; effects: Effects; cuts: ReadonlyMap<string, number>; whole: Reference } {
  const entries = placed(
    living.flatMap(({ disk }) => disk.store.log),
    voidEntries,
  );
  const honest = machines.filter(({ hostile }) => !hostile).flatMap(({ disk }) => [...disk.store.log, ...disk.dropped]);
  const ever = placed([...entries.values(), ...honest], voidEntries);
  const reference = new Reference([...entries.values()], suite.verify);
  const whole = ever.size === entries.size ? reference : new Reference([...ever.values()], suite.verify);
  // By the time at which it happened, not by keys: those are of clocks that may be minutes wrong.
  const isFresh = ({ entry }: Op): boolean => timeline.nowMs - (committedMs.get(`${entry.feed}/${entry.seq}`) ?? 0) < ERASED_MS;
  const effects = effectsOf(reference, isFresh);
  const { touched, blanked } = whole === reference ? effects : effectsOf(whole, isFresh);
  return {
    reference: linesOf(reference),
    whole: reference,
    effects: { ...effects, touched: new Set([...effects.touched, ...touched]), blanked: new Set([...effects.blanked, ...blanked]) },
    cuts: nodeCuts(whole, [...ever.values()]),
  };
}

/**
 * How far the feeds counted, where it was least, of nodes that were cut off at any time; the first entry of a feed always does, and governance ends with a fork alone.
 */
function nodeCuts({ all, law }: Reference, entries: readonly Entry[]): Map<string, number> {
  const cuts = new Map<string, number>();
  for (const { op, node, vector } of all.flatMap((one) => (one.body ? (law.cutOf(one) ?? []) : []))) {
    for (const { feed, header } of entries) {
      if (header?.node !== node || (header?.kind === FEED_KIND.governance && op.head.kind !== KIND.fork)) continue;
      cuts.set(feed, Math.min(cuts.get(feed) ?? Number.MAX_SAFE_INTEGER, Math.max(1, vector.get(feed) ?? 0)));
    }
  }
  return cuts;
}

/** Entries that came before something their writers had held. What lies beyond the cut of a revoked node counts as there, be it that the revocation was undone later. */
export function earlyOf(
  { index, disk }: Machine,
  expected: ReadonlyMap<string, ReadonlyVector>,
  cuts: ReadonlyMap<string, number>,
): Early[] {
  const early: Early[] = [];
  const held: Vector = new Map();
  for (const entry of disk.store.log) {
    const before = expected.get(`${entry.feed}/${entry.seq}`);
    const wanted = before && new Map([...before].map(([feed, seq]) => [feed, Math.min(seq, cuts.get(feed) ?? seq)]));
    if (wanted && !covers(held, wanted)) early.push({ machine: index, feed: entry.feed, seq: entry.seq });
    held.set(entry.feed, entry.seq);
  }
  return early;
}
