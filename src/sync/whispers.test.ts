import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { FEED_KIND, type FeedInfo, feedInfo } from '../core/feed.ts';
import type { AuthorId, NodeId, RoomId } from '../core/ids.ts';
import { seededRandom } from '../lib/prng.ts';
import type { SaidFrame } from '../wire/frame.ts';
import { type Said, WHISPER_TAG, type Whisper, whisperBytes } from '../wire/whisper.ts';
import { WHISPERS_OF_AUTHOR, WHISPERS_OF_LINK, WHISPERS_OF_NODE } from './limits.ts';
import { SyncLink } from './link.ts';
import { Links } from './links.ts';
import { Log } from './log.ts';
import { Peers } from './peers.ts';
import { Whispers } from './whispers.ts';

type WhisperFrame = Extract<SaidFrame, { type: 'whisper' }>;

const NODES = 6;
const keys = Array.from({ length: NODES }, (_, i) => new FeedWriter(80 + i).key);
const ids = keys.map(({ publicKey }) => publicKey as NodeId);
const { chain } = new FeedWriter(80).arrive().header!;
const incarnation = (node: number): string => `${node + 1}`.repeat(32);
const infoOf = (node: number): FeedInfo =>
  feedInfo(suite, network, { node: ids[node]!, kind: FEED_KIND.governance, incarnation: incarnation(node) });
const INFOS = ids.map((_, node) => infoOf(node));
const ann = 'aa'.repeat(16) as AuthorId;
const bob = 'bb'.repeat(16) as AuthorId;
const typing: Said = { type: 'typing', to: { room: '#r' as RoomId }, on: true };
const at = (monoMs: number) => ({ wallMs: 0, monoMs });

type Edge = readonly [number, number];

/** One node that knows all the others, linked as the edges say; `told`: it knows who is linked with whom. */
function nodeOf(node: number, edges: readonly Edge[], told: boolean) {
  const feeds = INFOS.map((info) => ({ info, tip: { seq: 1, hash: new Uint8Array(32), hlc: 1 } })).filter((_, i) => i !== node);
  const log = new Log(suite, network, keys[node]!, { feeds });
  log.chain = chain;
  log.incarnate(incarnation(node));
  const peers = new Peers(ids[node]!, seededRandom(1), 0, new Map(), []);
  const neighbours = (of: number): number[] => edges.flatMap(([a, b]) => (a === of ? [b] : b === of ? [a] : []));
  INFOS.forEach(({ feed }, i) => {
    peers.incarnations.learn(ids[i]!, feed, 1, 0);
    const links = neighbours(i).map((one) => ids[one]!);
    if (told)
      peers.learn({
        node: ids[i]!,
        name: '',
        atMs: 1,
        feed,
        addresses: [],
        links,
        vitals: new Uint8Array(0),
        signature: new Uint8Array(64),
      });
  });
  const links = new Links(network, () => undefined);
  for (const to of neighbours(node)) {
    const link = new SyncLink(to, ids[to]!, '', true, 0);
    link.phase = 'open';
    links.all.set(to, link);
  }
  const options = { suite, network, key: keys[node]! };
  const whispers = new Whispers(options as never, links, log, peers);
  return {
    whispers,
    links,
    peers,
    /** What it was told of since the last call. */
    told: (): Whisper[] => links.takeEffects().flatMap((effect) => (effect.type === 'whispered' ? [effect.whisper] : [])),
    /** What goes out, by the neighbour. */
    *out(): Generator<readonly [number, WhisperFrame]> {
      for (const [to, link] of links.all) {
        const frames = link.outgoing.extras as WhisperFrame[];
        link.outgoing.clear(0);
        for (const frame of frames) yield [to, frame];
      }
    },
  };
}

const pair = (): [ReturnType<typeof nodeOf>, ReturnType<typeof nodeOf>] => [nodeOf(0, [[0, 1]], false), nodeOf(1, [[0, 1]], false)];

