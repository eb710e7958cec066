import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { FeedWriter, network, suite } from '../../test/fixture/writer.ts';
import { seededRandom } from '../lib/prng.ts';
import { SqliteStore } from '../store/sqlite.ts';
import { openStore } from './rescue.ts';

const ROUNDS = Number(process.env['SKEIN_ROUNDS'] ?? 12);
const SEED = Number(process.env['SKEIN_SEED'] ?? Math.floor(Math.random() * 1e9));

describe('rescue', () => {
  it(`[ST14] however many bits of a database flip, it is opened, and what it serves was written (seed ${SEED})`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-rescue-'));
    const base = join(folder, 'base');
    cpSync(mkdtempSync(join(folder, 'empty-')), base, { recursive: true });
    const store = new SqliteStore(suite, network, base);
    await store.load();
    const written = new Set<string>();
    const writers = [1, 2, 3].map((n) => new FeedWriter(40 + n));
    let id = 0;
    for (const writer of writers) await store.commit({ id: ++id, entries: [writer.arrive(`name${id}`)] });
    for (let i = 0; i < 120; i++) {
      const entries = writers.map((writer) => writer.post([`message ${i}`, `${'x'.repeat(i)} again`]));
      for (const entry of entries) written.add(Buffer.from(entry.bytes).toString('hex') + Buffer.from(entry.payloads).toString('hex'));
      await store.commit({ id: ++id, entries });
    }
    await store.close();
    const random = seededRandom(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const directory = join(folder, `round-${round}`);
      cpSync(base, directory, { recursive: true });
      const bytes = readFileSync(join(directory, 'log.db'));
      const flips = 1 + random.below(400);
      for (let i = 0; i < flips; i++) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
      writeFileSync(join(directory, 'log.db'), bytes);
      await servesOnly(directory, written).catch((error: Error) => assert.fail(`round ${round}, ${flips} flips: ${error.stack}`));
    }
    rmSync(folder, { recursive: true });
  });
});

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
    for (const { info, tip } of stored.feeds) {
      for (let after = 0; after < tip.seq; after++) {
        const entries = await store.entries(info.feed, after, 1).catch(() => []);
        for (const { heads, bytes, payloads } of entries)
          if (heads[0]?.room) assert.ok(written.has(Buffer.from(bytes).toString('hex') + Buffer.from(payloads).toString('hex')));
      }
    }
    await store.close();
    if (corrupt === null) return;
    assert.ok(++opened < 4, `still corrupt: ${corrupt}`);
  }
}
