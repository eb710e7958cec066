import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { storeContract } from '../../test/contract/store.ts';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { stateHash } from './export.ts';
import { NewerStoreError, openLogReader } from './schema.ts';
import { LOG_FILE, SqliteStore } from './sqlite.ts';

function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'skein-store-'));
}

storeContract('SQLite', () => {
  const directory = scratch();
  return {
    open: async () => new SqliteStore(suite, network, directory),
    done: async () => rmSync(directory, { recursive: true }),
  };
});

describe('SQLite store', () => {
  it('[ST9] a store of a newer version is refused and not touched', () => {
    const directory = scratch();
    const db = new DatabaseSync(join(directory, LOG_FILE));
    db.exec('PRAGMA user_version = 99');
    db.close();
    assert.throws(() => new SqliteStore(suite, network, directory), NewerStoreError);
    rmSync(directory, { recursive: true });
  });

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
