import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { waitFor } from '../../test/contract/store.ts';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { type Entry, payloadsOf } from '../core/entry.ts';
import { blanked } from '../core/erasure.ts';
import { FEED_KIND } from '../core/feed.ts';
import { messageId, type RoomId } from '../core/ids.ts';
import { removeBody, retainBody } from '../core/kinds/erase.ts';
import { textBody } from '../core/kinds/room.ts';
import { KIND, type Op } from '../core/op.ts';
import { stateHash } from './export.ts';
import { salvage } from './salvage.ts';
import { openLogReader } from './schema.ts';
import { LOG_FILE, SqliteStore } from './sqlite.ts';
import { verifyLog } from './verify.ts';

const ROOM = '#r' as RoomId;

function removal(by: FeedWriter, op: Op): Op {
  const target = messageId(op.head.author, op.head.client);
  return { head: by.head({ kind: KIND.remove, room: ROOM, target, body: removeBody('') }), payload: null };
}

describe('erasure from SQLite', () => {
  const directories: string[] = [];
  after(() => {
    for (const directory of directories) rmSync(directory, { recursive: true });
  });
  const storeWith = async (...entries: Entry[]): Promise<{ store: SqliteStore; directory: string }> => {
    const directory = mkdtempSync(join(tmpdir(), 'skein-erase-'));
    directories.push(directory);
    const store = new SqliteStore(suite, network, directory);
    await store.load();
    await store.commit({ id: 1, entries });
    return { store, directory };
  };
  const read = <T>(directory: string, what: (db: DatabaseSync) => T, file = LOG_FILE): T => {
    const db = openLogReader(join(directory, file));
    const result = what(db);
    db.close();
    return result;
  };
  const hashOf = (directory: string): string => read(directory, (db) => stateHash(db, suite, network).hash);
  const filesWith = (directory: string, word: string): string[] =>
    readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(word));

  const ann = new FeedWriter(61);
  const arrive = ann.arrive();
  const secret = ann.message('xyzzyplugh');
  const post = ann.entry(FEED_KIND.content, [ann.message('before'), secret, ann.message('after')]);
  const remove = ann.entry(FEED_KIND.governance, [removal(ann, secret)]);

  it('[ST18, P5] what is erased is in no byte of the files any more, and the state is the same as where it was not erased yet', async () => {
    const [one, other] = [await storeWith(arrive, post), await storeWith(arrive, post, remove)];
    await waitFor(async () => {
      const page = await one.store.search({ rooms: [ROOM], words: 'xyzzyplugh', limit: 1 });
      return page.found.length === 1;
    });
    await one.store.commit({ id: 2, entries: [remove] });
    assert.ok(filesWith(one.directory, 'xyzzyplugh').length > 0);
    await one.store.erase();
    assert.deepEqual(filesWith(one.directory, 'xyzzyplugh'), []);
    assert.notDeepEqual(filesWith(other.directory, 'xyzzyplugh'), []);
    assert.equal(hashOf(one.directory), hashOf(other.directory));
    for (const { store, directory } of [one, other]) {
      await store.close();
      assert.deepEqual(
        read(directory, (db) => verifyLog(db, suite, network)),
        { entries: 3, holes: [], ids: true, corrupt: null },
      );
    }
  });

  it('[ST20] a gap that the law explains is whole, to verify and to whoever saves a broken log; any other is damage', async () => {
    const { store, directory } = await storeWith(arrive, post, remove);
    await store.erase();
    await store.close();
    const find = (file?: string) => read(directory, (db) => verifyLog(db, suite, network), file);
    const save = (to: string) => salvage(suite, network, join(directory, LOG_FILE), join(directory, to));
    assert.deepEqual(find().holes, []);
    assert.deepEqual(save('legal.db'), { kept: 3, damaged: 0, holes: 0 });
    assert.deepEqual(find('legal.db').holes, []);
    const db = new DatabaseSync(join(directory, LOG_FILE));
    db.prepare('UPDATE entry SET payloads = ? WHERE bytes = ?').run(blanked(payloadsOf(post), [1, 2]), post.bytes);
    db.close();
    assert.deepEqual(
      find().holes.map(({ feed, seq }) => [feed, seq]),
      [[post.feed, post.seq]],
    );
    assert.deepEqual(save('illegal.db'), { kept: 2, damaged: 1, holes: 0 });
    assert.equal(
      read(directory, (log) => stateHash(log, suite, network).damaged),
      1,
    );
  });

  it('[ST21] erasing much holds up no commit, and goes on where a crash left it', async () => {
    const bob = new FeedWriter(62);
    const came = bob.arrive('bob');
    const made = bob.entry(FEED_KIND.governance, [
      { head: bob.head({ kind: KIND.room, room: ROOM, body: textBody('#r') }), payload: null },
    ]);
    const old = Array.from({ length: 3000 }, (_, i) => bob.post([`old ${i} oldword`, `old too ${i}`]));
    const { store, directory } = await storeWith(came, made, ...old);
    const [first] = old;
    const cut = new Map([[first!.feed, old.length]]);
    const body = retainBody(old.at(-1)!.hlc + 1, cut);
    const retain = bob.entry(FEED_KIND.governance, [{ head: bob.head({ kind: KIND.retain, room: ROOM, body }), payload: null }]);
    await store.commit({ id: 2, entries: [retain] });
    const erasing = store.erase();
    let isDone = false;
    void erasing.then(
      () => (isDone = true),
      () => (isDone = true),
    );
    const times: number[] = [];
    for (let i = 0; i < 20 && !isDone; i++) {
      const begun = performance.now();
      await store.commit({ id: 3 + i, entries: [bob.post([`new ${i}`])] });
      times.push(performance.now() - begun);
    }
    assert.ok(times.length > 2 && Math.max(...times) < 500, times.map((ms) => ms.toFixed(0)).join());
    await store.close();
    const again = new SqliteStore(suite, network, directory);
    await again.load();
    await again.erase();
    assert.deepEqual(filesWith(directory, 'oldword'), []);
    const page = await again.history({ type: 'latest', room: ROOM, after: null, limit: times.length });
    assert.ok('messages' in page && page.messages.every(({ payload }) => payload !== null));
    await again.close();
    assert.deepEqual(read(directory, (db) => verifyLog(db, suite, network)).holes, []);
  });
});
