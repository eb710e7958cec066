/**
 * The reference fold: what the union of all entries comes to, computed in the dumbest possible way. It shares nothing with the product but types and the canonical
 * form of its lines: no maps kept up, only lists filtered and sorted again and again.
 */

import type { Entry } from '../../src/core/entry.ts';
import { compare, idOf, ReferenceLaw } from './reference-law.ts';
import { authorOf, hex, isPrivate, type Op, readOps, type Verify } from './reference-ops.ts';

export class Reference {
  /** All that could be read. */
  readonly all: readonly Op[];
  /** What counts. */
  readonly ops: Op[];
  readonly law: ReferenceLaw;

  constructor(entries: readonly Entry[], verify: Verify) {
    const ops = readOps(entries, verify);
    this.all = ops;
    const authors = new Map(ops.map(({ node }) => [node, authorOf(node)]));
    this.law = new ReferenceLaw(entries, ops, authors);
    this.ops = ops.filter((op) => op.body !== null && this.#counts(op));
  }

  /** Whether an op shows anywhere. */
  #counts(op: Op): boolean {
    const { law } = this;
    const { kind, author, room } = op.head;
    const isInside = (): boolean => !isPrivate(room) || law.isInside(op);
    if (law.isLaw(op)) return law.inForce.ops.includes(op) && !([18, 19].includes(kind) && law.undone.has(idOf(op)));
    if (kind === 31 && law.isOwnWord(op)) return !law.withheld(op) && law.isDue(op);
    if (kind === 0 || kind >= 36) return false;
    if (kind < 4) return kind === 1 || !law.withheld(op);
    if (kind === 6) return !law.withheld(op);
    if (kind === 12 || kind === 13) return !law.withheld(op) && law.proves(op, op);
    if (op.feedKind === 2) return !law.withheld(op);
    if (op.body!.sealed) return true;
    if (!law.stands(op)) return false;
    if (kind === 29) return law.power(author, '', op) === 4;
    if (kind === 30) return op.head.target.endsWith(author) || law.power(author, room, op) >= 2;
    if (kind === 31) return law.power(author, room, op) >= 3;
    if ((kind >= 32 || kind === 10) && law.archiveOf(op)) return false;
    if (kind >= 32) return !law.isMuted(op) && isInside() && (kind !== 35 || room.startsWith('@') || law.power(author, room, op) >= 2);
    return (kind !== 10 || !law.isMuted(op)) && (![8, 9, 10].includes(kind) || isInside());
  }

  of(...kinds: number[]): Op[] {
    return this.ops.filter(({ head }) => kinds.includes(head.kind));
  }

  /** Whether every grant of somebody was followed by an end of it. */
  isOver(author: string, kind: 4 | 13): boolean {
    const grants = this.of(kind).filter(({ head }) => head.author === author);
    const ends = this.of(6).filter(({ body }) => body!.author === author);
    const { cuts } = this.law.inForce;
    return grants.every((grant) => cuts.some(({ node }) => node === grant.node) || ends.some((end) => this.#endsGrant(end, grant)));
  }

  #endsGrant(end: Op, grant: Op): boolean {
    if (end.body!.feed !== grant.entry.feed || end.node !== grant.node) return false;
    if (end.entry.feed !== grant.entry.feed) return true;
    return end.entry.seq > grant.entry.seq || (end.entry.seq === grant.entry.seq && end.index > grant.index);
  }

  isDeleted(author: string): boolean {
    return this.of(16).some(({ body }) => body!.subject === author);
  }

  /** In the order of law. */
  made(author: string): Op | undefined {
    return this.law.inForce.ops.find(({ head }) => head.kind === 11 && head.author === author);
  }

  accounts(): string[] {
    return [...new Set(this.of(11).map(({ head }) => head.author))].sort();
  }

  /** An account's name, and by which word of an owner it has it. */
  #claim(author: string): { author: string; name: string; taken: Op; settled: Op | undefined } {
    const made = this.made(author)!;
    const last = this.law.inForce.ops.filter(({ head, body }) => head.kind === 23 && body!.subject === author).at(-1);
    const isOwn = last !== undefined && last.head.author === author && !last.body!.sealed;
    return { author, name: (last ?? made).body!.name!, taken: isOwn ? last : made, settled: isOwn ? undefined : last };
  }

