/**
 * An IRC client that never forgets: it writes down all it sends, all echoes and all it is shown, and when its node dies goes on at the next, resuming by message id.
 *
 * The demo judges by what these clients wrote down, and by nothing else.
 */

import { connect, type Socket } from 'node:net';

/** A message as a client was shown it. */
export interface Shown {
  readonly id: string;
  readonly nick: string;
  readonly text: string;
}

/** A message of the client's own. */
export interface Sent {
  readonly text: string;
  /** With the echo. */
  id: string | null;
  held: number;
  wanted: number;
  /** The node it was sent through. */
  readonly via: string;
}

export interface Host {
  readonly name: string;
  readonly irc: { readonly host: string; readonly port: number } | null;
}

const CAPS = 'server-time message-tags echo-message batch draft/chathistory standard-replies';
const PAGE = 100;

interface Line {
  readonly tags: ReadonlyMap<string, string>;
  readonly nick: string;
  readonly command: string;
  readonly params: readonly string[];
}

/** A line of IRC in its parts. */
export function parseLine(raw: string): Line {
  let rest = raw;
  const tags = new Map<string, string>();
  if (rest.startsWith('@')) {
    const end = rest.indexOf(' ');
    for (const tag of rest.slice(1, end).split(';')) tags.set(tag.split('=')[0]!, tag.slice(tag.indexOf('=') + 1));
    rest = rest.slice(end + 1);
  }
  let nick = '';
  if (rest.startsWith(':')) {
    const end = rest.indexOf(' ');
    nick = rest.slice(1, end).split('!')[0]!;
    rest = rest.slice(end + 1);
  }
  const colon = rest.indexOf(' :');
  const words = (colon < 0 ? rest : rest.slice(0, colon)).split(' ');
  return { tags, nick, command: words[0]!, params: [...words.slice(1), ...(colon < 0 ? [] : [rest.slice(colon + 2)])] };
}

export class RecordingClient {
  readonly nick: string;
  readonly room: string;
  readonly #hosts: readonly Host[];
  #at: number;
  #socket: Socket | null = null;
  #rest = '';
  #inBatch = 0;
  #pageLines = 0;
  #resuming = false;
  #ended = false;
  /** Sent on this connection and not echoed. */
  #open: Sent[] = [];
  readonly sent: Sent[] = [];
  /** What it was shown, each message once, in the order of its coming. */
  readonly shown: Shown[] = [];
  readonly #ids = new Set<string>();
  /** The whole history as the node gives it at the end. */
  readonly history: Shown[] = [];
  #rereading: (() => void) | null = null;
  /** Messages that came again with the same id. */
  repeats = 0;
  /** Between losing a node and being served by another, in ms. */
  readonly failovers: number[] = [];
  #lostMs: number | null = null;
  ready = false;
  /** Told of every line it takes as shown; what answers false is dropped, as if it had never come. */
  accept: (shown: Shown) => boolean = () => true;
  changed: () => void = () => undefined;

  constructor(nick: string, room: string, hosts: readonly Host[], first: number) {
    this.nick = nick;
    this.room = room;
    this.#hosts = hosts;
    this.#at = first;
  }

  /** How many of its messages are on this connection, and neither echoed nor lost with it. */
  get open(): number {
    return this.#open.length;
  }

  /** The node that serves it, or is tried. */
  get host(): string {
    return this.#hosts[this.#at]!.name;
  }

  /** Connects, and goes on connecting for as long as it is not ended. */
  start(): void {
    const host = this.#hosts[this.#at]!;
    if (!host.irc) return this.#next();
    const socket = connect(host.irc);
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('utf8');
    socket.on('connect', () => this.#say(`CAP REQ :${CAPS}`, `NICK ${this.nick}`, `USER ${this.nick} 0 * :${this.nick}`, 'CAP END'));
    socket.on('data', (data) => this.#data(String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (socket === this.#socket) this.#lost();
    });
  }

  #lost(): void {
    if (this.ready) this.#lostMs = performance.now();
    this.ready = false;
    this.#rest = '';
    this.#inBatch = 0;
    this.#open = [];
    this.#socket = null;
    this.changed();
    if (!this.#ended) this.#next();
  }

