/** A client on irc-framework, which is nobody's idea of ours: sends, writes down all it is shown, fails over, resumes by message id. */

import IRC from 'irc-framework';
import type { Host, Sent, Shown } from '../../src/demo/recording-client.ts';

const PAGE = 100;

/** What this test uses of the library's events. */
interface MessageEvent {
  readonly nick: string;
  readonly message: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly batch?: { readonly type: string };
}

interface FrameworkClientApi {
  connect(options: object): void;
  requestCap(cap: string): void;
  raw(...line: string[]): void;
  quit(message: string): void;
  on(event: string, handler: (event: never) => void): void;
  removeAllListeners(): void;
}

export class FrameworkClient {
  readonly nick: string;
  readonly #room: string;
  readonly #hosts: readonly Host[];
  #at: number;
  #irc: FrameworkClientApi | null = null;
  #ended = false;
  #resuming = false;
  #pageLines = 0;
  #rereading: (() => void) | null = null;
  #open: Sent[] = [];
  #lostMs: number | null = null;
  readonly #ids = new Set<string>();
  readonly sent: Sent[] = [];
  readonly shown: Shown[] = [];
  readonly history: Shown[] = [];
  readonly failovers: number[] = [];
  repeats = 0;
  ready = false;

  constructor(nick: string, room: string, hosts: readonly Host[], first: number) {
    this.nick = nick;
    this.#room = room;
    this.#hosts = hosts;
    this.#at = first;
  }

  get host(): string {
    return this.#hosts[this.#at]!.name;
  }

  start(): void {
    const host = this.#hosts[this.#at]!;
    if (!host.irc) return this.#next();
    const irc = new IRC.Client() as unknown as FrameworkClientApi;
    this.#irc = irc;
    irc.requestCap('draft/chathistory');
    irc.on('registered', () => irc.raw('JOIN', this.#room));
    irc.on('userlist', () => this.#joined());
    irc.on('nick in use', () => setTimeout(() => irc.raw('NICK', this.nick), 100));
    irc.on('privmsg', (event: MessageEvent) => this.#message(event));
    irc.on('batch end chathistory', () => this.#pageEnd());
    irc.on('socket close', () => this.#lost(irc));
    irc.connect({
      ...host.irc,
      nick: this.nick,
      username: this.nick,
      gecos: this.nick,
      auto_reconnect: false,
      enable_echomessage: true,
      message_max_length: 2000,
      ping_interval: 0,
    });
  }

  #lost(irc: FrameworkClientApi): void {
    if (irc !== this.#irc) return;
    irc.removeAllListeners();
    this.#irc = null;
    if (this.ready) this.#lostMs = performance.now();
    this.ready = false;
    this.#open = [];
    this.#next();
  }

  #next(): void {
    if (this.#ended) return;
    this.#at = (this.#at + 1) % this.#hosts.length;
    setTimeout(() => {
      if (!this.#ended) this.start();
    }, 50);
  }

  /** Sends a message once and never again; false while no node serves it. */
  post(text: string): boolean {
    if (!this.ready || !this.#irc) return false;
    const sent: Sent = { text, id: null, held: 0, wanted: 0, via: this.host };
    this.sent.push(sent);
    this.#open.push(sent);
    this.#irc.raw(`PRIVMSG ${this.#room} :${text}`);
    return true;
  }

  #joined(): void {
    this.#resuming = true;
    this.#pageLines = 0;
    const last = this.shown.at(-1);
    this.#irc!.raw(last ? `CHATHISTORY AFTER ${this.#room} msgid=${last.id} ${PAGE}` : `CHATHISTORY LATEST ${this.#room} * ${PAGE}`);
  }

  #pageEnd(): void {
    const full = this.#pageLines >= PAGE;
    this.#pageLines = 0;
    if (this.#rereading) return this.#rereadMore(full);
    if (!this.#resuming) return;
    if (full) return this.#joined();
    this.#resuming = false;
    this.ready = true;
    if (this.#lostMs !== null) this.failovers.push(performance.now() - this.#lostMs);
    this.#lostMs = null;
  }

  #message({ nick, message: text, tags, batch }: MessageEvent): void {
    const id = tags['msgid'] ?? '';
    if (batch) this.#pageLines++;
    else if (nick === this.nick) this.#echo(id, text, tags['skein/copies'] ?? '1/1');
    if (batch && this.#rereading) return void this.history.push({ id, nick, text });
    if (this.#ids.has(id)) return void this.repeats++;
    this.#ids.add(id);
    this.shown.push({ id, nick, text });
  }

  #echo(id: string, text: string, copies: string): void {
    const at = this.#open.findIndex((one) => one.text === text);
    if (at < 0) return;
    const [sent] = this.#open.splice(at, 1);
    const [held, wanted] = copies.split('/').map(Number);
    Object.assign(sent!, { id, held: held ?? 1, wanted: wanted ?? 1 });
  }

  /** Reads the room's whole history, page by page. */
  reread(): Promise<void> {
    return new Promise((done) => {
      this.#rereading = done;
      this.#pageLines = 0;
      this.#irc!.raw(`CHATHISTORY AFTER ${this.#room} timestamp=2000-01-01T00:00:00.000Z ${PAGE}`);
    });
  }

  #rereadMore(full: boolean): void {
    const last = this.history.at(-1);
    if (full && last) return this.#irc!.raw(`CHATHISTORY AFTER ${this.#room} msgid=${last.id} ${PAGE}`);
    this.#rereading!();
    this.#rereading = null;
  }

  end(): void {
    this.#ended = true;
    this.#irc?.quit('done');
  }
}
