/** A long history written straight into the log of a node that is stopped, as that node would have written it: several incarnations, their guests, many rooms. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Entry, type FeedTip, NO_TIP, sealEntry } from '../src/core/entry.ts';
import { FEED_KIND, type FeedInfo, type FeedKind, feedInfo } from '../src/core/feed.ts';
import { HLC_PER_MS } from '../src/core/hlc.ts';
import { type AuthorId, authorId, type FeedId, type NodeId, type RoomId } from '../src/core/ids.ts';
import { guestBody } from '../src/core/kinds/guest.ts';
import { encodeMessage } from '../src/core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../src/core/op.ts';
import { uuidV7 } from '../src/core/uuid.ts';
import { toHex, utf8 } from '../src/lib/bytes.ts';
import { makeSuite } from '../src/lib/crypto.ts';
import { seededRandom } from '../src/lib/prng.ts';
import { type Identity, readIdentity } from '../src/node/directory.ts';
import { LogWriter } from '../src/store/log-writer.ts';
import { packBatch } from '../src/store/packing.ts';
import { readFeeds } from '../src/store/rows.ts';
import { openLogReader } from '../src/store/schema.ts';
import { LOG_FILE } from '../src/store/sqlite.ts';

export interface Shape {
  readonly messages: number;
  readonly rooms: number;
  readonly incarnations: number;
  /** Of each incarnation. */
  readonly guests: number;
  /** Messages in an entry that many people wrote at once. */
  readonly gathered: number;
  /** The share of messages that have an entry of their own. */
  readonly alone: number;
  /** What is said as message `no` instead, where something else is to be found than chance says. */
  readonly say?: (no: number, said: Said) => Said;
}

export interface Said {
  /** The number of the guest of its incarnation. */
  readonly guest: number;
  readonly room: string;
  readonly text: string;
}

export const MILLION: Shape = { messages: 1_000_000, rooms: 20, incarnations: 5, guests: 20, gathered: 100, alone: 0.05 };

/** Entries in one transaction. */
const BATCH_ENTRIES = 64;
/** Between two entries, in ms of the history’s own time. */
const STEP_MS = 500;
const SEED = 3;
const suite = makeSuite();
const random = seededRandom(SEED);

interface Guest {
  readonly author: AuthorId;
  readonly arrival: Op;
}

/** What one start of the node writes. */
class Incarnation {
  readonly #identity: Identity;
  readonly #key;
  readonly #incarnation = toHex(random.bytes(16));
  readonly #tips = new Map<FeedKind, FeedTip>();
  readonly #clock: { ms: number };

  constructor(identity: Identity, clock: { ms: number }) {
    this.#identity = identity;
    this.#key = suite.keyPair(identity.seed);
    this.#clock = clock;
  }

