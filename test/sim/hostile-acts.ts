/** What a hostile member does, by name: acts of its own, and what it does to the frames of its engine. */

import { type Entry, NO_TIP, readEntry, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { HLC_PER_MS } from '../../src/core/hlc.ts';
import { authorId, type FeedId, messageId, type NetworkId, type NodeId, type RoomId } from '../../src/core/ids.ts';
import { newAccountBody } from '../../src/core/kinds/account.ts';
import { endBody } from '../../src/core/kinds/end.ts';
import { guestBody } from '../../src/core/kinds/guest.ts';
import { roleBody } from '../../src/core/kinds/moderation.ts';
import { renameBody } from '../../src/core/kinds/rename.ts';
import { textBody } from '../../src/core/kinds/room.ts';
import { UNCOVERED } from '../../src/core/law/body.ts';
import { encodeMessage } from '../../src/core/message.ts';
import { KIND, NO_BYTES, type Op, writePayloads } from '../../src/core/op.ts';
import { toHex, utf8 } from '../../src/lib/bytes.ts';
import {
  encodeFrame,
  type Frame,
  HAVE_TAG,
  haveBytes,
  RECORD_TAG,
  recordBytes,
  type SaidFrame,
  type SealedEntry,
} from '../../src/wire/frame.ts';
import { WHISPER_TAG, whisperBytes } from '../../src/wire/whisper.ts';
import type { Client } from './client.ts';
import { EPOCH_MS } from './clock.ts';
import type { Hostile } from './hostile.ts';
import { Pen } from './pen.ts';
import type { Act } from './plan.ts';

/** Does it. Whether there was something to do. */
type Perform = (hostile: Hostile) => boolean;
/** The bytes in place of those of the engine's frame, null for none, undefined where the act leaves it as it is. */
type Tamper = (hostile: Hostile, bytes: Uint8Array, frame: Frame) => Uint8Array | null | undefined;

const YEAR_MS = 31_557_600_000;
/** With the slowest honest clock, an hour behind, it is just within what a door takes for honest (ADR 8). */
const AHEAD_MS = 1.9 * 3_600_000;
const FLOOD_FEEDS = 15;
const FLOOD_OPS = 40;
const FORK_HLC = 3_000_000 * HLC_PER_MS;
const UNKNOWN_KIND = 1000;
/** Four ops of it make an entry of 60 KB. */
const LARGE_BYTES = 15_000;

function victim({ world }: Hostile): Client {
  return world.clients[world.dice.below(world.clients.length)]!;
}

/** A message by its own session, at a time that it chooses. */
function postAt(hlcOf: (hostile: Hostile) => number): Perform {
  return (hostile) => {
    const pen = hostile.pen();
    pen.hlc = hlcOf(hostile);
    return hostile.tell([pen.arrive(), pen.post('I was here before all of you')]);
  };
}

/** Messages in the name of somebody who granted it nothing. */
function forge(hostile: Hostile): boolean {
  const pen = hostile.pen();
  const { author, rooms } = victim(hostile);
  const [room] = rooms;
  const forged = pen.message('I said no such thing', { author, ...(room ? { room } : {}) });
  return hostile.tell([pen.arrive(), pen.voidEntry(FEED_KIND.content, [forged])]);
}

function forgeGovernance(hostile: Hostile): boolean {
  const pen = hostile.pen();
  const { author } = victim(hostile);
  const room = hostile.world.roomNames[0]!;
  const ops = [
    pen.op({ kind: KIND.rename, author, body: renameBody('fool') }),
    pen.op({ kind: KIND.part, author, room, body: textBody('bye') }),
    pen.op({ kind: KIND.topic, author, room, body: textBody('forged') }),
    pen.op({ kind: KIND.end, author, body: endBody(author, pen.info(FEED_KIND.governance).feed, 'ended') }),
    pen.op({ kind: KIND.end, body: endBody(author, pen.info(FEED_KIND.governance).feed, 'ended') }),
  ];
  return hostile.tell([pen.voidEntry(FEED_KIND.governance, ops)]);
}

/** A grant that nobody gave: signed by the wrong key, or for another network. */
function forgeGrant(hostile: Hostile): boolean {
  const pen = hostile.pen();
  const { world } = hostile;
  const { key, author } = victim(hostile);
  const { feed, node } = pen.info(FEED_KIND.governance);
  const elsewhere = guestBody(key, 'double', toHex(world.dice.bytes(16)) as NetworkId, node, feed);
  const wrong = guestBody({ ...pen.session, publicKey: key.publicKey }, 'double', world.id, node, feed);
  const grants = [elsewhere, wrong].map((body) => pen.op({ kind: KIND.guest, author, body }));
  const forged = pen.message('granted, was I not?', { author });
  return hostile.tell([pen.voidEntry(FEED_KIND.governance, grants), pen.voidEntry(FEED_KIND.content, [forged])]);
}

/** A true grant to another node's incarnation, said again in its own feed. */
function replayGrant(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const authors = new Set(world.clients.map(({ author }) => author));
  const grants = machine.disk.store.log.flatMap(({ heads }) =>
    heads.filter((head) => head.kind === KIND.guest && authors.has(head.author)),
  );
  const grant = grants[world.dice.below(grants.length)];
  if (!grant) return false;
  const pen = hostile.pen();
  const forged = pen.message('granted elsewhere', { author: grant.author });
  return hostile.tell([pen.voidEntry(FEED_KIND.governance, [{ head: grant, payload: null }]), pen.voidEntry(FEED_KIND.content, [forged])]);
}

/** The next entry of somebody else's feed, under its own signature. */
function wrongSignature(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const entry = foreignEntry(hostile);
  if (!entry) return false;
  const { feed, seq, hash, hlc, network } = entry;
  const ops = [hostile.pen().message('not mine')];
  const tip = { seq, hash, hlc };
  return hostile.tell([
    sealEntry(world.suite, machine.key, { network, feed, tip, hlc: hlc + 1, governance: 1, deps: new Map(), header: null, ops }),
  ]);
}

/** The last entry it has of a feed that is not its own. */
function foreignEntry({ world, machine }: Hostile): Entry | undefined {
  const { log } = machine.disk.store;
  const { infos } = machine.engine!.replica.log;
  const lasts = new Map<FeedId, Entry>();
  for (const entry of log) if (infos.get(entry.feed)?.node !== machine.node) lasts.set(entry.feed, entry);
  return [...lasts.values()][world.dice.below(lasts.size)];
}

/** A feed that says it is another node's. */
function foreignFeed(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const other = world.honest()[0]!;
  const pen = hostile.pen();
  const { feed, kind, incarnation } = pen.info(FEED_KIND.governance);
  const header = { node: other.node, kind, incarnation, chain: other.disk.chain };
  const ops = [pen.op({ kind: KIND.topic })];
  const draft = { network: world.id, feed, tip: NO_TIP, hlc: pen.hlc, governance: 0, deps: new Map(), header, ops };
  return hostile.tell([sealEntry(world.suite, machine.key, draft)]);
}

/** Entries that wait for what will never come, and a false one in the way of a true one. */
function fillWaiting(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const pen = hostile.pen();
  const never = new Map([[toHex(world.dice.bytes(16)) as FeedId, 7]]);
  const ops: Op[] = Array.from({ length: 20 }, () => pen.message('x'.repeat(1000)));
  const entries = [pen.draft(FEED_KIND.content, ops, never)];
  const last = foreignEntry(hostile);
  if (last) {
    const tip = { seq: last.seq + 1, hash: last.hash, hlc: last.hlc };
    const draft = { network: world.id, feed: last.feed, tip, hlc: last.hlc + 1, governance: 0, deps: new Map(), header: null, ops: [] };
    entries.push(sealEntry(world.suite, machine.key, draft));
  }
  return hostile.tell(entries);
}

/** Many feeds, and many messages in one. */
function flood(hostile: Hostile): boolean {
  const entries = Array.from({ length: FLOOD_FEEDS }, () => hostile.pen().arrive());
  const pen = hostile.pen();
  entries.push(pen.arrive(), pen.post(...Array.from({ length: FLOOD_OPS }, (_, i) => `flood ${i}`)));
  return hostile.tell(entries);
}

/** Somebody's message id, under its own author. */
function occupy(hostile: Hostile): boolean {
  const sends = hostile.world.events.filter((event) => event.type === 'send');
  const send = sends.at(-1);
  if (!send) return false;
  const pen = hostile.pen();
  const client = send.id.slice(0, 32) as Op['head']['client'];
  return hostile.tell([pen.arrive(), pen.entry(FEED_KIND.content, [pen.message('this id is mine', { client })])]);
}

/** One id with two heads, each told to another peer. */
function twoHeads(hostile: Hostile): boolean {
  const [one, other] = hostile.peers();
  if (!one || !other) return false;
  const pen = hostile.pen();
  const twin = new Pen(hostile.world, hostile.machine, pen.session);
  const { client } = pen.head({ kind: KIND.message });
  for (const [to, by, text] of [
    [one, pen, 'yes'],
    [other, twin, 'no'],
  ] as const) {
    const entries = [by.arrive(), by.entry(FEED_KIND.content, [by.message(text, { client })])];
    hostile.machine.sendRaw(encodeFrame(hostile.world.id, { type: 'entries', entries }), (node) => node === to);
  }
  return true;
}

/** Two entries at one place of its feed, the first or a later one, each told to another peer; sometimes as large as entries get, sometimes with more behind them. */
function equivocate(hostile: Hostile): boolean {
  const [one, other] = hostile.peers();
  if (!one || !other) return false;
  const { dice } = hostile.world;
  const [isLater, isLarge, isLong, isLaw] = [dice.unit() < 0.5, dice.unit() < 0.25, dice.unit() < 0.5, dice.unit() < 0.3];
  const pen = hostile.pen();
  const before = [pen.arrive(), ...(isLater ? [pen.post('so far all agree')] : [])];
  const filler = isLarge ? Array.from({ length: 4 }, () => pen.op({ kind: UNKNOWN_KIND, body: new Uint8Array(LARGE_BYTES) })) : [];
  for (const [to, text] of [
    [one, 'yes'],
    [other, 'no'],
  ] as const) {
    const branch = pen.copy();
    const governs = (): Entry => branch.entry(FEED_KIND.governance, [branch.op({ kind: KIND.rename, body: renameBody(text) })]);
    // What rests on the one branch comes, by its clock, long after what rests on the other.
    if (isLaw && to === other) branch.hlc += FORK_HLC;
    const fork = isLaw ? governs() : branch.entry(FEED_KIND.content, [branch.message(text), ...filler]);
    const entries = [...before, fork];
    if (isLong) entries.push(branch.post(`${text}, I said`));
    hostile.machine.sendRaw(encodeFrame(hostile.world.id, { type: 'entries', entries }), (node) => node === to);
  }
  return true;
}

/**
 * Two histories of a governance feed from its first entry or a later one on, of several lengths, with content on either or none: one is told to one peer, and the other
 * a while later to another, when much may rest on the first.
 */
function forkGovernance(hostile: Hostile): boolean {
  const [one, other] = hostile.peers();
  if (!one || !other) return false;
  const { dice, timeline, id } = hostile.world;
  const isFirst = dice.unit() < 0.3;
  const pen = hostile.pen();
  const before = isFirst ? [] : [pen.arrive(), ...(dice.unit() < 0.5 ? [pen.post('so far all agree')] : [])];
  for (const [to, text, atMs] of [
    [one, 'yes', 0],
    [other, 'no', 800 * dice.unit()],
  ] as const) {
    const branch = pen.copy();
    if (dice.unit() < 0.3) branch.hlc += FORK_HLC;
    const rename = (): Entry => branch.entry(FEED_KIND.governance, [branch.op({ kind: KIND.rename, body: renameBody(text) })]);
    const entries = [...before, ...(isFirst ? [branch.arrive()] : []), ...Array.from({ length: 1 + dice.below(4) }, rename)];
    if (dice.unit() < 0.5) entries.push(branch.post(`${text}, I said`));
    const bytes = encodeFrame(id, { type: 'entries', entries });
    timeline.after(atMs, () => {
      if (hostile.machine.state === 'up') hostile.machine.sendRaw(bytes, (node) => node === to);
    });
  }
  return true;
}

/** Bodies that are none, of every kind there is, by its session and by itself. */
function garbage(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const pen = hostile.pen();
  const self = authorId(world.suite, machine.node);
  const body = (): Uint8Array => Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 127, ...world.dice.bytes(world.dice.below(40))]);
  const governance = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((kind) => [
    pen.op({ kind, body: body() }),
    pen.op({ kind, author: self, body: body() }),
  ]);
  const content = [pen.op({ kind: KIND.message, body: body() }), pen.message('in no room', { room: '', body: body() })];
  const short = Uint8Array.of(1, 2, 3);
  content.push({ head: pen.head({ kind: KIND.message, room: '', payloadHash: world.suite.sha256(short) }), payload: short });
  return hostile.tell([pen.arrive(), pen.voidEntry(FEED_KIND.governance, governance), pen.voidEntry(FEED_KIND.content, content)]);
}

