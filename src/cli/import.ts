/** `skein import`: bring in an IRC log or a JSON export, with progress. */

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { checkRoomName } from '../core/text.ts';
import { askNode } from '../node/control.ts';
import { controlPath, defaultDirectory } from '../node/directory.ts';
import { dayOf, type ReadLog, readIrcLog, readJsonExport } from './chat-log.ts';

interface Flags {
  data?: string;
  room?: string;
  date?: string;
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('bring in an IRC log or a JSON export; what is there already is not brought in again')
    .argument('<FILE>', 'a log of lines like `[12:34] <nick> text`, or what `skein export --json` printed')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--room <ROOM>', 'the room of an IRC log (default: the name of its folder)')
    .option('--date <DATE>', 'the day on which an IRC log begins, like 2016-12-19 (default: from its name)')
    .action(async (file: string, flags: Flags) => {
      const log = readLog(file, flags);
      const directory = flags.data ? resolve(flags.data) : defaultDirectory();
      const result = await send(controlPath(directory), log);
      process.stdout.write(`imported ${result.imported}, already there ${result.repeated}, skipped ${log.skipped}\n`);
    });
}

function readLog(file: string, flags: Flags): ReadLog {
  if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`);
  const text = readFileSync(file, 'utf8');
  if (text.trimStart().startsWith('{')) return readJsonExport(text);
  const day = dayOf(flags.date ?? basename(file));
  if (day === null) throw new UsageError('the file’s name holds no date like 2016-12-19: give one with --date');
  const room = checkRoomName(flags.room ?? `#${basename(dirname(resolve(file)))}`);
  if ('fault' in room) throw new UsageError('the folder’s name is no name for a room: give one with --room');
  return readIrcLog(text, room.name, day);
}

async function send(path: string, log: ReadLog): Promise<{ imported: number; repeated: number }> {
  const bar = new SingleBar({
    format: 'importing {bar} {percentage}% {value}/{total}',
    stream: process.stderr,
    noTTYOutput: false,
    clearOnComplete: true,
  });
  bar.start(log.lines.length, 0);
  const lines = (function* () {
    for (const line of log.lines) yield JSON.stringify(line);
  })();
  try {
    return (await askNode(path, { command: 'import' }, lines, (count) => bar.update(Number(count)))) as {
      imported: number;
      repeated: number;
    };
  } finally {
    bar.stop();
  }
}
