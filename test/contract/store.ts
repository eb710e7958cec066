/** What every store does, run against each of them. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Entry, payloadsOf } from '../../src/core/entry.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { authorId, messageId, type NodeId, type RoomId } from '../../src/core/ids.ts';
import { removeBody } from '../../src/core/kinds/erase.ts';
import { revokeBody } from '../../src/core/kinds/owner.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND } from '../../src/core/op.ts';
import type { HistoryPage, HistoryQuery } from '../../src/core/port.ts';
import type { Shown } from '../../src/core/resolve.ts';
import { type SearchCursor, type SearchPage, type SearchQuery, SNIPPET_LETTERS } from '../../src/core/search.ts';
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

function textsFound(page: SearchPage): string[] {
  return page.found.map(({ message }) => decodeMessage(message.payload!).text);
}

/** Searches a store, in one room unless told otherwise. */
function searcher(store: Store): (words: string, more?: Partial<SearchQuery>) => Promise<string[]> {
  return async (words, more) => textsFound(await store.search({ rooms: [ROOM], words, limit: 100, ...more }));
}

const latest = (limit = 100): HistoryQuery => ({ type: 'latest', room: ROOM, after: null, limit });

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

    it('[ST1, ST22] gives back what was committed, and the last proofs that came with it, after it was opened again', async () => {
      const { maker, store } = await fresh();
      const ann = new FeedWriter(1);
      const entries = [ann.arrive(), ann.post(['one', 'two']), ann.post(['three'])];
      for (const [i, entry] of entries.entries())
        await store.commit({ id: i, entries: [entry], ...(i < 2 && { proofs: Uint8Array.of(i) }) });
      await store.put('key', Uint8Array.of(1, 2));
      await store.close();
      const again = await maker.open();
      stores.push(again);
      const { feeds, governance, lastKeys, proofs } = await again.load();
      assert.deepEqual(Buffer.from(proofs!), Buffer.from([1]));
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
      const before = { feed: first.feed, seq: first.seq, index: 1 };
      assert.deepEqual(await commit(store, first, second), [{ entry: 1, index: 0, before }]);
      const third = ann.entry(FEED_KIND.content, [late], new Map(), 7000);
      assert.deepEqual(await commit(store, third), [{ entry: 0, index: 0, before }]);
      assert.deepEqual(texts(await store.history(latest())), ['before', 'once', 'after']);
    });

    it('[ST16] a commit that ends in an error says whether its batch is there, and then with which repeats; the next one goes through', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(12);
      const op = ann.message('once');
      const first = [ann.arrive(), ann.entry(FEED_KIND.content, [op])];
      await commit(store, ...first);
      const second = [ann.post(['between']), ann.entry(FEED_KIND.content, [ann.message('new'), op])];
      const repeats = [{ entry: 1, index: 1, before: { feed: first[1]!.feed, seq: 1, index: 0 } }];
      assert.deepEqual(await commit(store, ...second), repeats);
      const fails = (entries: Entry[], repeats: unknown) =>
        assert.rejects(commit(store, ...entries), (error: CommitError) => {
          assert.ok(error instanceof CommitError);
          assert.deepEqual(error.repeats, repeats);
          return true;
        });
      await fails(first, []);
      await fails(second, repeats);
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
      assert.deepEqual(repeats, [{ entry: 1, index: 0, before: { feed: ann.info(FEED_KIND.content).feed, seq: 2, index: 0 } }]);
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

    it('[ST7, SE1] finds messages by their words, newest first', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(10);
      await commit(store, ann.arrive(), ann.post(['the quick fox', 'a slow fox', 'no animal', 'Ça va, Ångström?']));
      const found = searcher(store);
      await waitFor(async () => (await found('animal')).length === 1);
      assert.deepEqual(await found('fox'), ['a slow fox', 'the quick fox']);
      assert.deepEqual(await found('FOX "quick'), ['the quick fox']);
      assert.deepEqual(await found('"quick the"'), []);
      assert.deepEqual(await found('"the quick"'), ['the quick fox']);
      assert.deepEqual(await found('ani'), []);
      assert.deepEqual(await found('ani* no'), ['no animal']);
      assert.deepEqual(await found('ca angstrom'), ['Ça va, Ångström?']);
      assert.deepEqual(await found('fox', { limit: 1 }), ['a slow fox']);
    });

    it('[SE2] finds parts of what is written without spaces, also of one letter', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(13);
      const said = ['今日は日本語で話す', '안녕하세요 여러분', 'ภาษาไทยไม่มีวรรค', 'ｶﾞﾗｽ and more', '日', 'last'];
      await commit(store, ann.arrive(), ann.post(said));
      const found = searcher(store);
      await waitFor(async () => (await found('last')).length === 1);
      for (const words of ['日本', '本語で話', '語', '"日本語"', 'は 話す']) assert.deepEqual(await found(words), [said[0]], words);
      assert.deepEqual(await found('日'), ['日', said[0]]);
      assert.deepEqual(await found('하세'), [said[1]]);
      assert.deepEqual(await found('녕하세요'.normalize('NFD')), [said[1]]);
      assert.deepEqual(await found('ไทย'), [said[2]]);
      assert.deepEqual(await found('ガラ more'), [said[3]]);
      assert.deepEqual(await found('本日'), []);
    });

    it('[SE3] takes whatever is typed for words, and finds nothing where there are none', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(14);
      await commit(
        store,
        ann.arrive(),
        ann.post(['one AND two', 'NOT near', 'text column room0', `${'l'.repeat(80)}1 end`, `é${'l'.repeat(80)}1 end`]),
      );
      const found = searcher(store);
      await waitFor(async () => (await found('column')).length === 1);
      assert.deepEqual(await found('one AND two'), ['one AND two']);
      assert.deepEqual(await found('one OR near'), []);
      assert.deepEqual(await found('NEAR('), ['NOT near']);
      assert.deepEqual(await found('text:column'), ['text column room0']);
      const odd = [
        '!!!',
        '"',
        '""',
        '*',
        '"*"',
        '-',
        '()',
        '^',
        '\ue0001',
        '\ue000',
        '\0',
        '\ud800',
        '🦊',
        '"\ue000',
        '\u0301',
        'x'.repeat(9000),
      ];
      for (const words of odd) assert.deepEqual(await found(words), [], JSON.stringify(words));
      assert.deepEqual(await found(`one${' two'.repeat(500)}`), ['one AND two']);
      assert.deepEqual(await found('two'.padEnd(400)), ['one AND two']);
      for (const long of [`${'l'.repeat(80)}1`, `${'l'.repeat(70)}*`, `"${'l'.repeat(80)}1 end"`, `é${'l'.repeat(80)}1`])
        assert.equal((await found(long)).length, 1, long);
      assert.deepEqual(await found('l'.repeat(70)), []);
    });

    it('[SE4] keeps to rooms, author and time, with words and without', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(15);
      const bob = new FeedWriter(16);
      const at = (ms: number) => ms * 1024;
      await commit(store, ann.arrive(), bob.arrive('bob'));
      await commit(store, ann.post(['from ann'], undefined, at(5000)), bob.post(['from bob'], undefined, at(6000)));
      await commit(store, bob.entry(FEED_KIND.content, [bob.message('from elsewhere', '#s')], new Map(), at(7000)));
      const found = searcher(store);
      const rooms = [ROOM, '#s', '#none'] as RoomId[];
      await waitFor(async () => (await found('elsewhere', { rooms })).length === 1);
      for (const words of ['', 'from', ' ']) {
        assert.deepEqual(await found(words, { rooms }), ['from elsewhere', 'from bob', 'from ann']);
        assert.deepEqual(await found(words), ['from bob', 'from ann']);
        assert.deepEqual(await found(words, { rooms: [] }), []);
        assert.deepEqual(await found(words, { rooms, author: bob.author }), ['from elsewhere', 'from bob']);
        assert.deepEqual(await found(words, { author: ann.author }), ['from ann']);
        assert.deepEqual(await found(words, { rooms, fromMs: 5000, toMs: 7000 }), ['from bob', 'from ann']);
        assert.deepEqual(await found(words, { rooms, fromMs: 5001 }), ['from elsewhere', 'from bob']);
        assert.deepEqual(await found(words, { rooms, toMs: 5000 }), []);
      }
    });

    it('[SE5] goes on from page to page, also at another node, each message once', async () => {
      const ann = new FeedWriter(17);
      const bob = new FeedWriter(18);
      const words = Array.from({ length: 40 }, (_, i) => `word ${i}`);
      const entries = [ann.arrive(), bob.arrive('bob')];
      // Pages end inside entries, and several entries share a key.
      for (let i = 0; i < 40; i += 4) entries.push((i % 8 ? ann : bob).post(words.slice(i, i + 4), undefined, 1024 * (9 + (i >> 4))));
      const stores = [(await fresh()).store, (await fresh()).store];
      await commit(stores[0]!, ...entries);
      for (const entry of [entries[1]!, entries[0]!, ...entries.slice(2)]) await commit(stores[1]!, entry);
      for (const store of stores) await waitFor(async () => (await searcher(store)('word')).length === 40);
      const all = await searcher(stores[0]!)('word');
      assert.deepEqual(await searcher(stores[1]!)('word'), all);
      const paged: string[] = [];
      let before: SearchCursor | undefined;
      for (let i = 0; ; i++) {
        const page: SearchPage = await stores[i % 2]!.search({ rooms: [ROOM], words: 'word', limit: 7, ...(before && { before }) });
        paged.push(...textsFound(page));
        if (!page.next) break;
        before = page.next;
      }
      assert.deepEqual(paged, all);
      assert.equal(new Set(all).size, 40);
    });

    it('[SE6] finds a message by what it shows now', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(19);
      const arrival = ann.arrive();
      const first = ann.post(['before it was changed', 'as it was']);
      await commit(store, arrival, first);
      const found = searcher(store);
      await waitFor(async () => (await found('before')).length === 1);
      const edit = ann.message('afterwards', ROOM, { kind: KIND.edit, target: idOf(first) });
      await commit(store, ann.entry(FEED_KIND.content, [edit]));
      await waitFor(async () => (await found('afterwards')).length === 1);
      assert.deepEqual(await found('before'), []);
      assert.deepEqual(await found(''), ['as it was', 'afterwards']);
    });

    it('[SE8] shows what it found, in its surroundings', async () => {
      const { store } = await fresh();
      const ann = new FeedWriter(20);
      const text = `${'before '.repeat(60)}a näedle\nin hay${' after'.repeat(60)}`;
      await commit(store, ann.arrive(), ann.post([text]));
      const search = (words: string) => store.search({ rooms: [ROOM], words, limit: 1 });
      await waitFor(async () => (await search('naedle')).found.length === 1);
      const { snippet } = (await search('NAED* "in hay" after')).found[0]!;
      assert.ok(snippet.text.length <= SNIPPET_LETTERS + 22, snippet.text);
      assert.match(snippet.text, /^… before .*before a näedle in hay after.*after…$/);
      const marked = snippet.marks.map(([start, end]) => snippet.text.slice(start, end));
      assert.deepEqual(marked.slice(0, 3), ['näedle', 'in hay', 'after']);
      assert.ok(marked.slice(2).every((mark) => mark === 'after'));
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

    it('[ST18] what is erased is gone from the log, pages and search, its other texts too; the rest stays, and nothing is damaged', async () => {
      const { maker, store } = await fresh();
      const told: Hole[] = [];
      store.onDamage(
        (holes) => told.push(...holes),
        () => assert.fail('the log is not corrupt'),
      );
      const ann = new FeedWriter(13);
      const arrive = ann.arrive();
      const secret = ann.message('secret plan');
      const id = messageId(secret.head.author, secret.head.client);
      const post = ann.entry(FEED_KIND.content, [ann.message('before'), secret, ann.message('after')]);
      await commit(store, arrive, post);
      const edit = ann.entry(FEED_KIND.content, [ann.message('hidden scheme', ROOM, { kind: KIND.edit, target: id })]);
      await commit(store, edit);
      await waitFor(async () => (await searcher(store)('scheme')).length === 1);
      assert.deepEqual(await store.erase(), []);
      const { feed } = ann.info(FEED_KIND.content);
      const payloads = async (at: Store) =>
        (await at.entries(feed, 0, 1_000_000)).map((entry) => payloadsOf(entry).map((one) => one !== null));
      assert.deepEqual(await payloads(store), [[true, true, true], [true]]);
      const head = ann.head({ kind: KIND.remove, room: ROOM, target: id, body: removeBody('') });
      await commit(store, ann.entry(FEED_KIND.governance, [{ head, payload: null }]));
      const late = ann.entry(FEED_KIND.content, [secret, ann.message('later')]);
      await commit(store, late);
      assert.deepEqual(await store.erase(), []);
      const judge = async (at: Store) => {
        assert.deepEqual(await payloads(at), [[true, false, true], [false], [false, true]]);
        const page = await at.history(latest());
        assert.ok('messages' in page);
        assert.deepEqual(
          (page.messages as Shown[]).map(({ payload, removed }) => (payload ? decodeMessage(payload).text : (removed?.op ?? 'no op'))),
          ['before', messageId(head.author, head.client), 'after', 'later'],
        );
        assert.deepEqual(await searcher(at)('scheme'), []);
        assert.deepEqual(await searcher(at)('plan'), []);
        assert.deepEqual(await at.erase(), []);
      };
      await judge(store);
      await store.close();
      const again = await maker.open();
      stores.push(again);
      await again.load();
      await judge(again);
      assert.deepEqual(told, []);
    });

    it('[ST19] a gap that no op in force explains any more is told of, and filled by the entry with its payloads', async () => {
      const { store } = await fresh();
      const [ann, bob] = [new FeedWriter(14), new FeedWriter(15)];
      const arrive = ann.arrive();
      const ops = [ann.message('gone too soon'), ann.message('stays')];
      const post = ann.entry(FEED_KIND.content, ops);
      const id = messageId(ops[0]!.head.author, ops[0]!.head.client);
      const head = ann.head({ kind: KIND.remove, room: ROOM, target: id, body: removeBody('') });
      await commit(store, arrive, post, ann.entry(FEED_KIND.governance, [{ head, payload: null }]));
      assert.deepEqual(await store.erase(), []);
      const { node, feed: grants } = ann.info(FEED_KIND.governance);
      const author = authorId(suite, bob.key.publicKey);
      const cut = new Map([
        [grants, 1],
        [post.feed, post.seq],
      ]);
      const by = bob.head({ kind: KIND.revoke, author });
      const revoke = { ...by, body: revokeBody(null, network, by, node as NodeId, 'stolen', cut) };
      await commit(store, bob.arrive('bob'), bob.entry(FEED_KIND.governance, [{ head: revoke, payload: null }]));
      const orphans = await store.erase();
      assert.deepEqual(
        orphans.map(({ feed, seq, hash }) => [feed, seq, Buffer.from(hash!)]),
        [[post.feed, 1, Buffer.from(post.hash)]],
      );
      assert.equal(await store.mend(post), true);
      assert.equal(await store.mend(post), false);
      await waitFor(async () => {
        const page = await store.history(latest());
        return 'messages' in page && page.messages.every(({ payload }) => payload !== null);
      });
      assert.deepEqual(texts(await store.history(latest())), ['gone too soon', 'stays']);
      assert.deepEqual(await store.erase(), []);
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