/** What a later version might write. */
function unknownKinds(hostile: Hostile): boolean {
  const pen = hostile.pen();
  const body = utf8('from a later version');
  const payload = encodeMessage(hostile.world.dice.bytes(16), 'text', 'who knows');
  const ops: Op[] = [
    pen.op({ kind: UNKNOWN_KIND, body }),
    { head: pen.head({ kind: 1001, body, payloadHash: hostile.world.suite.sha256(payload) }), payload },
  ];
  return hostile.tell([pen.voidEntry(FEED_KIND.governance, [pen.op({ kind: 31, body })]), pen.voidEntry(FEED_KIND.content, ops)]);
}

/** A signed word that it holds far more than there is. */
function falseHave(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const vector = new Map([...machine.disk.store.vector].map(([feed, seq]) => [feed, seq + 1000]));
  const body = { holder: machine.node, vector };
  const have = { ...body, signature: machine.key.sign(HAVE_TAG, haveBytes(world.id, body)) };
  return hostile.say(encodeFrame(world.id, { type: 'have', have }), true);
}

function replayRecords(hostile: Hostile): boolean {
  const { records, world } = hostile;
  const record = records[world.dice.below(records.length)];
  return record !== undefined && hostile.say(record);
}

/** Its own record, with links it does not have and addresses that are nobody's, from the future; and another's, which it cannot sign. */
function forgeRecord(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const links = world.machines.map(({ node }) => node).filter((node) => node !== machine.node);
  const feed = machine.engine!.replica.log.governanceInfo.feed;
  const atMs = Math.floor(machine.now().wallMs) + YEAR_MS;
  const body = { node: machine.node, name: 'mallory', atMs, feed, addresses: ['sim:77', 'sim:78'], links, vitals: Uint8Array.of(255, 1) };
  const sign = (bytes: Uint8Array): Uint8Array => machine.key.sign(RECORD_TAG, bytes);
  const own = { ...body, signature: sign(recordBytes(world.id, body)) };
  const forged = { ...body, node: world.honest()[0]!.node };
  hostile.say(encodeFrame(world.id, { type: 'record', record: { ...forged, signature: sign(recordBytes(world.id, forged)) } }));
  return hostile.say(encodeFrame(world.id, { type: 'record', record: own }));
}

