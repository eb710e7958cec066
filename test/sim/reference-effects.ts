/**
 * What the law did to messages, as the reference has it: which show nowhere or without their text, and by which op. For the checker, which takes nothing for right that
 * no named op explains.
 */

import type { MessageId, RoomId } from '../../src/core/ids.ts';
import type { Effects } from './record.ts';
import { idOf, type Reference } from './reference.ts';
import type { Cut } from './reference-law.ts';
import type { Op } from './reference-ops.ts';

const MESSAGE = 32;

/** By their numbers, kinds of law that was in force, and of other ops that counted, under the names they are counted by. */
const COUNTED: Readonly<Record<number, string>> = {
  11: 'account',
  12: 'device',
  13: 'session',
  14: 'rekey',
  15: 'logout',
  16: 'deletion',
  17: 'role',
  18: 'kick',
  19: 'ban',
  20: 'mute',
  21: 'undo',
  22: 'checkpoint',
  23: 'settle',
  24: 'settings',
  25: 'private room',
  26: 'invitation',
  27: 'revoke',
  30: 'remove',
  31: 'retain',
  33: 'edit',
  34: 'reaction',
  35: 'pin',
};

/** What it takes to have been exercised, in many runs together. */
export const LAW_WANTED = [
  ...Object.values(COUNTED).map((name) => `law: ${name}`),
  'law: a message withheld by a ban from the network',
  'law: a message withheld by a ban from a room',
  'law: a message withheld by a revocation',
  'law: a message withheld by an account’s own word',
  'law: a message of somebody muted',
  'law: a message in an archived room',
  'law: a message removed by hand',
  'law: a message past its time',
  'law: a message of a deleted account',
  'law: a message shown again',
];

/** `isFresh`: what was erased by such an op may still be on disks. */
export function effectsOf(reference: Reference, isFresh: (op: Op) => boolean): Effects {
  const { law, ops, all } = reference;
  const counted = new Set(ops);
  const messages = all.filter(({ head, body, feedKind }) => head.kind === MESSAGE && body !== null && feedKind === 1);
  const showing = new Set(messages.filter((op) => counted.has(op)).map(idOf));
  const ruling = all.filter(({ head, body }) => body !== null && head.kind >= 11 && head.kind <= 31);
  const cuts = ruling.flatMap((op) => law.cutOf(op) ?? []);
  const effects = {
    withheld: new Map(),
    erased: new Map(),
    touched: new Set<MessageId>(),
    blanked: new Set<MessageId>(),
    erasing: new Set<MessageId>(),
  };
  const exercised = new Set(ops.flatMap(({ head }) => (COUNTED[head.kind] ? [`law: ${COUNTED[head.kind]}`] : [])));
  for (const id of new Set(messages.map(idOf))) {
    const same = messages.filter((op) => idOf(op) === id);
    const message = id as MessageId;
    const shown = same.find((op) => counted.has(op));
    const causes = same.map((op) => (counted.has(op) ? null : causeOf(reference, op)));
    const named = causes.filter((cause) => cause !== null);
    if (!showing.has(id) && named.length === same.length) {
      effects.withheld.set(message, { room: same[0]!.head.room as RoomId, by: idOf(named[0]!) });
      exercised.add(`law: ${nameOf(named[0]!)}`);
    }
    const removed = shown && reference.removed(shown);
    if (removed) {
      effects.erased.set(message, removed.op);
      if (isFresh(all.find(({ head }) => head.client === removed.op)!)) effects.erasing.add(message);
      exercised.add(`law: ${erasedBy(reference, removed.op)}`);
    }
    const reached = same.filter((op) => cuts.some((cut) => reaches(reference, cut, op)));
    if (reached.length > 0 || same.some((op) => ruling.some((one) => mutes(one, op) || archives(law, one, op))))
      effects.touched.add(message);
    if (same.some((op) => ruling.some((one) => blanks(one, op)))) effects.blanked.add(message);
    if (shown && cuts.some(({ op }) => law.undone.has(idOf(op)) && reached.some((one) => law.isBeyond(law.cutOf(op)!, one))))
      exercised.add('law: a message shown again');
  }
  return { ...effects, forked: forkedFeeds(reference), exercised: [...exercised].sort() };
}

/** How far the feeds of nodes count that a proof in force convicts. */
function forkedFeeds({ law, all }: Reference): Map<string, number> {
  const forked = new Map<string, number>();
  for (const { op } of law.inForce.cuts) {
    if (op.head.kind !== 28) continue;
    for (const { node, entry } of all) {
      if (node === op.body!.node)
        forked.set(entry.feed, Math.min(forked.get(entry.feed) ?? Number.MAX_SAFE_INTEGER, op.body!.cut!.get(entry.feed) ?? 0));
    }
  }
  return forked;
}

/** The op in force by which a message does not count; null where there is none. */
function causeOf(reference: Reference, op: Op): Op | null {
  const { law } = reference;
  const cut = law.inForce.cuts.find((one) => reaches(reference, one, op));
  return cut?.op ?? law.muteOf(op) ?? law.archiveOf(op) ?? null;
}

/** Whether a cut reaches an op, or what it rests on: its author's grants to the node, and the words by which an account is one. */
function reaches({ all, law }: Reference, cut: Cut, op: Op): boolean {
  const { author } = op.head;
  const isRest = ({ entry, head, body }: Op): boolean => {
    if (body === null) return false;
    if (head.kind === 4 || head.kind === 13) return head.author === author && entry.feed === op.sibling;
    return (head.kind === 11 && head.author === author) || (head.kind === 14 && body.subject === author);
  };
  return [op, ...all.filter(isRest)].some((one) => one !== cut.op && law.reaches(cut, one));
}

function mutes({ head, body }: Op, op: Op): boolean {
  return head.kind === 20 && body!.subject === op.head.author && ['', op.head.room].includes(head.room);
}

function archives(law: Reference['law'], one: Op, op: Op): boolean {
  return one.head.kind === 24 && one.head.room === op.head.room && one.body!.settings!.archived && law.isPast(one, op);
}

/** Whether an op could erase a message, if it was in force. */
function blanks({ head, body }: Op, op: Op): boolean {
  if (head.kind === 30) return head.target === idOf(op) && head.room === op.head.room;
  if (head.kind === 31) return head.room === op.head.room && op.entry.seq <= (body!.cut!.get(op.entry.feed) ?? 0);
  return head.kind === 16 && body!.erase === true && body!.subject === op.head.author;
}

function nameOf({ head }: Op): string {
  if (head.kind === 20) return 'a message of somebody muted';
  if (head.kind === 24) return 'a message in an archived room';
  if (head.kind === 19) return `a message withheld by a ban from ${head.room === '' ? 'the network' : 'a room'}`;
  return head.kind === 27 || head.kind === 28 ? 'a message withheld by a revocation' : 'a message withheld by an account’s own word';
}

function erasedBy({ all }: Reference, client: string): string {
  const kind = all.find(({ head }) => head.client === client)!.head.kind;
  return kind === 30 ? 'a message removed by hand' : kind === 31 ? 'a message past its time' : 'a message of a deleted account';
}
