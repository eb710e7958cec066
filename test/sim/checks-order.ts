/** Checks of order: of one sender, of causes, and that all nodes end with one history. */

import type { MessageId } from '../../src/core/ids.ts';
import type { Dump, Seen } from './record.ts';
import { comparePlace, type Run, survived } from './verdict.ts';

/**
 * Messages of one client stand in the order in which they were sent. One that was given up stands behind those before it too; but whoever was told nothing of it cannot
 * have the next one stand behind it.
 */
export function* senderOrder(run: Run): Iterable<string> {
  for (const { dump, at } of run.dumps) {
    const last = new Map<number, number>();
    for (const { id, client } of run.of('send')) {
      const place = at.get(id);
      if (place === undefined || run.isTouched(id)) continue;
      if (place < (last.get(client) ?? -1)) yield `${id} stands before an earlier message of client ${client} on ${dump.machine}`;
      if (!run.unknown.has(id)) last.set(client, Math.max(place, last.get(client) ?? -1));
    }
  }
  yield* senderOrderInStreams(run);
}

/** In the stream of one session an earlier message may come later, but then its place says so. */
function* senderOrderInStreams(run: Run): Iterable<string> {
  const places = firstPlaces(run);
  const placed = (client: number, id: MessageId): Seen => places.get(`${client} ${id}`)!;
  const number = new Map<MessageId, number>();
  for (const { id } of run.of('send')) number.set(id, number.size);
  const streams = new Map<string, Seen[]>();
  const shown = new Set<string>();
  /** The first place that each client was told of each message so far: another node may show it at a later one again. */
  const told = new Map<string, Seen>();
  for (const { client, session, message } of run.of('recv')) {
    if (
      run.unknown.has(message.id) ||
      run.isTouched(message.id) ||
      !number.has(message.id) ||
      !run.dumps.every(({ dump }) => survived(dump, message))
    )
      continue;
    const known = told.get(`${client} ${message.id}`);
    const first = known && comparePlace(known, message) < 0 ? known : message;
    told.set(`${client} ${message.id}`, first);
    if (shown.has(`${client} ${session} ${message.id}`)) continue;
    shown.add(`${client} ${session} ${message.id}`);
    const key = `${client} ${session} ${message.author}`;
    const stream = streams.get(key) ?? [];
    streams.set(key, stream);
    for (const earlier of stream) {
      // Of a room that it is not in just now, a client is not told that a message got an earlier place.
      const isOneRoom = message.room === earlier.room;
      const [here, there] = isOneRoom ? [placed(client, message.id), placed(client, earlier.id)] : [first, earlier];
      if (number.get(earlier.id)! > number.get(message.id)! && comparePlace(here, there) > 0) {
        yield `client ${client} was shown ${message.id} after and behind ${earlier.id}, which was sent later`;
      }
    }
    stream.push(message);
  }
}

/** The first place in history that each client was told of each message, among those that no lost disk took along. */
function firstPlaces(run: Run): Map<string, Seen> {
  const places = new Map<string, Seen>();
  for (const event of run.record.events) {
    if (event.type !== 'recv' && event.type !== 'moved') continue;
    if (!run.dumps.every(({ dump }) => survived(dump, event.message))) continue;
    const key = `${event.client} ${event.message.id}`;
    const known = places.get(key);
    if (!known || comparePlace(event.message, known) < 0) places.set(key, event.message);
  }
  return places;
}

/** What a client had been shown, and was to believe, stands before what it sent then, and what it was shown stands at the nodes as it was told. */
export function* causalOrder(run: Run): Iterable<string> {
  for (const { dump, at } of run.dumps) {
    const seen = new Map<number, number>();
    for (const event of run.record.events) {
      if (event.type === 'recv' && survived(dump, event.message) && !run.isTouched(event.message.id) && !run.isUnbelievable(event))
        seen.set(event.client, Math.max(seen.get(event.client) ?? -1, at.get(event.message.id) ?? -1));
      if (event.type === 'send' && (at.get(event.id) ?? Number.POSITIVE_INFINITY) <= (seen.get(event.client) ?? -1)) {
        yield `${event.id} stands before what client ${event.client} had been shown, on ${dump.machine}`;
      }
    }
  }
  for (const { machine, feed, seq } of run.record.early) yield `on ${machine}, ${seq} of ${feed} came before something its writer had held`;
}

export function* convergence(run: Run): Iterable<string> {
  const [first] = run.dumps;
  if (!first) return yield 'no node lives';
  const vector = (dump: Dump): string => JSON.stringify([...dump.vector].sort());
  for (const { dump } of run.dumps) {
    if (vector(dump) !== vector(first.dump)) yield `the vectors of ${dump.machine} and ${first.dump.machine} differ`;
    const ids = dump.messages.map(({ id, text }) => `${id} ${text}`).join('\n');
    if (ids !== first.dump.messages.map(({ id, text }) => `${id} ${text}`).join('\n'))
      yield `the dumps of ${dump.machine} and ${first.dump.machine} differ`;
    if (dump.canonical.join('\n') !== first.dump.canonical.join('\n'))
      yield `the exports of ${dump.machine} and ${first.dump.machine} differ`;
    const lines = dump.canonical.slice(1);
    const other = lines.findIndex((line, i) => line !== run.record.reference[i]);
    if (other >= 0) yield `${dump.machine} folds to ${lines[other]}, the reference to ${run.record.reference[other]}`;
    else if (lines.length !== run.record.reference.length)
      yield `${dump.machine} has ${lines.length} lines, the reference ${run.record.reference.length}`;
  }
}