  #next(): void {
    this.#at = (this.#at + 1) % this.#hosts.length;
    setTimeout(() => {
      if (!this.#ended) this.start();
    }, 50);
  }

  #say(...lines: string[]): void {
    this.#socket?.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Sends a message; false while no node serves it. */
  post(text: string): boolean {
    if (!this.ready) return false;
    const sent: Sent = { text, id: null, held: 0, wanted: 0, via: this.host };
    this.sent.push(sent);
    this.#open.push(sent);
    this.#say(`PRIVMSG ${this.room} :${text}`);
    return true;
  }

  #data(data: string): void {
    const lines = (this.#rest + data).split('\r\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(parseLine(line));
    this.changed();
  }

  #line(line: Line): void {
    switch (line.command) {
      case 'PING':
        return this.#say(`PONG :${line.params[0]}`);
      case '001':
        return this.#say(`JOIN ${this.room}`);
      case '433':
        setTimeout(() => this.#say(`NICK ${this.nick}`), 100);
        return;
      case '366':
        return this.#joined();
      case 'BATCH':
        return this.#batch(line.params[0]!);
      case 'PRIVMSG':
        return this.#privmsg(line);
      case 'FAIL':
        return this.#failed(line.params[0]!);
      default:
        return;
    }
  }

  /** Asks for what was missed, or for what was said before it came. */
  #joined(): void {
    this.#resuming = true;
    const last = this.shown.at(-1);
    this.#say(last ? `CHATHISTORY AFTER ${this.room} msgid=${last.id} ${PAGE}` : `CHATHISTORY LATEST ${this.room} * ${PAGE}`);
  }

  /** The node may have lost what it had, and be about to fetch it: the same is asked again. */
  #failed(command: string): void {
    const socket = this.#socket;
    if (command !== 'CHATHISTORY' || !this.#resuming) return;
    setTimeout(() => {
      if (socket === this.#socket) this.#joined();
    }, 100);
  }

  #batch(reference: string): void {
    if (reference.startsWith('+')) {
      this.#inBatch++;
      this.#pageLines = 0;
      return;
    }
    this.#inBatch--;
    if (this.#rereading) return this.#reread();
    if (!this.#resuming) return;
    if (this.#pageLines >= PAGE) return this.#joined();
    this.#resuming = false;
    this.ready = true;
    if (this.#lostMs !== null) this.failovers.push(performance.now() - this.#lostMs);
    this.#lostMs = null;
  }

  /** Reads the room's whole history, page by page. */
  reread(): Promise<void> {
    return new Promise((done) => {
      this.#rereading = done;
      this.#say(`CHATHISTORY AFTER ${this.room} timestamp=2000-01-01T00:00:00.000Z ${PAGE}`);
    });
  }

  #reread(): void {
    const last = this.history.at(-1);
    if (last && this.#pageLines >= PAGE) return this.#say(`CHATHISTORY AFTER ${this.room} msgid=${last.id} ${PAGE}`);
    this.#rereading!();
    this.#rereading = null;
  }

  #privmsg({ tags, nick, params }: Line): void {
    const id = tags.get('msgid') ?? '';
    const text = params[1] ?? '';
    if (this.#rereading && this.#inBatch > 0) {
      this.#pageLines++;
      if (this.accept({ id, nick, text })) this.history.push({ id, nick, text });
      return;
    }
    if (this.#inBatch > 0) this.#pageLines++;
    else if (nick === this.nick) this.#echo(id, text, tags.get('skein/copies') ?? '1/1');
    const shown = { id, nick, text };
    if (!this.accept(shown)) return;
    if (this.#ids.has(id)) {
      this.repeats++;
      return;
    }
    this.#ids.add(id);
    this.shown.push(shown);
  }

  #echo(id: string, text: string, copies: string): void {
    const at = this.#open.findIndex((one) => one.text === text);
    if (at < 0) return;
    const [sent] = this.#open.splice(at, 1);
    const [held, wanted] = copies.split('/').map(Number);
    Object.assign(sent!, { id, held: held ?? 1, wanted: wanted ?? 1 });
  }

  end(): void {
    this.#ended = true;
    this.#socket?.end('QUIT :done\r\n');
  }
}
