/**
 * The checker: a run's record in, what is wrong with it out. One function for each line of the table of checks in docs/simulator.md; none knows the product. Those
 * of order are in checks-order.ts.
 */

import type { MessageId, RoomId } from '../../src/core/ids.ts';
import { erasure } from './checks-erasure.ts';
import { causalOrder, convergence, senderOrder } from './checks-order.ts';
import { namesNobody, typing, typingLeaks } from './checks-whispers.ts';
import { NO_ANSWER, type RunRecord, type Seen } from './record.ts';
import { type Check, type Of, Run } from './verdict.ts';

export interface Violation {
  readonly check: string;
  readonly detail: string;
}

/** Everything that was held is everywhere so long after the heal, at most, but for the time that the bytes need. */
const HEALING_MS_MAX = 2000;
const BYTES_PER_MS = 1000;
const SEND_MS_MAX = 5000;
/** A node that says nothing costs the client its patience; the first time is within the five seconds. */
const PATIENCE_MS = 1800;

function* noAcknowledgedLoss(run: Run): Iterable<string> {
  for (const ok of run.of('ok')) {
    if (ok.holders.length > 0 && !run.survives(ok)) continue;
    if (run.isWithheld(ok.id)) continue;
    for (const { dump, at } of run.dumps) if (!at.has(ok.id)) yield `${ok.id} was acknowledged and is not on ${dump.machine}`;
  }
}

function* neverVanishes(run: Run): Iterable<string> {
  const shown = new Map<number, Set<MessageId>>();
  for (const { client, message, from, atMs } of run.of('recv')) {
    const seen = shown.get(client) ?? new Set();
    shown.set(client, seen.add(message.id));
    if (!run.keeps(from, message.id, atMs) || run.isWithheld(message.id) || run.isForked(message)) continue;
    for (const { dump, at } of run.dumps) if (!at.has(message.id)) yield `${message.id} was shown by ${from} and is not on ${dump.machine}`;
  }
  const forked = run.forkedIds();
  // With the disks that held a message, the op may be lost that withheld it.
  const hid = new Set(run.of('hid').map(({ client, id }) => `${client} ${id}`));
  const isLostWithItsOp = (client: number, id: MessageId): boolean =>
    hid.has(`${client} ${id}`) && run.dumps.every(({ at }) => !at.has(id));
  const roomOf = new Map(run.of('recv').map(({ message }) => [message.id, message.room]));
  for (const { client, view, rooms } of run.of('read')) {
    const read = new Set(view);
    // What was withheld for a time comes back to the rooms that the client is in.
    const mayMiss = (id: MessageId): boolean =>
      run.isWithheld(id) || forked.has(id) || (run.isTouched(id) && !rooms.includes(roomOf.get(id)!)) || isLostWithItsOp(client, id);
    for (const id of shown.get(client) ?? []) if (!read.has(id) && !mayMiss(id)) yield `${id} vanished from the view of ${client}`;
  }
  yield* vanishedFromPages(run);
}

