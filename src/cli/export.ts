/** `skein export`: history in history order, from the store of a live or a stopped node. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { hlcMs } from '../core/hlc.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { decodeMessage } from '../core/message.ts';
import { nameOf } from '../core/state.ts';
import { makeSuite } from '../lib/crypto.ts';
import { isoTime } from '../lib/time.ts';
import { NoNodeError } from '../node/control.ts';
import { defaultDirectory, readIdentity } from '../node/directory.ts';
import { CanonicalExport } from '../store/export.ts';
import { openLogReader } from '../store/schema.ts';
import { LOG_FILE } from '../store/sqlite.ts';

interface Flags {
  data?: string;
  canonical?: boolean;
  room?: string;
  json?: boolean;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('print history in history order')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--canonical', 'everything, the same bytes on every node with the same vector')
    .option('--room <ROOM>', 'of one room only')
    .option('--json', 'one JSON object a line')
    .action(async (flags: Flags) => {
      for (const line of exportLines(flags.data ? resolve(flags.data) : defaultDirectory(), flags)) await write(`${line}\n`);
    });
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((done) => process.stdout.once('drain', done));
}

function* exportLines(directory: string, flags: Flags): Generator<string> {
  const identity = existsSync(directory) ? readIdentity(directory) : null;
  if (!identity) throw new NoNodeError(`${directory} holds no node: name another with --data`);
  const db = openLogReader(join(directory, LOG_FILE));
  const exporter = new CanonicalExport(db, makeSuite(), identity.network);
  const room = flags.room === undefined ? null : publicRoomId(flags.room);
  if (flags.canonical) yield* exporter.lines();
  else yield* readable(exporter, room, flags.json === true);
  db.close();
}

/** Public rooms only: direct messages are in the operator's canonical export. */
function* readable(exporter: CanonicalExport, room: string | null, json: boolean): Generator<string> {
  const wanted = (of: string): boolean => (room === null ? of.startsWith('#') : of === room);
  if (json) {
    for (const line of exporter.lines((message) => wanted(message.room))) if (line.includes('"type":"message"')) yield line;
    return;
  }
  for (const _ of exporter.lines(() => false));
  for (const { message } of exporter.messages()) {
    if (!wanted(message.room)) continue;
    const { style, text } = message.payload ? decodeMessage(message.payload) : { style: 'text', text: '(erased)' };
    const name = nameOf(exporter.state, message);
    const said = style === 'action' ? `* ${name} ${text}` : `<${name}> ${text}`;
    yield `${isoTime(hlcMs(message.place.key))} ${message.room} ${said.replaceAll('\n', '\n    ')}`;
  }
}
