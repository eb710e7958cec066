/** What every store keeps for people, run against each of them: what waits for them, what they wish, what they reported. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Entry, payloadsOf } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { directRoomId, type FeedId, messageId, type RoomId } from '../../src/core/ids.ts';
import { removeBody } from '../../src/core/kinds/erase.ts';
import { guestBody } from '../../src/core/kinds/guest.ts';
import { directBody } from '../../src/core/kinds/message.ts';
import { preferBody, readBody } from '../../src/core/kinds/own.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND, type Op } from '../../src/core/op.ts';
import type { Place } from '../../src/core/order.ts';
import type { HistoryPage } from '../../src/core/port.ts';
import type { Store } from '../../src/store/store.ts';
import { FeedWriter, network, suite } from '../fixture/writer.ts';
import type { StoreMaker } from './store.ts';

const ROOM = '#r' as RoomId;

function texts(page: HistoryPage): string[] {
  assert.ok('messages' in page, JSON.stringify(page));
  return page.messages.map((message) => decodeMessage(message.payload!).text);
}

/** A direct room of two people and a message in it. */
function direct(from: FeedWriter, to: FeedWriter, text: string): Op {
  return from.message(text, directRoomId(suite, from.author, to.author), { body: directBody(to.author) });
}

export function ownContract(name: string, make: () => StoreMaker): void {
  describe(`store of what people keep: ${name}`, () => {
    const makers: StoreMaker[] = [];
    const stores: Store[] = [];
    const fresh = async (): Promise<{ maker: StoreMaker; store: Store }> => {
      const maker = make();
      makers.push(maker);
      const store = await maker.open();
      stores.push(store);
      await store.load();
      return { maker, store };
    };
    after(async () => {
      for (const store of stores) await store.close().catch(() => undefined);
      for (const maker of makers) await maker.done();
    });
    const commit = (store: Store, ...entries: Entry[]) => store.commit({ id: 1, entries });

    /** Ann and Bob at a node each, Bob in the room; Ann's three messages. */
    const talk = async (seed: number) => {
      const { maker, store } = await fresh();
      const [ann, bob] = [new FeedWriter(seed, 2000), new FeedWriter(seed + 1, 1000)];
      const posts = ['one', 'two', 'three'].map((text) => ann.message(text));
      const join = { head: bob.head({ kind: KIND.join, room: ROOM }), payload: null };
      await commit(store, ann.arrive(), bob.arrive('bob'), bob.entry(FEED_KIND.governance, [join]));
      await commit(store, ...posts.map((op) => ann.entry(FEED_KIND.content, [op])));
      const mark = (deps: ReadonlyMap<FeedId, number>, upTo: ReadonlyMap<FeedId, number> = new Map(), room: RoomId | '' = '') =>
        bob.entry(FEED_KIND.content, [{ head: bob.head({ kind: KIND.read, room, body: readBody(upTo) }), payload: null }], deps);
      const waiting = async (room = ROOM, after: Place | null = null, limit = 100) =>
        texts(await store.history({ type: 'unread', room, by: bob.author, after, limit }));
      return { maker, store, ann, bob, posts, mark, waiting, feed: ann.info(FEED_KIND.content).feed };
    };

    it('[WM1] what others wrote in a room since somebody joined waits for them, in history order, page by page; their own and removed ones do not', async () => {
      const { store, ann, bob, posts, waiting } = await talk(20);
      assert.deepEqual(await waiting(), ['one', 'two', 'three']);
      const page = await store.history({ type: 'unread', room: ROOM, by: bob.author, after: null, limit: 2 });
      assert.ok('messages' in page);
      assert.deepEqual(await waiting(ROOM, page.messages[1]!.place), ['three']);
      const cid = new FeedWriter(22, 1500);
      await commit(store, cid.arrive('cid'), cid.post(['zero', 'zero and a half']));
      assert.deepEqual(await waiting(ROOM, null, 1), ['zero']);
      await commit(store, cid.post(['last'], undefined, 9000));
      assert.deepEqual(await waiting(ROOM, page.messages[1]!.place), ['three', 'last']);
      const removal = ann.head({
        kind: KIND.remove,
        room: ROOM,
        target: messageId(ann.author, posts[0]!.head.client),
        body: removeBody(''),
      });
      await commit(store, bob.post(['four']), ann.entry(FEED_KIND.governance, [{ head: removal, payload: null }]));
      assert.deepEqual(await waiting(), ['zero', 'zero and a half', 'two', 'three', 'last']);
      assert.deepEqual(await store.unread(bob.author, [ROOM]), [{ room: ROOM, with: null, count: 5 }]);
      assert.deepEqual(await store.unread(ann.author, [ROOM]), []);
    });

    it('[WM2] of a room with a long history nothing waits for whoever joins it, until somebody writes', async () => {
      const { store } = await fresh();
      const [ann, bob] = [new FeedWriter(24, 1000), new FeedWriter(25, 5000)];
      const join = { head: bob.head({ kind: KIND.join, room: ROOM }), payload: null };
      await commit(store, ann.arrive(), ann.post(Array.from({ length: 200 }, (_, i) => `old ${i}`)), bob.arrive('bob'));
      assert.deepEqual(await store.unread(bob.author, [ROOM]), []);
      await commit(store, bob.entry(FEED_KIND.governance, [join]));
      assert.deepEqual(await store.unread(bob.author, [ROOM]), []);
      await commit(store, ann.post(['new'], undefined, 6000));
      assert.deepEqual(await store.unread(bob.author, [ROOM]), [{ room: ROOM, with: null, count: 1 }]);
      const query = { type: 'unread', room: ROOM, by: bob.author, after: null, limit: 9 } as const;
      assert.deepEqual(texts(await store.history(query)), ['new']);
    });

    it('[WM3] a mark says that what its entry knew of was read, but of the feeds it names only so far; marks add up', async () => {
      const { store, ann, mark, waiting, feed } = await talk(26);
      await commit(store, mark(new Map([[feed, 2]])));
      assert.deepEqual(await waiting(), ['three']);
      await commit(store, ann.post(['four']), mark(new Map([[feed, 4]]), new Map([[feed, 1]])));
      assert.deepEqual(await waiting(), ['three', 'four']);
      await commit(store, mark(new Map(), new Map([[feed, 3]])));
      assert.deepEqual(await waiting(), ['four']);
    });

    it('[WM3] so it is after hundreds of marks and entries, also when the store is opened again', async () => {
      const { maker, store, bob, mark, ann, feed } = await talk(48);
      const waits = async (at: Store) => {
        const page = await at.history({ type: 'unread', room: ROOM, by: bob.author, after: null, limit: 1000 });
        return texts(page);
      };
      // What was named once is not named again: the sum goes on from the one before.
      for (let i = 4; i < 404; i++) {
        const marked = i % 50 === 0 ? mark(new Map()) : bob.post(['hm'], i === 120 ? new Map([[feed, 98]]) : new Map());
        await commit(store, ann.post([`${i}`]), marked);
      }
      const rest = Array.from({ length: 305 }, (_, i) => `${99 + i}`);
      assert.deepEqual(await waits(store), rest);
      await commit(store, mark(new Map([[feed, 402]])));
      await store.close();
      const again = await maker.open();
      stores.push(again);
      await again.load();
      assert.deepEqual(await waits(again), ['403']);
    });

    it('[WM3] what stands in the entry of the mark itself was not read by it', async () => {
      const { store, bob, mark, waiting, feed } = await talk(52);
      const cid = new FeedWriter(54);
      const { feed: at, node } = bob.info(FEED_KIND.governance);
      const arrival = bob.head({ kind: KIND.guest, author: cid.author, body: guestBody(cid.session, 'cid', network, node, at) });
      const read: Op = { head: bob.head({ kind: KIND.read, body: readBody(new Map()) }), payload: null };
      const beside = bob.message('beside', ROOM, { author: cid.author });
      await commit(store, bob.entry(FEED_KIND.governance, [{ head: arrival, payload: null }]), mark(new Map([[feed, 3]])));
      await commit(store, bob.entry(FEED_KIND.content, [beside, read]));
      assert.deepEqual(await waiting(), ['beside']);
      await commit(store, mark(new Map()));
      assert.deepEqual(await waiting(), []);
    });

    it('[WM4] a mark of one room says nothing of another', async () => {
      const { store, bob, mark, waiting, feed } = await talk(28);
      await commit(store, mark(new Map([[feed, 3]]), new Map(), '#other' as RoomId));
      assert.deepEqual(await waiting(), ['one', 'two', 'three']);
      await commit(store, mark(new Map(), new Map(), ROOM));
      assert.deepEqual(await waiting(), []);
      assert.deepEqual(await store.unread(bob.author, [ROOM]), []);
    });

    it('[WM5] direct rooms are found by their people, also where nobody joined anything; nobody else has anything waiting there', async () => {
      const { store, ann, bob, waiting } = await talk(30);
      const other = new FeedWriter(32);
      await commit(store, other.arrive('cid'), ann.entry(FEED_KIND.content, [direct(ann, bob, 'psst')]));
      const room = directRoomId(suite, ann.author, bob.author);
      assert.deepEqual(await waiting(room), ['psst']);
      assert.deepEqual(await store.unread(bob.author, []), [{ room, with: ann.author, count: 1 }]);
      assert.deepEqual(await store.unread(ann.author, []), []);
      assert.deepEqual(await store.unread(other.author, [room]), []);
    });

    it('[WM6] a message that stands in two entries is read where one of them was', async () => {
      const { store, ann, posts, mark, waiting, feed } = await talk(34);
      const again = new FeedWriter(36, 500);
      Object.assign(again, { session: ann.session, author: ann.author });
      await commit(store, mark(new Map([[feed, 2]])), again.arrive(), again.entry(FEED_KIND.content, [posts[0]!, posts[2]!]));
      assert.deepEqual(await waiting(), ['three']);
    });

    it('[WM7] what waited for an account, or from it, waits no more when it is deleted', async () => {
      const { store } = await fresh();
      const writers = [40, 41].map((seed) => new FeedWriter(seed, 1000)) as [FeedWriter, FeedWriter];
      const [ann, bob] = writers;
      for (const [i, writer] of writers.entries()) await commit(store, writer.register(['ann', 'bob'][i]!));
      await commit(
        store,
        ann.entry(FEED_KIND.content, [direct(ann, bob, 'to bob')]),
        bob.entry(FEED_KIND.content, [direct(bob, ann, 'to ann')]),
      );
      const counts = async () => [(await store.unread(ann.author, [])).length, (await store.unread(bob.author, [])).length];
      assert.deepEqual(await counts(), [1, 1]);
      await commit(store, ann.deleteAccount());
      assert.deepEqual(await counts(), [0, 0]);
    });

    it('[WM8] wishes and reports are the last word of each and the newest first; a report shows its message in its own room alone', async () => {
      const { store, ann, bob, posts } = await talk(44);
      const wish = (on: boolean) => ({
        head: bob.head({ kind: KIND.prefer, room: ROOM, body: preferBody({ type: 'room', room: ROOM }, on) }),
        payload: null,
      });
      const person = { type: 'person', person: ann.author } as const;
      const block = { head: bob.head({ kind: KIND.prefer, body: preferBody(person, true) }), payload: null };
      await commit(
        store,
        bob.entry(FEED_KIND.content, [wish(true)]),
        bob.entry(FEED_KIND.content, [block]),
        bob.entry(FEED_KIND.content, [wish(false)]),
      );
      const wishes = await store.wishes(bob.author);
      assert.deepEqual(
        wishes.map(({ about, on }) => [about, on]),
        [
          [person, true],
          [{ type: 'room', room: ROOM }, false],
        ],
      );
      assert.deepEqual(await store.wishes(ann.author), []);
      const about = (no: number, room: string) => {
        const { head, payload } = bob.message(`why ${no}`, room, { target: messageId(ann.author, posts[no]!.head.client) });
        return bob.entry(FEED_KIND.content, [{ head: { ...head, kind: KIND.report }, payload }]);
      };
      const first = about(0, ROOM);
      const again = new FeedWriter(46, 100);
      Object.assign(again, { session: bob.session, author: bob.author });
      const arrival = again.arrive('bob');
      const twice = again.entry(FEED_KIND.content, [{ head: first.heads[0]!, payload: payloadsOf(first)[0]! }]);
      await commit(store, first, about(1, ROOM), about(2, '#other'), arrival, twice);
      const reported = async (rooms: RoomId[] | null, before: Place | null = null, limit = 9) =>
        (await store.reports(rooms, before, limit)).map(({ message }) => message && decodeMessage(message.payload!).text);
      assert.deepEqual(await reported(null), [null, 'two', 'one']);
      assert.deepEqual(await reported([ROOM]), ['two', 'one']);
      const [newest] = await store.reports([ROOM], null, 1);
      assert.deepEqual(await reported([ROOM], newest!.about.place), ['one']);
    });
  });
}