/** Says of every feed the same. */
function ofAllFeeds(frameOf: (feed: FeedId) => SaidFrame): Perform {
  return (hostile) => {
    let told = false;
    for (const feed of hostile.machine.disk.store.vector.keys())
      told = hostile.say(encodeFrame(hostile.world.id, frameOf(feed)), true) || told;
    return told;
  };
}

/** That somebody types to somebody, who never granted it, under its own name and under another member's. */
function whisperForOthers(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const { author } = victim(hostile);
  const said = { type: 'typing', to: { author: victim(hostile).author }, on: true } as const;
  const honest = world.servers().find(({ engine }) => engine);
  const tell = (node: NodeId, feed: FeedId): boolean => {
    const body = { node, feed, number: Math.floor(world.timeline.nowMs), author, said };
    const whisper = { ...body, signature: machine.key.sign(WHISPER_TAG, whisperBytes(world.id, body)) };
    return hostile.say(encodeFrame(world.id, { type: 'whisper', whisper, hops: 0 }), true);
  };
  if (honest) tell(honest.node, honest.engine!.replica.log.governanceInfo.feed);
  const { replica, members } = machine.engine!;
  const { feed } = replica.log.governanceInfo;
  // Its feed is known from its first entry on.
  if (!replica.log.durable.has(feed)) members.invite(1, 0);
  return tell(machine.node, feed);
}

