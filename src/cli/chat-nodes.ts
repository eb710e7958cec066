/** To which nodes `skein chat` goes: those that were named, else the one on this machine; where none runs, it offers to start one. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { UsageError } from '../config/settings.ts';
import type { Where } from '../node/commands-about.ts';
import { askNode, NoNodeError } from '../node/control.ts';
import { controlPath, defaultDirectory } from '../node/directory.ts';
import { FailedError } from './run.ts';

const DEFAULT_URL = 'http://127.0.0.1:7400';
/** How long a node may take to start, and how long to tell whether one is there, in ms. */
const START_MS = 60_000;
const PROBE_MS = 1_000;
/** Of what a node that does not start wrote, so much is told, in characters. */
const LOG_TAIL = 600;

/** A node of a chat's own takes free ports, and nobody else's. */
const OWN_DOORS = ['--http', '127.0.0.1:0', '--mesh', '127.0.0.1:0', '--irc', 'off'];

export interface Nodes {
  readonly urls: readonly string[];
  /** What tells the sessions kept for them from others. */
  readonly place: string;
  /** Ends the node that was started for this chat, if one was. */
  close(): Promise<void>;
}

export interface Asked {
  readonly urls: readonly string[];
  readonly data: string | undefined;
  /** Whether somebody sits there who can be asked. */
  readonly canAsk: boolean;
}

const nothing = async (): Promise<void> => undefined;

export async function nodesFor({ urls, data, canAsk }: Asked): Promise<Nodes> {
  if (urls.length > 0) {
    const named = urls.map(urlIn);
    return { urls: named, place: [...named].sort()[0]!, close: nothing };
  }
  const directory = data ? resolve(data) : defaultDirectory();
  const url = await localUrl(directory);
  if (url) return { urls: [url], place: directory, close: nothing };
  if (data === undefined && (await answers(DEFAULT_URL))) return { urls: [DEFAULT_URL], place: DEFAULT_URL, close: nothing };
  if (!canAsk) throw new NoNodeError('no node is running here: start one with `skein up`, or name one with --node http://host:port');
  if (!(await agrees(`No node is running on this machine. Start one, in ${directory}? [Y/n] `)))
    throw new NoNodeError('then name a node: skein chat --node http://host:port');
  return started(directory);
}

function urlIn(text: string): string {
  const whole = /^https?:\/\//.test(text) ? text : `http://${text}`;
  try {
    return new URL(whole).origin;
  } catch {
    throw new UsageError(`--node ${text}: has to be http://host:port`);
  }
}

/** Where the node on a data directory answers; null where none runs there. */
async function localUrl(directory: string): Promise<string | null> {
  try {
    const { http } = (await askNode(controlPath(directory), { command: 'where' })) as Where;
    if (http === 'off') throw new FailedError('the node on this machine has its HTTP door closed (--http off): name another with --node');
    return http;
  } catch (error) {
    if (error instanceof NoNodeError) return null;
    throw error;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}

async function agrees(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await new Promise<string>((done) => {
      reader.once('close', () => done('n'));
      reader.question(question, done);
    });
    return /^(y|yes|)$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

/** A node of this chat's own, that listens on this machine alone, and ends with the chat. */
async function started(directory: string): Promise<Nodes> {
  const isNew = !existsSync(join(directory, 'identity.json'));
  const main = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'main.ts')];
  const args = [...main, 'up', '--data', directory, ...OWN_DOORS];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (data) => {
    log = `${log}${data}`.slice(-4 * LOG_TAIL);
  });
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const url = await Promise.race([
    readyUrl(child),
    new Promise<never>((_, reject) =>
      child.once('exit', () => reject(new FailedError(`the node did not start: ${log.slice(-LOG_TAIL).trim()}`))),
    ),
    new Promise<never>((_, reject) => setTimeout(() => reject(new FailedError('the node did not start in time')), START_MS).unref()),
  ]).catch((error: unknown) => {
    end();
    throw error;
  });
  if (isNew)
    process.stderr.write(
      `A network of your own. It ends with this chat; run \`skein up\` to keep it up, and \`skein invite\` to let others in.\n`,
    );
  return {
    urls: [url],
    place: directory,
    async close() {
      process.off('exit', end);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      end();
      await gone;
    },
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const url = /^ready http=(\S+)/.exec(line)?.[1];
    if (url === 'off') throw new FailedError('the node on this machine has its HTTP door closed');
    if (url) {
      child.stdout!.resume();
      return url;
    }
  }
  return new Promise(() => undefined);
}
