/** `skein up`: run a node in the foreground. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pino } from 'pino';
import { resolveSettings, SETTINGS, type Settings, UsageError } from '../config/settings.ts';
import { defaultDirectory } from '../node/directory.ts';
import type { Listening } from '../node/status.ts';
import { up } from '../node/up.ts';
import { versionOf } from './run.ts';

function configOf(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new UsageError(`--config ${file}: there is no such file`);
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // Told below, like every other content that is no object.
  }
  throw new UsageError(`--config ${file}: has to be a JSON object of settings`);
}

export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description('run a node in the foreground; the first run in an empty directory makes a network, unless --join');
  command.option('--data <DIR>', 'the node’s data directory');
  command.option('--config <FILE>', 'a JSON file of settings; flags win');
  for (const { flag, value, doc, default: initial } of Object.values(SETTINGS)) {
    if (flag !== null) command.option(`--${flag} <${value}>`, initial === '' ? doc : `${doc} (default: ${initial})`);
  }
  command.action(async (flags: Record<string, string>) => {
    const settings = resolveSettings(new Map(Object.entries(flags)), configOf(flags['config']));
    await serve(flags['data'] ? resolve(flags['data']) : defaultDirectory(), settings);
  });
}

async function serve(directory: string, first: Settings): Promise<void> {
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }));
  const stopped = new Promise<null>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done(null));
  });
  let settings = first;
  for (let starts = 1; ; starts++) {
    const node = await up({
      directory,
      settings,
      version: versionOf(),
      suspect: starts > 1,
      log: (level, message) => logger[level](message),
    });
    const { http, irc, mesh } = node.listening;
    if (starts === 1) process.stdout.write(`ready http=${http} irc=${irc} mesh=${mesh.length > 0 ? mesh.join(',') : 'off'}\n`);
    const reason = await Promise.race([stopped, node.restart]);
    logger.info(reason === null ? 'stopping' : `starting anew: ${reason}`);
    await node.close();
    if (reason === null) break;
    settings = withPorts(settings, node.listening);
  }
  process.exit(0);
}

/** The settings with the ports that were found free at the first start, so that a node that starts anew is where it was. */
function withPorts(settings: Settings, { http, irc, mesh }: Listening): Settings {
  const port = (listen: string, address: string): string => listen.replace(/:0$/, `:${/(\d+)$/.exec(address)?.[1] ?? 0}`);
  return { ...settings, join: '', http: port(settings.http, http), irc: port(settings.irc, irc), mesh: port(settings.mesh, mesh[0] ?? '') };
}
