/** The IRC door of one node, durable and searchable, beside peers that are installed, with the load generator of the peers' own bench. Needs g++ and python3. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED = join(import.meta.dirname, '..', '..', 'shared', 'bench');
const WORKLOADS = process.env['WORKLOADS'] ?? 'fanout-1 fanout-10 fanout-open rooms dm idle';
/** Each peer and the program it needs. */
const PEERS: Readonly<Record<string, string>> = { 'limit-batch': 'g++', inspircd: '/usr/sbin/inspircd', ngircd: '/usr/sbin/ngircd' };

interface Row {
  peer: string;
  bench: string;
  deliveries_per_s: number;
  messages_per_s?: number;
  loss: number;
  dup: number;
  reorder: number;
  latency: { p50_us: number; p99_us: number };
  /** Of private messages. */
  rtt?: { p50_us: number; p99_us: number };
  /** Of idle connections. */

  conn_per_s?: number;
  ready?: number;
  server: { cpu_share: number; rss_per_conn_end_bytes: number };
}

export async function irc(results: string): Promise<void> {
  if (!existsSync(SHARED)) return console.log('skipped: the load generator (../shared/bench) is not here');
  const build = join(tmpdir(), 'skein-bench');
  spawnSync('mkdir', ['-p', build]);
  const built = spawnSync('g++', ['-O2', '-std=c++17', '-o', join(build, 'loadgen'), join(SHARED, 'loadgen.cpp')], { stdio: 'inherit' });
  if (built.status !== 0) return console.log('skipped: the load generator does not build (is g++ installed?)');
  const peers = (process.env['PEERS'] ?? Object.keys(PEERS).join(' '))
    .split(' ')
    .filter((peer) => peer !== '' && (PEERS[peer] === 'g++' || existsSync(PEERS[peer] ?? '')));
  const out = join(results, 'irc.jsonl');
  const ours = `skein=${join(import.meta.dirname, 'skein', 'start.sh')}`;
  const args = [
    'bench.py',
    '--peers',
    peers.join(' '),
    '--extra',
    ours,
    '--workloads',
    WORKLOADS,
    '--reps',
    process.env['REPS'] ?? '3',
    '--seconds',
    process.env['SECONDS_EACH'] ?? '3',
    '--out',
    out,
  ];
  const run = spawnSync('python3', args, { cwd: SHARED, stdio: 'inherit', env: { ...process.env, BUILD: build } });
  if (run.status !== 0) throw new Error('the bench did not run to its end');
  table(
    readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Medians of the runs, and ours as a ratio to each peer's. */
function table(rows: readonly Row[]): void {
  const benches = [...new Set(rows.map((row) => row.bench))];
  const peers = [...new Set(rows.map((row) => row.peer))];
  for (const bench of benches) {
    const of = (peer: string): Row[] => rows.filter((row) => row.bench === bench && row.peer === peer);
    const ours = median(of('skein').map((row) => row.deliveries_per_s));
    console.log(`\n${bench}`);
    for (const peer of peers) {
      const runs = of(peer);
      if (runs.length === 0) continue;
      console.log(`  ${peer.padEnd(12)} ${bench === 'idle' ? idleText(runs) : rateText(runs, ours)}`);
    }
  }
}

const ms = (runs: readonly Row[], value: (row: Row) => number): string => (median(runs.map(value)) / 1000).toFixed(2);

function rateText(runs: readonly Row[], ours: number): string {
  const rate = median(runs.map((row) => row.deliveries_per_s));
  const wrong = runs.reduce((sum, row) => sum + row.loss + row.dup + row.reorder, 0);
  const trip = runs[0]!.rtt
    ? `, round trip p50 ${ms(runs, (row) => row.rtt!.p50_us)} ms, p99 ${ms(runs, (row) => row.rtt!.p99_us)} ms`
    : '';
  const latency = `p50 ${ms(runs, (row) => row.latency.p50_us)} ms, p99 ${ms(runs, (row) => row.latency.p99_us)} ms`;
  return `${Math.round(rate).toLocaleString('en')} deliveries/s, ${latency}${trip}, wrong ${wrong}, ours/theirs ${(ours / rate).toFixed(2)}`;
}

function idleText(runs: readonly Row[]): string {
  const kilobytes = median(runs.map((row) => row.server.rss_per_conn_end_bytes)) / 1024;
  return `${median(runs.map((row) => row.ready ?? 0))} connected, ${kilobytes.toFixed(2)} KB a connection, ${Math.round(median(runs.map((row) => row.conn_per_s ?? 0)))} connections/s`;
}
