/** The checker: a run's record in, what is wrong with it out. One function for each line of the table in FAULTS.md; none knows the product. */

import type { MessageId } from '../../src/core/ids.ts';
import type { Dump, Event, RunRecord, Seen } from './record.ts';

export interface Violation {
  readonly check: string;
  readonly detail: string;
}

type Of<T extends Event['type']> = Extract<Event, { type: T }>;
type Check = (run: Run) => Iterable<string>;

/** Everything acknowledged is everywhere so long after the heal, at most, but for the time that the bytes need. */
const HEALING_MS_MAX = 2000;
const SEND_MS_MAX = 5000;
/** A node that stops while a client waits for it costs the client its patience; the first time is within the five seconds. */
const PATIENCE_MS = 1800;

/** A record, indexed. */
class Run {
  readonly record: RunRecord;
  readonly sends = new Map<MessageId, Of<'send'>>();
  readonly refused = new Set<MessageId>();
  readonly unknown = new Set<MessageId>();
  readonly lost = new Set<number>();
  readonly dumps: readonly { readonly dump: Dump; readonly at: ReadonlyMap<MessageId, number> }[];

  constructor(record: RunRecord) {
    this.record = record;
    for (const event of record.events) {
      if (event.type === 'send') this.sends.set(event.id, event);
      if (event.type === 'refused' && event.final) this.refused.add(event.id);
      if (event.type === 'unknown') this.unknown.add(event.id);
      if (event.type === 'disk-lost') this.lost.add(event.machine);
    }
    this.dumps = record.dumps.map((dump) => ({ dump, at: new Map(dump.messages.map(({ id }, i) => [id, i])) }));
  }

  of<T extends Event['type']>(type: T): Of<T>[] {
    return this.record.events.filter((event): event is Of<T> => event.type === type);
  }

  survives(machines: readonly number[]): boolean {
    return machines.some((machine) => !this.lost.has(machine));
  }
}

function* noAcknowledgedLoss(run: Run): Iterable<string> {
  for (const { id, holders } of run.of('ok')) {
    if (holders.length > 0 && !run.survives(holders)) continue;
    for (const { dump, at } of run.dumps) if (!at.has(id)) yield `${id} was acknowledged and is not on ${dump.machine}`;
  }
}

function* neverVanishes(run: Run): Iterable<string> {
  for (const { message, from } of run.of('recv')) {
    if (run.lost.has(from)) continue;
    for (const { dump, at } of run.dumps) if (!at.has(message.id)) yield `${message.id} was shown by ${from} and is not on ${dump.machine}`;
  }
  for (const { client, view } of run.of('read')) {
    const read = new Set(view);
    for (const event of run.of('recv'))
      if (event.client === client && !read.has(event.message.id)) yield `${event.message.id} vanished from the view of ${client}`;
  }
}

/** A client's view of a room it is in holds all that the nodes hold. */
function* missesNothing(run: Run): Iterable<string> {
  const [first] = run.dumps;
  for (const { client, view, rooms } of run.of('read')) {
    const read = new Set(view);
    const whole = new Set(rooms);
    for (const { id, room } of first?.dump.messages ?? [])
      if (whole.has(room) && !read.has(id)) yield `client ${client} was never shown ${id}`;
  }
}

function* noDuplicate(run: Run): Iterable<string> {
  for (const { dump } of run.dumps) {
    const seen = new Set<MessageId>();
    for (const { id } of dump.messages) {
      if (seen.has(id)) yield `${id} is twice on ${dump.machine}`;
      seen.add(id);
    }
  }
  for (const { client, id } of run.of('shown twice')) yield `${id} was shown twice to ${client}`;
  for (const { client, view } of run.of('read')) if (new Set(view).size !== view.length) yield `the view of ${client} has something twice`;
}

function* noPhantom(run: Run): Iterable<string> {
  const judge = function* (message: Seen, where: string): Iterable<string> {
    const send = run.sends.get(message.id);
    if (!send) yield `${message.id} ${where} was sent by nobody`;
    else if (send.room !== message.room || send.author !== message.author || send.text !== message.text)
      yield `${message.id} ${where} is not what was sent`;
    if (run.refused.has(message.id)) yield `${message.id} ${where} was refused`;
  };
  for (const { dump } of run.dumps) for (const message of dump.messages) yield* judge(message, `on ${dump.machine}`);
  for (const { message, client } of run.of('recv')) yield* judge(message, `at client ${client}`);
}

/** Messages of one client in the order in which they were sent, without those that were given up. */
function* senderOrder(run: Run): Iterable<string> {
  for (const { dump, at } of run.dumps) {
    const last = new Map<number, number>();
    for (const { id, client } of run.of('send')) {
      const place = at.get(id);
      if (place === undefined || run.unknown.has(id)) continue;
      if (place < (last.get(client) ?? -1)) yield `${id} stands before an earlier message of client ${client} on ${dump.machine}`;
      last.set(client, Math.max(place, last.get(client) ?? -1));
    }
  }
  yield* senderOrderInStreams(run);
}

