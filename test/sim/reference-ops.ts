/** How the reference fold reads ops: by hand, byte by byte, asking only for signatures to be checked. It shares nothing with the product but types. */

import { createHash } from 'node:crypto';
import type { Entry } from '../../src/core/entry.ts';
import type { Head } from '../../src/core/op.ts';

export interface Op {
  readonly entry: Entry;
  readonly index: number;
  readonly head: Head;
  readonly key: number;
  readonly payload: Uint8Array | null;
  /** Of its feed. */
  readonly node: string;
  readonly feedKind: number;
  /** The governance feed of its incarnation. */
  readonly sibling: string;
  /** What its body says; null where it says nothing that counts. */
  readonly body: Body | null;
}

/** Everything any kind may say; each kind fills its own fields. */
export interface Body {
  name?: string;
  text?: string;
  reason?: string;
  subject?: string;
  role?: string;
  until?: number;
  cut?: Map<string, number>;
  /** Keys from the one that signed up to the account's own, where the op proves itself. */
  proof?: { keys: string[]; until: number };
  sealed?: boolean;
  key?: string;
  keys?: string[];
  device?: { key: string; kind: string; may: string; label?: string };
  node?: string;
  erase?: boolean;
  before?: number;
  author?: string;
  feed?: string;
  seq?: number;
  hash?: string;
  to?: string | null;
  nick?: string | null;
  emoji?: string;
  on?: boolean;
  settings?: { description: string; archived: boolean; slowSeconds: number; retentionSeconds: number; name: string };
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const unhex = (text: string): Buffer => Buffer.from(text, 'hex');
const sha = (tag: string, ...parts: Uint8Array[]): string =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${tag}\0`), ...parts]))
    .digest('hex')
    .slice(0, 32);
export const authorOf = (key: string): string => sha('skein/author/1', unhex(key));

const varint = (value: number): Buffer => {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
};
const sized = (bytes: Uint8Array): Buffer => Buffer.concat([varint(bytes.length), bytes]);

/** Bytes taken one after the other; taking too many throws. */
class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new Error('too short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  hex(count: number): string {
    return hex(this.take(count));
  }

  number(max = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.take(1)[0]!;
      value += (byte % 128) * scale;
      if (byte < 128) break;
    }
    if (value > max) throw new Error('too large');
    return value;
  }

  flag(): boolean {
    return this.number(1) === 1;
  }

  blob(max = 49_152): Uint8Array {
    return this.take(this.number(max));
  }

  text(max: number): string {
    return Buffer.from(this.blob(max)).toString('utf8');
  }

  vector(): Map<string, number> {
    return new Map(Array.from({ length: this.number() }, () => [this.hex(16), this.number()]));
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new Error('too long');
  }
}

const demand = (truth: boolean): void => {
  if (!truth) throw new Error('says nothing that counts');
};
const isName = (name: string): boolean => name.length > 0 && name.length <= 64 && !/[\s,:!@*?#&\p{Cc}\p{Cs}]/u.test(name);
export const isPublic = (room: string): boolean => /^#[^\s,\p{Cc}]+$/u.test(room);
export const isPrivate = (room: string): boolean => /^![0-9a-f]{32}$/.test(room);
const isRoom = (room: string): boolean => isPublic(room) || isPrivate(room);

/** Whether a key signed a message under a tag. */
export type Verify = (key: string, tag: string, message: Uint8Array, signature: Uint8Array) => boolean;

type Unread = Omit<Op, 'body'> & { readonly verify: Verify };

/** What a signature in a body is over: the op whole. */
function statement({ entry, head }: Unread, upTo: number): Uint8Array {
  const parts = [unhex(entry.network), varint(head.kind), unhex(head.author), unhex(head.client), sized(Buffer.from(head.room))];
  return Buffer.concat([...parts, sized(head.body.subarray(0, upTo))]);
}

/** Certificates up to an account's key, each signed by the next. */
function chain(op: Unread, cursor: Cursor): { keys: string[]; until: number; first: Body['device'] | null } {
  const all = Array.from({ length: cursor.number(2) }, () => {
    const from = cursor.at;
    const one = {
      key: cursor.hex(32),
      kind: cursor.flag() ? 'session' : 'device',
      may: cursor.flag() ? 'all' : 'speak',
      until: cursor.number(),
    };
    return { ...one, bytes: cursor.bytes.subarray(from, cursor.at), signature: cursor.take(64) };
  });
  const root = cursor.hex(32);
  all.forEach((one, i) => {
    const issuer = all[i + 1];
    demand(!issuer || (issuer.kind === 'device' && (one.may === 'speak' || issuer.may === 'all')));
    const bytes = Buffer.concat([unhex(op.entry.network), unhex(op.head.author), one.bytes]);
    demand(op.verify(issuer?.key ?? root, 'skein/certificate/1', bytes, one.signature));
  });
  const ends = all.map(({ until }) => until).filter((until) => until > 0);
  return { keys: [...all.map(({ key }) => key), root], until: ends.length > 0 ? Math.min(...ends) : 0, first: all[0] ?? null };
}

/** The certificates and the signature by which an op changes an account. */
function proof(op: Unread, cursor: Cursor): Body['proof'] {
  const { keys, until, first } = chain(op, cursor);
  const upTo = cursor.at;
  demand(op.verify(keys[0]!, 'skein/account/1', statement(op, upTo), cursor.take(64)));
  demand(!first || first.may === 'all');
  return { keys, until };
}

function seal(op: Unread, cursor: Cursor): boolean {
  const upTo = cursor.at;
  if (!cursor.flag()) return false;
  const root = cursor.hex(32);
  demand(sha('skein/network/1', unhex(root)) === op.entry.network);
  demand(op.verify(root, 'skein/seal/1', statement(op, upTo), cursor.take(64)));
  return true;
}

function grantTo(op: Unread, key: string, signature: Uint8Array): void {
  const bytes = Buffer.concat([unhex(op.entry.network), unhex(op.node), unhex(op.entry.feed)]);
  demand(op.verify(key, 'skein/grant/1', bytes, signature));
}

/** What a node signed of an entry: how it begins, and the hash of the rest. */
function signedSummary(op: Unread, cursor: Cursor, node: string, beginning: Uint8Array): string {
  const rest = cursor.take(32);
  demand(op.verify(node, 'skein/entry/2', Buffer.concat([beginning, rest]), cursor.take(64)));
  return hex(rest);
}

const READERS: Readonly<Record<number, (cursor: Cursor, op: Unread) => Body>> = {
  0: (_, op) => {
    demand(op.head.author === authorOf(op.node));
    return {};
  },
  4: (c, op) => {
    const name = c.text(260);
    const key = c.hex(32);
    demand(isName(name) && authorOf(key) === op.head.author);
    grantTo(op, key, c.take(64));
    return { name };
  },
  5: (c) => {
    const name = c.text(260);
    demand(isName(name));
    return { name };
  },
  6: (c, op) => {
    demand(op.head.author === authorOf(op.node));
    return { author: c.hex(16), feed: c.hex(16), reason: c.text(1024) };
  },
  7: (c, op) => {
    const name = c.text(260);
    demand(isPublic(name) && isPublic(op.head.room));
    return { name };
  },
  8: (c, op) => {
    demand(isRoom(op.head.room));
    c.at = c.bytes.length;
    return {};
  },
  9: (c, op) => {
    demand(isRoom(op.head.room));
    return { reason: c.text(2048) };
  },
  10: (c, op) => {
    demand(isRoom(op.head.room));
    return { text: c.text(2048) };
  },
  11: (c, op) => {
    const [name, key] = [c.text(260), c.hex(32)];
    c.blob(256);
    c.hex(16);
    const upTo = c.at;
    demand(op.verify(key, 'skein/account/1', statement(op, upTo), c.take(64)) && authorOf(key) === op.head.author);
    demand(isName(name) && !name.includes('~'));
    return { name, key, proof: { keys: [key], until: 0 } };
  },
  12: (c, op) => {
    const { keys, until, first } = chain(op, c);
    demand(!!first);
    const device = { key: first!.key, kind: first!.kind, may: first!.may };
    if (c.at === op.head.body.length) return { proof: { keys, until }, device };
    const label = c.text(128);
    const upTo = c.at;
    demand(label.trim() !== '' && !/\p{Cc}|\p{Cs}/u.test(label));
    demand(op.verify(keys[1]!, 'skein/account/1', statement(op, upTo), c.take(64)));
    return { proof: { keys, until }, device: { ...device, label } };
  },
  13: (c, op) => {
    const { keys, until, first } = chain(op, c);
    demand(!!first);
    grantTo(op, keys[0]!, c.take(64));
    return { proof: { keys, until } };
  },
  14: (c, op) => {
    const [subject, key] = [c.hex(16), c.hex(32)];
    c.blob(256);
    const cut = c.vector();
    if (!c.flag()) return { subject, key, cut, sealed: seal(op, c) };
    demand(subject === op.head.author);
    return { subject, key, cut, proof: proof(op, c)!, sealed: false };
  },
  15: (c, op) => ({ keys: Array.from({ length: c.number(64) }, () => c.hex(32)), cut: c.vector(), proof: proof(op, c)! }),
  16: (c, op) => {
    const body: Body = { subject: c.hex(16), erase: c.flag(), cut: c.vector() };
    if (!c.flag()) return body;
    demand(body.subject === op.head.author);
    return { ...body, proof: proof(op, c)! };
  },
  17: (c, op) => {
    const body = { subject: c.hex(16), role: ['none', 'member', 'moderator', 'owner'][c.number(3)]! };
    const sealed = seal(op, c);
    demand(op.head.room === '' || isRoom(op.head.room));
    return { ...body, sealed };
  },
  18: (c, op) => {
    demand(isRoom(op.head.room));
    return { subject: c.hex(16), reason: c.text(1024) };
  },
  19: (c, op) => {
    demand(op.head.room === '' || isRoom(op.head.room));
    return { subject: c.hex(16), until: c.number(), reason: c.text(1024), cut: c.vector() };
  },
  20: (c, op) => {
    demand(op.head.room === '' || isRoom(op.head.room));
    return { subject: c.hex(16), until: c.number(), reason: c.text(1024) };
  },
  21: (_, op) => {
    demand(op.head.target !== '');
    return {};
  },
  22: (c, op) => ({ cut: c.vector(), sealed: seal(op, c) }),
  23: (c, op) => {
    const body = { subject: c.hex(16), name: c.text(260) };
    demand(isName(body.name) && !body.name.includes('~'));
    return { ...body, sealed: seal(op, c) };
  },
  24: (c, op) => {
    const settings = { description: c.text(2048), archived: c.flag(), slowSeconds: c.number(86_400), ...retention(c), name: c.text(260) };
    const lines = `${settings.description}${settings.name}`;
    demand(isRoom(op.head.room) && !/[\p{Cc}\p{Cs}]/u.test(lines) && (isPrivate(op.head.room) || settings.name === ''));
    return { settings };
  },
  25: (c, op) => {
    const name = c.text(260);
    demand(isPrivate(op.head.room) && !/[\p{Cc}\p{Cs}]/u.test(name));
    return { name };
  },
  26: (c, op) => {
    demand(isPrivate(op.head.room));
    return { subject: c.hex(16) };
  },
  27: (c, op) => ({ node: c.hex(32), reason: c.text(1024), cut: c.vector(), sealed: seal(op, c) }),
  28: (c, op) => {
    const [node, kind, incarnation] = [c.hex(32), c.number(2), c.hex(16)];
    const feed = sha('skein/feed/1', unhex(op.entry.network), unhex(node), Buffer.from([kind]), unhex(incarnation));
    const seq = c.number();
    const beginning = Buffer.concat([Buffer.from([2]), unhex(op.entry.network), unhex(feed), varint(seq), c.take(32)]);
    const rests = [0, 1].map(() => signedSummary(op, c, node, beginning));
    demand(seq > 0 && rests[0] !== rests[1]);
    demand(op.head.author === authorOf(op.node));
    const cut = c.vector();
    return { node, feed, cut: cut.set(feed, seq - 1) };
  },
  29: (c, op) => ({ feed: c.hex(16), seq: c.number(), hash: c.hex(32), sealed: seal(op, c) }),
  30: (c, op) => {
    demand(op.head.target !== '' && op.head.room !== '');
    return { reason: c.text(1024) };
  },
  31: (c, op) => {
    demand(isRoom(op.head.room));
    return { before: c.number(), cut: c.vector() };
  },
  32: (c, op) => {
    demand(op.head.payloadHash !== null);
    if (op.feedKind === 2) {
      const nick = c.text(260);
      demand(sha('skein/stand-in/1', sized(Buffer.from(nick))) === op.head.author && isPublic(op.head.room));
      return { nick, to: null };
    }
    if (isRoom(op.head.room)) {
      c.at = c.bytes.length;
      return { to: null, nick: null };
    }
    const to = c.hex(16);
    const pair = [op.head.author, to].sort().map(unhex);
    demand(op.head.room === `@${sha('skein/direct/1', ...pair)}`);
    return { to, nick: null };
  },
  33: (_, op) => {
    demand(op.feedKind === 1 && op.head.target !== '' && op.head.room !== '' && op.head.payloadHash !== null);
    return {};
  },
  34: (c, op) => {
    const body = { emoji: c.text(64), on: c.flag() };
    demand(op.feedKind === 1 && op.head.target !== '' && op.head.room !== '' && op.head.payloadHash === null);
    demand(body.emoji !== '' && !/[\p{Cc}\p{Cs}\s]/u.test(body.emoji));
    return body;
  },
  35: (c, op) => {
    demand(op.feedKind === 1 && op.head.target !== '' && op.head.room !== '' && op.head.payloadHash === null);
    return { on: c.flag() };
  },
  // What people write for themselves and for moderators is in no export.
  36: () => ({}),
  37: () => ({}),
  38: () => ({}),
};

const retention = (c: Cursor): { retentionSeconds: number } => ({ retentionSeconds: c.number(3_155_760_000) });

function readBody(op: Unread): Body | null {
  if (op.head.kind >= 32 !== op.feedKind > 0) return null;
  try {
    const cursor = new Cursor(op.head.body);
    const body = READERS[op.head.kind]!(cursor, op);
    cursor.end();
    return body;
  } catch {
    return null;
  }
}

function payloadsOf(entry: Entry): (Uint8Array | null)[] {
  const cursor = new Cursor(entry.payloads);
  return entry.heads.map(() => {
    const size = cursor.number();
    return size === 0 ? null : cursor.take(size - 1);
  });
}

/** All ops in history order. */
export function readOps(entries: readonly Entry[], verify: Verify): Op[] {
  const ops: Op[] = [];
  const first = new Map(entries.filter(({ header }) => header !== null).map(({ feed, header }) => [feed, header!]));
  for (const entry of entries) {
    const { node, kind, incarnation } = first.get(entry.feed)!;
    const sibling = sha('skein/feed/1', unhex(entry.network), unhex(node), Buffer.from([0]), unhex(incarnation));
    const payloads = payloadsOf(entry);
    entry.heads.forEach((head, index) => {
      const key = Math.max(entry.hlc, head.after + 1);
      // After the year 2100 nothing counts.
      if (key > 4_102_444_800_000 * 1024) return;
      const op = { entry, index, head, key, payload: payloads[index]!, node, feedKind: kind, sibling };
      ops.push({ ...op, body: readBody({ ...op, verify }) });
    });
  }
  return ops.sort(compare);
}

/** History order. */
export function compare(a: Op, b: Op): number {
  if (a.key !== b.key) return a.key - b.key;
  if (a.entry.feed !== b.entry.feed) return a.entry.feed < b.entry.feed ? -1 : 1;
  return a.entry.seq - b.entry.seq || a.index - b.index;
}
