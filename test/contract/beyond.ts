/** What every store gives beyond a cursor, and of messages by their ids: run against each of them. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { Entry } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { directRoomId, type FeedId, type MessageId, messageId, type RoomId } from '../../src/core/ids.ts';
import { directBody } from '../../src/core/kinds/message.ts';
import { decodeMessage } from '../../src/core/message.ts';
import type { Op } from '../../src/core/op.ts';
import type { Place } from '../../src/core/order.ts';
import type { Shown } from '../../src/core/resolve.ts';
import { type Random, seededRandom } from '../../src/lib/prng.ts';
import type { Store } from '../../src/store/store.ts';
import { FeedWriter, suite } from '../fixture/writer.ts';
import type { StoreMaker } from './store.ts';

const ROOM = '#r' as RoomId;
const idOf = ({ head }: Op): MessageId => messageId(head.author, head.client);
const textOf = ({ payload }: Shown): string | null => payload && decodeMessage(payload).text;

/** Feeds side by side, messages of which some stand in two feeds, committed in any order that is one. */
function story(random: Random, count: number): { entries: Entry[]; copies: Map<MessageId, { feed: FeedId; seq: number }[]> } {
  const writers = Array.from({ length: count }, (_, i) => new FeedWriter(100 + i));
  const lanes = writers.map((writer) => [writer.arrive()]);
  const copies = new Map<MessageId, { feed: FeedId; seq: number }[]>();
  const said: Op[] = [];
  for (let i = 0; i < 6 * count + 40; i++) {
    const lane = random.u32() % count;
    const writer = writers[lane]!;
    const others = said.filter(({ head }) => head.author === writer.author);
    const ops = Array.from({ length: 1 + (random.u32() % 3) }, (_, j) => writer.message(`${i}.${j}`, random.u32() % 4 === 0 ? '#s' : ROOM));
    // Handed in again.
    if (others.length > 0 && random.u32() % 3 === 0) ops.push(others[random.u32() % others.length]!);
    said.push(...ops);
    const entry = writer.entry(FEED_KIND.content, ops, new Map(), 10_000 + (random.u32() % 50) + 60 * i);
    for (const op of ops) copies.set(idOf(op), [...(copies.get(idOf(op)) ?? []), { feed: entry.feed, seq: entry.seq }]);
    lanes[lane]!.push(entry);
  }
  const entries = lanes.map((lane) => lane.shift()!);
  for (let rest = lanes.filter((lane) => lane.length > 0); rest.length > 0; rest = rest.filter((lane) => lane.length > 0))
    entries.push(rest[random.u32() % rest.length]!.shift()!);
  return { entries, copies };
}

/** Pages to the end. */
async function all(store: Store, cursor: ReadonlyMap<FeedId, number>, limit: number): Promise<Shown[]> {
  const found: Shown[] = [];
  for (let after: Place | null = null; ; after = found.at(-1)!.place) {
    const page: Shown[] = await store.beyond(ROOM, cursor, after, limit);
    found.push(...page);
    if (page.length < limit) return found;
  }
}

export function beyondContract(name: string, make: () => StoreMaker): void {
  describe(`beyond a cursor: ${name}`, () => {
    const ends: (() => Promise<unknown>)[] = [];
    after(async () => {
      for (const end of ends) await end();
    });
    const fresh = async (): Promise<Store> => {
      const maker = make();
      const store = await maker.open();
      ends.push(() => store.close().then(() => maker.done()));
      await store.load();
      return store;
    };

    for (const feeds of [3, 40])
      it(`[ST24] of ${feeds} feeds come the messages of a room that a cursor does not cover, page by page, in order, each once`, async () => {
        const random = seededRandom(feeds);
        const store = await fresh();
        const { entries, copies } = story(random, feeds);
        await store.commit({ id: 1, entries });
        const page = await store.history({ type: 'latest', room: ROOM, after: null, limit: 1000 });
        assert.ok('messages' in page && page.messages.length > 60);
        for (let i = 0; i < 12; i++) {
          const cursor = new Map<FeedId, number>();
          for (const { feed, seq } of entries) if (i > 0 && random.u32() % 3 > 0) cursor.set(feed, Math.max(seq, cursor.get(feed) ?? 0));
          if (i % 2 === 0) for (const [feed, seq] of cursor) cursor.set(feed, random.u32() % (seq + 1));
          const isCovered = (id: MessageId): boolean => copies.get(id)!.some(({ feed, seq }) => (cursor.get(feed) ?? 0) >= seq);
          const wanted: MessageId[] = page.messages.filter(({ id }) => !isCovered(id)).map(({ id }) => id);
          const found = await all(store, cursor, 1 + (random.u32() % 20));
          assert.deepEqual(
            found.map(({ id }) => id),
            wanted,
          );
        }
      });

    it('[ST25] messages are given by their ids as they show, and direct rooms by their people', async () => {
      const store = await fresh();
      const [ann, bob] = [new FeedWriter(1), new FeedWriter(2)];
      const one = ann.message('one');
      const direct = directRoomId(suite, ann.author, bob.author);
      const two = ann.message('two', direct, { body: directBody(bob.author) });
      await store.commit({ id: 1, entries: [ann.arrive(), bob.arrive('bob'), ann.entry(FEED_KIND.content, [one, two])] });
      const found = await store.shown([idOf(two), 'f'.repeat(64) as MessageId, idOf(one)]);
      assert.deepEqual(found.map(textOf).sort(), ['one', 'two']);
      assert.deepEqual(await store.directs(bob.author), [{ room: direct, with: ann.author }]);
      assert.deepEqual(await store.directs(ann.author), [{ room: direct, with: bob.author }]);
    });
  });
}
