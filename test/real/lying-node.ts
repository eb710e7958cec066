/**
 * A node modified to lie: a real one, with this file loaded first (`node --import`), which takes hold of its engine and its links and does what it is told over a socket of
 * its own (SKEIN_LIAR). It is a member with a good certificate; all that it signs, it signs with keys that it truly has: its own, those of accounts it makes, and those of
 * sessions that people opened at it.
 */

import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { readEntry, sealEntry } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { nextHlc } from '../../src/core/hlc.ts';
import { type AuthorId, authorId, type FeedId, type RoomId } from '../../src/core/ids.ts';
import { encodeKdf, newKdf } from '../../src/core/kdf.ts';
import { newAccountBody } from '../../src/core/kinds/account.ts';
import { kickBody, muteBody, roleBody } from '../../src/core/kinds/moderation.ts';
import { settleBody } from '../../src/core/kinds/owner.ts';
import { textBody } from '../../src/core/kinds/room.ts';
import { type Head, KIND, NO_BYTES, type Op } from '../../src/core/op.ts';
import type { NodeProcess } from '../../src/demo/processes.ts';
import type { Link } from '../../src/mesh/transport.ts';
import { askNode, type ControlRequest, listenControl } from '../../src/node/control.ts';
import { readIdentity } from '../../src/node/directory.ts';
import { NodeLoop } from '../../src/node/loop.ts';
import { decodeFrame, encodeFrame } from '../../src/wire/frame.ts';
import { LyingPen, messageOf, opOf, random, type Self, signedOpOf, suite } from './lying-pen.ts';

/** Long before anything. */
const LONG_AGO = 1;

/** What somebody who was served here left with it. */
interface Kept {
  readonly author: AuthorId;
  readonly key: NonNullable<ReturnType<Liar['sessionOf']>['key']>;
  readonly certified: NonNullable<ReturnType<Liar['sessionOf']>['certified']>;
  /** Where its own feed was then. */
  readonly governance: number;
  readonly hlc: number;
}

export class Liar {
  readonly #loop: NodeLoop;
  readonly #directory: string;
  readonly #links = new Set<Link>();
  /** Sessions of accounts as other nodes wrote them. */
  readonly #grants: Head[] = [];
  readonly #kept = new Map<string, Kept>();

  constructor(loop: NodeLoop, directory: string) {
    this.#loop = loop;
    this.#directory = directory;
    const { linkUp, linkDown, frame } = loop.linkEvents;
    Object.assign(loop.linkEvents, {
      linkUp: (link: Link) => {
        this.#links.add(link);
        linkUp(link);
      },
      linkDown: (link: Link, reason: string) => {
        this.#links.delete(link);
        linkDown(link, reason);
      },
      frame: (link: Link, bytes: Uint8Array) => {
        this.#read(bytes);
        frame(link, bytes);
      },
    });
  }

  get #self(): Self {
    const { seed, network } = readIdentity(this.#directory)!;
    return { network, key: suite.keyPair(seed), chain: this.#loop.engine.replica.chain };
  }

  #read(bytes: Uint8Array): void {
    const frame = decodeFrame(this.#loop.networkId(), bytes);
    if (frame instanceof Error) return;
    for (const said of frame.type === 'several' ? frame.frames : [frame]) {
      if (said.type !== 'entries') continue;
      for (const { bytes: sealed, payloads } of said.entries) {
        const entry = readEntry(suite, sealed, payloads);
        this.#grants.push(...entry.heads.filter(({ kind }) => kind === KIND.session));
      }
    }
  }

  #tell(...pens: readonly LyingPen[]): string {
    const entries = pens.flatMap((pen) => pen.entries);
    for (const link of this.#links) link.send(encodeFrame(this.#loop.networkId(), { type: 'entries', entries }));
    return `${entries.length} entries to ${this.#links.size} links`;
  }

  #author(name: string): AuthorId {
    const author = this.#loop.accountNamed(name);
    if (!author) throw new Error(`there is no account ${name}`);
    return author;
  }

  sessionOf(author: AuthorId) {
    const [session] = this.#loop.engine.sessions.of(author);
    if (!session) throw new Error('nobody of that name has a session here');
    return session;
  }

