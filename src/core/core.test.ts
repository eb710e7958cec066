import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { decoding, Reader, Writer } from '../lib/codec.ts';
import { seededRandom } from '../lib/prng.ts';
import { type Certificate, chainFault, issueCertificate, NO_INVITE } from './admission.ts';
import { canonicalHead, canonicalMessage } from './canonical.ts';
import { type Entry, entryFault, NO_TIP, payloadsOf, readEntry, sealEntry } from './entry.ts';
import { FEED_KIND } from './feed.ts';
import { makeFolder } from './fold.ts';
import { DRIFT_MS_MAX, HLC_PER_MS, hlcMs, nextHlc, observeHlc } from './hlc.ts';
import { type AuthorId, type FeedId, type NodeId, networkId } from './ids.ts';
import { endBody } from './kinds/end.ts';
import { guestBody } from './kinds/guest.ts';
import { textBody } from './kinds/room.ts';
import { KIND, readHead, writeHead, writePayloads } from './op.ts';
import { comparePlaces, historyKey, type Place } from './order.ts';
import { resolve } from './resolve.ts';
import { isOver, type Message } from './state.ts';
import { checkName, checkRoomName, isShowableName, NAME_LENGTH_MAX, textFault } from './text.ts';
import { beyond, covers, equalVectors, raise, readVector, type Vector, writeVector } from './vector.ts';

const feed = (n: number): FeedId => n.toString(16).padStart(32, '0') as FeedId;
const vectors = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 9 })), { maxLength: 12 })
  .map((pairs) => new Map(pairs.map(([f, seq]) => [feed(f), seq])));

describe('clock, vector, order', () => {
  it('[CO1] the clock rises always, follows the wall, and is dragged by a remote one no further than its bound', () => {
    fc.assert(fc.property(fc.nat(1e9), fc.nat(1e6), (last, now) => nextHlc(last, now) > last && hlcMs(nextHlc(last, now)) >= now));
    assert.equal(hlcMs(observeHlc(0, 1e9 * HLC_PER_MS, 1000)), 1000 + DRIFT_MS_MAX);
    assert.equal(observeHlc(50, 20, 0), 50);
  });

  it('[CO2] vectors: raise, beyond and covers agree; one encoding', () => {
    fc.assert(
      fc.property(vectors, vectors, (a, b) => {
        const joined: Vector = new Map(a);
        raise(joined, b);
        assert.ok(covers(joined, a) && covers(joined, b) && !raise(joined, beyond(b, a)));
        const writer = new Writer();
        writeVector(writer, a);
        assert.ok(equalVectors(readVector(new Reader(writer.done())), a));
      }),
    );
    const twice = new Writer().varint(2).hex(feed(2)).varint(1).hex(feed(1)).varint(1).done();
    assert.ok(decoding(() => readVector(new Reader(twice))) instanceof Error);
    assert.ok(decoding(() => readVector(new Reader(new Writer().varint(1).hex(feed(2)).varint(0).done()))) instanceof Error);
  });

  it('[CO3] history order is total, and an answer stands behind what it answers', () => {
    const places = fc.record({ key: fc.nat(3), feed: fc.nat(2).map(feed), seq: fc.nat(2), index: fc.nat(2) });
    fc.assert(
      fc.property(places, places, (a: Place, b: Place) => comparePlaces(a, b) === -comparePlaces(b, a) || comparePlaces(a, b) === 0),
    );
    fc.assert(fc.property(fc.nat(), fc.nat(), (hlc, after) => historyKey(hlc, after) > after && historyKey(hlc, after) >= hlc));
  });
});