/** What a machine showed once is in every later page of it, as long as its disk is its disk. */
function* vanishedFromPages(run: Run): Iterable<string> {
  const forked = run.forkedIds();
  const shown = new Map<number, Map<MessageId, RoomId>>();
  for (const event of run.record.events) {
    if (event.type === 'recv') {
      const by = shown.get(event.from) ?? new Map();
      shown.set(event.from, by.set(event.message.id, event.message.room));
    } else if (event.type === 'forgot') for (const id of event.ids) shown.get(event.machine)?.delete(id);
    else if (event.type === 'page') {
      const ids = new Set(event.ids);
      for (const [id, room] of shown.get(event.from) ?? [])
        if (room === event.room && !ids.has(id) && !run.isTouched(id) && !forked.has(id))
          yield `${id} vanished from ${room} at ${event.from}`;
    }
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
  const twice = function* (ids: readonly MessageId[], where: string): Iterable<string> {
    const seen = new Set<MessageId>();
    for (const id of ids) {
      if (seen.has(id)) yield `${id} is twice ${where}`;
      seen.add(id);
    }
  };
  for (const { dump } of run.dumps)
    yield* twice(
      dump.messages.map(({ id }) => id),
      `on ${dump.machine}`,
    );
  for (const { client, id } of run.of('shown twice')) yield `${id} was shown twice to ${client}`;
  for (const { client, view } of run.of('read')) yield* twice(view, `in the view of ${client}`);
  for (const { from, ids } of run.of('page')) yield* twice(ids, `in a page of ${from}`);
}

/** Whatever shows was sent, by the author it is attributed to, as it is; the hostile may say what they like in their own names. */
function* noPhantom(run: Run): Iterable<string> {
  const { erased, blanked } = run.record.effects;
  const judged = function* (message: Seen, where: string, isBlank = (id: MessageId) => blanked.has(id)): Iterable<string> {
    if (run.isHostile(message)) return;
    if (message.text === '' && isBlank(message.id)) return;
    const wrote = run.wrote.get(message.id) ?? [];
    if (wrote.some((one) => one.room === message.room && one.author === message.author && one.text === message.text)) return;
    const send = run.sends.get(message.id);
    if (!send) yield `${message.id} ${where} was sent by nobody`;
    else if (send.room !== message.room || send.author !== message.author || send.text !== message.text)
      yield `${message.id} ${where} is not what was sent`;
    if (run.refused.has(message.id)) yield `${message.id} ${where} was refused`;
  };
  for (const { dump } of run.dumps)
    for (const message of dump.messages) yield* judged(message, `on ${dump.machine}`, (id) => erased.has(id) || run.isGone(id));
  for (const { message, client } of run.of('recv')) yield* judged(message, `at client ${client}`);
  for (const { message, client } of run.of('moved')) yield* judged(message, `at client ${client}`);
}

/** What an op in force withholds shows nowhere in the end: at no node, and in no view of a room that is whole. */
function* withheld(run: Run): Iterable<string> {
  const { withheld: ids, erased } = run.record.effects;
  for (const { dump, at: places } of run.dumps)
    for (const [id, { by }] of ids) if (places.has(id)) yield `${id} shows on ${dump.machine}, and ${by} withholds it`;
  const at = new Map(run.of('failover').map(({ client, to }) => [client, to]));
  const forked = run.forkedIds();
  for (const { client, view, rooms } of run.of('read'))
    for (const id of view) {
      // A branch that was cut off may have been shown by a node that is not asked any more: the client keeps what it saw.
      const by = forked.has(id) ? undefined : ids.get(id);
      // What another machine showed may have come to this one when it was withheld already: nothing says so to a client.
      const isToldByIts = (): boolean =>
        run.of('recv').some(({ client: to, message, from, atMs }) => {
          return to === client && message.id === id && from === at.get(client) && run.keeps(from, id, atMs);
        });
      if (by && rooms.includes(by.room) && isToldByIts()) yield `${id} is in the view of ${client}, and ${by.by} withholds it`;
    }
  for (const { dump } of run.dumps)
    for (const { id, text } of dump.messages)
      if (text !== '' && erased.has(id)) yield `${id} has a text on ${dump.machine}, and ${erased.get(id)} erased it`;
}

/** Nothing of a direct room reaches anybody but its two people. */
function* noLeaking(run: Run): Iterable<string> {
  const { clients } = run.record;
  for (const { client, message } of run.of('recv')) {
    if (!message.room.startsWith('@')) continue;
    if (clients[client]?.direct.includes(message.room)) continue;
    yield `${message.id} of ${message.room} was shown to client ${client}`;
  }
}

function* healingTime(run: Run): Iterable<string> {
  const { healedMs, caughtUpMs, bytesMissing } = run.record;
  const allowedMs = HEALING_MS_MAX + bytesMissing / BYTES_PER_MS;
  if (healedMs === null) yield 'what was acknowledged never came everywhere';
  else if (healedMs > allowedMs) yield `what was acknowledged was everywhere after ${healedMs} ms`;
  if (caughtUpMs === null) yield 'what was held at the heal never came everywhere';
  else if (caughtUpMs > allowedMs) yield `what was held at the heal was everywhere after ${caughtUpMs} ms`;
}

/** A hostile member that says it holds something is believed: that is no lie of the node that counts it. */
function* honestAcks(run: Run): Iterable<string> {
  for (const { id, held, nodes, hostile, holders, had } of run.of('ok'))
    if (nodes + hostile < held || holders.length + had.length === 0) yield `${id} was said to be on ${held}, and was on ${nodes}`;
  for (const { client, atMs } of run.of('answered twice')) yield `client ${client} got a second answer at ${atMs}`;
  for (const { by, holder, feed, told, held } of run.of('false have'))
    yield `${by} counts ${holder} as holding ${told} of ${feed}, and it holds ${held}`;
  for (const { machine, id } of run.of('broken ack')) yield `${machine} was counted as holding ${id}, and started without it`;
}

function* availability(run: Run): Iterable<string> {
  const ended = new Map<MessageId, number>();
  for (const event of run.record.events)
    if ((event.type === 'ok' || event.type === 'refused' || event.type === 'unknown') && !ended.has(event.id))
      ended.set(event.id, event.atMs);
  const failovers = run.of('failover').filter(({ because }) => because === NO_ANSWER);
  for (const { id, atMs, client } of run.of('send')) {
    const endMs = ended.get(id);
    if (endMs === undefined) yield `the sending of ${id} never ended`;
    if (endMs === undefined) continue;
    const again = failovers.filter((one) => one.client === client && one.atMs > atMs && one.atMs <= endMs).length;
    const allowedMs = SEND_MS_MAX + PATIENCE_MS * Math.max(0, again - 1);
    if (endMs - atMs - unwellMs(run, client, atMs, endMs) > allowedMs) yield `the sending of ${id} took ${endMs - atMs} ms`;
  }
  for (const { id, reason } of run.of('refused')) if (reason === 'bad after' || reason === 'bad text') yield `${id} was refused: ${reason}`;
}

/** How much of a time nobody was well that a client could reach. */
function unwellMs(run: Run, client: number, fromMs: number, toMs: number): number {
  const spans = run
    .of('nobody well')
    .filter((one) => one.client === null || one.client === client)
    .map((one) => [Math.max(fromMs, one.fromMs), Math.min(toMs, one.toMs)] as const)
    .sort(([a], [b]) => a - b);
  let ms = 0;
  let doneMs = fromMs;
  for (const [from, to] of spans) {
    ms += Math.max(0, to - Math.max(from, doneMs));
    doneMs = Math.max(doneMs, to);
  }
  return ms;
}

/** What a node is told kills no process and fills no memory. */
function* contained(run: Run): Iterable<string> {
  for (const { machine, error } of run.of('died')) yield `${machine} died: ${error}`;
  for (const { machine, what } of run.of('beyond limit')) yield `${machine} went beyond its limit of ${what}`;
}

/** Nobody takes what a checkpoint covered by claiming to have been there before. */
function* claims(run: Run): Iterable<string> {
  for (const { what } of run.of('claim taken')) yield `a hostile member has ${what}, which was covered`;
}

/** A run of which nothing can be said is no good run. */
function* verdict(run: Run): Iterable<string> {
  if (run.dumps.length === 0) yield 'nothing was dumped';
  if (run.of('read').length < run.record.clients.length) yield 'not every client told its view';
  if (run.of('send').length === 0) yield 'nothing was sent';
  if (run.of('heal').length !== 1) yield 'it was not healed once';
}

export const CHECKS: Readonly<Record<string, Check>> = {
  'no acknowledged loss': noAcknowledgedLoss,
  'never vanishes': neverVanishes,
  'misses nothing': missesNothing,
  'no duplicate': noDuplicate,
  'no phantom': noPhantom,
  'no leaking': noLeaking,
  withheld,
  erasure,
  'sender order': senderOrder,
  'causal order': causalOrder,
  convergence,
  'healing time': healingTime,
  'honest acks': honestAcks,
  availability,
  contained,
  claims,
  typing,
  'typing leaks': typingLeaks,
  'names nobody': namesNobody,
  verdict,
};

/** All that is wrong. */
export function judge(record: RunRecord): Violation[] {
  const run = new Run(record);
  const violations: Violation[] = [];
  for (const [check, find] of Object.entries(CHECKS)) for (const detail of find(run)) violations.push({ check, detail });
  return violations;
}

/** Acknowledged messages of which every holder lost its disk, and that are nowhere: counted apart. */
export function lostWithTheirDisks(record: RunRecord): number {
  const run = new Run(record);
  const isLost = (ok: Of<'ok'>): boolean => !run.survives(ok) && run.dumps.every(({ at }) => !at.has(ok.id));
  return run.of('ok').filter(isLost).length;
}
