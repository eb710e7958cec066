/** Asks for secrets: at a terminal without showing them, else (a script, a test) a line of stdin for each. Never from arguments or the environment, which others can see. */

import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { FailedError } from './run.ts';

/** A secret in characters; longer lines are none. */
const SECRET_LENGTH_MAX = 4096;

export class Secrets {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WritableStream;
  /** What was typed ahead, before it was asked for. */
  readonly #ahead: string[] = [];
  #lines: { readonly reader: Interface; readonly next: AsyncIterator<string> } | null = null;

  constructor(input: NodeJS.ReadStream = process.stdin, output: NodeJS.WritableStream = process.stderr) {
    this.#input = input;
    this.#output = output;
  }

  /** Whether somebody sits there, who can be asked again. */
  get isTerminal(): boolean {
    return this.#input.isTTY === true;
  }

  /** One secret. `what` is a few words that say which, like `password of ann`. */
  async ask(what: string): Promise<string> {
    const secret = this.isTerminal ? await this.#prompt(what) : await this.#line(what);
    if (secret.length > SECRET_LENGTH_MAX) throw new FailedError(`the ${what} has more than ${SECRET_LENGTH_MAX} letters`);
    return secret;
  }

  #prompt(what: string): Promise<string> {
    this.#output.write(`${what}: `);
    const typed = this.#ahead.shift();
    if (typed !== undefined) {
      this.#output.write('\n');
      return Promise.resolve(typed);
    }
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input: this.#input, output: silent, terminal: true, historySize: 0 });
    return new Promise((resolve, reject) => {
      const end = (then: () => void): void => {
        reader.removeAllListeners();
        reader.close();
        this.#output.write('\n');
        then();
      };
      reader.once('line', (line) => {
        // The lines behind it that came in one piece with it are told at once, and would be lost with the reader.
        reader.on('line', (next) => this.#ahead.push(next));
        setImmediate(end, () => resolve(line));
      });
      reader.once('SIGINT', () => end(() => reject(new FailedError('stopped: nothing was done'))));
      reader.once('close', () => end(() => reject(new FailedError('stopped: nothing was done'))));
    });
  }

  async #line(what: string): Promise<string> {
    if (!this.#lines) {
      const reader = createInterface({ input: this.#input, crlfDelay: Number.POSITIVE_INFINITY });
      this.#lines = { reader, next: reader[Symbol.asyncIterator]() };
    }
    const line = await this.#lines.next.next();
    if (line.done) throw new FailedError(`stdin holds no line with the ${what}: give each secret on a line of its own`);
    return line.value;
  }

  /** Stdin is read no more, so that the process can end. */
  close(): void {
    this.#lines?.reader.close();
    this.#input.pause();
  }
}