describe('entries', () => {
  const ann = new FeedWriter(1);
  const arrival = ann.arrive();
  const first = ann.post(['one', 'two']);
  const second = ann.post(['three'], new Map([[feed(9), 4]]));
  const info = ann.info(FEED_KIND.content);
  const fault = (entry: Entry, tip = first as { seq: number; hash: Uint8Array; hlc: number }, of = info) =>
    decoding(() => entryFault(suite, network, of, tip, entry));

  it('[CO4] an entry is read as it was sealed', () => {
    const { bytes, payloads } = second;
    assert.deepEqual(structuredClone(readEntry(suite, bytes, payloads)), structuredClone(second));
    assert.equal(fault(first, NO_TIP), null);
    assert.equal(fault(second), null);
    assert.equal(entryFault(suite, network, undefined, NO_TIP, arrival), null);
  });

  it('[CO4] any byte changed is noticed', () => {
    for (let at = 0; at < first.bytes.length; at += 3) {
      const bytes = first.bytes.slice();
      bytes[at]! ^= 1 << (at % 8);
      const entry = decoding(() => readEntry(suite, bytes, first.payloads));
      assert.ok(entry instanceof Error || fault(entry, NO_TIP), `byte ${at}`);
    }
    for (let at = 0; at < first.payloads.length; at++) {
      const payloads = first.payloads.slice();
      payloads[at]! ^= 1;
      assert.ok(fault({ ...first, payloads }, NO_TIP), `byte ${at} of the payloads`);
    }
  });

  it('[CO5] every fault of an entry has its words', () => {
    const says = (words: RegExp, found: unknown): void => assert.match(String(found), words);
    says(/another network/, fault({ ...second, network: networkId(suite, ann.key.publicKey as NodeId) }));
    says(/not the next/, fault(second, NO_TIP));
    says(/chain/, fault(second, { ...first, hash: new Uint8Array(32) }));
    says(/clock/, fault(second, { ...first, hlc: second.hlc }));
    says(/header/, fault(second, first, ann.info(FEED_KIND.governance)));
    says(/deps/, fault({ ...second, deps: new Map([[info.sibling, 1]]) }));
    says(/signature/, fault({ ...second, bytes: second.bytes.with(second.bytes.length - 1, second.bytes.at(-1)! ^ 1) }));
    says(/not the one/, fault({ ...second, payloads: writePayloads([payloadsOf(first)[0]!]) }));
    assert.equal(fault({ ...second, payloads: Uint8Array.of(0) }), null, 'what is missing is judged by the law');
    says(/rests on itself/, entryFault(suite, network, undefined, NO_TIP, { ...arrival, governance: 1 }));
    says(/certificate/, entryFault(suite, network, undefined, NO_TIP, { ...arrival, header: { ...arrival.header!, chain: [] } }));
    const sealed = sealEntry(suite, new FeedWriter(77).key, {
      network,
      feed: info.feed,
      tip: first,
      hlc: first.hlc + 1,
      governance: 0,
      deps: new Map(),
      header: null,
      ops: [],
    });
    says(/signature/, fault(sealed));
  });

  it('[CO6] heads have one encoding', () => {
    for (const head of [...first.heads, ...arrival.heads]) {
      const writer = new Writer();
      writeHead(writer, head);
      assert.deepEqual(structuredClone(readHead(new Reader(writer.done()))), structuredClone(head));
      const bytes = writer.done();
      bytes[1]! |= 8;
      assert.ok(decoding(() => readHead(new Reader(bytes))) instanceof Error);
    }
  });

  it('[CO7] a chain admits only whom it names, up to the root', () => {
    const root = suite.keyPair(new Uint8Array(32).fill(9));
    const [a, b] = [suite.keyPair(new Uint8Array(32).fill(1)), suite.keyPair(new Uint8Array(32).fill(2))];
    const body = (node: string) => ({ network, node: node as NodeId, name: 'n', invite: NO_INVITE, atMs: 5 });
    const chain: Certificate[] = [issueCertificate(a, body(b.publicKey)), issueCertificate(root, body(a.publicKey))];
    const says = (node: string, of: Certificate[]) => chainFault(suite, network, node as NodeId, of);
    assert.equal(says(b.publicKey, chain), null);
    assert.match(says(b.publicKey, [])!, /no admission/);
    assert.match(says(a.publicKey, chain)!, /another node/);
    assert.match(says(b.publicKey, chain.slice(0, 1))!, /root/);
    assert.match(says(b.publicKey, [{ ...chain[0]!, name: 'm' }, chain[1]!])!, /signature/);
    assert.match(says(b.publicKey, [{ ...chain[0]!, network: feed(1) as never }, chain[1]!])!, /network/);
  });
});

describe('texts', () => {
  it('[CO8] one choke point for names, rooms and messages', () => {
    for (const good of ['ann', 'Ünïcode', '[x]', 'a-1', '名前']) assert.deepEqual(checkName(good), { name: good.normalize('NFC') });
    for (const bad of ['', '1a', 'a b', 'a\u200bb', 'a,b', 'a~2', 'x'.repeat(NAME_LENGTH_MAX + 1), 'a\r', '@a'])
      assert.ok('fault' in checkName(bad), bad);
    for (const bad of ['', '#', 'room', '#a b', '#a,b', '#a\u0007']) assert.ok('fault' in checkRoomName(bad), bad);
    for (const bad of [' ', '\0', 'a\rb', '\ud800', 'é'.repeat(4097)]) assert.notEqual(textFault(bad), null);
    assert.equal(textFault('é'.repeat(4096)), null);
    assert.ok(isShowableName('ann~2') && !isShowableName('a\nb') && !isShowableName(''));
  });
});

