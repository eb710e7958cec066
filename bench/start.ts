/** From spawn to ready, and the memory of a node that was just started. */

import { readFileSync } from 'node:fs';
import { NodeGroup } from '../src/demo/processes.ts';

const RUNS = 7;

export async function start(): Promise<void> {
  const group = new NodeGroup();
  try {
    const node = group.add('a');
    const times: number[] = [];
    let rss = 0;
    for (let i = 0; i <= RUNS; i++) {
      const begun = performance.now();
      await node.start();
      if (i > 0) times.push(performance.now() - begun);
      rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1] ?? 0);
      await node.kill('SIGTERM');
    }
    times.sort((a, b) => a - b);
    console.log(
      `  spawn to ready: median ${Math.round(times[RUNS >> 1]!)} ms (${Math.round(times[0]!)} to ${Math.round(times.at(-1)!)}); RSS ${Math.round(rss / 1024)} MB`,
    );
  } finally {
    await group.remove();
  }
}
