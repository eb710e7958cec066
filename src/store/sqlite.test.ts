import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { beyondContract } from '../../test/contract/beyond.ts';
import { hangingContract } from '../../test/contract/hanging.ts';
import { ownContract } from '../../test/contract/own.ts';
import { type StoreMaker, storeContract } from '../../test/contract/store.ts';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import type { Entry } from '../core/entry.ts';
import { FEED_KIND } from '../core/feed.ts';
import type { RoomId } from '../core/ids.ts';
import { fromHex } from '../lib/bytes.ts';
import { DamagedLogError } from './damage.ts';
import { stateHash } from './export.ts';
import { salvage } from './salvage.ts';
import { openLogReader, StoreVersionError } from './schema.ts';
import { LOG_FILE, SqliteStore } from './sqlite.ts';
import { verifyLog } from './verify.ts';

function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'skein-store-'));
}

/** Flips a bit in the middle of an entry's payloads, or of its own bytes. */
function spoil(directory: string, { bytes }: Entry, column: 'bytes' | 'payloads' = 'payloads'): void {
  const db = new DatabaseSync(join(directory, LOG_FILE));
  db.exec('PRAGMA busy_timeout = 5000');
  const row = db.prepare(`SELECT position, ${column} AS blob FROM entry WHERE bytes = ?`).get(bytes) as {
    position: number;
    blob: Uint8Array;
  };
  row.blob[row.blob.length >> 1]! ^= 4;
  db.prepare(`UPDATE entry SET ${column} = ? WHERE position = ?`).run(row.blob, row.position);
  db.close();
}

/** Changes the bytes of an entry's row. */
function rewrite(directory: string, { bytes }: Entry, change: (bytes: Uint8Array) => Uint8Array): void {
  const db = new DatabaseSync(join(directory, LOG_FILE));
  assert.equal(db.prepare('UPDATE entry SET bytes = ? WHERE bytes = ?').run(change(bytes), bytes).changes, 1);
  db.close();
}

function sql(directory: string, statements: string): void {
  const db = new DatabaseSync(join(directory, LOG_FILE));
  db.exec(statements);
  db.close();
}

function make(): StoreMaker {
  const directory = scratch();
  return {
    open: async () => new SqliteStore(suite, network, directory),
    spoil: (entry) => spoil(directory, entry),
    done: async () => rmSync(directory, { recursive: true }),
  };
}

storeContract('SQLite', make);
ownContract('SQLite', make);
hangingContract('SQLite', make);
beyondContract('SQLite', make);

async function storeOf(directory: string, entries: readonly Entry[]): Promise<void> {
  const store = new SqliteStore(suite, network, directory);
  await store.load();
  await store.commit({ id: 1, entries });
  await store.close();
}

function findings(directory: string, file = LOG_FILE) {
  const db = openLogReader(join(directory, file));
  const found = verifyLog(db, suite, network);
  db.close();
  return found;
}

