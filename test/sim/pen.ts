/** Feeds that a hostile member writes past its engine, under its own good key and certificate: an incarnation of its own, with a session of its own. */

import { type Entry, type FeedTip, NO_TIP, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../../src/core/feed.ts';
import { nextHlc } from '../../src/core/hlc.ts';
import { type AuthorId, authorId, type ClientId, type RoomId } from '../../src/core/ids.ts';
import { guestBody } from '../../src/core/kinds/guest.ts';
import { encodeMessage } from '../../src/core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../../src/core/op.ts';
import type { KeyPair } from '../../src/core/suite.ts';
import { uuidV7 } from '../../src/core/uuid.ts';
import type { ReadonlyVector } from '../../src/core/vector.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { encodeFrame } from '../../src/wire/frame.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

export class Pen {
  readonly #world: World;
  readonly #machine: Machine;
  readonly #incarnation: string;
  readonly session: KeyPair;
  readonly author: AuthorId;
  readonly #tips = new Map<FeedKind, FeedTip>();
  /** What its next entry's clock says, at least. */
  hlc: number;

  constructor(world: World, machine: Machine, session?: KeyPair, incarnation?: string) {
    this.#world = world;
    this.#machine = machine;
    this.#incarnation = incarnation ?? toHex(world.dice.bytes(16));
    this.session = session ?? world.suite.keyPair(world.dice.bytes(32));
    this.author = authorId(world.suite, this.session.publicKey);
    this.hlc = nextHlc(0, machine.now().wallMs);
    world.hostileAuthors.add(this.author);
  }

  /** A pen that goes on in the same feeds from where this one is, and knows nothing of what it writes next. */
  copy(): Pen {
    const copy = new Pen(this.#world, this.#machine, this.session, this.#incarnation);
    for (const [kind, tip] of this.#tips) copy.#tips.set(kind, tip);
    copy.hlc = this.hlc;
    return copy;
  }

  info(kind: FeedKind): FeedInfo {
    const { key, node } = this.#machine;
    return feedInfo(this.#world.suite, this.#world.id, { node: key.publicKey as typeof node, kind, incarnation: this.#incarnation });
  }

  /** The next entry of a feed, which does not take its place there before `keep`. */
  draft(kind: FeedKind, ops: readonly Op[], deps: ReadonlyVector = new Map()): Entry {
    const { suite, id: network } = this.#world;
    const { feed, node, incarnation } = this.info(kind);
    const tip = this.#tips.get(kind) ?? NO_TIP;
    const header = tip.seq === 0 ? { node, kind, incarnation, chain: this.#machine.disk.chain } : null;
    const governance = kind === FEED_KIND.governance ? 0 : (this.#tips.get(FEED_KIND.governance)?.seq ?? 0);
    const hlc = Math.max(this.hlc, tip.hlc + 1);
    return sealEntry(suite, this.#machine.key, { network, feed, tip, hlc, governance, deps, header, ops });
  }

  keep(kind: FeedKind, entry: Entry): Entry {
    this.#tips.set(kind, { seq: entry.seq, hash: entry.hash, hlc: entry.hlc });
    this.hlc = Math.max(this.hlc, entry.hlc + 1);
    return entry;
  }

  entry(kind: FeedKind, ops: readonly Op[]): Entry {
    return this.keep(kind, this.draft(kind, ops));
  }

  /** An entry of which nothing may have an effect. */
  voidEntry(kind: FeedKind, ops: readonly Op[]): Entry {
    const entry = this.entry(kind, ops);
    this.#world.voidEntries.add(`${entry.feed}/${entry.seq}`);
    return entry;
  }

  head(fields: Partial<Head> & Pick<Head, 'kind'>): Head {
    const client: ClientId = uuidV7(this.#machine.now().wallMs, this.#world.dice);
    return { author: this.author, client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null, ...fields };
  }

  op(fields: Partial<Head> & Pick<Head, 'kind'>): Op {
    return { head: this.head(fields), payload: null };
  }

  /** Its session arrives, and grants this incarnation. */
  arrive(): Entry {
    const { feed, node } = this.info(FEED_KIND.governance);
    const body = guestBody(this.session, 'mallory', this.#world.id, node, feed);
    return this.entry(FEED_KIND.governance, [this.op({ kind: KIND.guest, body })]);
  }

  message(text: string, fields: Partial<Head> = {}): Op {
    const payload = encodeMessage(this.#world.dice.bytes(SALT_BYTES), 'text', text);
    const room: RoomId = this.#world.roomNames[0]!;
    return { head: this.head({ kind: KIND.message, room, payloadHash: this.#world.suite.sha256(payload), ...fields }), payload };
  }

  post(...texts: string[]): Entry {
    return this.entry(
      FEED_KIND.content,
      texts.map((text) => this.message(text)),
    );
  }
}

export function entriesFrame({ id }: World, entries: readonly Pick<Entry, 'bytes' | 'payloads'>[]): Uint8Array {
  return encodeFrame(id, { type: 'entries', entries });
}
