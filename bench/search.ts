/**
 * Search in one node's 1,000,000 messages: the time to the first page for each kind of query, from the question to the store's thread and back, and the size of the
 * index. `SCALE_MESSAGES` makes it smaller.
 */

import { statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuthorId, RoomId } from '../src/core/ids.ts';
import type { SearchQuery } from '../src/core/search.ts';
import { NodeGroup } from '../src/demo/processes.ts';
import { makeSuite } from '../src/lib/crypto.ts';
import { readIdentity } from '../src/node/directory.ts';
import { SqliteStore, VIEWS_FILE } from '../src/store/sqlite.ts';
import { grown } from './scale.ts';
import { MILLION, type Said } from './scale-log.ts';

/** Runs of each query; the first of them is the first of its kind since the store was opened. */
const RUNS = 40;
const LIMIT = 50;
/** Pieces of Japanese, of which every twentieth message has ten: most letters and many pairs are common. */
const PIECES = [
  '日本語',
  '日本',
  '東京都',
  '学生',
  '先生',
  'です',
  'ます',
  'した',
  'から',
  'まで',
  'の',
  'は',
  'を',
  'に',
  'と',
  'が',
  'こと',
  'もの',
  '今日',
  '語る',
];

/** Puts in what is looked for: `zzever` in every message, `zzleft` and `zzright` in every third but together in 5, `zzonce` in 4; a small room, a quiet guest. */
function said(no: number, { guest, room, text }: Said): Said {
  const thirds = no % 200_000 === 77 ? 'zzleft zzright' : ['zzleft', 'zzright', ''][no % 3]!;
  const rare = no % 250_000 === 99 ? 'zzonce' : '';
  const piece = (i: number): string => PIECES[((no / 20) * 7 + i * i * 11 + (no >> 7) * i) % PIECES.length]!;
  const japanese = no % 20 === 0 ? Array.from({ length: 10 }, (_, i) => piece(i)).join('') : '';
  return {
    text: `zzever ${thirds} ${rare} ${text} ${japanese}`,
    room: no % 5000 === 11 ? '#small' : room,
    // Guest 0 of each incarnation speaks in 40 of a million messages alone.
    guest: no % 25_000 === 12 ? 0 : guest || 1,
  };
}

const rooms = [...Array.from({ length: MILLION.rooms }, (_, i) => `#room${i}`), '#small'] as RoomId[];

function kinds(quiet: AuthorId, busy: AuthorId, span: { first: number; last: number }): Record<string, Partial<SearchQuery>> {
  const at = (share: number): number => Math.floor(span.first + (span.last - span.first) * share);
  return {
    'a word of every message': { words: 'zzever' },
    'a word of 4 messages': { words: 'zzonce' },
    'two of every third, together in 5': { words: 'zzleft zzright' },
    'the same in one room': { words: 'zzleft zzright', rooms: rooms.slice(0, 1) },
    'a word of every message, a room of 200': { words: 'zzever', rooms: ['#small' as RoomId] },
    'the same, in 4 rooms, 3 of them empty': { words: 'zzever', rooms: ['#a', '#b', '#c', '#small'] as RoomId[] },
    'a word of every message, a guest who said 8': { words: 'zzever', author: quiet },
    'no word, that guest': { words: '', author: quiet },
    'no word, a guest who says 1 %': { words: '', author: busy },
    'a word of every message, the oldest tenth': { words: 'zzever', toMs: at(0.1) },
    'a common word, an hour in the middle': { words: 'ubuntu', fromMs: at(0.5), toMs: at(0.5) + 3_600_000 },
    'no word, a minute in the middle': { words: '', fromMs: at(0.5), toMs: at(0.5) + 60_000 },
    'a phrase of common words': { words: '"how to"' },
    'a phrase that is never said': { words: '"zzright zzever"' },
    'three letters and all that begins so': { words: 'the*' },
    'two Japanese letters': { words: '日本' },
    'one Japanese letter': { words: '語' },
    'five Japanese letters': { words: '日本語東京' },
    'nothing has it': { words: 'nobodysaidthis' },
  };
}

interface Times {
  readonly found: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** Of the cores, on average: what it would take on a machine that does nothing else. */
  readonly cpu: number;
}

async function measured(store: SqliteStore, query: Partial<SearchQuery>): Promise<Times> {
  const times: number[] = [];
  let found = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < RUNS; i++) {
    const begun = performance.now();
    const page = await store.search({ rooms, words: '', limit: LIMIT, ...query });
    times.push(performance.now() - begun);
    found = page.found.length;
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(RUNS - 1, Math.floor(RUNS * share))]!;
  return { found, p50: at(0.5), p99: at(0.99), max: at(1), cpu: (user + system) / 1000 / RUNS };
}

/** Bytes of each table of the views. */
function sizes(directory: string): Record<string, number> {
  const db = new DatabaseSync(join(directory, VIEWS_FILE), { readOnly: true });
  const rows = db.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC').all() as {
    name: string;
    bytes: number;
  }[];
  db.close();
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}

/** Somebody who said little, somebody who says as much as others, and when it all was. */
async function people(store: SqliteStore): Promise<Parameters<typeof kinds>> {
  const page = await store.search({ rooms, words: '', limit: 1 });
  const last = Math.floor(page.found[0]!.message.place.key / 1024);
  const first = last - 60_000 * 500;
  const counts = new Map<AuthorId, number>();
  let before = page.next;
  for (let i = 0; i < 300 && before; i++) {
    const more = await store.search({ rooms, words: '', limit: 100, before });
    for (const { message } of more.found) counts.set(message.author, (counts.get(message.author) ?? 0) + 1);
    before = more.next;
  }
  const byCount = [...counts].sort((a, b) => a[1] - b[1]);
  return [byCount[0]![0], byCount.at(-1)![0], { first, last }];
}

export async function search(results: string): Promise<void> {
  const shape = { ...MILLION, messages: Number(process.env['SCALE_MESSAGES'] ?? MILLION.messages), say: said };
  console.log(`  ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}`);
  const group = new NodeGroup();
  try {
    const node = await grown(group, shape);
    const store = new SqliteStore(makeSuite(), readIdentity(node.directory)!.network, node.directory);
    await store.load();
    const times: Record<string, Times> = {};
    for (const [kind, query] of Object.entries(kinds(...(await people(store))))) {
      const { found, p50, p99, max, cpu } = (times[kind] = await measured(store, query));
      console.log(
        `  ${kind.padEnd(46)} ${String(found).padStart(3)} found; ms: p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}, max ${max.toFixed(1)}, of a core ${cpu.toFixed(1)}`,
      );
    }
    await store.close();
    console.log(`  load ${loadavg()[0]!.toFixed(1)}; views ${(statSync(join(node.directory, VIEWS_FILE)).size / 1e6).toFixed(0)} MB`);
    const tables = sizes(node.directory);
    for (const [name, bytes] of Object.entries(tables)) if (bytes > 1e6) console.log(`  ${name.padEnd(24)} ${(bytes / 1e6).toFixed(1)} MB`);
    writeFileSync(join(results, 'search.json'), JSON.stringify({ shape, times, tables }, null, 2));
  } finally {
    await group.remove();
  }
}
