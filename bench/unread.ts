/**
 * What waits for somebody who logs in at a node with 1,000,000 messages: 200 rooms, 1,000 messages since their mark. From the question to the store's thread and
 * back, all of it: the rooms and their counts, then every message. `SCALE_MESSAGES` makes the history smaller.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, NO_INVITE } from '../src/core/admission.ts';
import { FEED_KIND } from '../src/core/feed.ts';
import { HLC_PER_MS } from '../src/core/hlc.ts';
import type { AuthorId, FeedId, NodeId, RoomId } from '../src/core/ids.ts';
import { readBody } from '../src/core/kinds/own.ts';
import { KIND, type Op } from '../src/core/op.ts';
import { readIdentity, writeIdentity } from '../src/node/directory.ts';
import { LogWriter } from '../src/store/log-writer.ts';
import { packBatch } from '../src/store/packing.ts';
import { readFeeds } from '../src/store/rows.ts';
import { openLog, openLogReader } from '../src/store/schema.ts';
import { LOG_FILE, SqliteStore } from '../src/store/sqlite.ts';
import { FeedWriter, network, root, suite } from '../test/fixture/writer.ts';
import { MILLION, writeHistory } from './scale-log.ts';

const ROOMS = 200;
const WAITING = 1000;
const RUNS = 20;
const LIMIT = 1000;
const rooms = Array.from({ length: ROOMS }, (_, i) => `#room${i}` as RoomId);

/** A directory with an identity and an empty log. */
function prepare(directory: string): void {
  const key = suite.keyPair(new Uint8Array(32).fill(7));
  const node = key.publicKey as NodeId;
  const chain = [issueCertificate(root, { network, node, name: 'bench', invite: NO_INVITE, atMs: 1 })];
  const none = new Uint8Array(32);
  const identity = { seed: new Uint8Array(32).fill(7), name: 'bench', network, networkName: 'bench', networkKey: none, chain, token: none };
  writeIdentity(directory, { ...identity, seeds: [] });
  openLog(join(directory, LOG_FILE), 'NORMAL').close();
}

/** Somebody arrives at another node, joins all rooms and marks all as read. */
function arrive(directory: string): AuthorId {
  const reader = new FeedWriter(77, (Date.now() - 1e6) * HLC_PER_MS);
  const db = openLogReader(join(directory, LOG_FILE));
  const tips = readFeeds(db, suite, network).map(({ info, tip }) => [info, tip.seq] as const);
  db.close();
  const held = (kind: number): Map<FeedId, number> =>
    new Map(tips.filter(([info]) => info.kind === kind).map(([info, seq]) => [info.feed, seq]));
  const joins: Op[] = rooms.map((room) => ({ head: reader.head({ kind: KIND.join, room }), payload: null }));
  const mark: Op = { head: reader.head({ kind: KIND.read, body: readBody(new Map()) }), payload: null };
  const entries = [
    reader.arrive('reader'),
    reader.entry(FEED_KIND.governance, joins, held(FEED_KIND.governance)),
    reader.entry(FEED_KIND.content, [mark], new Map([...held(FEED_KIND.governance), ...held(FEED_KIND.content)])),
  ];
  const writer = new LogWriter(join(directory, LOG_FILE), 'NORMAL');
  writer.append(packBatch(entries));
  writer.close();
  return reader.author;
}

interface Login {
  readonly countsMs: number;
  readonly wholeMs: number;
  readonly messages: number;
}

async function login(store: SqliteStore, by: AuthorId): Promise<Login> {
  const begun = performance.now();
  const unread = await store.unread(by, rooms);
  const countsMs = performance.now() - begun;
  const pages = await Promise.all(unread.map(({ room }) => store.history({ type: 'unread', room, by, after: null, limit: LIMIT })));
  const messages = pages.reduce((sum, page) => sum + ('messages' in page ? page.messages.length : 0), 0);
  return { countsMs, wholeMs: performance.now() - begun, messages };
}

async function measured(directory: string, by: AuthorId): Promise<Login[]> {
  const store = new SqliteStore(suite, network, directory);
  await store.load();
  const begun = performance.now();
  await store.history({ type: 'latest', room: rooms[0]!, after: null, limit: 1 });
  const followed = performance.now() - begun;
  if (followed > 1000) console.log(`  views from nothing: ${(followed / 1000).toFixed(1)} s`);
  const logins: Login[] = [];
  for (let i = 0; i < RUNS; i++) logins.push(await login(store, by));
  await store.close();
  return logins;
}

/** The first login after the store was opened, and the others. */
function told(what: string, logins: readonly Login[]): void {
  const [first, ...rest] = logins as [Login, ...Login[]];
  const times = rest.map(({ wholeMs }) => wholeMs).sort((a, b) => a - b);
  const at = (share: number): string => times[Math.floor(share * (times.length - 1))]!.toFixed(0);
  const { messages, countsMs, wholeMs } = first;
  console.log(
    `  ${what}: ${messages} messages; first ${wholeMs.toFixed(0)} ms (counts ${countsMs.toFixed(0)}), then p50 ${at(0.5)} ms, max ${at(1)} ms`,
  );
}

export async function unread(results: string): Promise<void> {
  const total = Number(process.env['SCALE_MESSAGES'] ?? MILLION.messages);
  console.log(`  ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, load ${loadavg()[0]!.toFixed(1)}`);
  const directory = mkdtempSync(join(tmpdir(), 'skein-unread-'));
  const measures: Record<string, Login[]> = {};
  try {
    prepare(directory);
    if (!readIdentity(directory)) throw new Error('the directory has no identity');
    writeHistory(directory, { ...MILLION, rooms: ROOMS, messages: total });
    const by = arrive(directory);
    for (const [what, alone] of [
      ['as people write: 1 in 20 in an entry of its own', MILLION.alone],
      ['and as many again, each in an entry of its own', 1],
    ] as const) {
      writeHistory(directory, { messages: WAITING, rooms: ROOMS, incarnations: 1, guests: 20, gathered: 100, alone });
      measures[what] = await measured(directory, by);
      told(what, measures[what]);
    }
    writeFileSync(join(results, 'unread.json'), JSON.stringify({ total, measures }, null, 2));
  } finally {
    rmSync(directory, { recursive: true });
  }
}
