/** The parts of a session by themselves: addresses, the outbox, requests, what is kept, and the machine it runs on. */

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { WireNode } from '../api/protocol.ts';
import type { ClientId, FeedId, MessageId, NodeId, RoomId } from '../core/ids.ts';
import { newKdf } from '../core/kdf.ts';
import { toHex, utf8 } from '../lib/bytes.ts';
import { makeSuite } from '../lib/crypto.ts';
import { seededRandom } from '../lib/prng.ts';
import { Addresses } from './addresses.ts';
import { Admission } from './admission.ts';
import { common, covers, joined } from './cursor.ts';
import { readKept } from './keeping.ts';
import { LIMITS } from './limits.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { browserHash, browserSuite } from './platform-browser.ts';
import { nodePlatform } from './platform-node.ts';
import { memoryStorage, Pending } from './storage.ts';
import { fileStorage, StorageInUseError } from './storage-files.ts';

const ROOM = '#main' as RoomId;

function outgoing(no: number, room = ROOM): Outgoing {
  const id = String(no).padStart(64, '0') as MessageId;
  const client = id.slice(0, 32) as ClientId;
  return { id, client, salt: '', after: 0, to: { room }, room, style: 'text', text: `${no}`, atMs: 0, delivery: { state: 'waiting' } };
}

const node = (no: number, ...urls: string[]): WireNode => ({
  id: String(no) as NodeId,
  name: `n${no}`,
  state: 'up',
  rttMs: null,
  urls,
  links: [],
});

describe('cursors', () => {
  it('[CB2] rise together, and have in common what each of them covers', () => {
    const [a, b, c] = ['a', 'b', 'c'] as [FeedId, FeedId, FeedId];
    const [one, other] = [
      { [a]: 3, [b]: 1 },
      { [a]: 1, [c]: 2 },
    ];
    assert.deepEqual(joined(one, other), { [a]: 3, [b]: 1, [c]: 2 });
    assert.equal(joined(one, { [a]: 2 }), one);
    assert.deepEqual(common([one, other]), { [a]: 1 });
    assert.deepEqual(common([]), {});
    assert.ok(covers(one, { [b]: 1 }) && !covers(one, other));
  });
});

describe('addresses', () => {
  const make = (...urls: string[]) => new Addresses(urls, LIMITS, seededRandom(3));

  it('[CB6] who failed last is tried last, and the others are drawn by lot', () => {
    const first = new Map<string, number>();
    for (let seed = 0; seed < 300; seed++) {
      const all = new Addresses(['http://a', 'http://b', 'http://c', 'http://d'], LIMITS, seededRandom(seed));
      all.failed('http://a', 0);
      const url = all.next(0)!;
      first.set(url, (first.get(url) ?? 0) + 1);
      all.failed('http://b', 1);
      all.failed('http://c', 2);
      all.failed('http://d', 3);
      assert.equal(all.next(4), 'http://a');
    }
    assert.equal(first.has('http://a'), false);
    for (const url of ['http://b', 'http://c', 'http://d']) assert.ok(first.get(url)! > 60, `${url} ${first.get(url)}`);
  });

  it('[CB6] tries come at random, soon at first, a second apart at most, and five when nobody answered for a minute', () => {
    const all = make('http://a', 'http://b');
    const most = (nowMs: number): number => Math.max(...Array.from({ length: 200 }, () => all.delayMs(nowMs)));
    all.failed('http://a', 0);
    assert.ok(most(0) <= 250 && most(0) > 200);
    for (let i = 0; i < 20; i++) all.failed(i % 2 ? 'http://a' : 'http://b', 100);
    assert.ok(most(1000) <= 1000 && most(1000) > 800);
    assert.ok(most(120_000) > 4000 && most(120_000) <= 5000);
    all.served('http://a');
    assert.ok(most(120_000) <= 250);
  });

  it('[CB6] the first try after a loss comes within the time over which a node asked its many clients to spread; later ones come as ever', () => {
    const all = make('http://a', 'http://b');
    const most = (): number => Math.max(...Array.from({ length: 300 }, () => all.delayMs(0)));
    for (const [asked, least, bound] of [
      [30, 200, 250],
      [8000, 7000, 8000],
      [1e9, 14_000, 15_000],
    ] as const) {
      all.served('http://a');
      all.spreadMs = asked;
      all.failed('http://a', 0);
      assert.ok(most() > least && most() <= bound, `${asked}: ${most()}`);
    }
    all.failed('http://b', 0);
    assert.ok(most() <= 1000);
  });

  it('[CB6] more are learned, but none that only their own machine can reach; who asks to be left alone is', () => {
    const all = make('http://chat.example:7400');
    all.learn([node(1, 'http://127.0.0.1:7400'), node(2, 'http://two.example:7400/')], 'http://chat.example:7400');
    assert.deepEqual(all.urls, ['http://chat.example:7400', 'http://two.example:7400']);
    assert.ok(all.hasOther('http://chat.example:7400'));
    all.failed('http://chat.example:7400', 0, 5000);
    all.failed('http://two.example:7400', 0, 5000);
    assert.equal(all.next(100), null);
    assert.ok(all.delayMs(100) >= 4900);
    assert.ok(all.next(5001));
  });
});

