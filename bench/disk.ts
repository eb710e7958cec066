/** Bytes on disk for a message, log and views apart, for real chat where it is there. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { NodeGroup, until } from '../src/demo/processes.ts';
import { load } from './load.ts';

function sizes(directory: string): Record<string, number> {
  return Object.fromEntries(['log.db', 'views.db'].map((file) => [file, statSync(join(directory, file)).size]));
}

export async function disk(): Promise<void> {
  const group = new NodeGroup();
  try {
    const [node] = await group.network(['a']);
    await load({ ports: [node!.irc!.port], clients: 8, window: 8, seconds: 4, warmup: 0, bytes: 100 });
    await until('the views have followed', async () => (await node!.status()).state.messages > 1000);
    const { messages, entries } = (await node!.status()).state;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await node!.kill('SIGTERM');
    for (const [file, size] of Object.entries(sizes(node!.directory)))
      console.log(
        `  ${file.padEnd(9)} ${(size / messages).toFixed(0)} bytes a message of 100 (${messages} messages in ${entries} entries)`,
      );
    const logs = join(import.meta.dirname, '..', '..', 'shared', 'data', 'ubuntu-irc');
    if (existsSync(logs)) console.log(`  a real message is ${averageText(logs)} bytes on average`);
  } finally {
    await group.remove();
  }
}

function averageText(folder: string): number {
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .flatMap((line) => /^\[[^\]]+\] <[^>]+> (.*)$/.exec(line)?.[1] ?? []);
  return Math.round(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / texts.length);
}