describe('fold', () => {
  /** Two nodes' entries, in one order that respects causality. */
  function entries(): Entry[] {
    const [ann, bob] = [new FeedWriter(11, 5000), new FeedWriter(12, 100)];
    const op = (writer: FeedWriter, kind: number, body?: Uint8Array) => ({
      head: writer.head({ kind, room: '#r' as never, ...(body ? { body } : {}) }),
      payload: null,
    });
    const twin = ann.message('once');
    const list = [ann.arrive('ann'), bob.arrive('bob')];
    list.push(
      ann.entry(FEED_KIND.governance, [op(ann, KIND.room, textBody('#R')), op(ann, KIND.join), op(ann, KIND.topic, textBody('one'))]),
    );
    list.push(
      bob.entry(FEED_KIND.governance, [op(bob, KIND.room, textBody('#r')), op(bob, KIND.join), op(bob, KIND.topic, textBody('two'))]),
    );
    list.push(ann.entry(FEED_KIND.content, [twin, ann.message('a')]), bob.post(['b', 'c']), ann.entry(FEED_KIND.content, [twin]));
    list.push(bob.entry(FEED_KIND.governance, [op(bob, KIND.part, textBody('bye'))]));
    return list;
  }

  function exported(list: readonly Entry[]): string {
    const folder = makeFolder(suite);
    const first = new Map<string, Message>();
    for (const entry of list) {
      for (const change of folder.fold(entry).changes) {
        if (change.type !== 'message') continue;
        const known = first.get(change.message.id);
        if (!known || comparePlaces(change.message.place, known.place) < 0) first.set(change.message.id, change.message);
      }
    }
    const messages = [...first.values()].sort((a, b) => comparePlaces(a.place, b.place));
    return [
      ...canonicalHead(folder, new Map()),
      ...messages.map((message) => canonicalMessage(folder.state, resolve(folder, message, []))),
    ].join('\n');
  }

  it('[P5] any order of arrival that respects causality gives the same export', () => {
    const list = entries();
    const whole = exported(list);
    assert.match(whole, /"text":"once"/);
    for (let seed = 0; seed < 100; seed++) {
      const random = seededRandom(seed);
      const rest = [...list];
      const order: Entry[] = [];
      while (rest.length > 0) {
        const ready = rest.filter(
          (entry) =>
            !rest.some(
              (other) =>
                other !== entry &&
                ((other.feed === entry.feed && other.seq < entry.seq) ||
                  (entry.governance > 0 &&
                    other.header?.node === entry.header?.node &&
                    other.governance === 0 &&
                    other.seq <= entry.governance)),
            ),
        );
        const next = ready[random.below(ready.length)]!;
        order.push(rest.splice(rest.indexOf(next), 1)[0]!);
      }
      assert.equal(exported(order), whole);
    }
  });

  it('[CO9] what nobody granted, and what stands in the wrong feed, shows nowhere', () => {
    const ann = new FeedWriter(13);
    const folder = makeFolder(suite);
    assert.deepEqual([...folder.fold(ann.post(['x'])).voids.values()], ['not granted']);
    assert.deepEqual([...folder.fold(ann.entry(FEED_KIND.governance, [ann.message('x')])).voids.values()], ['wrong feed']);
    assert.deepEqual(
      [...folder.fold(ann.entry(FEED_KIND.content, [{ head: ann.head({ kind: 99 }), payload: null }])).voids.values()],
      ['unknown kind'],
    );
  });

  it('[CO10] of grants and ends in one feed the last counts; an end by a later incarnation is for good', () => {
    const ann = new FeedWriter(14);
    const { feed: granted, node } = ann.info(FEED_KIND.governance);
    const own = makeFolder(suite);
    const nodeAuthor = suite.name('skein/author/1', Buffer.from(node, 'hex')) as AuthorId;
    const end = { head: ann.head({ kind: KIND.end, author: nodeAuthor, body: endBody(ann.author, granted, 'gone') }), payload: null };
    const again = { head: ann.head({ kind: KIND.guest, body: guestBody(ann.session, 'ann', network, node, granted) }), payload: null };
    const over = (): boolean => isOver(own.state.guests.get(ann.author)!);
    own.fold(ann.arrive());
    assert.equal(over(), false);
    assert.equal(own.fold(ann.entry(FEED_KIND.governance, [end])).changes[0]?.type, 'end');
    assert.equal(over(), true);
    assert.equal(own.fold(ann.entry(FEED_KIND.governance, [again])).changes[0]?.type, 'guest');
    assert.equal(over(), false);
    own.fold(ann.entry(FEED_KIND.governance, [again, end]));
    assert.equal(over(), true);
  });
});
