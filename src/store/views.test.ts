import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { History, makeHistory, shuffled } from '../../test/sim/history.ts';
import { referenceExport } from '../../test/sim/reference.ts';
import { simSuite } from '../../test/sim/suite.ts';
import type { Entry } from '../core/entry.ts';
import type { AuthorId, RoomId } from '../core/ids.ts';
import { comparePlaces, type Place } from '../core/order.ts';
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
  function follow(
    suite: Suite,
    history: History,
    order: readonly Entry[],
    random: Random,
    resets = false,
  ): { views: Views; logFile: string } {
    const name = join(directory, `${random.below(1e9)}`);
    const writer = new LogWriter(`${name}.log`, 'NORMAL');
    let views = new Views(suite, history.network, `${name}.views`, `${name}.log`);
    const rest = [...order];
    while (rest.length > 0) {
      writer.append(packBatch(rest.splice(0, 1 + random.below(6))));
      if (random.below(3) > 0) views.follow();
      if (random.below(3) === 0) views.followSearch();
      if (resets && random.below(20) === 0) views.reset();
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

  /** A history in which people talk, read, join and report more than in others. */
  function readHistory(suite: Suite, random: Random, steps: number): History {
    const history = new History(suite, random, 2 + random.below(3));
    history.begin();
    for (let i = 0; i < steps; i++) {
      if (random.below(2) === 0) history.step();
      else
        history.act(history.pick(history.sites), history.pick(['read', 'read', 'message', 'message', 'join', 'prefer', 'report'] as const));
    }
    return history;
  }

  function sameWaiting(views: Views, twin: MemoryStore, by: AuthorId, room: RoomId, what: string): number {
    const query = (after: Place | null, limit = HISTORY_LIMIT_MAX) => ({ type: 'unread', room, by, after, limit }) as const;
    const all = twin.historyNow(query(null));
    assert.ok('messages' in all);
    assert.deepEqual(plain(views.history(query(null))), plain(all), what);
    const { messages } = all;
    const middle = messages[messages.length >> 1]?.place ?? null;
    assert.deepEqual(plain(views.history(query(middle, 2))), plain(twin.historyNow(query(middle, 2))), `${what}, after`);
    assert.deepEqual(
      messages,
      [...messages].sort((a, b) => comparePlaces(a.place, b.place)),
    );
    return messages.length;
  }

  it('[WM9, WM1, WM3, WM6, WM8] what waits, wishes and reports are what a plain twin finds by walking marks and deps, whatever the law does', () => {
    const seen = { waits: 0, partly: 0, rooms: 0, wishes: 0, reports: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = seededRandom(1000 + seed);
      const suite = simSuite();
      const history = readHistory(suite, random, 60 + random.below(80));
      const order = shuffled(history, random);
      const { views } = follow(suite, history, order, random, true);
      const twin = new MemoryStore(suite);
      twin.append({ id: 1, entries: order });
      const messages = twin.messages();
      const rooms = [...new Set<RoomId>(messages.map(({ room }) => room))].sort();
      for (const { author } of history.actors) {
        const what = `seed ${seed}, ${author}`;
        for (const room of rooms) {
          const count = sameWaiting(views, twin, author, room, `${what}, ${room}`);
          const others = messages.filter((one) => one.room === room && one.author !== author).length;
          if (count > 0) seen.waits++;
          if (count > 0 && count < others) seen.partly++;
        }
        const asked = rooms.filter((room) => room[0] !== '@');
        const unread = twin.unreadNow(author, asked);
        assert.deepEqual(views.own({ type: 'unread', by: author, rooms: asked }), unread, what);
        seen.rooms += unread.length;
        const wishes = twin.wishesNow(author);
        assert.deepEqual(views.own({ type: 'wishes', by: author }), wishes, what);
        seen.wishes += wishes.length;
      }
      for (const asked of [null, rooms.slice(0, 1)]) {
        const reports = twin.reportsNow(asked, null, 100);
        assert.deepEqual(views.own({ type: 'reports', rooms: asked, before: null, limit: 100 }), reports, `seed ${seed}`);
        const before = reports[reports.length >> 1]?.about.place ?? null;
        const page = twin.reportsNow(asked, before, 2);
        assert.deepEqual(views.own({ type: 'reports', rooms: asked, before, limit: 2 }), page, `seed ${seed}, before`);
        seen.reports += reports.length;
      }
      views.close();
    }
    for (const [what, times] of Object.entries(seen)) assert.ok(times > 0, what);
  });
});
