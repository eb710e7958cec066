/** A program in a terminal of its own, driven as a person would: a detached tmux session, keys in, the screen out. */

import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../../src/demo/processes.ts';

const run = promisify(execFile);

/** What is missing of these programs, as a reason to skip; false where nothing is. */
export function missing(...programs: readonly string[]): string | false {
  const absent = programs.filter((program) => {
    try {
      execFileSync('/bin/sh', ['-c', `command -v ${program}`]);
      return false;
    } catch {
      return true;
    }
  });
  return absent.length > 0 && `not installed: ${absent.join(', ')}`;
}

export interface TerminalOptions {
  readonly name: string;
  readonly command: readonly string[];
  /** Beyond what the tests' own environment says. */
  readonly env?: Readonly<Record<string, string>>;
}

/** High enough for all that a test says, and a backlog besides. */
const COLUMNS = 110;
const ROWS = 170;

/** The terminals of one test, on a tmux server of their own. */
export class Terminals {
  static #made = 0;
  readonly socket = `skein-test-${process.pid}-${++Terminals.#made}`;

  async open({ name, command, env = {} }: TerminalOptions): Promise<Terminal> {
    const variables = Object.entries({ LANG: 'C.UTF-8', ...env }).map(([key, value]) => `${key}=${value}`);
    const size = ['-x', String(COLUMNS), '-y', String(ROWS)];
    await this.tmux('-f', '/dev/null', 'new-session', '-d', '-s', name, ...size, 'env', ...variables, ...command);
    return new Terminal(this, name);
  }

  async tmux(...args: readonly string[]): Promise<string> {
    return (await run('tmux', ['-L', this.socket, ...args])).stdout;
  }

  /** Ends every program. */
  async close(): Promise<void> {
    await this.tmux('kill-server').catch(() => undefined);
  }
}

export class Terminal {
  readonly #terminals: Terminals;
  readonly #name: string;

  constructor(terminals: Terminals, name: string) {
    this.#terminals = terminals;
    this.#name = name;
  }

  /** The screen as lines of plain text. */
  async screen(): Promise<string[]> {
    const text = await this.#terminals.tmux('capture-pane', '-p', '-t', this.#name);
    return text.split('\n').map((line) => line.trimEnd());
  }

  /** The screen with its escape sequences for colours. */
  colours(): Promise<string> {
    return this.#terminals.tmux('capture-pane', '-p', '-e', '-t', this.#name);
  }

  /** Types a line and the return key. */
  async say(line: string): Promise<void> {
    await this.#terminals.tmux('send-keys', '-t', this.#name, '-l', line);
    await this.#terminals.tmux('send-keys', '-t', this.#name, 'Enter');
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#terminals.tmux('resize-window', '-t', this.#name, '-x', String(columns), '-y', String(rows));
  }

  /** Back to the size it began with. */
  grow(): Promise<void> {
    return this.resize(COLUMNS, ROWS);
  }

  /** Waits until the screen is as wanted, and gives it. Where it never is, the error shows what was there instead. */
  async until(what: string, isThere: (lines: readonly string[]) => boolean, forMs = 10_000): Promise<string[]> {
    let lines: string[] = [];
    try {
      await until(
        what,
        async () => {
          lines = await this.screen();
          return isThere(lines);
        },
        forMs,
      );
    } catch (error) {
      throw new Error(`${(error as Error).message}; the screen:\n${lines.filter((line) => line !== '').join('\n')}`);
    }
    return lines;
  }

  /** Waits until a line of the screen matches. */
  see(pattern: RegExp, forMs?: number): Promise<string[]> {
    return this.until(`${this.#name} shows ${pattern}`, (lines) => lines.some((line) => pattern.test(line)), forMs);
  }
}
