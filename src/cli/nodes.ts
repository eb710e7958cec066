/** `skein nodes` and `skein revoke NODE`: the members of the mesh, and one of them cut off. */

import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Member } from '../node/commands-about.ts';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory } from '../node/directory.ts';

const COLOURS = { self: 'cyan', up: 'green', suspect: 'yellow', connecting: 'yellow', down: 'red', revoked: 'gray' } as const;

function pathOf(flags: { data?: string }): string {
  return controlPath(flags.data ? resolve(flags.data) : defaultDirectory());
}

export function addNodes(program: Command): void {
  program
    .command('nodes')
    .description('members of the mesh')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--json', 'as one JSON array')
    .action(async (flags: { data?: string; json?: boolean }) => {
      const members = (await askNode(pathOf(flags), { command: 'nodes' })) as Member[];
      process.stdout.write(flags.json ? `${JSON.stringify(members)}\n` : members.map(lineOf).join(''));
    });
}

function lineOf({ id, name, state, reason }: Member): string {
  return `${styleText(COLOURS[state], state.padEnd(10))} ${name.padEnd(20)} ${id.slice(0, 16)}${reason === null ? '' : `  ${reason}`}\n`;
}

export function addRevoke(program: Command): void {
  program
    .command('revoke')
    .argument('<NODE>', 'its name, or the beginning of its id')
    .description('cut a node off: its links end, and what it writes from now on shows nowhere')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--reason <TEXT>', 'what to tell everybody', '')
    .action(async (node: string, flags: { data?: string; reason: string }) => {
      const { name, id } = (await askNode(pathOf(flags), { command: 'revoke', node, reason: flags.reason })) as Member;
      process.stdout.write(`revoked ${name} (${id.slice(0, 16)})\n`);
    });
}
