import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type History, makeHistory, shuffled } from '../../test/sim/history.ts';
import { referenceExport } from '../../test/sim/reference.ts';
import { simSuite } from '../../test/sim/suite.ts';
import type { Entry } from '../core/entry.ts';
import type { RoomId } from '../core/ids.ts';
import { HISTORY_LIMIT_MAX, type HistoryPage } from '../core/port.ts';
import { SEARCH_LIMIT_MAX, type SearchPage } from '../core/search.ts';
import type { Suite } from '../core/suite.ts';
import { type Random, seededRandom } from '../lib/prng.ts';
import { CanonicalExport } from './export.ts';
import { LogWriter } from './log-writer.ts';
import { MemoryStore } from './memory.ts';
import { packBatch } from './packing.ts';
import { openLogReader } from './schema.ts';
import { Views } from './views.ts';

const SEEDS = Number(process.env['HISTORIES'] ?? 8);

describe('views of histories of all kinds', () => {
  const directory = mkdtempSync(join(tmpdir(), 'skein-views-'));
  after(() => rmSync(directory, { recursive: true }));

  /** Commits a history in batches, follows it by fits and starts, and starts anew in between. */
  function follow(suite: Suite, history: History, order: readonly Entry[], random: Random): { views: Views; logFile: string } {
    const name = join(directory, `${random.below(1e9)}`);
    const writer = new LogWriter(`${name}.log`, 'NORMAL');
    let views = new Views(suite, history.network, `${name}.views`, `${name}.log`);
    const rest = [...order];
    while (rest.length > 0) {
      writer.append(packBatch(rest.splice(0, 1 + random.below(6))));
      if (random.below(3) > 0) views.follow();
      if (random.below(3) === 0) views.followSearch();
      if (random.below(8) > 0) continue;
      views.close();
      views = new Views(suite, history.network, `${name}.views`, `${name}.log`);
    }
    while (views.follow() || views.followSearch());
    writer.close();
    return { views, logFile: `${name}.log` };
  }

  function plain(page: HistoryPage): string[] {
    assert.ok('messages' in page);
    return page.messages.map((message) => {
      const { no: _, ...shown } = message as typeof message & { no?: number };
      return JSON.stringify(shown, (_key, value) =>
        value instanceof Map ? [...value].sort() : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
      );
    });
  }

  it('[ST17, SE6] pages and search show what the log folds to, also what was withheld, shown again, edited and removed after it was there', async () => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(seed);
      const suite = simSuite();
      const history = makeHistory(suite, random, 60 + random.below(60));
      const order = shuffled(history, random);
      const { views, logFile } = follow(suite, history, order, random);
      const twin = new MemoryStore(suite);
      twin.append({ id: 1, entries: order });
      const rooms = new Set<RoomId>(twin.messages().map(({ room }) => room));
      for (const room of rooms) {
        const query = { type: 'latest', room, after: null, limit: HISTORY_LIMIT_MAX } as const;
        const ours = plain(views.history(query));
        assert.deepEqual(ours, plain(twin.historyNow(query)), `seed ${seed}`);
      }
      for (const words of ['', 'text', 'then 3', 'text 1*']) {
        const query = { rooms: [...rooms], words, limit: SEARCH_LIMIT_MAX };
        const found = ({ found, next }: SearchPage) => ({ next, shown: plain({ messages: found.map(({ message }) => message) }) });
        assert.deepEqual(found(views.search(query)), found(await twin.search(query)), `seed ${seed}, search for ‘${words}’`);
      }
      views.close();
      const db = openLogReader(logFile);
      const lines = [...new CanonicalExport(db, suite, history.network).lines()].slice(1);
      db.close();
      assert.deepEqual(lines, referenceExport(order, suite.verify), `seed ${seed}, export`);
    }
  });
});
