/** `skein export`: history in history order, from the store of a live or a stopped node. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../config/settings.ts';
import { canonicalMessage } from '../core/canonical.ts';
import { hlcMs, nextHlc } from '../core/hlc.ts';
import type { AuthorId } from '../core/ids.ts';
import { publicRoomId } from '../core/kinds/room.ts';
import { decodeMessage } from '../core/message.ts';
import type { Shown } from '../core/resolve.ts';
import { nameOf, type State } from '../core/state.ts';
import { foldName } from '../core/text.ts';
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
  as?: string;
  room?: string;
  json?: boolean;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('print history in history order')
    .option('--data <DIR>', 'the node’s data directory')
    .option('--canonical', 'everything, the same bytes on every node with the same vector')
    .option('--as <NAME>', 'what this account may read, its private rooms and direct messages too')
    .option('--room <ROOM>', 'of one room only, by its name or id')
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
  if (flags.canonical && flags.as !== undefined) throw new UsageError('--canonical and --as exclude each other');
  if (!identity) throw new NoNodeError(`${directory} holds no node: name another with --data`);
  const db = openLogReader(join(directory, LOG_FILE));
  const exporter = new CanonicalExport(db, makeSuite(), identity.network);
  if (flags.canonical) yield* exporter.lines();
  else yield* readable(exporter, flags);
  db.close();
}

/**
 * Public rooms, and with `--as` all that an account may read. It takes the word of whoever runs it: they can read the data directory, with the canonical export all of
 * it, so a password would protect nothing.
 */
function* readable(exporter: CanonicalExport, { as, room: asked, json }: Flags): Generator<string> {
  const room = asked === undefined ? null : /^[!@][0-9a-f]{32}$/.test(asked) ? asked : publicRoomId(asked);
  const asker = (state: State): AuthorId | null => (as === undefined ? null : accountNamed(state, as));
  for (const { message, damaged } of exporter.readable(asker, nextHlc(0, Date.now()))) {
    if (room !== null && message.room !== room) continue;
    yield json ? canonicalMessage(exporter.state, message, damaged) : lineOf(exporter.state, message, damaged);
  }
}

function accountNamed({ accounts }: State, name: string): AuthorId {
  for (const one of accounts.values()) if (!one.isDeleted && foldName(one.name) === foldName(name)) return one.author;
  throw new UsageError(`there is no account ‘${name}’: \`skein account list\` lists them`);
}

function lineOf(state: State, message: Shown, damaged: boolean): string {
  const { style, text } = message.payload && !damaged ? decodeMessage(message.payload) : { style: 'text', text: '(erased)' };
  const name = nameOf(state, message);
  const said = style === 'action' ? `* ${name} ${text}` : `<${name}> ${text}`;
  return `${isoTime(hlcMs(message.place.key))} ${message.room} ${said.replaceAll('\n', '\n    ')}`;
}