describe('the outbox', () => {
  it('[CB5] one is on its way at a time, in order, and stays until enough nodes hold it', () => {
    const box = new Outbox();
    for (const no of [1, 2]) box.add(outgoing(no));
    assert.equal(box.next(0, 1000)!.text, '1');
    assert.equal(box.next(0, 1000), null);
    assert.equal(box.wakeMs(1000), null);
    box.shown(outgoing(1).id);
    assert.equal(box.next(0, 1000)!.text, '2');
    assert.deepEqual(box.held({ id: outgoing(1).id, held: 1, wanted: 3 }, 10), { state: 'held', held: 1, wanted: 3 });
    assert.equal(box.size, 2);
    box.held({ id: outgoing(2).id, held: 3, wanted: 3 }, 10);
    assert.equal(box.size, 1);
    assert.equal(box.next(500, 1000), null);
    assert.equal(box.next(1010, 1000)!.text, '1');
    // At the next node it is counted anew, and what was told is not taken back.
    box.anew();
    assert.equal(box.next(1010, 1000)!.text, '1');
    box.held({ id: outgoing(1).id, held: 2, wanted: 3 }, 20);
    assert.deepEqual(box.held({ id: outgoing(1).id, held: 1, wanted: 3 }, 20), { state: 'held', held: 2, wanted: 3 });
    assert.equal(box.held({ id: outgoing(1).id, held: 3, wanted: 3 }, 30)!.state, 'held');
    assert.equal(box.size, 0);
  });

  it('[CB5] what is refused for now waits, a slow room alone, and what is refused for good waits for its author', () => {
    const box = new Outbox();
    const other = '#other' as RoomId;
    box.add(outgoing(1));
    box.add(outgoing(2));
    box.add(outgoing(3, other));
    const refuse = (no: number, type: string, retryMs?: number, isBehind = false) =>
      box.refused(outgoing(no).id, { type, words: 'no', ...(retryMs && { retryMs }) }, 0, isBehind).type;
    box.next(0, 1000);
    assert.equal(refuse(1, 'flood', 300), 'later');
    assert.equal(box.next(299, 1000), null);
    assert.equal(box.wakeMs(1000), 300);
    assert.equal(box.next(300, 1000)!.text, '1');
    assert.equal(refuse(1, 'slow', 60_000), 'later');
    assert.equal(box.next(400, 1000)!.text, '3');
    box.held({ id: outgoing(3).id, held: 1, wanted: 1 }, 400);
    assert.equal(box.next(60_000, 1000)!.text, '1');
    assert.equal(refuse(1, 'not in room'), 'join');
    assert.equal(box.next(60_000, 1000)!.text, '1');
    assert.equal(refuse(1, 'silenced'), 'refused');
    assert.deepEqual(box.find(outgoing(1).id)!.delivery, { state: 'refused', words: 'no' });
    assert.equal(box.next(60_000, 1000)!.text, '2');
    box.held({ id: outgoing(2).id, held: 1, wanted: 1 }, 0);
    assert.equal(box.next(60_000, 1000), null);
    assert.ok(box.retry(outgoing(1).id));
    assert.equal(box.next(60_000, 1000)!.text, '1');
    assert.equal(refuse(1, 'silenced'), 'refused');
    assert.equal(box.discard(outgoing(1).id)!.text, '1');
    assert.equal(box.size, 0);
  });
});