  /** Messages by somebody who never granted it. */
  forge(name: string, room: RoomId, text: string): string {
    const author = this.#author(name);
    const self = this.#self;
    const mallory = suite.keyPair(random.bytes(32));
    const forged = (way: string): Op => messageOf(author, room, `${text} (${way})`);
    const bare = new LyingPen(self, nextHlc(0, Date.now()));
    bare.entry(FEED_KIND.governance, [bare.guest(mallory, 'mallory')]);
    bare.entry(FEED_KIND.content, [forged('no grant')]);
    const certified = new LyingPen(self, nextHlc(0, Date.now()));
    const root = this.#loop.ownKey(author)!.key;
    certified.entry(FEED_KIND.governance, [certified.ownSession(author, mallory), certified.ownSession(author, mallory, root)]);
    certified.entry(FEED_KIND.content, [forged('a certificate by nobody')]);
    const replayed = new LyingPen(self, nextHlc(0, Date.now()));
    const grants = this.#grants.filter((head) => head.author === author);
    replayed.entry(
      FEED_KIND.governance,
      grants.map((head) => ({ head, payload: null })),
    );
    replayed.entry(FEED_KIND.content, [forged('a grant to another node')]);
    this.#loop.engine.submit([forged('in its own feed')], () => undefined);
    return `${this.#tell(bare, certified, replayed)}; ${grants.length} grants replayed`;
  }

