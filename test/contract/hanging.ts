/** What every store tells of what hangs on messages, run against each of them: pins, former texts, where messages lie. */

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Entry, payloadsOf } from '../../src/core/entry.ts';
import { blanked } from '../../src/core/erasure.ts';
import { FEED_KIND } from '../../src/core/feed.ts';
import { directRoomId, type MessageId, messageId, type RoomId } from '../../src/core/ids.ts';
import { pinBody } from '../../src/core/kinds/about.ts';
import { removeBody } from '../../src/core/kinds/erase.ts';
import { directBody } from '../../src/core/kinds/message.ts';
import { decodeMessage } from '../../src/core/message.ts';
import { KIND, type Op } from '../../src/core/op.ts';
import type { Place } from '../../src/core/order.ts';
import type { Store } from '../../src/store/store.ts';
import { FeedWriter, suite } from '../fixture/writer.ts';
import type { StoreMaker } from './store.ts';

const textOf = (payload: Uint8Array | null): string | null => payload && decodeMessage(payload).text;

export function hangingContract(name: string, make: () => StoreMaker): void {
  describe(`store of what hangs on messages: ${name}`, () => {
    const makers: StoreMaker[] = [];
    const stores: Store[] = [];
    after(async () => {
      for (const store of stores) await store.close().catch(() => undefined);
      for (const maker of makers) await maker.done();
    });
    const commit = (store: Store, ...entries: Entry[]) => store.commit({ id: 1, entries });

    /** Two people, their direct room (where both pin), and five messages there by one of them. */
    const talk = async (seed: number) => {
      const maker = make();
      makers.push(maker);
      const store = await maker.open();
      stores.push(store);
      await store.load();
      const [ann, bob] = [new FeedWriter(seed, 1000), new FeedWriter(seed + 1, 50_000)];
      const room = directRoomId(suite, ann.author, bob.author);
      const say = (text: string) => ann.message(text, room, { body: directBody(bob.author) });
      const posts = ['a', 'b', 'c', 'd', 'e'].map(say);
      await commit(store, ann.arrive(), bob.arrive('bob'), ann.entry(FEED_KIND.content, posts));
      const ids = posts.map(({ head }) => messageId(head.author, head.client));
      const pin = (target: MessageId, on = true, by = bob): Op => ({
        head: by.head({ kind: KIND.pin, room, target, body: pinBody(on) }),
        payload: null,
      });
      const edit = (target: MessageId, text: string): Op => {
        const { head, payload } = ann.message(text, room, { target });
        return { head: { ...head, kind: KIND.edit }, payload };
      };
      const put = (ops: Op[], by = bob, hlc?: number) => commit(store, by.entry(FEED_KIND.content, ops, new Map(), hlc));
      const remove = (target: MessageId) => {
        const head = ann.head({ kind: KIND.remove, room, target, body: removeBody('') });
        return commit(store, ann.entry(FEED_KIND.governance, [{ head, payload: null }]));
      };
      const pinned = async (before: Place | null = null, limit = 10) => {
        const { pins, next } = await store.pins(room, before, limit);
        return { texts: pins.map(({ message }) => textOf(message.payload)), next };
      };
      const said = async (id: MessageId, before: Place | null = null, limit = 10) =>
        (await store.versions(id, before, limit))?.versions.map(({ payload }) => textOf(payload));
      return { store, ann, bob, room, posts, ids, pin, edit, put, remove, pinned, said };
    };

    it('[ST26] what is pinned in a room comes newest pin first, page by page, each message once; what was taken off or removed does not', async () => {
      const { ids, pin, put, pinned, remove, edit, ann, store } = await talk(80);
      await put([pin(ids[1]!), pin(ids[0]!)]);
      await put([pin(ids[3]!)]);
      await put([pin(ids[2]!)]);
      assert.deepEqual(await pinned(), { texts: ['c', 'd', 'a', 'b'], next: null });
      await put([pin(ids[1]!), pin(ids[3]!, false)]);
      assert.deepEqual((await pinned()).texts, ['b', 'c', 'a']);
      const first = await pinned(null, 2);
      assert.deepEqual(first.texts, ['b', 'c']);
      assert.deepEqual(await pinned(first.next, 2), { texts: ['a'], next: null });
      await put([edit(ids[0]!, 'a, really')], ann);
      await remove(ids[2]!);
      assert.deepEqual((await pinned()).texts, ['b', 'a, really']);
      assert.deepEqual(await store.pins('#other' as RoomId, null, 10), { pins: [], next: null });
    });

    it('[ST26] a pin that was written earlier and comes later stands at its place; one of another room pins nothing', async () => {
      const { ids, pin, put, pinned, ann } = await talk(82);
      await put([pin(ids[0]!)], undefined, 90_000);
      await put([pin(ids[1]!, true, ann)], ann, 80_000);
      assert.deepEqual((await pinned()).texts, ['a', 'b']);
      const elsewhere = pin(ids[2]!);
      await put([{ ...elsewhere, head: { ...elsewhere.head, room: '#r' as RoomId } }]);
      assert.deepEqual((await pinned()).texts, ['a', 'b']);
    });

    it('[ST26] of a room where pins come and go all the time a page looks at so many and says where to go on', async () => {
      const { ids, pin, put, store, room, pinned } = await talk(84);
      await put([pin(ids[4]!)]);
      for (let i = 0; i < 10; i++) await put(Array.from({ length: 120 }, (_, j) => pin(ids[0]!, j % 2 === 0)));
      const found: (string | null)[] = [];
      for (let before: Place | null = null, pages = 0; pages === 0 || before !== null; pages++) {
        assert.ok(pages < 5);
        const page: Awaited<ReturnType<typeof store.pins>> = await store.pins(room, before, 10);
        found.push(...page.pins.map(({ message }) => textOf(message.payload)));
        before = page.next;
      }
      assert.deepEqual(found, ['e']);
      await put([pin(ids[0]!)]);
      assert.equal((await pinned()).texts[0], 'a');
    });

    it('[ST27] what a message said comes in history order, the last of which shows, page by page; of what was removed, or is none, nothing', async () => {
      const { ids, edit, put, said, remove, ann, store } = await talk(86);
      const [id] = ids as [MessageId];
      assert.deepEqual(await said(id), ['a']);
      for (const text of ['a1', 'a2', 'a3']) await put([edit(id, text)], ann);
      await put([edit(id, 'before all')], ann, 1000);
      assert.deepEqual(await said(id), ['a', 'a1', 'a2', 'a3']);
      const page = await store.versions(id, null, 2);
      assert.deepEqual([page!.more, textOf(page!.message.payload)], [true, 'a3']);
      assert.deepEqual(await said(id, page!.versions[0]!.place), ['a', 'a1']);
      assert.equal((await store.versions(id, page!.versions[0]!.place, 2))!.more, false);
      await remove(id);
      assert.deepEqual(await said(id), []);
      assert.equal(await store.versions('0'.repeat(64) as MessageId, null, 10), null);
    });

    it('[ST27] a text that is here no more is not among them, and nobody else’s edit ever was', async () => {
      const { ids, edit, put, said, ann, bob, store } = await talk(88);
      const [id] = ids as [MessageId];
      const gone = ann.entry(FEED_KIND.content, [edit(id, 'a slip')]);
      await commit(store, { ...gone, payloads: blanked(payloadsOf(gone), [0]) });
      await put([edit(id, 'mended')], ann);
      const forged = edit(id, 'forged');
      await put([{ ...forged, head: { ...forged.head, author: bob.author } }]);
      assert.deepEqual(await said(id), ['a', 'mended']);
    });

    it('[ST28] where the ops of a message lie is told, of one that was handed in twice both', async () => {
      const { ids, posts, ann, store } = await talk(90);
      const again = new FeedWriter(92, 500);
      Object.assign(again, { session: ann.session, author: ann.author });
      await commit(store, again.arrive(), again.entry(FEED_KIND.content, [posts[0]!]));
      const places = await store.places([ids[0]!, ids[1]!, '0'.repeat(64) as MessageId]);
      const lies = (id: MessageId) =>
        places
          .get(id)!
          .map(({ feed, seq, index }) => `${feed} ${seq} ${index}`)
          .sort();
      const { feed } = ann.info(FEED_KIND.content);
      assert.deepEqual(lies(ids[0]!), [`${feed} 1 0`, `${again.info(FEED_KIND.content).feed} 1 0`].sort());
      assert.deepEqual(lies(ids[1]!), [`${feed} 1 1`]);
      assert.deepEqual(places.get('0'.repeat(64) as MessageId), []);
    });
  });
}
