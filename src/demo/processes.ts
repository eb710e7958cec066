/** Nodes as processes on this machine: started, asked, killed and started again. For the demo, `npm run dev` and the tests of real processes. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Status } from '../cli/status.ts';
import { askNode } from '../node/control.ts';
import { controlPath } from '../node/directory.ts';

/** How long a node may take to be ready, in ms: a second or two, and far longer where many processes share two cores. */
const READY_MS = 60_000;
const MAIN = join(import.meta.dirname, '..', 'cli', 'main.ts');

/** One node of a group; its directory outlives its process. */
export class NodeProcess {
  readonly name: string;
  readonly directory: string;
  readonly #config: Readonly<Record<string, unknown>>;
  #child: ChildProcess | null = null;
  /** Where it serves, while it does. */
  irc: { host: string; port: number } | null = null;
  http = '';
  mesh: string[] = [];
  /** What it wrote to stderr. */
  log = '';

  constructor(name: string, directory: string, config: Readonly<Record<string, unknown>> = {}) {
    this.name = name;
    this.directory = directory;
    this.#config = config;
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error(`${this.name} is not running`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** Starts it and waits until it serves. */
  async start(flags: readonly string[] = [], wrap: readonly string[] = [], readyMs = READY_MS): Promise<void> {
    const config = join(this.directory, 'config.json');
    writeFileSync(config, JSON.stringify(this.#config));
    const args = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      MAIN,
      'up',
      '--data',
      this.directory,
      '--name',
      this.name,
      '--config',
      config,
    ];
    const [command, ...rest] = [...wrap, ...args, ...withPorts(flags)];
    const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr!.on('data', (data) => {
      this.log += data;
    });
    const gone = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) => {
        if (this.#child === child) this.#child = null;
        reject(new Error(`${this.name} ended with ${code ?? signal}: ${this.log.slice(-2000)}`));
      });
    });
    gone.catch(() => undefined);
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`${this.name} was not ready in time: ${this.log}`)), readyMs).unref(),
    );
    this.#ready(await Promise.race([firstLine(child), gone, late]));
  }

  #ready(line: string): void {
    const fields = new Map(
      line
        .split(' ')
        .slice(1)
        .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
    );
    const irc = fields.get('irc')!;
    const at = irc.lastIndexOf(':');
    this.irc = irc === 'off' ? null : { host: irc.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(irc.slice(at + 1)) };
    this.http = fields.get('http')!;
    this.mesh = fields.get('mesh')!.split(',');
  }

  /** Sends a signal; with SIGKILL or SIGTERM waits until the process is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    if (signal === 'SIGSTOP' || signal === 'SIGCONT') return;
    await gone;
    this.#child = null;
  }

  status(): Promise<Status> {
    return askNode(controlPath(this.directory), { command: 'status' }) as Promise<Status>;
  }

  invite(uses = 1, forMs = 3_600_000): Promise<string> {
    return askNode(controlPath(this.directory), { command: 'invite', uses, forMs }) as Promise<string>;
  }
}

/** Ports of its own for every door, unless the flags say otherwise. */
function withPorts(flags: readonly string[]): string[] {
  const whole = [...flags];
  for (const flag of ['--mesh', '--http', '--irc'])
    if (!whole.includes(flag)) whole.push(flag, process.env['SKEIN_NOIRC'] && flag === '--irc' ? 'off' : '127.0.0.1:0');
  return whole;
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  return new Promise(() => undefined);
}

/** A group of nodes in one scratch folder. */
export class NodeGroup {
  readonly folder = mkdtempSync(join(tmpdir(), 'skein-'));
  readonly nodes: NodeProcess[] = [];

  /** A node that was not started. */
  add(name: string, config: Readonly<Record<string, unknown>> = {}): NodeProcess {
    const directory = mkdtempSync(join(this.folder, `${name}-`));
    const node = new NodeProcess(name, directory, config);
    this.nodes.push(node);
    return node;
  }

  /** Nodes that are all one network: the first makes it, each of the others joins at the one before `through` says, else at the first. */
  async network(
    names: readonly string[],
    config: Readonly<Record<string, unknown>> = {},
    through: 'first' | 'previous' = 'first',
  ): Promise<NodeProcess[]> {
    const made: NodeProcess[] = [];
    for (const name of names) {
      const node = this.add(name, config);
      const host = through === 'first' ? made[0] : made.at(-1);
      await node.start(host ? ['--join', await host.invite()] : []);
      made.push(node);
    }
    return made;
  }

  /** Kills what runs and removes the folder. */
  async remove(): Promise<void> {
    await Promise.all(
      this.nodes.map(async (node) => {
        if (node.running) await node.kill('SIGCONT');
        await node.kill('SIGKILL');
      }),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until the condition holds. Throws after `forMs`. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, forMs = 15_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${forMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the nodes hold the same, by vector and state hash. */
export async function untilEqual(nodes: readonly NodeProcess[], forMs = 15_000): Promise<Status[]> {
  let all: Status[] = [];
  await until(
    'all nodes hold the same',
    async () => {
      all = await Promise.all(nodes.map((node) => node.status()));
      const shapes = new Set(all.map((status) => JSON.stringify([status.vector, status.state.hash])));
      return shapes.size === 1;
    },
    forMs,
  );
  return all;
}
