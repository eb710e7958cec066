/** `skein status`: what the node on this data directory is, sees and holds. */

import { resolve } from 'node:path';
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory } from '../node/directory.ts';
import type { statusOf } from '../node/status.ts';

export type Status = Awaited<ReturnType<typeof statusOf>>;

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('node, network, links, vectors, copies, lag, warnings')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--json', 'as one JSON object')
    .action(async (flags: { data?: string; json?: boolean }) => {
      const directory = flags.data ? resolve(flags.data) : defaultDirectory();
      const status = (await askNode(controlPath(directory), { command: 'status' })) as Status;
      process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : statusText(status));
    });
}

const COLOURS = { up: 'green', suspect: 'yellow', connecting: 'yellow', down: 'red' } as const;

/** The status as people read it. */
export function statusText(status: Status): string {
  const { node, network, state, listen } = status;
  const lines = [
    `${styleText('bold', node.name)} of ${styleText('bold', network.name)}, Skein ${node.version}, up since ${node.startedAt}`,
    `  ${state.messages} messages in ${state.rooms} rooms, ${state.accounts} people, ${state.entries} entries, state ${state.hash.slice(0, 12)}`,
    `  registration ${network.registration}, ${network.accounts} accounts, ${ownersText(network.owners)}`,
    `  loop late by ${status.loop.p99Ms} ms (p99), ${status.loop.maxMs} ms at most, in the last minute`,
    `  http ${listen.http}   irc ${listen.irc}   mesh ${listen.mesh[0] ?? 'off'}`,
  ];
  for (const link of status.links) {
    const colour = COLOURS[link.state as keyof typeof COLOURS];
    const detail =
      link.state === 'up' ? `${link.rttMs ?? '?'} ms, ${link.lagEntries ?? 0} entries behind` : (link.address ?? 'no address known');
    lines.push(`  ${styleText(colour, link.state.padEnd(10))} ${link.name.padEnd(16)} ${detail}`);
  }
  if (status.links.length === 0) lines.push('  no other nodes yet: `skein invite` lets one in');
  for (const warning of [...ownerless(network.owners), ...status.warnings]) lines.push(`  ${styleText('yellow', 'warning')} ${warning}`);
  return `${lines.join('\n')}\n`;
}

function ownersText(owners: readonly string[]): string {
  return owners.length === 0 ? 'no owner' : `owned by ${owners.join(', ')}`;
}

/** A network without an owner works, but nobody can keep order in it. */
function ownerless(owners: readonly string[]): string[] {
  return owners.length > 0 ? [] : ['nobody owns this network yet: make its owner with `skein account create NAME --role owner`'];
}
