/** Files of the store that were cut short, overwritten or exchanged while the node was down. */

import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import type { RoomId } from '../../src/core/ids.ts';
import { decodeMessage } from '../../src/core/message.ts';
import type { HistoryPage } from '../../src/core/port.ts';
import { type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { seededRandom } from '../../src/lib/prng.ts';
import { LogWriter } from '../../src/store/log-writer.ts';
import { packBatch } from '../../src/store/packing.ts';
import { SqliteStore } from '../../src/store/sqlite.ts';
import { FeedWriter, network, suite } from '../fixture/writer.ts';
import { inRoom, judged, meshOf, Scene, SEED, settled, untilLinked } from './faults.ts';
import { inspected } from './log-inspection.ts';
import { scriptedBatches } from './script.ts';

const ROOM = '#r' as RoomId;
const CUTS = 150;

function scratch(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-damage-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Copies a folder's files, without sockets. */
function copy(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) if (statSync(join(from, name)).isFile()) copyFileSync(join(from, name), join(to, name));
}

function texts(page: HistoryPage): string[] {
  assert.ok('messages' in page, JSON.stringify(page));
  return page.messages.map((message) => decodeMessage(message.payload!).text);
}

/** How many messages with a word are found. */
async function found(store: SqliteStore, words: string): Promise<number> {
  return (await store.search({ rooms: [ROOM], words, limit: 9 })).found.length;
}

/** A store with a thousand messages as a kill leaves it: with its write-ahead logs. */
async function killedStore(folder: string): Promise<void> {
  const live = join(folder, 'live');
  mkdirSync(live);
  const store = new SqliteStore(suite, network, live);
  await store.load();
  const ann = new FeedWriter(1);
  await store.commit({ id: 1, entries: [ann.arrive()] });
  for (let i = 0; i < 100; i++) {
    const said = Array.from({ length: 10 }, (_, j) => `word${10 * i + j} ${'and more '.repeat(20)}`);
    await store.commit({ id: 1, entries: [ann.post(said)] });
  }
  await until('the last is found', async () => (await found(store, 'word999')) === 1);
  copy(live, join(folder, 'killed'));
  await store.close();
}

describe('damaged files', () => {
  it(`[RP16] a write-ahead log cut at ${CUTS} lengths leaves a whole beginning of the history, and the log goes on`, (t) => {
    const folder = scratch(t);
    const live = join(folder, 'live');
    mkdirSync(live);
    const batches = [...scriptedBatches(SEED, 60)];
    const writer = new LogWriter(join(live, 'log.db'));
    for (const batch of batches) writer.append(packBatch(batch));
    const files = new Map(['log.db', 'log.db-wal'].map((name) => [name, new Uint8Array(readFileSync(join(live, name)))]));
    writer.close();
    const random = seededRandom(SEED);
    const wal = files.get('log.db-wal')!;
    const found = new Set<number>();
    for (let i = 0; i < CUTS; i++) {
      const length = i === 0 ? 0 : i === 1 ? wal.length : random.below(wal.length);
      const cut = new Map(files).set('log.db-wal', wal.slice(0, length));
      const { torn, lost } = inspected(cut, join(folder, 'cut'), batches, batches.length);
      assert.equal(torn, null, `seed ${SEED}, cut at ${length} of ${wal.length}`);
      found.add(lost);
    }
    t.diagnostic(`seed ${SEED}; ${wal.length} bytes; ${found.size} different beginnings`);
    assert.ok(found.has(0) && found.size > 20);
  });

  it('[RP17] views that are garbage, cut short, of another log or ahead of theirs are made anew, and every page is right', async (t) => {
    const folder = scratch(t);
    await killedStore(folder);
    const random = seededRandom(SEED);
    const at = join(folder, 'again');
    const views = join(at, 'views.db');
    const garbage = (file: string): void => writeFileSync(file, random.bytes(statSync(file).size));
    const overwrite = (file: string, from: number): void => {
      const bytes = readFileSync(file);
      bytes.set(random.bytes(Math.min(3 * 4096, bytes.length - from)), from);
      writeFileSync(file, bytes);
    };
    const damages: Readonly<Record<string, () => void>> = {
      nothing: () => undefined,
      'garbage in place of all': () => garbage(views),
      'garbage in place of the write-ahead log': () => garbage(`${views}-wal`),
      'an empty file': () => truncateSync(views, 0),
      'half the file, no write-ahead log': () => {
        checkpointed(at);
        truncateSync(views, statSync(views).size / 2);
      },
      'half the write-ahead log': () => truncateSync(`${views}-wal`, statSync(`${views}-wal`).size / 2),
      'garbage in the middle': () => {
        checkpointed(at);
        overwrite(views, 4096 * 8);
      },
      'garbage at the beginning': () => overwrite(views, 100),
      'views of another log': () => {
        const db = new DatabaseSync(views);
        db.exec('PRAGMA application_id = 1; DELETE FROM message');
        db.close();
      },
      'no views': () => rmSync(views),
      'a log that lost its end': () => truncateSync(join(at, 'log.db-wal'), statSync(join(at, 'log.db-wal')).size / 2),
    };
    for (const [damage, make] of Object.entries(damages)) {
      rmSync(at, { recursive: true, force: true });
      copy(join(folder, 'killed'), at);
      make();
      const store = new SqliteStore(suite, network, at);
      const { feeds } = await store.load();
      const entries = Math.max(0, ...feeds.filter(({ info }) => info.kind === 1).map(({ tip }) => tip.seq));
      const wanted = Array.from({ length: 100 }, (_, i) => 10 * entries - 100 + i);
      const page = texts(await store.history({ type: 'latest', room: ROOM, after: null, limit: 100 }));
      assert.deepEqual(
        page.map((text) => text.split(' ')[0]),
        wanted.map((i) => `word${i}`),
        damage,
      );
      assert.ok(damage === 'a log that lost its end' ? entries < 100 : entries === 100, damage);
      await until(`search works again after ${damage}`, async () => (await found(store, `word${10 * entries - 1}`)) === 1);
      assert.equal(await found(store, `word${10 * entries}`), 0, damage);
      await store.close();
    }
  });
});

/** Brings the views' write-ahead log into their database. */
function checkpointed(directory: string): void {
  const db = new DatabaseSync(join(directory, 'views.db'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

/** Three nodes that chatted; the first was killed. */
async function withOneKilled(scene: Scene) {
  const nodes = await scene.group().network(['a', 'b', 'c']);
  const [a, b, c] = nodes as [NodeProcess, NodeProcess, NodeProcess];
  await untilLinked(nodes, { a: 'bc', b: 'ac', c: 'ab' });
  const people = await scene.peopleAt(nodes);
  const talk = scene.talk(people, 5);
  await until('there is talk', () => people.every(({ echoed }) => echoed >= 60));
  talk.end();
  await settled(people);
  const { host, port } = meshOf(a);
  a.irc = null;
  await a.kill('SIGKILL');
  return { nodes, a, b, c, people, again: () => a.start(['--mesh', `${host}:${port}`]) };
}

/** After the node is back everybody goes on, and all hold the same and all that was echoed. */
async function goesOn({ nodes, people }: Awaited<ReturnType<typeof withOneKilled>>): Promise<void> {
  await inRoom(people);
  for (const [i, person] of people.entries()) person.post(`after the damage ${i}`);
  await settled(people);
  await untilEqual(nodes);
  await judged(people);
}

describe('damaged logs of nodes with peers', () => {
  for (const [damage, make] of Object.entries({
    'a header of zeros': (file: string) => {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0, 0, 100));
    },
    'half the file': (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2)),
    garbage: (file: string) => writeFileSync(file, seededRandom(SEED).bytes(100_000)),
  })) {
    it(`[RP18] with ${damage} in place of its log a node begins another, says so, and gets everything back, its own words too`, async (t) => {
      const killed = await withOneKilled(new Scene(t));
      const { a, again } = killed;
      const file = join(a.directory, 'log.db');
      // What a killed node leaves may all be in the write-ahead log yet.
      new LogWriter(file).close();
      make(file);
      await again();
      const { warnings } = await a.status();
      assert.match(warnings.join(), /was damaged.*asked of other nodes; the damaged file is log\.db\.damaged-1/);
      assert.match(a.log, /the damaged file is log\.db\.damaged-1/);
      assert.ok(existsSync(join(a.directory, 'log.db.damaged-1')));
      await goesOn(killed);
      assert.ok(
        !existsSync(join(a.directory, 'recovery-key')) || (await a.status()).network.name === (await killed.b.status()).network.name,
      );
    });
  }

  it('[RP16] a node whose write-ahead log lost its end gets that back from its peers, and forks nothing', async (t) => {
    const killed = await withOneKilled(new Scene(t));
    const wal = join(killed.a.directory, 'log.db-wal');
    const { size } = statSync(wal);
    truncateSync(wal, Math.floor(size / 2));
    await killed.again();
    t.diagnostic(`${basename(wal)} of ${size} bytes cut in half`);
    await goesOn(killed);
    assert.deepEqual((await killed.a.status()).warnings, []);
  });
});