/** A name and a room that a checkpoint covers, claimed before all of them by the clock, with every role in it. */
function backdateClaims(hostile: Hostile): boolean {
  const { world, machine } = hostile;
  const { law } = machine.engine!;
  const inForce = law.ops.filter((op) => law.voidOf(op) === null);
  const checkpoints = inForce.filter(({ body }) => body.law === 'checkpoint').map(({ id }) => id);
  const covered = inForce.filter(({ body, rank, head }) => {
    const isClaim = body.law === 'account' || (body.law === 'founded' && head.room[0] === '#');
    return isClaim && rank !== UNCOVERED && !world.hostileAuthors.has(head.author);
  });
  const claimed = covered[world.claimDice.below(Math.max(1, covered.length))];
  if (!claimed) return false;
  const { body } = claimed;
  const pen = hostile.pen();
  pen.hlc = 1;
  const claim = (to: string, { head: { author, client } }: Op): void => {
    world.claims.push({ to, covered: claimed.id, by: messageId(author, client), checkpoints });
  };
  if (body.law === 'account') {
    const head = pen.head({ kind: KIND.account });
    const made = { head: { ...head, body: newAccountBody(pen.session, world.id, head, body.name, NO_BYTES) }, payload: null };
    claim(body.name, made);
    return hostile.tell([pen.entry(FEED_KIND.governance, [made])]);
  }
  const room = claimed.head.room as RoomId;
  const founded = pen.op({ kind: KIND.room, room, body: textBody(room) });
  claim(room, founded);
  const role = pen.head({ kind: KIND.role, room });
  const owns = { head: { ...role, body: roleBody(null, world.id, role, pen.author, 'owner') }, payload: null };
  return hostile.tell([pen.arrive(), pen.entry(FEED_KIND.governance, [founded]), pen.entry(FEED_KIND.governance, [owns])]);
}

