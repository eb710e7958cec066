/** What is left at the machines in the end, for the checker: ordered dumps, what the reference makes of it all, and what came before its deps. */

import { canonicalHead, canonicalMessage } from '../../src/core/canonical.ts';
import type { Entry } from '../../src/core/entry.ts';
import { makeFolder } from '../../src/core/fold.ts';
import type { FeedId, NodeId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { covers, type ReadonlyVector, type Vector } from '../../src/core/vector.ts';
import type { Machine } from './machine.ts';
import type { Dump, Early, Effects } from './record.ts';
import { linesOf, Reference } from './reference.ts';
import { effectsOf } from './reference-effects.ts';
import type { World } from './world.ts';

export function dumpOf({ suite, plan }: World, machine: Machine): Dump {
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
  };
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
  // Of a node that was cut off at some time, what lay beyond the cut counted as there.
  const cutOff = new Set(engine?.law.ops.flatMap(({ body }) => (body.law === 'revoke' || body.law === 'fork' ? [body.node] : [])));
  const isCutOff = (feed: FeedId): boolean => cutOff.has(engine!.replica.log.infos.get(feed)?.node as NodeId);
  for (const entry of disk.store.log) {
    const before = expected.get(`${entry.feed}/${entry.seq}`);
    const wanted = before && new Map([...before].filter(([feed]) => !isCutOff(feed)));
    if (wanted && !covers(held, wanted)) early.push({ machine: index, feed: entry.feed, seq: entry.seq });
    held.set(entry.feed, entry.seq);
  }
  return early;
}
