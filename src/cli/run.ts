/** Parses the arguments and runs a subcommand; what a person did wrong is told in one line, without a stack. */

import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { UsageError } from '../config/settings.ts';
import { addAccount } from './account.ts';
import { addChat } from './chat.ts';
import { addDemo } from './demo.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addInvite } from './invite.ts';
import { addNodes, addRevoke } from './nodes.ts';
import { addStatus } from './status.ts';
import { addUp } from './up.ts';
import { addVerify } from './verify.ts';

/** Failures that people can mend, by name: their message says how. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  UsageError: 2,
  InUseError: 1,
  StoreVersionError: 1,
  JoinError: 1,
  NoNodeError: 3,
  FailedError: 1,
  CutTooLongError: 1,
  RefusedError: 1,
};

/** The command could not be done; the message says why and what to do. */
export class FailedError extends Error {
  override name = 'FailedError';
}

export function versionOf(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

export function program(): Command {
  const command = new Command('skein')
    .description('A chat that stays up: every node holds the whole conversation, any node serves anybody.')
    .version(versionOf())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'skein: ')) });
  for (const add of [addUp, addInvite, addChat, addAccount, addStatus, addNodes, addRevoke, addExport, addImport, addVerify, addDemo])
    add(command);
  inherit(command);
  return command;
}

/** Commands in commands end in errors as the whole does. */
function inherit(command: Command): void {
  for (const sub of command.commands) {
    sub.exitOverride().copyInheritedSettings(command);
    inherit(sub);
  }
}

/** Runs a command line; resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return typeof process.exitCode === 'number' ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 || error.code === 'commander.help' ? 0 : 2;
    return told(error as Error);
  }
}

function told(error: Error & { code?: string }): number {
  const code = error instanceof UsageError ? 2 : EXIT_CODES[error.name];
  process.stderr.write(code === undefined ? `skein: ${error.stack ?? error.message}\n` : `skein: ${error.message}\n`);
  return code ?? 1;
}
