import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { issueCertificate, NO_INVITE } from '../core/admission.ts';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import { authorId, messageId, type NodeId, type RoomId } from '../core/ids.ts';
import { removeBody } from '../core/kinds/erase.ts';
import { guestBody } from '../core/kinds/guest.ts';
import { encodeMessage } from '../core/message.ts';
import { type Head, KIND, NO_BYTES, type Op, SALT_BYTES } from '../core/op.ts';
import type { Door, Notice } from '../core/port.ts';
import { uuidV7 } from '../core/uuid.ts';
import { seededRandom } from '../lib/prng.ts';
import type { Earlier, Effect } from '../sync/effects.ts';
import { Engine } from './engine.ts';

const ROOM = '#r' as RoomId;
const NOW = { wallMs: 1_790_000_000_000, monoMs: 1000 };

/** A node of its own with one door, at which ops of one guest are written as if they had come. */
function lonely(stranger = new FeedWriter(3)) {
  const random = seededRandom(7);
  const [root, key, guest] = [9, 10, 11].map((n) => suite.keyPair(new Uint8Array(32).fill(n))) as [Key, Key, Key];
  const node = key.publicKey as NodeId;
  const chain = [issueCertificate(root, { network, node, name: 'a', invite: NO_INVITE, atMs: 1 })];
  const feeds = [FEED_KIND.governance, FEED_KIND.content].map((kind) => ({
    info: stranger.info(kind),
    tip: { seq: 1, hash: new Uint8Array(32), hlc: 1 },
  }));
  const none = {
    loaded: { feeds, holes: [] },
    governance: [stranger.arrive('stranger')],
    lastKeys: new Map(),
    remembered: new Map(),
    seeds: [],
  };
  const engine = new Engine({
    ...none,
    suite,
    network,
    key,
    name: 'a',
    chain,
    token: NO_BYTES,
    random,
    fullUpTo: 8,
    copies: 1,
    push: true,
  });
  const notices: Notice[] = [];
  const door: Door = {
    notices: (more) => void notices.push(...more),
    answer: () => undefined,
    ended: () => undefined,
    flush: () => undefined,
  };
  engine.open(door);
  const author = authorId(suite, guest.publicKey);
  const head = (fields: Partial<Head> & Pick<Head, 'kind'>): Head => {
    const client = uuidV7(NOW.wallMs, random);
    return { author, client, room: '', target: '', after: 0, body: NO_BYTES, payloadHash: null, ...fields };
  };
  return {
    notices,
    head,
    arrival: (): Op => ({
      head: head({ kind: KIND.guest, body: guestBody(guest, 'ann', network, engine.self, engine.desk.grantFeed) }),
      payload: null,
    }),
    message(text: string): Op {
      const payload = encodeMessage(random.bytes(SALT_BYTES), 'text', text);
      return { head: head({ kind: KIND.message, room: ROOM, payloadHash: suite.sha256(payload) }), payload };
    },
    /** Commits an op, and tells the door; `before`: its id was there. Where it stands. */
    come(op: Op, before?: Earlier): Earlier {
      const repeats = before ? [{ entry: 0, index: 0, before }] : [];
      let at: Earlier | null = null;
      engine.replica.log.write(0, [op], false);
      const perform = (effects: readonly Effect[]): void => {
        for (const effect of effects) {
          if (effect.type !== 'append') continue;
          const [{ feed, seq }] = effect.batch.entries as [Entry];
          at = { feed, seq, index: 0 };
          perform(engine.step({ type: 'committed', batch: effect.batch.id, repeats }, NOW));
        }
      };
      perform(engine.step({ type: 'turn' }, NOW));
      engine.deliver(NOW);
      return at!;
    },
  };
}

type Key = ReturnType<typeof suite.keyPair>;

describe('engine', () => {
  it('[EN1] a message that was removed before it came is told to the doors without its text', () => {
    const { come, arrival, message, head, notices } = lonely();
    const [kept, removed] = [message('to be kept'), message('to be forgotten')];
    const target = messageId(removed.head.author, removed.head.client);
    come(arrival());
    come({ head: head({ kind: KIND.remove, room: ROOM, target, body: removeBody('not for all eyes') }), payload: null });
    come(kept);
    come(removed);
    const told = notices.flatMap((notice) => (notice.type === 'message' ? [[notice.message.id, notice.message.payload]] : []));
    assert.deepEqual(told, [
      [messageId(kept.head.author, kept.head.client), kept.payload],
      [target, null],
    ]);
    assert.ok(notices.some(({ type }) => type === 'remove'));
  });

  it('[EN2] a message that came first where its author never was is told to doors when it comes by its author, once', () => {
    const stranger = new FeedWriter(3);
    const { come, arrival, message, notices } = lonely(stranger);
    const [op, other] = [message('mine'), message('other')];
    const occupied = { feed: stranger.info(FEED_KIND.content).feed, seq: 1, index: 0 };
    come(arrival());
    come(op, occupied);
    come(op, occupied);
    const first = come(other);
    come(other, first);
    const told = notices.flatMap((notice) => (notice.type === 'repeated' ? [notice.showsAlone] : []));
    assert.deepEqual(told, [true, false, false]);
  });
});
