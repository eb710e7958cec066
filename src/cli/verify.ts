/** `skein verify`: hold every entry of the log against its hashes, make the views anew, and mend what is damaged: from peers on a live node, else at its next start. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { makeSuite } from '../lib/crypto.ts';
import type { Verified } from '../node/commands-about.ts';
import { askNode, NoNodeError } from '../node/control.ts';
import { controlPath, defaultDirectory, lockDirectory, readIdentity } from '../node/directory.ts';
import { verifyStopped } from '../node/rescue.ts';
import { FailedError } from './run.ts';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check every hash of the log and make the views anew; works on a stopped node too')
    .option('--data <DIR>', 'the node’s data directory')
    .action(async (flags: { data?: string }) => {
      const directory = flags.data ? resolve(flags.data) : defaultDirectory();
      const verified = await verify(directory);
      process.stdout.write(`${sentence(verified)}\n`);
      if (verified.corrupt !== null)
        throw new FailedError(
          `the log is damaged (${verified.corrupt}): the node starts anew with what can be saved of it; verify again then`,
        );
      if (verified.mended < verified.damaged)
        throw new FailedError('not all of it could be mended: see that other nodes run, and that this one reaches them');
    });
}

async function verify(directory: string): Promise<Verified> {
  try {
    return (await askNode(controlPath(directory), { command: 'verify' })) as Verified;
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error;
  }
  const identity = existsSync(directory) ? readIdentity(directory) : null;
  if (!identity) throw new NoNodeError(`${directory} holds no node: name another with --data`);
  const lock = lockDirectory(directory);
  try {
    return verifyStopped(makeSuite(), identity.network, directory);
  } finally {
    lock.release();
  }
}

function sentence({ entries, damaged, mended }: Verified): string {
  const found = damaged === 0 ? 'none is damaged' : `${damaged} ${damaged === 1 ? 'is' : 'are'} damaged, ${mended} mended`;
  return `${entries} entries are whole, ${found}`;
}
