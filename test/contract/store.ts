/** What every store does, run against each of them. */

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
import type { HistoryPage, HistoryQuery } from '../../src/core/port.ts';
import { CommitError, type Store } from '../../src/store/store.ts';
import type { Hole } from '../../src/sync/effects.ts';
import { FeedWriter, network, suite } from '../fixture/writer.ts';

const ROOM = '#r' as RoomId;

/** A store whose content lives on when it is opened again. */
export interface StoreMaker {
  open(): Promise<Store>;
  /** Flips a bit of an entry’s payloads where it is kept. */
  spoil(entry: Entry): void;
  done(): Promise<void>;
}

function texts(page: HistoryPage): string[] {
  assert.ok('messages' in page, JSON.stringify(page));
  return page.messages.map((message) => decodeMessage(message.payload!).text);
}

function idOf(entry: Entry, index = 0) {
  const head = entry.heads[index]!;
  return messageId(head.author, head.client);
}

const latest = (limit = 100): HistoryQuery => ({ type: 'latest', room: ROOM, after: null, limit });

/** A direct room of two people and a message in it. */
function direct(from: FeedWriter, to: FeedWriter, text: string): Op {
  return from.message(text, directRoomId(suite, from.author, to.author), { body: directBody(to.author) });
}

export function storeContract(name: string, make: () => StoreMaker): void {
  describe(`store: ${name}`, () => {
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

    it('[ST1] gives back what was committed, after it was opened again', async () => {
      const { maker, store } = await fresh();
      const ann = new FeedWriter(1);
      const entries = [ann.arrive(), ann.post(['one', 'two']), ann.post(['three'])];
      await commit(store, ...entries);
      await store.put('key', Uint8Array.of(1, 2));
      await store.close();
      const again = await maker.open();
      stores.push(again);
      const { feeds, governance, lastKeys } = await again.load();
      assert.equal(feeds.length, 2);
      const content = feeds.find(({ info }) => info.kind === FEED_KIND.content)!;
      assert.deepEqual(content.info, ann.info(FEED_KIND.content));
      assert.equal(content.tip.seq, 2);
      assert.deepEqual(Buffer.from(content.tip.hash), Buffer.from(entries[2]!.hash));
      assert.deepEqual(
        governance.map((entry) => Buffer.from(entry.bytes)),
        [Buffer.from(entries[0]!.bytes)],
      );
      assert.deepEqual(Buffer.from(again.get('key')!), Buffer.from([1, 2]));
      assert.deepEqual(texts(await again.history(latest())), ['one', 'two', 'three']);
      assert.equal(lastKeys.get(ROOM), entries[2]!.hlc);
      const [first, second] = await again.entries(content.info.feed, 0, 1_000_000);
      assert.deepEqual(
        [Buffer.from(first!.bytes), Buffer.from(second!.payloads)],
        [Buffer.from(entries[1]!.bytes), Buffer.from(entries[2]!.payloads)],
      );
    });

    it('[ST2] streams a feed in parts of at least one entry', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(2);
      await commit(store, ann.arrive(), ...Array.from({ length: 10 }, (_, i) => ann.post([`m${i}`])));
      const { feed } = ann.info(FEED_KIND.content);
      assert.deepEqual(
        (await store.entries(feed, 3, 1)).map((entry) => entry.seq),
        [4],
      );
      assert.deepEqual(
        (await store.entries(feed, 7, 1_000_000)).map((entry) => entry.seq),
        [8, 9, 10],
      );
      assert.deepEqual(await store.entries(feed, 10, 1_000_000), []);
    });

    it('[ST3] names the ops whose message id was there before, also within one batch, and shows the first in history order', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(3);
      const op = ann.message('once');
      const late = { ...op, head: { ...op.head } };
      await commit(store, ann.arrive());
      const first = ann.entry(FEED_KIND.content, [ann.message('before'), op], new Map(), 5000);
      const second = ann.entry(FEED_KIND.content, [late, ann.message('after')], new Map(), 6000);
      assert.deepEqual(await commit(store, first, second), [{ entry: 1, index: 0 }]);
      const third = ann.entry(FEED_KIND.content, [late], new Map(), 7000);
      assert.deepEqual(await commit(store, third), [{ entry: 0, index: 0 }]);
      assert.deepEqual(texts(await store.history(latest())), ['before', 'once', 'after']);
    });

    it('[ST16] a commit that ends in an error says whether its batch is there, and then with which repeats; the next one goes through', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(12);
      const op = ann.message('once');
      const first = [ann.arrive(), ann.entry(FEED_KIND.content, [op])];
      await commit(store, ...first);
      const second = [ann.post(['between']), ann.entry(FEED_KIND.content, [ann.message('new'), op])];
      assert.deepEqual(await commit(store, ...second), [{ entry: 1, index: 1 }]);
      const fails = (entries: Entry[], repeats: unknown) =>
        assert.rejects(commit(store, ...entries), (error: CommitError) => {
          assert.ok(error instanceof CommitError);
          assert.deepEqual(error.repeats, repeats);
          return true;
        });
      await fails(first, []);
      await fails(second, [{ entry: 1, index: 1 }]);
      const third = ann.post(['whole or not at all']);
      await fails([third, second[1]!], null);
      assert.deepEqual(texts(await store.history(latest())), ['once', 'between', 'new']);
      assert.deepEqual(await commit(store, third), []);
      assert.deepEqual(texts(await store.history(latest())), ['once', 'between', 'new', 'whole or not at all']);
    });

    it('[ST4] moves a message to its place when an op that is earlier in history comes later', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(4, 10_000);
      const bob = new FeedWriter(5, 10);
      const op = ann.message('moved');
      const other = new FeedWriter(4, 10);
      await commit(store, ann.arrive(), ann.post(['a']), ann.entry(FEED_KIND.content, [op]), ann.post(['b']));
      assert.deepEqual(texts(await store.history(latest())), ['a', 'moved', 'b']);
      assert.equal(other.author, ann.author);
      const twin = new FeedWriter(6, 10);
      Object.assign(twin, { session: ann.session, author: ann.author });
      const repeats = await commit(store, twin.arrive(), twin.entry(FEED_KIND.content, [op]), bob.arrive('bob'));
      assert.deepEqual(repeats, [{ entry: 1, index: 0 }]);
      assert.deepEqual(texts(await store.history(latest())), ['moved', 'a', 'b']);
      const page = await store.history({
        type: 'after',
        room: ROOM,
        anchor: { id: messageId(op.head.author, op.head.client) },
        late: false,
        limit: 10,
      });
      assert.deepEqual(texts(page), ['a', 'b']);
    });

    it('[ST5] pages before and after a message and a time, and knows an unknown message', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(7, 1024 * 100);
      const arrival = ann.arrive();
      const entries = Array.from({ length: 20 }, (_, i) => ann.post([`m${i}`], undefined, 1024 * (200 + i)));
      await commit(store, arrival, ...entries);
      const anchor = { id: idOf(entries[10]!) };
      assert.deepEqual(texts(await store.history({ type: 'before', room: ROOM, anchor, limit: 3 })), ['m7', 'm8', 'm9']);
      assert.deepEqual(texts(await store.history({ type: 'after', room: ROOM, anchor, late: false, limit: 3 })), ['m11', 'm12', 'm13']);
      assert.deepEqual(texts(await store.history({ type: 'latest', room: ROOM, after: anchor, limit: 3 })), ['m17', 'm18', 'm19']);
      assert.deepEqual(texts(await store.history({ type: 'before', room: ROOM, anchor: { atMs: 203 }, limit: 9 })), ['m0', 'm1', 'm2']);
      assert.deepEqual(texts(await store.history({ type: 'after', room: ROOM, anchor: { atMs: 217 }, late: false, limit: 9 })), [
        'm18',
        'm19',
      ]);
      const unknown = { id: messageId(ann.author, '00'.repeat(16) as never) };
      assert.deepEqual(await store.history({ type: 'after', room: ROOM, anchor: unknown, late: true, limit: 1 }), {
        fault: 'unknown message',
      });
    });

    it('[ST6, P7] after a message, late ones come too: those its writer had not held, and no others', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(8, 1000);
      const bob = new FeedWriter(9, 1000);
      const annArrives = ann.arrive();
      const bobArrives = bob.arrive('bob');
      const seen = ann.entry(FEED_KIND.content, [ann.message('seen')], new Map(), 2000);
      const unseen = ann.entry(FEED_KIND.content, [ann.message('unseen')], new Map(), 2100);
      const anchor = bob.entry(FEED_KIND.content, [bob.message('anchor')], new Map([[seen.feed, 1]]), 2200);
      await commit(
        store,
        annArrives,
        bobArrives,
        seen,
        unseen,
        anchor,
        bob.entry(FEED_KIND.content, [bob.message('next')], new Map(), 2300),
      );
      const query = { type: 'after', room: ROOM, anchor: { id: idOf(anchor) }, limit: 10 } as const;
      assert.deepEqual(texts(await store.history({ ...query, late: true })), ['unseen', 'next']);
      assert.deepEqual(texts(await store.history({ ...query, late: false })), ['next']);
    });

    it('[ST7] finds messages by their words, newest first', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(10);
      await commit(store, ann.arrive(), ann.post(['the quick fox', 'a slow fox', 'no animal']));
      await waitFor(async () => texts(await store.search(ROOM, 'animal', 1)).length === 1);
      assert.deepEqual(texts(await store.search(ROOM, 'fox', 10)), ['a slow fox', 'the quick fox']);
      assert.deepEqual(texts(await store.search(ROOM, 'fox "quick', 10)), ['the quick fox']);
      assert.deepEqual(texts(await store.search(ROOM, 'fox', 1)), ['a slow fox']);
    });

    it('[ST12] a damaged entry is served to nobody, is told of once it is read, and is served again when it is mended', async () => {
      const { maker, store } = await fresh();
      const told: Hole[] = [];
      store.onDamage(
        (holes) => told.push(...holes),
        () => assert.fail('the log is not corrupt'),
      );
      const ann = new FeedWriter(12);
      const arrive = ann.arrive();
      const posts = ['one', 'two', 'three'].map((text) => ann.post([text]));
      await commit(store, arrive, ...posts);
      assert.deepEqual(texts(await store.history(latest())), ['one', 'two', 'three']);
      const { feed } = ann.info(FEED_KIND.content);
      const numbers = async (after: number) => (await store.entries(feed, after, 1_000_000)).map(({ seq }) => seq);
      maker.spoil(posts[1]!);
      assert.deepEqual(texts(await store.history(latest())), ['one', 'three']);
      assert.deepEqual(await numbers(0), [1]);
      assert.deepEqual(await numbers(2), [3]);
      await waitFor(() => told.length > 0);
      assert.deepEqual([told[0]!.feed, told[0]!.seq], [feed, 2]);
      assert.equal(await store.mend(posts[0]!), false);
      assert.equal(await store.mend(posts[1]!), true);
      await waitFor(async () => texts(await store.history(latest())).length === 3);
      assert.deepEqual(texts(await store.history(latest())), ['one', 'two', 'three']);
      assert.deepEqual(await numbers(0), [1, 2, 3]);
    });

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

    it('[ST8] a message without a grant shows in no page', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(11);
      await commit(store, ann.post(['nobody granted this']));
      assert.deepEqual(texts(await store.history(latest())), []);
    });
  });
}

/** Waits until the condition holds; fails after five seconds. */
export async function waitFor(condition: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + 5000;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