describe('damage', () => {
  const directory = scratch();
  const ann = new FeedWriter(31);
  const arrive = ann.arrive();
  const posts = Array.from({ length: 6 }, (_, i) => ann.post([`message ${i}`, `another ${i}`]));
  const { feed } = ann.info(FEED_KIND.content);

  it('[ST13] verify names every damaged entry, be it its own bytes or its payloads, and no other', async () => {
    await storeOf(directory, [arrive, ...posts]);
    assert.deepEqual(findings(directory), { entries: 7, holes: [], ids: true, corrupt: null });
    spoil(directory, posts[1]!, 'bytes');
    spoil(directory, posts[3]!);
    spoil(directory, posts[5]!, 'bytes');
    const { entries, holes, corrupt } = findings(directory);
    assert.deepEqual([entries, corrupt], [4, null]);
    assert.deepEqual(
      holes.map((hole) => [hole.feed, hole.seq]),
      [2, 4, 6].map((seq) => [feed, seq]),
    );
    assert.deepEqual(Buffer.from(holes[0]!.hash!), Buffer.from(posts[1]!.hash));
  });

  it('[ST14] what is whole in a damaged log is saved into a new one, in the old order and with holes for the rest', () => {
    const saved = salvage(suite, network, join(directory, LOG_FILE), join(directory, 'saved.db'));
    assert.deepEqual(saved, { kept: 4, damaged: 3, holes: 2 });
    const { entries, holes, ids, corrupt } = findings(directory, 'saved.db');
    assert.deepEqual([entries, ids, corrupt], [4, true, null]);
    assert.deepEqual(
      holes.map((hole) => hole.seq),
      [2, 4],
    );
  });

  it('[ST14] so it is where pages of the database itself are damaged', async () => {
    const broken = scratch();
    const bob = new FeedWriter(32);
    await storeOf(broken, [bob.arrive(), ...Array.from({ length: 300 }, (_, i) => bob.post([`message ${i} ${'x'.repeat(200)}`]))]);
    const file = join(broken, LOG_FILE);
    const bytes = readFileSync(file);
    for (const page of [7, 11, 23]) bytes.fill(0xa5, page * 4096, page * 4096 + 64);
    writeFileSync(file, bytes);
    assert.notEqual(findings(broken).corrupt, null);
    const saved = salvage(suite, network, file, join(broken, 'saved.db'));
    assert.ok(saved.kept > 200 && saved.kept < 301, JSON.stringify(saved));
    assert.equal(findings(broken, 'saved.db').entries, saved.kept);
    rmSync(broken, { recursive: true });
  });

  it('[ST15] a log whose governance is damaged is not loaded', async () => {
    const broken = scratch();
    await storeOf(broken, [arrive, ...posts]);
    spoil(broken, arrive, 'bytes');
    const store = new SqliteStore(suite, network, broken);
    await assert.rejects(store.load(), DamagedLogError);
    await store.close();
    rmSync(broken, { recursive: true });
  });

  it('[ST13] an index of entries that says something else than their table is told of: through it nothing could be put back', async () => {
    const broken = scratch();
    await storeOf(broken, [arrive, ...posts]);
    const db = new DatabaseSync(join(broken, LOG_FILE), { defensive: false });
    // As when a bit of the number flips in the table: the index does not hear of it.
    const index = db.prepare("SELECT rowid, * FROM sqlite_schema WHERE name = 'entry_of_feed'").get() as Record<string, string | number>;
    db.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'entry_of_feed'; PRAGMA writable_schema = RESET");
    db.prepare('UPDATE entry SET seq = seq + 256 WHERE bytes = ?').run(posts[2]!.bytes);
    db.exec('PRAGMA writable_schema = ON');
    db.prepare('INSERT INTO sqlite_schema(rowid, type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?, ?)').run(
      ...['rowid', 'type', 'name', 'tbl_name', 'rootpage', 'sql'].map((name) => index[name]!),
    );
    db.exec('PRAGMA writable_schema = RESET');
    db.close();
    assert.match(findings(broken).corrupt ?? '', /missing from index/);
    rmSync(broken, { recursive: true });
  });

  it('[ST13] a value that is of another type by a flipped bit is damage like any other', async () => {
    const broken = scratch();
    await storeOf(broken, [arrive, ...posts]);
    const db = new DatabaseSync(join(broken, LOG_FILE));
    db.prepare('UPDATE entry SET payloads = ? WHERE bytes = ?').run('no bytes', posts[1]!.bytes);
    db.prepare('UPDATE entry SET bytes = ? WHERE bytes = ?').run(7, posts[3]!.bytes);
    db.close();
    const { entries, holes, corrupt } = findings(broken);
    assert.deepEqual([entries, holes.map(({ seq }) => seq), corrupt], [5, [2, 4], null]);
    const store = new SqliteStore(suite, network, broken);
    await store.load();
    const page = await store.history({ type: 'latest', room: '#r' as RoomId, after: null, limit: 100 });
    assert.equal('messages' in page && page.messages.length, 8);
    await store.close();
    rmSync(broken, { recursive: true });
  });

  it('[ST12] a damaged entry says nothing of the one before it, nor a feed of its damaged last one', async () => {
    const torn = scratch();
    const cid = new FeedWriter(36);
    const arrival = cid.arrive();
    const words = ['1', '2', '3', '4'].map((text) => cid.post([text]));
    await storeOf(torn, [arrival, ...words]);
    // 41 bytes in is the hash of the entry before: what is said of entry 1 is wrong as well.
    rewrite(torn, words[1]!, (bytes) => bytes.with(41, bytes[41]! ^ 1));
    spoil(torn, words[0]!);
    spoil(torn, words[3]!);
    assert.deepEqual(
      findings(torn).holes.map(({ seq, hash }) => [seq, hash && Buffer.from(hash).toString('hex')]),
      [
        [1, null],
        [2, Buffer.from(words[1]!.hash).toString('hex')],
        [4, null],
      ],
    );
    rmSync(torn, { recursive: true });
  });

  it('[ST15] of a feed whose last entry is damaged neither its hash nor its clock is believed', async () => {
    const torn = scratch();
    const cid = new FeedWriter(37);
    const arrival = cid.arrive();
    const words = ['1', '2'].map((text) => cid.post([text]));
    await storeOf(torn, [arrival, ...words]);
    const tipOf = async () => {
      const store = new SqliteStore(suite, network, torn);
      const { feeds } = await store.load();
      await store.close();
      const { hash, hlc } = feeds.find(({ info }) => info.kind === FEED_KIND.content)!.tip;
      return [Buffer.from(hash).toString('hex'), hlc];
    };
    const [hash, hlc] = [Buffer.from(words[1]!.hash).toString('hex'), words[1]!.hlc];
    assert.deepEqual(await tipOf(), [hash, hlc]);
    spoil(torn, words[1]!, 'bytes');
    sql(torn, "UPDATE feed SET hash = x'00', hlc = 1 << 50 WHERE kind = 1");
    assert.deepEqual(await tipOf(), ['', 0]);
    const store = new SqliteStore(suite, network, torn);
    await store.load();
    await store.verify();
    assert.equal(await store.mend(words[1]!), true);
    await store.close();
    assert.deepEqual(await tipOf(), [hash, hlc]);
    rmSync(torn, { recursive: true });
  });

  it('[ST23] the state’s hash is of what can be read: without first entries, and without entries that say they are of a feed that is not theirs', async () => {
    const torn = scratch();
    const cid = new FeedWriter(38);
    const arrival = cid.arrive();
    const words = [cid.post(['1']), cid.post(['2']), cid.post(['3'])];
    const other = new FeedWriter(39);
    await storeOf(torn, [arrival, ...words, other.arrive('bob')]);
    const hashed = () => {
      const db = openLogReader(join(torn, LOG_FILE));
      const { hash, entries, damaged, messages } = stateHash(db, suite, network);
      db.close();
      return { hash, counts: [entries, damaged, messages] };
    };
    const whole = hashed();
    assert.deepEqual(whole.counts, [5, 0, 3]);
    // 20 bytes in is the feed.
    rewrite(torn, words[1]!, (bytes) => bytes.with(20, bytes[20]! ^ 1));
    assert.deepEqual(hashed().counts, [5, 1, 2]);
    sql(torn, 'DELETE FROM entry WHERE seq = 1 AND feed = (SELECT no FROM feed WHERE kind = 1)');
    assert.deepEqual(hashed().counts, [4, 1, 1]);
    sql(torn, 'DELETE FROM entry WHERE seq = 1; DELETE FROM message_id');
    assert.deepEqual(hashed().counts.slice(0, 2), [2, 1]);
    assert.notEqual(hashed().hash, whole.hash);
    rmSync(torn, { recursive: true });
  });

  it('[ST15] governance that says it is of a feed that is not its own is not read, neither by the log nor by the views', async () => {
    const torn = scratch();
    const cid = new FeedWriter(40);
    const law = [cid.arrive(), cid.entry(FEED_KIND.governance, []), cid.entry(FEED_KIND.governance, [])];
    await storeOf(torn, law);
    rewrite(torn, law[1]!, (bytes) => bytes.with(20, bytes[20]! ^ 1));
    const store = new SqliteStore(suite, network, torn);
    await assert.rejects(store.load(), DamagedLogError);
    await store.close();
    rmSync(torn, { recursive: true });
  });

  it('[ST15] a log with a feed that does not end with its last entry is not loaded', async () => {
    for (const change of ['seq = seq + 4096', 'seq = seq - 1', 'hash = randomblob(32)', 'hlc = hlc + 1']) {
      const broken = scratch();
      await storeOf(broken, [arrive, ...posts]);
      const db = new DatabaseSync(join(broken, LOG_FILE));
      db.prepare(`UPDATE feed SET ${change} WHERE id = ?`).run(fromHex(feed));
      db.close();
      assert.notEqual(findings(broken).corrupt, null, change);
      const store = new SqliteStore(suite, network, broken);
      await assert.rejects(store.load(), DamagedLogError, change);
      await store.close();
      rmSync(broken, { recursive: true });
    }
  });

  it('[ST13] an index of message ids that is wrong is noticed, and made anew', async () => {
    const broken = scratch();
    await storeOf(broken, [arrive, ...posts]);
    const db = new DatabaseSync(join(broken, LOG_FILE));
    db.exec('DELETE FROM message_id WHERE no = (SELECT min(no) FROM message_id)');
    db.close();
    assert.equal(findings(broken).ids, false);
    const store = new SqliteStore(suite, network, broken);
    await store.load();
    await store.verify();
    await store.close();
    assert.deepEqual(findings(broken), { entries: 7, holes: [], ids: true, corrupt: null });
    rmSync(broken, { recursive: true });
  });
});

