import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import type { Entry } from '../core/entry.ts';
import { equalBytes } from '../lib/bytes.ts';
import { type Random, seededRandom } from '../lib/prng.ts';
import { isCorruption } from '../store/damage.ts';
import { stateHash } from '../store/export.ts';
import { openLogReader } from '../store/schema.ts';
import { SqliteStore } from '../store/sqlite.ts';
import type { Hole } from '../sync/effects.ts';
import { openStore } from './rescue.ts';

const ROUNDS = Number(process.env['SKEIN_ROUNDS'] ?? 12);
const SEED = Number(process.env['SKEIN_SEED'] ?? Math.floor(Math.random() * 1e9));
/** Starts, and looks at the whole log in each, within which a log has to be at rest. */
const STARTS_MAX = 5;
const LOOKS_MAX = 5;

const hex = ({ bytes, payloads }: Entry): string => Buffer.from(bytes).toString('hex') + Buffer.from(payloads).toString('hex');

describe('rescue', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-rescue-'));
  const base = join(folder, 'base');
  const entries: Entry[] = [];

  before(async () => {
    mkdirSync(base);
    const store = new SqliteStore(suite, network, base);
    await store.load();
    const writers = [1, 2, 3].map((n) => new FeedWriter(40 + n));
    let id = 0;
    const commit = async (batch: readonly Entry[]): Promise<void> => {
      entries.push(...batch);
      await store.commit({ id: ++id, entries: batch });
    };
    for (const writer of writers) await commit([writer.arrive(`name${id}`)]);
    for (let i = 0; i < 120; i++) await commit(writers.map((writer) => writer.post([`message ${i}`, `${'x'.repeat(i)} again`])));
    await store.close();
  });

  after(() => rmSync(folder, { recursive: true }));

  /** A copy of the directory with flipped bits, in each round up to so many. */
  async function rounds(flipsMax: number, judge: (directory: string) => Promise<void>, flip: typeof flipBits = flipBits): Promise<void> {
    const random = seededRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const directory = mkdtempSync(join(folder, 'round-'));
      cpSync(base, directory, { recursive: true });
      const flips = 1 + random.below(flipsMax);
      flip(join(directory, 'log.db'), flips, random);
      await judge(directory).catch((error: Error) => assert.fail(`round ${round}, ${flips} flips: ${error.stack}`));
    }
  }

  it(`[ST14] however many bits of a database flip, it is opened, and what it serves was written (seed ${SEED})`, async () => {
    const written = new Set(entries.map(hex));
    await rounds(400, (directory) => servesOnly(directory, written));
  });

  it(`[ST14] however few bits of a database flip, it comes to rest once its holes are mended (seed ${SEED})`, async () => {
    const byPlace = new Map(entries.map((entry) => [`${entry.feed}/${entry.seq}`, entry]));
    await rounds(16, (directory) => comesToRest(directory, byPlace));
  });

  it(`[ST12, ST14, ST23] however many neighbours in a feed are damaged, it comes to rest once its holes are mended (seed ${SEED})`, async () => {
    const byPlace = new Map(entries.map((entry) => [`${entry.feed}/${entry.seq}`, entry]));
    const spoil = (file: string, flips: number, random: Random): void => {
      const [one] = [entries[random.below(entries.length)]!];
      flipEntries(
        file,
        entries.filter(({ feed }) => feed === one.feed && random.below(40) < flips),
        random,
      );
    };
    await rounds(40, (directory) => comesToRest(directory, byPlace), spoil);
  });
});

function flipBits(file: string, flips: number, random: Random): void {
  const bytes = readFileSync(file);
  for (let i = 0; i < flips; i++) {
    const at = random.below(bytes.length);
    // The number of the format, which says that a newer version wrote it.
    if (at < 60 || at > 63) bytes[at]! ^= 1 << random.below(8);
  }
  writeFileSync(file, bytes);
}

/** Flips a bit of what each of these says of its place: network, feed, number and the hash of the entry before. */
function flipEntries(file: string, entries: readonly Entry[], random: Random): void {
  const bytes = readFileSync(file);
  for (const entry of entries) {
    // From its number on an entry is like no other.
    const at = bytes.indexOf(Buffer.from(entry.bytes.subarray(33, 73)));
    if (at >= 33) bytes[at - 33 + random.below(70)]! ^= 1 << random.below(8);
  }
  writeFileSync(file, bytes);
}

/** Opens the store, and anew while it is told to be corrupt; reads every feed. */
async function servesOnly(directory: string, written: ReadonlySet<string>): Promise<void> {
  for (let suspect = false, opened = 0; ; suspect = true) {
    const { store, stored } = await openStore(suite, network, directory, suspect);
    let corrupt: string | null = null;
    store.onDamage(
      () => undefined,
      (reason) => {
        corrupt = reason;
      },
    );
    await closing(store, async () => {
      for (const { info, tip } of stored.feeds) {
        for (let from = 0; from < tip.seq; from++) {
          const entries = await store.entries(info.feed, from, 1).catch(() => []);
          for (const entry of entries) if (entry.heads[0]?.room) assert.ok(written.has(hex(entry)));
        }
      }
    });
    if (corrupt === null) return;
    assert.ok(++opened < 4, `still corrupt: ${corrupt}`);
  }
}

/** Looks at the whole log and mends what is missing until nothing is; opens it anew when it is told to be corrupt. */
async function comesToRest(directory: string, written: ReadonlyMap<string, Entry>): Promise<void> {
  for (let starts = 0; starts < STARTS_MAX; starts++) {
    const { store, stored } = await openStore(suite, network, directory, starts > 0);
    hashes(directory);
    const holes: Hole[] = [...stored.holes];
    let corrupt = false;
    store.onDamage(
      (found) => holes.push(...found),
      () => {
        corrupt = true;
      },
    );
    const isAtRest = await closing(store, async () => {
      for (let looks = 0; looks < LOOKS_MAX && !corrupt; looks++) {
        const found = await store.verify().catch((error: Error) => (corrupt ? null : assert.fail(error)));
        if (found?.holes.length === 0 && found.ids && holes.length === 0 && !corrupt) return true;
        // Of a log that is to be saved as a whole, holes are of no matter.
        if (!corrupt) for (const hole of holes.splice(0)) await mendWith(store, hole, written.get(`${hole.feed}/${hole.seq}`));
      }
      return false;
    });
    if (isAtRest) return;
    assert.ok(corrupt, 'verify finds damage again and again');
  }
  assert.fail('it is corrupt at every start');
}

/** Gives a store to somebody, and closes it however that ends: what is left open keeps the process. */
async function closing<T>(store: SqliteStore, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await store.close();
  }
}

/** The state's hash can be told at any time, unless the database is broken as such. */
function hashes(directory: string): void {
  try {
    const db = openLogReader(join(directory, 'log.db'));
    stateHash(db, suite, network);
    db.close();
  } catch (error) {
    assert.ok(isCorruption(error), String((error as Error).stack));
  }
}

async function mendWith(store: SqliteStore, { hash }: Hole, entry: Entry | undefined): Promise<void> {
  assert.ok(entry, 'a hole is where nothing was');
  assert.ok(!hash || equalBytes(hash, entry.hash), 'a hole waits for an entry that nobody wrote');
  await store.mend(entry).catch(() => undefined);
}
