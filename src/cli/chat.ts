/** `skein chat`: the chat in a terminal; without one, lines in and out. */

import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { As, Chat } from '../client/index.ts';
import { UsageError } from '../config/settings.ts';
import { checkName, foldName } from '../core/text.ts';
import { THEMES, type ThemeName } from '../tui/theme.ts';
import { Secrets } from './account-prompt.ts';
import { runLines } from './chat-lines.ts';
import { type Nodes, nodesFor } from './chat-nodes.ts';
import { Places } from './chat-places.ts';
import { FailedError } from './run.ts';

interface Flags {
  readonly as?: string;
  readonly node?: readonly string[];
  readonly room?: string;
  readonly data?: string;
  readonly theme?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function addChat(program: Command): void {
  program
    .command('chat')
    .description('chat in this terminal; :quit or :q leaves, F1 helps. With lines on stdin it sends them to --room and ends')
    .option('--as <NAME>', 'who you are: a guest of that name, or an account you logged in to')
    .option('--node <URL>', 'where a node answers, http://host:port; it may be given again (default: the node on this machine)', collect)
    .option('--room <ROOM>', 'the room to begin in')
    .option('--data <DIR>', 'the data directory of the node on this machine')
    .option('--theme <NAME>', `one of ${THEMES.join(', ')} (default: as the terminal says)`)
    .action(chat);
}

async function chat(flags: Flags): Promise<void> {
  const theme = themeIn(flags.theme);
  const asked = nameIn(flags.as);
  const room = flags.room === undefined ? null : roomIn(flags.room);
  const isFull = process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
  if (!isFull && room === null) throw new UsageError('--room: without a terminal, say which room it is about');
  const nodes = await nodesFor({
    urls: flags.node ?? [],
    data: flags.data,
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
  });
  try {
    const places = new Places(nodes.place);
    const name = asked ?? places.lastName() ?? systemName();
    const session = new Opening(nodes, places, name);
    if (isFull) await full(session, room, theme);
    else process.exitCode = await runLines(await session.open({ guest: name }), room!);
  } finally {
    await nodes.close();
  }
}

/** Opens sessions: under each name, what is kept of it on this machine. */
class Opening {
  readonly #nodes: Nodes;
  readonly #places: Places;
  #name: string;

  constructor(nodes: Nodes, places: Places, name: string) {
    this.#nodes = nodes;
    this.#places = places;
    this.#name = name;
  }

  get name(): string {
    return this.#name;
  }

  /** As a guest, whoever was here before under that name goes on. */
  async open(as: As): Promise<Chat> {
    const name =
      as === 'resume' ? this.#name : 'guest' in as ? as.guest : 'register' in as ? as.register : 'setup' in as ? as.owner : as.account;
    const chat = await this.#places.connect(this.#nodes.urls, name, as);
    this.#name = name;
    this.#places.remember(name);
    return chat;
  }
}

async function full(session: Opening, room: string | null, theme: ThemeName | null): Promise<void> {
  const { runTerminal } = await import('./chat-terminal.ts');
  const guest: As = { guest: session.name };
  const chat = await session.open(guest);
  const opened = await knocked(chat, session);
  await runTerminal({ chat: opened, connect: (as) => session.open(as), room, theme });
}

/** How long the first answer is waited for before the screen shows, in ms. */
const KNOCK_MS = 1_500;

/** Where the name is an account's, its password is asked for. Whoever cannot be reached yet is shown all that is kept. */
async function knocked(chat: Chat, session: Opening): Promise<Chat> {
  const refused = await Promise.race([
    chat.ready.then(() => null).catch((error: Error) => error),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), KNOCK_MS).unref()),
  ]);
  if (!refused) return chat;
  await chat.close();
  const type = 'refused' in refused ? (refused.refused as { type: string }).type : '';
  if (!['name registered', 'bad key', 'no account'].includes(type)) throw new FailedError(refused.message);
  const secrets = new Secrets();
  try {
    const password = await secrets.ask(`password of ${session.name}`);
    return await session.open({ account: session.name, password });
  } catch (error) {
    throw new FailedError((error as Error).message);
  } finally {
    secrets.close();
  }
}

function themeIn(name: string | undefined): ThemeName | null {
  if (name === undefined) return null;
  const theme = THEMES.find((one) => one === name);
  if (!theme) throw new UsageError(`--theme ${name}: one of ${THEMES.join(', ')}`);
  return theme;
}

function nameIn(name: string | undefined): string | null {
  if (name === undefined) return null;
  const checked = checkName(name);
  if ('fault' in checked) throw new UsageError(`--as ${name}: that is no name (${checked.fault})`);
  return checked.name;
}

function roomIn(room: string): string {
  if (room.trim() === '' || /\s/.test(room)) throw new UsageError('--room: a room’s name has no spaces');
  return /^[#!@]/.test(room) ? room : `#${room}`;
}

/** The name of whoever uses this machine, as far as it can be a name here. */
function systemName(): string {
  let name = '';
  try {
    name = userInfo().username;
  } catch {
    // Somebody without an entry in the list of users.
  }
  const letters = foldName(name)
    .replace(/[^\p{L}\p{N}_-]/gu, '')
    .replace(/^[^\p{L}_]+/u, '');
  const checked = checkName([...letters].slice(0, 32).join(''));
  return 'name' in checked ? checked.name : 'guest';
}
