/** What is left at the machines in the end, for the checker: ordered dumps, what the reference makes of it all, and what came before its deps. */

import { canonicalHead, canonicalMessage } from '../../src/core/canonical.ts';
import { type Entry, payloadsOf } from '../../src/core/entry.ts';
import { makeFolder } from '../../src/core/fold.ts';
import { type MessageId, messageId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND } from '../../src/core/op.ts';
import { covers, type ReadonlyVector, type Vector } from '../../src/core/vector.ts';
import type { Machine } from './machine.ts';
import type { Dump, Early, Effects, Seen } from './record.ts';
import { linesOf, Reference } from './reference.ts';
import { effectsOf } from './reference-effects.ts';
import type { World } from './world.ts';

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
      store.log.filter(({ feed, seq }) => !voidEntries.has(`${feed}/${seq}`)),
      seen,
    ),
  };
}

function payloadsIn(log: readonly Entry[], seen: readonly Seen[]): Pick<Dump, 'whole' | 'blank'> {
  const places = new Map(seen.map(({ id, place: { feed, seq, index } }) => [`${feed}/${seq}/${index}`, id]));
  const whole = new Set<MessageId>();
  const blank = new Set<MessageId>();
  for (const entry of log) {
    const payloads = payloadsOf(entry);
    for (const [i, { kind, author, client, payloadHash }] of entry.heads.entries()) {
      const shown = places.get(`${entry.feed}/${entry.seq}/${i}`);
      if (payloads[i] && shown) whole.add(shown);
      if (!payloads[i] && payloadHash && kind === KIND.message) blank.add(messageId(author, client));
    }
  }
  return { whole, blank };
}

/** The reference fold of everything; what a hostile member wrote and must have no effect is left out, so that it has none. */
export function referenceOf(
  { suite }: World,
  machines: readonly Machine[],
  voidEntries: ReadonlySet<string>,
): { reference: readonly string[]; effects: Effects } {
  const entries = new Map<string, Entry>();
  for (const { disk } of machines) {
    for (const entry of disk.store.log) {
      const key = `${entry.feed}/${entry.seq}`;
      entries.set(key, voidEntries.has(key) ? { ...entry, heads: [], payloads: new Uint8Array(0) } : entry);
    }
  }
  const reference = new Reference([...entries.values()], suite.verify);
  return { reference: linesOf(reference), effects: effectsOf(reference) };
}

/** Entries that came before something their writers had held. */
export function earlyOf({ index, disk, engine }: Machine, expected: ReadonlyMap<string, ReadonlyVector>): Early[] {
  const early: Early[] = [];
  const held: Vector = new Map();
  for (const entry of disk.store.log) {
    const before = expected.get(`${entry.feed}/${entry.seq}`);
    // What lies beyond the cut of a revoked node counts as there.
    const wanted = before && new Map([...before].map(([feed, seq]) => [feed, Math.min(seq, engine?.replica.log.capOf(feed) ?? seq)]));
    if (wanted && !covers(held, wanted)) early.push({ machine: index, feed: entry.feed, seq: entry.seq });
    held.set(entry.feed, entry.seq);
  }
  return early;
}