describe('whispers', () => {
  it('[WH1] in a mesh of any shape, whatever comes again, each node is told at most once, and of all where nothing is lost', () => {
    const edge = fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1)).filter(([a, b]) => a < b);
    const spoken = fc.array(fc.nat(NODES - 1), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(edge, { selector: String }), spoken, fc.boolean(), fc.nat(), (edges, speakers, told, seed) => {
        const random = seededRandom(seed);
        const nodes = ids.map((_, node) => nodeOf(node, edges, told));
        const queues = new Map<string, WhisperFrame[]>();
        const counts = nodes.map(() => new Map<string, number>());
        const send = (from: number): void => {
          for (const [to, frame] of nodes[from]!.out()) queues.set(`${from} ${to}`, [...(queues.get(`${from} ${to}`) ?? []), frame]);
        };
        const deliver = (): boolean => {
          const open = [...queues].filter(([, frames]) => frames.length > 0);
          const [way, frames] = open[random.below(open.length)] ?? [];
          if (!way || !frames) return false;
          const [from, to] = way.split(' ').map(Number) as [number, number];
          const frame = random.unit() < 0.3 ? frames[0]! : frames.shift()!;
          const node = nodes[to]!;
          node.whispers.learn(node.links.all.get(from)!, frame.whisper, frame.hops, at(0));
          for (const { node: by, number } of node.told()) counts[to]!.set(by + number, (counts[to]!.get(by + number) ?? 0) + 1);
          send(to);
          return true;
        };
        speakers.forEach((speaker, i) => {
          nodes[speaker]!.whispers.say(`${i}`.padStart(32, '0') as AuthorId, typing, at(0));
          assert.equal(nodes[speaker]!.told().length, 1);
          send(speaker);
          if (random.unit() < 0.5) deliver();
        });
        for (let steps = 0; deliver(); steps++) assert.ok(steps < 5000, 'it goes round for ever');
        counts.forEach((heard, node) => {
          for (const [, times] of heard) assert.equal(times, 1);
          const reached = speakers.filter((speaker) => speaker !== node && isLinked(edges, speaker, node));
          assert.equal(heard.size, reached.length);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('[WH2] only a member’s own word is believed, of an incarnation that runs, and never an older one after a newer', () => {
    const [one, other] = pair();
    const link = other.links.all.get(0)!;
    const frames: WhisperFrame[] = [];
    for (let i = 0; i < 3; i++) {
      one.whispers.say(ann, typing, at(0));
      for (const [, frame] of one.out()) frames.push(frame);
    }
    const [first, second, third] = frames.map(({ whisper }) => whisper) as [Whisper, Whisper, Whisper];
    const hears = (whisper: Whisper): boolean => {
      other.whispers.learn(link, whisper, 0, at(0));
      return other.told().length === 1;
    };
    assert.equal(hears({ ...first, author: bob }), false, 'its signature is of another word');
    assert.equal(hears({ ...first, node: ids[2]!, feed: INFOS[2]!.feed }), false, 'it is signed by another node');
    assert.equal(hears({ ...first, feed: 'ab'.repeat(16) as never }), false, 'of a feed that nobody heard of');
    assert.equal(hears(second), true);
    assert.equal(hears(first), false, 'an older one');
    other.whispers.revoked = new Map([[ids[0]!, 'spam']]);
    assert.equal(hears(third), false, 'of a node that was revoked');
    other.whispers.revoked = new Map();
    other.peers.incarnations.learn(ids[0]!, 'cd'.repeat(16) as never, 2, 0);
    assert.equal(hears(third), false, 'of an incarnation that is over');
  });

  it('[WH3] a person, a node and a link may whisper so often; what is beyond is dropped, at its origin as elsewhere', () => {
    const [one, other] = pair();
    const said = (author: AuthorId, nowMs: number): number => {
      one.whispers.say(author, typing, at(nowMs));
      return [...one.out()].length;
    };
    const times = (count: number, say: (i: number) => number): number =>
      Array.from({ length: count }, (_, i) => say(i)).reduce((a, b) => a + b, 0);
    assert.equal(
      times(20, () => said(ann, 0)),
      WHISPERS_OF_AUTHOR.burst,
    );
    assert.equal(
      times(20, () => said(ann, 1000)),
      WHISPERS_OF_AUTHOR.rate,
    );
    const author = (i: number): AuthorId => `${i}`.padStart(32, '0') as AuthorId;
    assert.equal(
      times(100, (i) => said(author(i), 60_000)),
      WHISPERS_OF_NODE.burst,
    );
    const link = other.links.all.get(0)!;
    const liar = keys[0]!;
    let told = 0;
    for (let number = 1; number <= 2 * WHISPERS_OF_LINK.burst; number++) {
      const body = { node: ids[0]!, feed: INFOS[0]!.feed, number, author: author(number), said: typing };
      other.whispers.learn(link, { ...body, signature: sign(liar, body) }, 0, at(0));
      told += other.told().length;
    }
    assert.equal(told, WHISPERS_OF_NODE.burst, 'a node that keeps to no limit is kept to it');
  });

  it('[WH3] nothing is whispered on a link that is full', () => {
    const [one] = pair();
    one.links.all.get(1)!.full = true;
    one.whispers.say(ann, typing, at(0));
    assert.equal([...one.out()].length, 0);
  });
});

function sign(key: (typeof keys)[number], body: Omit<Whisper, 'signature'>): Uint8Array {
  return key.sign(WHISPER_TAG, whisperBytes(network, body));
}

function isLinked(edges: readonly Edge[], from: number, to: number): boolean {
  const found = new Set([from]);
  for (const node of found) for (const [a, b] of edges) if (a === node || b === node) found.add(a === node ? b : a);
  return found.has(to);
}
