/**
 * The reference fold: what the union of all entries comes to, computed in the dumbest possible way. It shares nothing with the product but types and the canonical
 * form of its lines: no maps kept up, only lists filtered and sorted again and again.
 */

import type { Entry } from '../../src/core/entry.ts';
import type { Head } from '../../src/core/op.ts';

interface Op {
  readonly entry: Entry;
  readonly index: number;
  readonly head: Head;
  readonly key: number;
  readonly payload: Uint8Array | null;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A length of one or two bytes, then so many bytes: how texts lie in a body. */
function textAt(bytes: Uint8Array, at: number): { text: string; end: number } {
  const long = bytes[at]! >= 128;
  const size = long ? bytes[at]! - 128 + bytes[at + 1]! * 128 : bytes[at]!;
  const from = at + (long ? 2 : 1);
  return { text: Buffer.from(bytes.subarray(from, from + size)).toString('utf8'), end: from + size };
}

function payloadsOf(entry: Entry): (Uint8Array | null)[] {
  const bytes = entry.payloads;
  let at = 0;
  return entry.heads.map(() => {
    let size = 0;
    let scale = 1;
    for (; bytes[at]! >= 128; at++, scale *= 128) size += (bytes[at]! - 128) * scale;
    size += bytes[at++]! * scale;
    if (size === 0) return null;
    at += size - 1;
    return bytes.subarray(at - size + 1, at);
  });
}

/** History order. */
function compare(a: Op, b: Op): number {
  if (a.key !== b.key) return a.key - b.key;
  if (a.entry.feed !== b.entry.feed) return a.entry.feed < b.entry.feed ? -1 : 1;
  return a.entry.seq - b.entry.seq || a.index - b.index;
}

class Reference {
  readonly #entries: readonly Entry[];
  readonly ops: readonly Op[];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
    const ops: Op[] = [];
    for (const entry of entries) {
      const payloads = payloadsOf(entry);
      entry.heads.forEach((head, index) => {
        ops.push({ entry, index, head, payload: payloads[index]!, key: Math.max(entry.hlc, head.after + 1) });
      });
    }
    this.ops = ops.sort(compare);
  }

  header(feed: string) {
    return this.#entries.find((entry) => entry.feed === feed && entry.seq === 1)!.header!;
  }

  /** Whether two feeds are of one incarnation of one node. */
  areSiblings(a: string, b: string): boolean {
    const [one, other] = [this.header(a), this.header(b)];
    return one.node === other.node && one.incarnation === other.incarnation;
  }

  of(kind: number): Op[] {
    return this.ops.filter(({ head }) => head.kind === kind);
  }

  /** Whether an op's author had granted its node by then. */
  granted(op: Op): boolean {
    return this.of(4).some(({ head, entry, index }) => {
      if (head.author !== op.head.author || !this.areSiblings(entry.feed, op.entry.feed)) return false;
      if (entry.feed !== op.entry.feed) return entry.seq <= op.entry.governance;
      return entry.seq < op.entry.seq || (entry.seq === op.entry.seq && index <= op.index);
    });
  }

  /** Whether every grant of a guest was followed by an end of it. */
  isOver(author: string): boolean {
    const grants = this.of(4).filter(({ head }) => head.author === author);
    const ends = this.of(6).filter(({ head }) => hex(head.body.subarray(0, 16)) === author);
    return grants.every((grant) => ends.some((end) => this.#endsGrant(end, grant)));
  }

  #endsGrant(end: Op, grant: Op): boolean {
    const feed = hex(end.head.body.subarray(16, 32));
    if (feed !== grant.entry.feed || this.header(end.entry.feed).node !== this.header(feed).node) return false;
    if (end.entry.feed !== feed) return true;
    return end.entry.seq > grant.entry.seq || (end.entry.seq === grant.entry.seq && end.index > grant.index);
  }

  name(author: string): string {
    const names = this.ops.filter((op) => op.head.author === author && (op.head.kind === 4 || (op.head.kind === 5 && this.granted(op))));
    return textAt(names.at(-1)!.head.body, 0).text;
  }
}

/** JSON with sorted keys. */
function line(value: Record<string, unknown>): string {
  const sorted = (one: unknown): unknown => {
    if (one === null || typeof one !== 'object' || Array.isArray(one)) return one;
    return Object.fromEntries(
      Object.entries(one)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  return JSON.stringify(sorted(value));
}

function guestLines(reference: Reference): string[] {
  const authors = [...new Set(reference.of(4).map(({ head }) => head.author))].sort();
  return authors.map((id) => line({ type: 'guest', id, name: reference.name(id), over: reference.isOver(id) }));
}

function roomLines(reference: Reference): string[] {
  const ops = reference.ops.filter((op) => [7, 8, 9, 10].includes(op.head.kind) && reference.granted(op));
  const ids = [...new Set(ops.map(({ head }) => head.room))].sort();
  return ids.map((id) => {
    const here = ops.filter(({ head }) => head.room === id);
    const made = here.find(({ head }) => head.kind === 7);
    const topic = here.filter(({ head }) => head.kind === 10).at(-1);
    const members = [...new Set(here.map(({ head }) => head.author))].filter((author) => {
      const last = here.filter(({ head }) => head.author === author && (head.kind === 8 || head.kind === 9)).at(-1);
      return last?.head.kind === 8 && !reference.isOver(author);
    });
    return line({
      type: 'room',
      id,
      name: made ? textAt(made.head.body, 0).text : id,
      topic: topic ? { author: topic.head.author, text: textAt(topic.head.body, 0).text } : null,
      members: members.sort(),
    });
  });
}

function messageLines(reference: Reference): string[] {
  const shown = new Set<string>();
  const lines: string[] = [];
  for (const op of reference.of(32)) {
    const { head, payload } = op;
    const id = `${head.author} ${head.client}`;
    if (shown.has(id) || !reference.granted(op)) continue;
    shown.add(id);
    lines.push(
      line({
        type: 'message',
        author: head.author,
        id: head.client,
        name: reference.name(head.author),
        room: head.room,
        to: head.room.startsWith('@') ? hex(head.body) : null,
        key: op.key,
        at: new Date(Math.floor(op.key / 1024)).toISOString(),
        salt: hex(payload!.subarray(0, 16)),
        style: ['text', 'notice', 'action'][payload![16]!],
        text: Buffer.from(payload!.subarray(17)).toString('utf8'),
      }),
    );
  }
  return lines;
}

/** The lines of the canonical export after its header. */
export function referenceExport(entries: readonly Entry[]): string[] {
  const reference = new Reference(entries);
  return [...guestLines(reference), ...roomLines(reference), ...messageLines(reference)];
}