describe('SQLite store', () => {
  for (const [version, words] of [
    [99, /newer version of Skein \(format 99.*upgrade/],
    [2, /before the first release \(format 2.*empty directory/],
  ] as const) {
    it(`[ST9] a store of version ${version} is refused in words and not touched`, () => {
      const directory = scratch();
      const file = join(directory, LOG_FILE);
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA user_version = ${version}`);
      db.close();
      const isTold = (error: unknown): boolean => error instanceof StoreVersionError && words.test(error.message);
      assert.throws(() => new SqliteStore(suite, network, directory), isTold);
      assert.throws(() => openLogReader(file), isTold);
      const again = new DatabaseSync(file);
      assert.deepEqual({ ...again.prepare('PRAGMA user_version').get() }, { user_version: version });
      again.close();
      rmSync(directory, { recursive: true });
    });
  }

  it('[ST10] one changed byte in the log changes the state’s hash', async () => {
    const directory = scratch();
    const store = new SqliteStore(suite, network, directory);
    await store.load();
    const ann = new FeedWriter(1);
    await store.commit({ id: 1, entries: [ann.arrive(), ann.post(['hello', 'world'])] });
    await store.close();
    const hash = (): string => {
      const db = openLogReader(join(directory, LOG_FILE));
      const summary = stateHash(db, suite, network);
      db.close();
      return summary.hash;
    };
    const before = hash();
    assert.equal(hash(), before);
    const db = new DatabaseSync(join(directory, LOG_FILE));
    const { payloads } = db.prepare('SELECT payloads FROM entry WHERE position = 2').get() as { payloads: Uint8Array };
    payloads[20]! ^= 1;
    db.prepare('UPDATE entry SET payloads = ? WHERE position = 2').run(payloads);
    db.close();
    assert.notEqual(hash(), before);
    rmSync(directory, { recursive: true });
  });

  it('[RP23] who waits for a store that is closed is told so', async () => {
    const closing = scratch();
    const store = new SqliteStore(suite, network, closing);
    await store.load();
    const asked = [store.verify(), store.history({ type: 'latest', room: '#r' as RoomId, after: null, limit: 1 })];
    const told = Promise.allSettled(asked);
    await store.close();
    assert.equal((await told).length, 2);
    await assert.rejects(store.verify());
    await assert.rejects(store.commit({ id: 1, entries: [new FeedWriter(50).arrive()] }), /closed/);
    rmSync(closing, { recursive: true });
  });

  it('[ST11] views that are lost are made anew from the log', async () => {
    const directory = scratch();
    const store = new SqliteStore(suite, network, directory);
    await store.load();
    const ann = new FeedWriter(1);
    await store.commit({ id: 1, entries: [ann.arrive(), ann.post(['hello'])] });
    await store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, `views.db${suffix}`), { force: true });
    const again = new SqliteStore(suite, network, directory);
    await again.load();
    const page = await again.history({ type: 'latest', room: '#r' as never, after: null, limit: 10 });
    assert.equal('messages' in page && page.messages.length, 1);
    await again.close();
    rmSync(directory, { recursive: true });
  });
});
