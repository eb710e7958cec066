/** The chat in a terminal: what comes in goes through `update`, what it asks is carried out, and what shows is drawn, at most once a frame. */

import type { As, Chat } from '../../client/chat.ts';
import type { View } from '../../client/view.ts';
import type { Effect } from '../effects.ts';
import type { Emoji, Env } from '../env.ts';
import { flushKeys, NOTHING_PENDING, type Pending, readKeys } from '../keys.ts';
import { frame } from '../paint.ts';
import { render, type Screen } from '../render.ts';
import { suitable, type ThemeName, themeOf } from '../theme.ts';
import { makeUi, type Ui } from '../ui.ts';
import { type Input, update } from '../update.ts';
import { CarryOut, wordsOf } from './carry-out.ts';
import type { Terminal } from './terminal.ts';

/** A lone escape is taken for the key after so long, in ms: what a slow line may put between the bytes of one sequence. */
const ESCAPE_MS = 40;
/** Between two frames, in ms. */
const FRAME_MS = 16;
/** How long the session's end may take to be written, in ms. */
const CLOSE_MS = 2_000;

export interface AppOptions {
  readonly terminal: Terminal;
  readonly connect: (as: As) => Promise<Chat>;
  readonly chat: Chat;
  /** What to enter at the start. */
  readonly room: string | null;
  /** Null: as the terminal says. */
  readonly theme: ThemeName | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly env: Env;
  readonly emoji: () => Promise<readonly Emoji[]>;
}

/** Runs until the person leaves, or the terminal is gone. */
export async function runApp(options: AppOptions): Promise<void> {
  const app = new App(options);
  await app.run();
}

class App {
  readonly #options: AppOptions;
  readonly #terminal: Terminal;
  readonly #carryOut = new CarryOut((input) => this.#take(input));
  #env: Env;
  #chat: Chat;
  #view: View;
  #ui: Ui;
  #screen: Screen | null = null;
  #pending: Pending = NOTHING_PENDING;
  #escape: NodeJS.Timeout | null = null;
  #frame: NodeJS.Timeout | null = null;
  #drawnMs = 0;
  #stop: () => void = () => undefined;
  #unsubscribe: () => void = () => undefined;
  #isEnding = false;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#terminal = options.terminal;
    this.#env = options.env;
    this.#chat = options.chat;
    this.#view = options.chat.view;
    this.#ui = makeUi(options.terminal.size, options.theme ?? suitable(options.environment, null));
  }

  async run(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
    const stop = (): void => this.#stop();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    this.#terminal.open({
      data: (text) => this.#came(text),
      resized: (size) => this.#resized(size),
      lost: stop,
      back: () => this.#redraw(),
    });
    try {
      this.#follow(this.#chat);
      this.#enter();
      void this.#options.emoji().then((emoji) => {
        this.#env = { ...this.#env, emoji };
      });
      this.#draw();
      await ended;
    } finally {
      this.#isEnding = true;
      this.#unsubscribe();
      if (this.#frame) clearTimeout(this.#frame);
      if (this.#escape) clearTimeout(this.#escape);
      this.#terminal.close();
      await this.#closed();
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
    }
  }

  /** What is not sent is on the disk; the rest need not be waited for without end. */
  async #closed(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref());
    await Promise.race([this.#chat.close().catch(() => undefined), late]);
  }

  #follow(chat: Chat): void {
    this.#unsubscribe();
    this.#chat = chat;
    this.#unsubscribe = chat.subscribe((view) => {
      const before = this.#view;
      this.#view = view;
      this.#take({ type: 'view', before });
    });
    const before = this.#view;
    this.#view = chat.view;
    this.#take({ type: 'view', before });
  }

  #enter(): void {
    const { room } = this.#options;
    if (room === null) return;
    const known = [...this.#view.rooms.values()].find((one) => one.room.name.toLowerCase() === room.toLowerCase());
    if (known) return this.#take({ type: 'go', room: known.room.id });
    this.#carry({ type: 'ask', request: { do: 'join', room }, done: '' });
  }

  #came(text: string): void {
    if (this.#escape) clearTimeout(this.#escape);
    this.#escape = null;
    const { inputs, pending } = readKeys(this.#pending, text);
    this.#pending = pending;
    for (const input of inputs) this.#take(input);
    if (pending.text === '' || pending.paste !== null) return;
    this.#escape = setTimeout(() => {
      const flushed = flushKeys(this.#pending);
      this.#pending = flushed.pending;
      for (const input of flushed.inputs) this.#take(input);
    }, ESCAPE_MS);
  }

  #resized(size: Ui['size']): void {
    this.#screen = null;
    this.#take({ type: 'resize', size });
  }

  #take(input: Input): void {
    if (this.#isEnding) return;
    if (input.type === 'background' && this.#options.theme === null) {
      this.#ui = { ...this.#ui, theme: suitable(this.#options.environment, input.isLight) };
      this.#redraw();
    }
    const { ui, effects } = update(this.#view, this.#ui, this.#env, input);
    this.#ui = ui;
    for (const effect of effects) this.#carry(effect);
    this.#drawSoon();
  }

  #carry(effect: Effect): void {
    switch (effect.type) {
      case 'quit':
        return this.#stop();
      case 'suspend':
        return this.#terminal.suspend();
      case 'redraw':
      case 'theme':
        return this.#redraw();
      case 'bell':
        return this.#terminal.write('\x07');
      case 'copy':
        return this.#terminal.write(`\x1b]52;c;${Buffer.from(effect.text).toString('base64')}\x07`);
      case 'as':
        return void this.#become(effect.as);
      default:
        this.#carryOut.do(this.#chat, effect);
    }
  }

  /** Another session takes the place of this one; where it is refused, this one comes back. */
  async #become(as: As): Promise<void> {
    this.#take({ type: 'said', words: 'asking…' });
    const { room } = this.#ui;
    try {
      await this.#chat.close();
      const chat = await this.#options.connect(as);
      this.#follow(chat);
      await chat.ready;
      if (room?.startsWith('#')) this.#carry({ type: 'ask', request: { do: 'join', room }, done: '' });
      this.#take({ type: 'said', words: `you are ${chat.view.me?.name ?? 'in'}` });
    } catch (error) {
      await this.#chat.close().catch(() => undefined);
      this.#follow(await this.#options.connect('resume'));
      this.#take({ type: 'failed', words: wordsOf(error) });
    }
  }

  #redraw(): void {
    this.#screen = null;
    this.#drawSoon();
  }

  /** The first change shows at once; what comes right behind it waits for the next frame. */
  #drawSoon(): void {
    if (this.#frame || this.#isEnding) return;
    const wait = Math.max(0, this.#drawnMs + FRAME_MS - performance.now());
    this.#frame = setTimeout(() => this.#draw(), wait);
  }

  #draw(): void {
    this.#frame = null;
    // A terminal that does not keep up is drawn when it does: `back`.
    if (this.#terminal.isFull || this.#isEnding) return;
    const screen = render(this.#view, this.#ui, this.#env);
    this.#terminal.write(frame(this.#screen, screen, themeOf(this.#ui.theme)));
    this.#screen = screen;
    this.#drawnMs = performance.now();
  }
}

/** The clock on the wall of this machine. */
export function localWall(ms: number): ReturnType<Env['wall']> {
  const at = new Date(ms);
  return {
    year: at.getFullYear(),
    month: at.getMonth() + 1,
    day: at.getDate(),
    weekday: at.getDay(),
    hour: at.getHours(),
    minute: at.getMinutes(),
  };
}