export const PERFORM: Readonly<Partial<Record<Act, Perform>>> = {
  backdate: postAt(() => 1),
  'backdate claims': backdateClaims,
  'ahead of time': postAt(({ world }) => Math.floor(EPOCH_MS + world.timeline.nowMs + AHEAD_MS) * HLC_PER_MS),
  'a year ahead': postAt(({ machine }) => (machine.now().wallMs + YEAR_MS) * HLC_PER_MS),
  'end of time': postAt(() => Number.MAX_SAFE_INTEGER - 5),
  forge,
  'forge governance': forgeGovernance,
  'forge grant': forgeGrant,
  'replay grant': replayGrant,
  'wrong signature': wrongSignature,
  'foreign feed': foreignFeed,
  'fill the waiting': fillWaiting,
  flood,
  'occupy id': occupy,
  'two heads': twoHeads,
  equivocate,
  'fork governance': forkGovernance,
  'whisper for others': whisperForOthers,
  'garbage bodies': garbage,
  'unknown kinds': unknownKinds,
  'oversized frame': (hostile) => hostile.say(new Uint8Array(1_100_000).fill(6)),
  'unknown frame': (hostile) => hostile.say(Uint8Array.of(200, 1, 2, 3)),
  'false have': falseHave,
  'replay records': replayRecords,
  'forge record': forgeRecord,
  'prune all': ofAllFeeds((feed) => ({ type: 'prune', feed })),
  'want all': ofAllFeeds((feed) => ({ type: 'want', feed, after: 0 })),
};

export const TAMPER: Readonly<Partial<Record<Act, Tamper>>> = {
  'strip payloads': ({ world }, _bytes, frame) => {
    if (frame.type !== 'entries') return undefined;
    const without = ({ bytes, payloads }: SealedEntry): Uint8Array =>
      world.dice.below(4) === 0 ? new Uint8Array(0) : writePayloads(readEntry(world.suite, bytes, payloads).heads.map(() => null));
    return encodeFrame(world.id, { type: 'entries', entries: frame.entries.map((entry) => ({ ...entry, payloads: without(entry) })) });
  },
  withhold: (_hostile, _bytes, frame) => (frame.type === 'entries' ? null : undefined),
  'corrupt frames': ({ world }, bytes) => {
    const copy = bytes.slice();
    copy[world.dice.below(copy.length)]! ^= 1 << world.dice.below(8);
    return copy;
  },
  'truncate frames': ({ world }, bytes) => bytes.slice(0, world.dice.below(bytes.length)),
};
