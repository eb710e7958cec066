/**
 * The terminal: taken over while the chat runs, and given back as it was, however the chat ends. All that is written goes out at once, so that nothing is left half-said
 * when the process ends.
 */

import { writeSync } from 'node:fs';

import type { Size } from '../cells.ts';

const ESC = '\x1b';
/** Another screen, no wrapping, pastes and focus told apart, the mouse; the title is kept. */
const ENTER = [
  '[?1049h',
  '[22;0t',
  '[?7l',
  '[?2004h',
  '[?1004h',
  '[?1000h',
  '[?1006h',
  // Of what colour is the ground?
  ']11;?\x1b\\',
]
  .map((sequence) => ESC + sequence)
  .join('');
const LEAVE = ['[?1006l', '[?1000l', '[?1004l', '[?2004l', '[?7h', '[0m', '[?2026l', '[?25h', '[23;0t', '[?1049l']
  .map((sequence) => ESC + sequence)
  .join('');

export interface TerminalEvents {
  data(text: string): void;
  resized(size: Size): void;
  /** It is gone: closed, or hung up. */
  lost(): void;
  /** The process was stopped and goes on: nothing of what was drawn is there any more. */
  back(): void;
}

export class Terminal {
  readonly #input: typeof process.stdin;
  readonly #output: typeof process.stdout;
  #isOurs = false;
  #isLost = false;
  #events: TerminalEvents | null = null;
  /** What could not be written yet. */
  #isFull = false;

  constructor(input: typeof process.stdin, output: typeof process.stdout) {
    this.#input = input;
    this.#output = output;
  }

  get size(): Size {
    return { columns: Math.max(1, this.#output.columns || 80), rows: Math.max(1, this.#output.rows || 24) };
  }

  /** Takes it over. What happens from here on is told. */
  open(events: TerminalEvents): void {
    this.#events = events;
    this.#input.setEncoding('utf8');
    this.#input.on('data', (data) => events.data(String(data)));
    for (const name of ['end', 'close', 'error'] as const) this.#input.on(name, () => this.#lose());
    this.#output.on('error', () => this.#lose());
    this.#output.on('resize', () => events.resized(this.size));
    process.on('exit', this.#leave);
    process.on('SIGCONT', this.#continued);
    this.#enter();
  }

  readonly #leave = (): void => this.leave();

  readonly #continued = (): void => {
    if (this.#isLost) return;
    this.#isOurs = false;
    this.#enter();
    this.#events?.back();
  };

  #enter(): void {
    this.#isOurs = true;
    this.#raw(true);
    this.#input.resume();
    this.write(ENTER);
  }

  #raw(on: boolean): void {
    try {
      this.#input.setRawMode(on);
    } catch {
      this.#lose();
    }
  }

  #lose(): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#events?.lost();
  }

  /** Whether what was written before is not through yet: what is drawn meanwhile would only wait. */
  get isFull(): boolean {
    return this.#isFull;
  }

  write(bytes: string): void {
    if (this.#isLost || bytes === '') return;
    this.#isFull = !this.#output.write(bytes);
    if (this.#isFull) {
      this.#output.once('drain', () => {
        this.#isFull = false;
        this.#events?.back();
      });
    }
  }

  /** Gives it back as it was. It may be called at any time, more than once. */
  leave(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    try {
      writeSync(this.#output.fd, LEAVE);
    } catch {
      // It is gone.
    }
    try {
      this.#input.setRawMode(false);
    } catch {
      // Likewise.
    }
  }

  /** Stops the process as the shell's ^Z does; it goes on in `back`. */
  suspend(): void {
    this.leave();
    process.kill(process.pid, 'SIGSTOP');
  }

  close(): void {
    this.leave();
    process.off('exit', this.#leave);
    process.off('SIGCONT', this.#continued);
    this.#events = null;
    this.#input.pause();
    this.#input.unref();
  }
}