  /** An account of somebody's name, made long before theirs, that speaks and renames itself to it once more. */
  takeName(name: string, room: RoomId): string {
    const self = this.#self;
    const pens = [new Map(), this.#first()].map((deps) => {
      const pen = new LyingPen(self, LONG_AGO);
      const key = suite.keyPair(random.bytes(32));
      const author = authorId(suite, key.publicKey);
      const kdf = encodeKdf(newKdf(random.bytes(16)));
      const made = signedOpOf(author, KIND.account, (head) => newAccountBody(key, self.network, head, name, kdf));
      pen.entry(FEED_KIND.governance, [made, pen.ownSession(author, key)], deps);
      pen.entry(FEED_KIND.governance, [
        signedOpOf(author, KIND.settle, (head) => settleBody(null, self.network, head, author, name)),
        opOf(author, KIND.join, { room, body: NO_BYTES }),
      ]);
      pen.entry(FEED_KIND.content, [messageOf(author, room, `I am ${name}`)]);
      return pen;
    });
    return this.#tell(...pens);
  }

  /** The beginning of every feed of law that it knows: what anybody may rest on who was there from the start. */
  #first(): Map<FeedId, number> {
    const { log } = this.#loop.engine.replica;
    const feeds = [...log.infos.values()].filter(({ kind, node }) => kind === FEED_KIND.governance && node !== this.#loop.node.id);
    return new Map(feeds.flatMap(({ feed }) => (log.durable.get(feed) ? [[feed, 1] as const] : [])));
  }

  /** Somebody of its own who made the room before all others, and gives themselves every role. */
  takeRole(room: RoomId, victim: string): string {
    const self = this.#self;
    const pen = new LyingPen(self, LONG_AGO);
    const key = suite.keyPair(random.bytes(32));
    const author = authorId(suite, key.publicKey);
    const subject = this.#author(victim);
    const role = (where: RoomId | ''): Op =>
      signedOpOf(author, KIND.role, (head) => roleBody(null, self.network, head, author, 'owner'), { room: where });
    pen.entry(FEED_KIND.governance, [pen.guest(key, 'mallory'), opOf(author, KIND.room, { room, body: textBody(room) })]);
    pen.entry(FEED_KIND.governance, [
      role(room),
      role(''),
      opOf(author, KIND.join, { room }),
      opOf(author, KIND.mute, { room, body: muteBody(subject, 0, 'by a liar') }),
      opOf(author, KIND.kick, { room, body: kickBody(subject, 'by a liar') }),
      opOf(author, KIND.topic, { room, body: textBody('owned by a liar') }),
    ]);
    return this.#tell(pen);
  }

  /** A guest of somebody's name, who was there long before. */
  takeNick(name: string, room: RoomId): string {
    const pen = new LyingPen(this.#self, LONG_AGO);
    const key = suite.keyPair(random.bytes(32));
    const author = authorId(suite, key.publicKey);
    pen.entry(FEED_KIND.governance, [pen.guest(key, name), opOf(author, KIND.join, { room })]);
    return this.#tell(pen);
  }

  /** Takes back a ban: by whom it is about, in the name of whoever made it, and as the node itself; now and long ago. */
  undo(name: string): string {
    const author = this.#author(name);
    const ban = this.#loop.engine.law.ops.find(({ body }) => body.law === 'ban' && body.subject === author)!;
    const { key, certified } = this.#kept.get(name)!;
    const node = authorId(suite, this.#self.key.publicKey);
    const undoBy = (by: AuthorId): Op => opOf(by, KIND.undo, { target: ban.id });
    const pens = [LONG_AGO, nextHlc(0, Date.now())].map((hlc) => {
      const pen = new LyingPen(this.#self, hlc);
      const { feed, seq } = ban.place;
      pen.entry(FEED_KIND.governance, [pen.session(author, key, certified)]);
      pen.entry(FEED_KIND.governance, [undoBy(author), undoBy(ban.head.author), undoBy(node)], new Map([[feed, seq]]));
      return pen;
    });
    this.#loop.engine.submit([undoBy(author), undoBy(ban.head.author), undoBy(node)], () => undefined);
    return this.#tell(...pens);
  }

  /** Keeps the session of somebody who is served here, as their modified client would. */
  keep(name: string): string {
    const author = this.#author(name);
    const { key, certified } = this.sessionOf(author);
    const { log } = this.#loop.engine.replica;
    const governance = log.durable.get(this.#loop.engine.desk.grantFeed)!;
    this.#kept.set(name, { author, key: key!, certified: certified!, governance, hlc: nextHlc(0, Date.now()) });
    return 'kept';
  }

  /** Goes on writing for them, with clocks of before. */
  goOn(name: string, room: RoomId, text: string): string {
    const { author, key, certified, governance, hlc } = this.#kept.get(name)!;
    const self = this.#self;
    const pens = [LONG_AGO, hlc, nextHlc(0, Date.now())].map((when) => {
      const pen = new LyingPen(self, when);
      pen.entry(FEED_KIND.governance, [pen.session(author, key, certified), opOf(author, KIND.join, { room })]);
      pen.entry(FEED_KIND.content, [messageOf(author, room, `${text} (incarnation of ${when})`)]);
      return pen;
    });
    const { log } = this.#loop.engine.replica;
    const { grantFeed } = this.#loop.engine.desk;
    const content = [...log.infos.values()].find(({ sibling, kind }) => sibling === grantFeed && kind === FEED_KIND.content)!;
    const seq = log.durable.get(content.feed)!;
    const tip = { seq, hash: log.recent.of(content.feed, seq)!, hlc };
    const ops = [messageOf(author, room, `${text} (where it spoke before)`)];
    const next = sealEntry(suite, self.key, {
      ...{ network: self.network, feed: content.feed, tip, hlc: hlc + 1, governance, deps: new Map(), header: null, ops },
    });
    const told = this.#tell(...pens);
    for (const link of this.#links) link.send(encodeFrame(self.network, { type: 'entries', entries: [next] }));
    return `${told}, and one more in its feed`;
  }

  /** What its own engine, which knows no law, writes for them. */
  write(name: string, room: RoomId, text: string): string {
    this.#loop.engine.submit([messageOf(this.#kept.get(name)!.author, room, text)], () => undefined);
    return 'written';
  }

  do({ command, ...fields }: ControlRequest): string {
    const [name, room, text] = ['name', 'room', 'text'].map((field) => String(fields[field] ?? '')) as [string, RoomId, string];
    switch (command) {
      case 'forge':
        return this.forge(name, room, text);
      case 'take name':
        return this.takeName(name, room);
      case 'take role':
        return this.takeRole(room, name);
      case 'take nick':
        return this.takeNick(name, room);
      case 'keep':
        return this.keep(name);
      case 'undo':
        return this.undo(name);
      case 'go on':
        return this.goOn(name, room, text);
      case 'write':
        return this.write(name, room, text);
      default:
        throw new Error(`this node does not lie like that: ${command}`);
    }
  }
}

const told = process.env['SKEIN_LIAR'];
if (isMainThread && told !== undefined) {
  const { start } = NodeLoop.prototype;
  NodeLoop.prototype.start = function (this: NodeLoop, transport): void {
    const liar = new Liar(this, told);
    void listenControl(join(told, 'liar'), async function* (request) {
      yield '';
      return liar.do(request);
    });
    Reflect.apply(start, this, [transport]);
  };
}

/** Starts a node as one that lies. */
export async function startLying(node: NodeProcess, flags: readonly string[]): Promise<void> {
  await node.start(flags, ['env', `NODE_OPTIONS=--import ${import.meta.url}`, `SKEIN_LIAR=${node.directory}`]);
}

/** Has it lie; what it told. */
export async function lie(node: NodeProcess, command: string, fields: Readonly<Record<string, string>>): Promise<string> {
  return String(await askNode(join(node.directory, 'liar'), { command, ...fields }));
}
