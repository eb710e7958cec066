/** `skein invite`: print an invitation, one line, for another node. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory } from '../node/directory.ts';

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `24h` or `7d` in ms. Throws UsageError. */
export function durationMs(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  if (!match) throw new UsageError(`‘${text}’ is no duration: write it like 30m, 24h or 7d`);
  return Number(match[1]) * UNIT_MS[match[2]!]!;
}

export function addInvite(program: Command): void {
  program
    .command('invite')
    .description('print an invitation for another node: a secret, good once, for a day, unless told otherwise')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--uses <N>', 'how many nodes may use it', '1')
    .option('--expires <TIME>', 'how long it is good, like 30m, 24h or 7d', '24h')
    .action(async (flags: { data?: string; uses: string; expires: string }) => {
      const directory = flags.data ? resolve(flags.data) : defaultDirectory();
      if (!/^\d{1,4}$/.test(flags.uses)) throw new UsageError('--uses takes a whole number');
      const request = { command: 'invite', uses: Number(flags.uses), forMs: durationMs(flags.expires) };
      process.stdout.write(`${String(await askNode(controlPath(directory), request))}\n`);
    });
}
