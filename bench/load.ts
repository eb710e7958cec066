/** Runs the load client beside the nodes. */

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Load {
  readonly ports: readonly number[];
  readonly clients: number;
  readonly window: number;
  readonly seconds: number;
  readonly warmup: number;
  readonly bytes: number;
}

export interface Loaded {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly longestGapMs: number;
  readonly copies: Readonly<Record<string, number>>;
}

export async function load(job: Load): Promise<Loaded> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'load-client.ts'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as Loaded;
}