  info(kind: FeedKind): FeedInfo {
    const node = this.#key.publicKey as NodeId;
    return feedInfo(suite, this.#identity.network, { node, kind, incarnation: this.#incarnation });
  }

  guest(name: string): Guest {
    const session = suite.keyPair(random.bytes(32));
    const author = authorId(suite, session.publicKey);
    const { node, feed } = this.info(FEED_KIND.governance);
    const body = guestBody(session, name, this.#identity.network, node, feed);
    return { author, arrival: { head: this.#head({ kind: KIND.guest, author, body }), payload: null } };
  }

  message(author: AuthorId, room: RoomId, text: string): Op {
    const payload = encodeMessage(random.bytes(SALT_BYTES), 'text', text);
    return { head: this.#head({ kind: KIND.message, author, room, payloadHash: suite.sha256(payload) }), payload };
  }

  #head(fields: Partial<Head> & Pick<Head, 'kind' | 'author'>): Head {
    const client = uuidV7(this.#clock.ms, random);
    return { client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null, ...fields };
  }

  seal(kind: FeedKind, ops: readonly Op[], deps: ReadonlyMap<FeedId, number>): Entry {
    const { feed, node } = this.info(kind);
    const tip = this.#tips.get(kind) ?? NO_TIP;
    const { network, chain } = this.#identity;
    this.#clock.ms += STEP_MS;
    const entry = sealEntry(suite, this.#key, {
      network,
      feed,
      tip,
      hlc: this.#clock.ms * HLC_PER_MS,
      governance: kind === FEED_KIND.content ? this.#tips.get(FEED_KIND.governance)!.seq : 0,
      deps: tip.seq === 0 ? deps : new Map(),
      header: tip.seq === 0 ? { node, kind, incarnation: this.#incarnation, chain } : null,
      ops,
    });
    this.#tips.set(kind, entry);
    return entry;
  }
}

/** Texts people wrote, where they are there; else words of the same length. */
function textsToSay(): string[] {
  const folder = join(import.meta.dirname, '..', '..', 'shared', 'data', 'ubuntu-irc');
  if (!existsSync(folder)) return Array.from({ length: 5000 }, () => words());
  const lines = readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
  return lines.flatMap((line) => /^\[[^\]]+\] <[^>]+> (.+)$/.exec(line)?.[1] ?? []).filter((text) => utf8(text).length < 400);
}

function words(): string {
  const letters = 'etaoinshrdlu';
  const word = (): string => Array.from({ length: 2 + random.below(8) }, () => letters[random.below(letters.length)]).join('');
  return Array.from({ length: 4 + random.below(16) }, word).join(' ');
}

/** How many messages the next entry has, so that the share of lonely ones comes out. */
function entrySize({ gathered, alone }: Shape): number {
  const lonelyEntries = alone / (alone + (1 - alone) / gathered);
  return random.unit() < lonelyEntries ? 1 : gathered;
}

/** All entries of the shape, in the order in which the node would have written them. */
function* history(identity: Identity, shape: Shape, held: Map<FeedKind, Map<FeedId, number>>): Generator<Entry> {
  const texts = textsToSay();
  const clock = { ms: Date.now() - shape.messages * STEP_MS };
  let count = 0;
  for (let no = 0; no < shape.incarnations; no++) {
    const one = new Incarnation(identity, clock);
    const guests = Array.from({ length: shape.guests }, (_, i) => one.guest(`guest${no}x${i}`));
    const arrivals = guests.map((guest) => guest.arrival);
    yield one.seal(FEED_KIND.governance, arrivals, held.get(FEED_KIND.governance)!);
    const deps = new Map([...held.values()].flatMap((feeds) => [...feeds]));
    let seq = 0;
    for (let left = Math.floor(shape.messages / shape.incarnations); left > 0; seq++) {
      const size = Math.min(left, entrySize(shape));
      left -= size;
      const say = (): Op => {
        const room = `#room${random.below(shape.rooms)}`;
        const said = { room, guest: random.below(guests.length), text: texts[random.below(texts.length)]! };
        const { guest, ...what } = shape.say?.(count++, said) ?? said;
        return one.message(guests[guest]!.author, what.room as RoomId, what.text);
      };
      yield one.seal(FEED_KIND.content, Array.from({ length: size }, say), deps);
    }
    held.get(FEED_KIND.governance)!.set(one.info(FEED_KIND.governance).feed, 1);
    held.get(FEED_KIND.content)!.set(one.info(FEED_KIND.content).feed, seq);
  }
}

/** Writes the history into the log of a node that is stopped. Returns how many entries it has. */
export function writeHistory(directory: string, shape: Shape): number {
  const identity = readIdentity(directory)!;
  const file = join(directory, LOG_FILE);
  const held = new Map([FEED_KIND.governance, FEED_KIND.content].map((kind) => [kind as FeedKind, new Map<FeedId, number>()]));
  const db = openLogReader(file);
  for (const { info, tip } of readFeeds(db, suite, identity.network)) held.get(info.kind)?.set(info.feed, tip.seq);
  db.close();
  const writer = new LogWriter(file, 'NORMAL');
  let batch: Entry[] = [];
  let count = 0;
  const flush = (): void => {
    if (batch.length > 0) writer.append(packBatch(batch));
    count += batch.length;
    batch = [];
  };
  for (const entry of history(identity, shape, held)) {
    batch.push(entry);
    if (batch.length === BATCH_ENTRIES) flush();
  }
  flush();
  writer.close();
  return count;
}