/** In the stream of one session and room an earlier message may come later, but then its place says so. */
function* senderOrderInStreams(run: Run): Iterable<string> {
  const places = new Map<string, Seen>();
  for (const event of run.record.events) {
    if (event.type !== 'recv' && event.type !== 'moved') continue;
    const key = `${event.client} ${event.message.id}`;
    const known = places.get(key);
    if (!known || comparePlace(event.message, known) < 0) places.set(key, event.message);
  }
  const placed = (client: number, id: MessageId): Seen => places.get(`${client} ${id}`)!;
  const number = new Map<MessageId, number>();
  for (const { id } of run.of('send')) number.set(id, number.size);
  const streams = new Map<string, Seen[]>();
  const shown = new Set<string>();
  for (const { client, session, message } of run.of('recv')) {
    if (run.unknown.has(message.id) || !number.has(message.id) || !run.dumps.every(({ dump }) => survived(dump, message))) continue;
    if (shown.has(`${client} ${session} ${message.id}`)) continue;
    shown.add(`${client} ${session} ${message.id}`);
    const key = `${client} ${session} ${message.room} ${message.author}`;
    const stream = streams.get(key) ?? [];
    streams.set(key, stream);
    for (const earlier of stream) {
      if (number.get(earlier.id)! > number.get(message.id)! && comparePlace(placed(client, message.id), placed(client, earlier.id)) > 0) {
        yield `client ${client} was shown ${message.id} after and behind ${earlier.id}, which was sent later`;
      }
    }
    stream.push(message);
  }
}

function comparePlace({ place: a }: Seen, { place: b }: Seen): number {
  if (a.key !== b.key) return a.key - b.key;
  if (a.feed !== b.feed) return a.feed < b.feed ? -1 : 1;
  return a.seq - b.seq || a.index - b.index;
}

/** Whether the entry by which somebody was shown a message is still there: an entry lost with its disk takes its place with it. */
function survived(dump: Dump, { place }: Seen): boolean {
  return (dump.vector.get(place.feed) ?? 0) >= place.seq;
}

/** What a client had been shown stands before what it sent then. */
function* causalOrder(run: Run): Iterable<string> {
  for (const { dump, at } of run.dumps) {
    const seen = new Map<number, number>();
    for (const event of run.record.events) {
      if (event.type === 'recv' && survived(dump, event.message))
        seen.set(event.client, Math.max(seen.get(event.client) ?? -1, at.get(event.message.id) ?? -1));
      if (event.type === 'send' && (at.get(event.id) ?? Number.POSITIVE_INFINITY) <= (seen.get(event.client) ?? -1)) {
        yield `${event.id} stands before what client ${event.client} had been shown, on ${dump.machine}`;
      }
    }
  }
  for (const { machine, feed, seq } of run.record.early) yield `on ${machine}, ${seq} of ${feed} came before something its writer had held`;
}

function* convergence(run: Run): Iterable<string> {
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

function* healingTime(run: Run): Iterable<string> {
  const { healedMs, bytesMissing } = run.record;
  if (healedMs === null) yield 'never healed';
  else if (healedMs > HEALING_MS_MAX + bytesMissing / 1000) yield `healed after ${healedMs} ms`;
}

function* honestAcks(run: Run): Iterable<string> {
  for (const { id, held, holders } of run.of('ok'))
    if (holders.length < held || holders.length === 0) yield `${id} was said to be on ${held}, and was on ${holders.length}`;
  for (const { client, atMs } of run.of('answered twice')) yield `client ${client} got a second answer at ${atMs}`;
  for (const { by, holder, feed, told, held } of run.of('false have'))
    yield `${by} counts ${holder} as holding ${told} of ${feed}, and it holds ${held}`;
}

function* availability(run: Run): Iterable<string> {
  const ended = new Map<MessageId, number>();
  for (const event of run.record.events)
    if ((event.type === 'ok' || event.type === 'refused' || event.type === 'unknown') && !ended.has(event.id))
      ended.set(event.id, event.atMs);
  const failovers = run.of('failover');
  for (const { id, atMs, client } of run.of('send')) {
    const endMs = ended.get(id);
    if (endMs === undefined) yield `the sending of ${id} never ended`;
    if (endMs === undefined) continue;
    const again = failovers.filter((one) => one.client === client && one.atMs > atMs && one.atMs <= endMs).length;
    const allowedMs = SEND_MS_MAX + PATIENCE_MS * Math.max(0, again - 1);
    if (endMs - atMs - unwellMs(run, atMs, endMs) > allowedMs) yield `the sending of ${id} took ${endMs - atMs} ms`;
  }
  for (const { id, reason } of run.of('refused')) if (reason === 'bad after' || reason === 'bad text') yield `${id} was refused: ${reason}`;
}

/** How much of a time nobody was well. */
function unwellMs(run: Run, fromMs: number, toMs: number): number {
  let ms = 0;
  for (const unwell of run.of('nobody well')) ms += Math.max(0, Math.min(toMs, unwell.toMs) - Math.max(fromMs, unwell.fromMs));
  return ms;
}

export const CHECKS: Readonly<Record<string, Check>> = {
  'no acknowledged loss': noAcknowledgedLoss,
  'never vanishes': neverVanishes,
  'misses nothing': missesNothing,
  'no duplicate': noDuplicate,
  'no phantom': noPhantom,
  'sender order': senderOrder,
  'causal order': causalOrder,
  convergence,
  'healing time': healingTime,
  'honest acks': honestAcks,
  availability,
};

/** All that is wrong. */
export function judge(record: RunRecord): Violation[] {
  const run = new Run(record);
  const violations: Violation[] = [];
  for (const [check, find] of Object.entries(CHECKS)) for (const detail of find(run)) violations.push({ check, detail });
  return violations;
}

/** Acknowledged messages of which every holder lost its disk: counted apart. */
export function lostWithTheirDisks(record: RunRecord): number {
  const run = new Run(record);
  const lost = run.of('ok').filter(({ id, holders }) => !run.survives(holders) && run.dumps.every(({ at }) => !at.has(id)));
  return lost.length;
}