  accountName(author: string): string {
    if (this.isDeleted(author)) return '';
    const fold = (name: string): string => name.normalize('NFKC').toLowerCase().normalize('NFC');
    const own = this.#claim(author);
    const claims = this.accounts()
      .filter((one) => !this.isDeleted(one))
      .map((one) => this.#claim(one))
      .filter(({ name }) => fold(name) === fold(own.name));
    claims.sort((a, b) => {
      if (a.settled && b.settled) return this.law.order(b.settled, a.settled);
      if (a.settled || b.settled) return a.settled ? -1 : 1;
      return this.law.order(a.taken, b.taken);
    });
    const at = claims.findIndex((claim) => claim.author === author);
    return at === 0 ? own.name : `${own.name}~${at + 1}`;
  }

  name(op: Op): string {
    const { author } = op.head;
    if (op.body!.nick) return `${op.body!.nick} (imported by ${this.law.nodeName(op.node)})`;
    const account = this.accounts().includes(author) ? this.accountName(author) : '';
    return account || (this.guestName(author) ?? author.slice(0, 8));
  }

  guestName(author: string): string | undefined {
    const isGuest = this.of(4).some(({ head }) => head.author === author);
    return isGuest
      ? this.of(4, 5)
          .filter(({ head }) => head.author === author)
          .at(-1)?.body?.name
      : undefined;
  }

  /** Whether what an op says is past its time in its room. */
  #isPast({ head, key, entry }: Op): boolean {
    return this.of(31).some(
      (one) => one.head.room === head.room && key < one.body!.before! && entry.seq <= (one.body!.cut!.get(entry.feed) ?? 0),
    );
  }

  /** By whom and by which op a message was removed. */
  removed(op: Op): { by: string; op: string } | null {
    const { room, author } = op.head;
    const removals = this.of(30).filter(({ head }) => head.target === idOf(op) && head.room === room);
    const retained = this.of(31).filter(
      ({ head, body }) => head.room === room && op.key < body!.before! && op.entry.seq <= (body!.cut!.get(op.entry.feed) ?? 0),
    );
    const deletions = this.law.inForce.ops.filter(({ head, body }) => head.kind === 16 && body!.subject === author && body!.erase);
    const by = removals[0] ?? retained[0] ?? deletions[0];
    return by ? { by: by.head.author, op: by.head.client } : null;
  }