describe('admission', () => {
  it('[CB8] who is not let in tries the next node where that may know more, and a guest whose name was taken takes another', () => {
    const admission = new Admission();
    const guest = { type: 'guest', name: 'mia', asked: 'mia', seed: '' } as const;
    const refused = (type: string, retryMs?: number) => ({ type, words: '', ...(retryMs && { retryMs }) });
    assert.deepEqual(admission.refused(refused('name in use'), 'a', [], guest), { type: 'again', identity: { ...guest, name: 'mia_' } });
    assert.equal(admission.refused(refused('name in use'), 'a', [], null).type, 'over');
    assert.equal(admission.refused(refused('busy', 100), 'a', [], null).type, 'elsewhere');
    assert.equal(admission.refused(refused('bad key'), 'a', ['b'], null).type, 'elsewhere');
    assert.equal(admission.refused(refused('bad key'), 'b', ['a'], null).type, 'over');
  });
});

describe('what is kept', () => {
  it('[CB10] a file is whole or as it was, readable to its owner alone; one process has the directory', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'skein-client-'));
    const storage = await fileStorage(directory);
    await assert.rejects(fileStorage(directory), StorageInUseError);
    for (let i = 0; i < 50; i++) storage.set('outbox', `value ${i}`);
    storage.set('room/#a', 'x');
    storage.set('room/#a', null);
    await storage.flush();
    for (const file of readdirSync(directory)) assert.equal(statSync(join(directory, file)).mode & 0o077, 0, file);
    await storage.close();
    // What a process left that is gone.
    writeFileSync(join(directory, 'lock'), '4194305');
    const again = await fileStorage(directory);
    assert.deepEqual([...(await again.load())], [['outbox', 'value 49']]);
    await again.close();
    rmSync(directory, { recursive: true });
  });

  it('[CB10] writes keep their order, the last value of each key counts, and an error is told', async () => {
    const written: string[] = [];
    let isBroken = true;
    const pending = new Pending(async (key, value) => {
      await null;
      if (isBroken) throw new Error('disk full');
      written.push(`${key}=${value}`);
    });
    pending.set('a', '1');
    await assert.rejects(pending.flush(), /disk full/);
    isBroken = false;
    pending.set('a', '2');
    pending.set('b', '3');
    pending.set('a', '4');
    await pending.flush();
    assert.deepEqual(written.slice(-2), ['b=3', 'a=4']);
    const memory = memoryStorage();
    memory.set('x', '1');
    memory.set('x', null);
    assert.equal((await memory.load()).size, 0);
  });

  it('[CB10] what cannot be read is as if it were not there', () => {
    assert.equal(readKept(new Map([['session', '{']])).session, null);
    const session = JSON.stringify({ version: 1, identity: { type: 'guest', name: 'a', asked: 'a', seed: '' }, after: 3 });
    const kept = readKept(
      new Map([
        ['session', session],
        ['outbox', 'nonsense'],
        ['room/#a', '['],
      ]),
    );
    assert.deepEqual([kept.session!.after, kept.outbox, kept.rooms], [3, [], []]);
  });
});

describe('the machine', () => {
  it('[CB11] keys, hashes and signatures are the same in browsers and on Node', async () => {
    const [here, there] = [makeSuite(), browserSuite()];
    const random = seededRandom(5);
    for (let i = 0; i < 5; i++) {
      const seed = random.bytes(32);
      const bytes = random.bytes(i * 17);
      assert.equal(here.keyPair(seed).publicKey, there.keyPair(seed).publicKey);
      const signature = there.keyPair(seed).sign('tag', bytes);
      assert.deepEqual(here.keyPair(seed).sign('tag', bytes), signature);
      assert.ok(here.verify(here.keyPair(seed).publicKey, 'tag', bytes, signature));
      assert.ok(there.verify(here.keyPair(seed).publicKey, 'tag', bytes, signature));
      assert.ok(!there.verify(here.keyPair(seed).publicKey, 'other', bytes, signature));
      assert.equal(toHex(here.sha256(bytes)), toHex(there.sha256(bytes)));
      assert.equal(here.name('tag', bytes), there.name('tag', bytes));
    }
    const kdf = newKdf(utf8('sixteen bytes...'));
    const platform = nodePlatform();
    assert.equal(toHex(await browserHash('wälrus kettle', kdf)), toHex(await platform.argon2('wälrus kettle', kdf)));
  });
});
