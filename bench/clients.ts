/** Ten thousand clients of the library, in processes of their own, lose their node at once: how long until all are served again, with nothing lost, and what it takes in memory. */

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeGroup, type NodeProcess, until } from '../src/demo/processes.ts';

const CLIENTS = Number(process.env['SKEIN_BENCH_CLIENTS'] ?? 10_000);
/** Each has two descriptors or so, and a process 18,000. */
const PER_PROCESS = 2500;
const LONG_MS = 600_000;

interface Report {
  readonly online: number;
  readonly acknowledged: number;
  readonly complete: number;
  readonly elsewhere: number;
  /** How often connections ended, by why. */
  readonly ends: Readonly<Record<string, number>>;
}

class Crowd {
  readonly child: ChildProcess;
  last: Report = { online: 0, acknowledged: 0, complete: 0, elsewhere: 0, ends: {} };

  constructor(from: number, count: number, url: string) {
    this.child = fork(join(import.meta.dirname, 'clients-client.ts'), [String(from), String(count), url], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.child.on('message', (report) => {
      this.last = report as Report;
    });
  }
}

/** Resident memory of a process, in MB. */
function memoryOf(pid: number): number {
  const kB = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return Math.round(kB / 1024);
}

/** The time of a core that a process used so far, in s. */
function coreSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const memory = (nodes: readonly NodeProcess[]): string => nodes.map((node) => `${node.name} ${memoryOf(node.pid)} MB`).join(', ');

export async function clients(): Promise<void> {
  const group = new NodeGroup();
  const crowds: Crowd[] = [];
  try {
    const nodes = await group.network(['a', 'b', 'c'], { floods: 'off' });
    const [a, ...others] = nodes;
    await until('all are linked', async () => (await a!.status()).links.filter(({ state }) => state === 'up').length === 2);
    for (let from = 0; from < CLIENTS; from += PER_PROCESS) crowds.push(new Crowd(from, Math.min(PER_PROCESS, CLIENTS - from), a!.http));
    const sum = (field: Exclude<keyof Report, 'ends'>): number => crowds.reduce((total, { last }) => total + last[field], 0);
    const began = performance.now();
    await until('all are in', () => sum('complete') === CLIENTS, LONG_MS);
    console.log(
      `  ${CLIENTS} clients entered in ${seconds(began)}; ${memory(nodes)}; clients ${crowds.map(({ child }) => `${memoryOf(child.pid!)} MB`).join(', ')}`,
    );
    // Each says something, and in the middle of it the node dies.
    for (const { child } of crowds) child.send('speak');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await a!.kill();
    const died = performance.now();
    const used = (): number => others.reduce((total, { pid }) => total + coreSeconds(pid), 0);
    const usedBefore = used();
    const crowdUsed = (): number => crowds.reduce((total, { child }) => total + coreSeconds(child.pid!), 0);
    const crowdBefore = crowdUsed();
    for (const share of [0.5, 0.99, 1]) {
      await until('they are served', () => sum('elsewhere') >= share * CLIENTS, LONG_MS);
      console.log(`  ${share * 100} % are served again after ${seconds(died)}`);
    }
    console.log(
      `  that took ${(used() - usedBefore).toFixed(1)} s of a core at the two nodes, ${(crowdUsed() - crowdBefore).toFixed(1)} s in the clients`,
    );
    for (const node of others) {
      const { p99Ms, maxMs } = (await node.status()).loop;
      console.log(`  ${node.name}: the loop ran late by ${p99Ms} ms (p99), ${maxMs} ms at most`);
    }
    for (const [why, count] of endsOf(crowds)) console.log(`  ${count} connections ended: ${why}`);
    await until('all is acknowledged', () => sum('acknowledged') === CLIENTS, LONG_MS);
    await until('each has all of its room', () => sum('complete') === CLIENTS, LONG_MS);
    console.log(`  everything that was said is acknowledged, and with all of its readers once, after ${seconds(died)}; ${memory(others)}`);
  } finally {
    for (const { child } of crowds) child.kill('SIGKILL');
    await group.remove();
  }
}

/** Why connections ended, the most frequent first. */
function endsOf(crowds: readonly Crowd[]): [string, number][] {
  const all = new Map<string, number>();
  for (const { last } of crowds) for (const [why, count] of Object.entries(last.ends)) all.set(why, (all.get(why) ?? 0) + count);
  return [...all].sort(([, a], [, b]) => b - a);
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