  /** What hangs on a message, in history order. */
  abouts(message: Op, kind: number): Op[] {
    const seen = new Set<string>();
    const { room, author } = message.head;
    return this.of(kind).filter((op) => {
      if (op.head.target !== idOf(message) || op.head.room !== room || compare(op, message) <= 0) return false;
      if (kind === 33 && (op.head.author !== author || this.#isPast(op))) return false;
      if (message.body!.to && ![author, message.body!.to].includes(op.head.author)) return false;
      const isNew = !seen.has(idOf(op));
      seen.add(idOf(op));
      return isNew;
    });
  }
}

/** JSON with sorted keys. */
function line(value: Record<string, unknown>): string {
  const text = (one: unknown): string => {
    if (Array.isArray(one)) return `[${one.map(text).join(',')}]`;
    if (one === null || typeof one !== 'object') return JSON.stringify(one);
    const pairs = Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${pairs.map(([key, inner]) => `${JSON.stringify(key)}:${text(inner)}`).join(',')}}`;
  };
  return text(value);
}

function accountLines(reference: Reference): string[] {
  return reference.accounts().map((id) => {
    const all = reference.of(12).filter(({ head }) => head.author === id);
    const keys = [...new Set(all.map(({ body }) => body!.device!.key))].sort();
    // Of one key made known twice, the last that has a label, else the last.
    const devices = keys.map((key) => {
      const same = all.map(({ body }) => body!.device!).filter((device) => device.key === key);
      return (same.filter(({ label }) => label).at(-1) ?? same.at(-1))!;
    });
    const name = reference.accountName(id);
    return line({ type: 'account', id, name, deleted: reference.isDeleted(id), over: reference.isOver(id, 13), devices });
  });
}

function guestLines(reference: Reference): string[] {
  const authors = [...new Set(reference.of(4).map(({ head }) => head.author))].sort();
  return authors.map((id) => line({ type: 'guest', id, name: reference.guestName(id), over: reference.isOver(id, 4) }));
}

function ruled(reference: Reference, room: string): Record<string, unknown> {
  const here = reference.law.inForce.ops.filter((op) => op.head.room === room);
  const listed = (kind: number): object[] =>
    here
      .filter((op) => op.head.kind === kind && !reference.law.undone.has(idOf(op)))
      .map(({ head, body }) => ({ subject: body!.subject, until: body!.until, by: head.author, op: head.client }));
  const roles = Object.fromEntries(here.filter(({ head }) => head.kind === 17).map(({ body }) => [body!.subject, body!.role]));
  return { roles, bans: listed(19), mutes: listed(20) };
}

function networkLine(reference: Reference): string {
  const holes = reference.of(29).map(({ body }) => ({ feed: body!.feed!, seq: body!.seq!, hash: body!.hash! }));
  holes.sort((a, b) => (a.feed < b.feed ? -1 : a.feed > b.feed ? 1 : a.seq - b.seq || (a.hash < b.hash ? -1 : 1)));
  const lost = holes.filter((hole, i) => i === 0 || hole.feed !== holes[i - 1]!.feed || hole.seq !== holes[i - 1]!.seq);
  return line({ type: 'network', ...ruled(reference, ''), lost });
}

function roomLines(reference: Reference): string[] {
  const ops = reference.of(7, 8, 9, 10, 18, 19, 24, 25).filter(({ head }) => head.room !== '');
  const { ops: law } = reference.law.inForce;
  return [...new Set(ops.map(({ head }) => head.room))].sort().map((id) => {
    const here = ops.filter(({ head }) => head.room === id);
    const topic = here.filter(({ head }) => head.kind === 10).at(-1);
    const settings = law.filter(({ head }) => head.kind === 24 && head.room === id).at(-1)?.body?.settings ?? null;
    const whose = (op: Op): string => ([18, 19].includes(op.head.kind) ? op.body!.subject! : op.head.author);
    const moves = here.filter(({ head }) => [8, 9, 18, 19].includes(head.kind));
    const members = [...new Set(moves.map(whose))].filter((author) => {
      const isAccount = reference.accounts().includes(author);
      const isHere = isAccount
        ? !reference.isDeleted(author) && !reference.isOver(author, 13)
        : reference.guestName(author) !== undefined && !reference.isOver(author, 4);
      return isHere && moves.filter((op) => whose(op) === author).at(-1)!.head.kind === 8;
    });
    const founder = law.find(({ head }) => (head.kind === 7 || head.kind === 25) && head.room === id);
    const retained = reference.of(31).filter(({ head }) => head.room === id);
    return line({
      type: 'room',
      id,
      name: settings?.name || founder?.body?.name || id,
      topic: topic ? { author: topic.head.author, text: topic.body!.text } : null,
      members: members.sort(),
      settings,
      founder: founder?.head.author ?? null,
      retained: retained.map(({ head, body }) => ({ by: head.author, op: head.client, before: body!.before })),
      ...ruled(reference, id),
    });
  });
}

const DOES: Readonly<Record<number, string>> = {
  11: 'account',
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
  26: 'invitation',
  27: 'revoke',
  28: 'fork',
};

function lawLines(reference: Reference): string[] {
  const told = reference.law.inForce.ops.filter(({ head }) => DOES[head.kind] !== undefined);
  return told.map((op) => {
    const { head, body } = op;
    const given: Record<string, unknown> = {};
    for (const field of ['subject', 'node', 'role', 'name', 'reason', 'until', 'erase'] as const)
      if (body![field] !== undefined) given[field] = body![field];
    if (head.target) given['target'] = head.target;
    const undone = reference.law.undone.has(idOf(op));
    return line({ type: 'law', does: DOES[head.kind], by: head.author, id: head.client, room: head.room, undone, ...given });
  });
}

function reactionsOf(reference: Reference, message: Op): Record<string, string[]> {
  const all = reference.abouts(message, 34);
  const on: Record<string, string[]> = {};
  for (const emoji of [...new Set(all.map(({ body }) => body!.emoji!))]) {
    const authors = [...new Set(all.map(({ head }) => head.author))].filter(
      (author) => all.filter(({ head, body }) => head.author === author && body!.emoji === emoji).at(-1)?.body?.on,
    );
    if (authors.length > 0) on[emoji] = authors.sort();
  }
  return on;
}

function messageLines(reference: Reference): string[] {
  const shown = new Set<string>();
  const lines: string[] = [];
  for (const op of reference.of(32)) {
    const { head } = op;
    if (shown.has(idOf(op))) continue;
    shown.add(idOf(op));
    const removed = reference.removed(op);
    const edit = removed ? undefined : reference.abouts(op, 33).at(-1);
    const payload = removed ? null : (edit ?? op).payload;
    lines.push(
      line({
        type: 'message',
        author: head.author,
        id: head.client,
        name: reference.name(op),
        room: head.room,
        to: op.body!.to,
        reply: head.target || null,
        key: op.key,
        at: new Date(Math.floor(op.key / 1024)).toISOString(),
        salt: payload ? hex(payload.subarray(0, 16)) : null,
        style: payload ? ['text', 'notice', 'action'][payload[16]!] : 'text',
        text: payload ? Buffer.from(payload.subarray(17)).toString('utf8') : null,
        edited: edit !== undefined,
        reactions: removed ? {} : reactionsOf(reference, op),
        pinned: !removed && (reference.abouts(op, 35).at(-1)?.body?.on ?? false),
        removed,
      }),
    );
  }
  return lines;
}

/** The lines of the canonical export after its header. */
export function referenceExport(entries: readonly Entry[], verify: Verify): string[] {
  return linesOf(new Reference(entries, verify));
}

export function linesOf(reference: Reference): string[] {
  return [
    ...accountLines(reference),
    ...guestLines(reference),
    networkLine(reference),
    ...roomLines(reference),
    ...lawLines(reference),
    ...messageLines(reference),
  ];
}

export { idOf };
