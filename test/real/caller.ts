/** Somebody with an account, over IRC with a real node: logs in, talks, and keeps every line. */

import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type NodeProcess, until } from '../../src/demo/processes.ts';
import { parseLine } from '../../src/demo/recording-client.ts';
import type { Scene } from './faults.ts';

const CAPS = 'sasl echo-message message-tags server-time batch draft/chathistory draft/account-registration standard-replies';
/** Waits are for a machine that is busy with other things. */
const PATIENCE_MS = 60_000;

export interface Entering {
  readonly nick: string;
  /** By SASL PLAIN. */
  readonly sasl?: readonly [name: string, password: string];
  /** By PASS, `name:password`. */
  readonly pass?: string;
  /** Said before CAP END, where the client has capabilities. */
  readonly before?: readonly string[];
  /** Comes from this address of the machine. */
  readonly from?: string;
}

/** A message as it was shown. */
export interface Heard {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly id: string;
  readonly copies: string;
}

export class Caller {
  readonly #socket: Socket;
  readonly lines: string[] = [];
  #rest = '';
  #looked = 0;
  isClosed = false;
  /** Told of every line. */
  heardLine: (line: string) => void = () => undefined;

  constructor({ irc }: NodeProcess, from?: string) {
    this.#socket = connect({ ...irc!, ...(from === undefined ? {} : { localAddress: from }) });
    this.#socket.setEncoding('utf8');
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.isClosed = true;
    });
    this.#socket.on('data', (data) => this.#take(String(data)));
  }

  #take(data: string): void {
    const parts = (this.#rest + data).split('\r\n');
    this.#rest = parts.pop()!;
    for (const line of parts) {
      this.lines.push(line);
      this.heardLine(line);
      if (line.startsWith('PING')) this.say(`PONG ${line.slice(5)}`);
    }
  }

  say(...lines: string[]): void {
    this.#socket.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The next line that is such, after the last one that was waited for. */
  async next(words: RegExp, forMs = PATIENCE_MS): Promise<string> {
    let found = -1;
    const isThere = (): boolean => (found = this.lines.findIndex((line, i) => i >= this.#looked && words.test(line))) >= 0;
    await until(`a line is ${words}`, () => isThere() || this.isClosed, forMs).catch((error: Error) => this.#fail(error));
    if (!isThere()) this.#fail(new Error(`the connection ended before a line was ${words}`));
    this.#looked = found + 1;
    return this.lines[found]!;
  }

  #fail(error: Error): never {
    throw new Error(`${error.message}; its last lines: ${this.lines.slice(-12).join(' | ')}`);
  }

  /** Says something and waits for the line that answers it. */
  async ask(line: string, words: RegExp): Promise<string> {
    this.#looked = this.lines.length;
    this.say(line);
    return this.next(words);
  }

  /** Says something to NickServ and waits for its answer. */
  service(text: string, words: RegExp): Promise<string> {
    return this.ask(`PRIVMSG NickServ :${text}`, new RegExp(`NickServ!.* NOTICE .*(?:${words.source})`));
  }

  /** Posts, and waits for the echo. */
  async post(to: string, text: string): Promise<Heard> {
    this.say(`PRIVMSG ${to} :${text}`);
    await until(`‘${text}’ is echoed`, () => this.heard().some((heard) => heard.text === text), PATIENCE_MS).catch((error: Error) =>
      this.#fail(error),
    );
    return this.heard().find((heard) => heard.text === text)!;
  }

  /** All that people said, as it came. */
  heard(): Heard[] {
    return this.lines.flatMap((raw) => {
      const { tags, nick, command, params } = parseLine(raw);
      if (command !== 'PRIVMSG') return [];
      return [{ from: nick, to: params[0]!, text: params[1]!, id: tags.get('msgid') ?? '', copies: tags.get('skein/copies') ?? '' }];
    });
  }

  texts(): string[] {
    return this.heard().map(({ text }) => text);
  }

  async leave(): Promise<void> {
    this.say('QUIT :bye');
    await until('the connection is closed', () => this.isClosed, PATIENCE_MS);
  }

  drop(): void {
    this.#socket.destroy();
  }
}

async function logIn(caller: Caller, [name, password]: readonly [string, string]): Promise<string> {
  await caller.ask('AUTHENTICATE PLAIN', / 90\d |^AUTHENTICATE|:\S+ AUTHENTICATE/);
  return caller.ask(`AUTHENTICATE ${Buffer.from(`\0${name}\0${password}`).toString('base64')}`, / 90[3-7] /);
}

/** Comes in, or is refused: resolves once it is known which. */
export async function enter(scene: Scene, node: NodeProcess, { nick, sasl, pass, before, from }: Entering): Promise<Caller> {
  const caller = new Caller(node, from);
  scene.undo(() => caller.drop());
  caller.say(...(pass === undefined ? [] : [`PASS ${pass}`]), `CAP REQ :${CAPS}`, `NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
  await caller.next(/ CAP \S+ ACK /);
  if (sasl) await logIn(caller, sasl);
  for (const line of before ?? []) await caller.ask(line, new RegExp(`^(:\\S+ )?(FAIL )?${line.split(' ')[0]} `));
  caller.say('CAP END');
  await caller.next(/ 422 |^ERROR /);
  return caller;
}

/** As a client that logs in as the account that it is named after. */
export function enterAs(scene: Scene, node: NodeProcess, name: string, password: string): Promise<Caller> {
  return enter(scene, node, { nick: name, sasl: [name, password] });
}

/** Makes an account at a node, and is left logged in. */
export async function register(scene: Scene, node: NodeProcess, name: string, password: string): Promise<Caller> {
  const caller = await enter(scene, node, { nick: name });
  await caller.service(`REGISTER ${password}`, /is your account now/);
  return caller;
}

/** Who the node says a client is. */
export async function nickOf(caller: Caller): Promise<string> {
  return (await caller.ask('MODE #none', / 403 /)).split(' ')[2]!;
}

export async function joinRoom(caller: Caller, room: string): Promise<void> {
  await caller.ask(`JOIN ${room}`, new RegExp(` 366 \\S+ ${room} `));
}

const SKEIN = join(import.meta.dirname, '..', '..', 'skein');

/** Runs `skein account` with these secrets, a line each; what it printed. */
export async function account(node: NodeProcess, secrets: readonly string[], ...args: string[]): Promise<string> {
  const running = promisify(execFile)(SKEIN, ['account', ...args, '--data', node.directory]);
  running.child.stdin!.end(secrets.map((secret) => `${secret}\n`).join(''));
  const { stdout } = await running;
  return stdout.trim();
}
