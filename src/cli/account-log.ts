/** `skein account log`: what moderators did, for whoever runs the node. */

import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { isoTime } from '../lib/time.ts';
import type { ActLine } from '../node/commands-about.ts';
import { atDesk, subcommand } from './account-desk.ts';

interface Flags {
  readonly data?: string;
  readonly room?: string;
  readonly limit: string;
  readonly json?: boolean;
}

export function addAccountLog(account: Command): void {
  subcommand(account, 'log', 'what moderators did in the network, or in a room, the newest first')
    .option('--room <ROOM>', 'in this room: its name, or the id of a private one')
    .option('--limit <N>', 'at most so many', '100')
    .option('--json', 'one JSON object a line')
    .action((flags: Flags) => {
      if (!/^[1-9]\d{0,4}$/.test(flags.limit)) throw new UsageError('--limit takes a whole number');
      const { room } = flags;
      const where = room === undefined ? '' : /^![0-9a-f]{32}$/.test(room) ? room : publicRoomId(room);
      return atDesk(flags, async (desk) => {
        const acts = (await desk.ask('moderation log', { room: where, limit: Number(flags.limit) })) as ActLine[];
        if (flags.json) return acts.map((act) => JSON.stringify(act)).join('\n');
        return acts.length === 0 ? 'nothing was done yet' : acts.map(actWords).join('\n');
      });
    });
}

function actWords({ atMs, by, does, person, what, target, untilMs, reason, undoneBy }: ActLine): string {
  const until = untilMs === null ? '' : `until ${isoTime(untilMs)}`;
  const parts = [isoTime(atMs), by, does, person, what, target, until, reason && `(${reason})`, undoneBy && `undone by ${undoneBy}`];
  return parts.filter((part) => part).join(' ');
}
