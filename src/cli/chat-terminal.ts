/** The chat on a full screen: what the terminal can, where the emoji are, what is shown in which zone. */

import type { As, Chat } from '../client/index.ts';
import { ASCII, type Emoji, makeEnv, UNICODE } from '../tui/env.ts';
import { localWall, runApp } from '../tui/shell/app.ts';
import { Terminal } from '../tui/shell/terminal.ts';
import type { ThemeName } from '../tui/theme.ts';

export interface TerminalChat {
  readonly chat: Chat;
  readonly connect: (as: As) => Promise<Chat>;
  readonly room: string | null;
  readonly theme: ThemeName | null;
}

export async function runTerminal({ chat, connect, room, theme }: TerminalChat): Promise<void> {
  const environment = process.env;
  const terminal = new Terminal(process.stdin, process.stdout);
  const failed = (error: unknown): never => {
    terminal.leave();
    process.stderr.write(`skein: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  try {
    const env = makeEnv(localWall, isUtf8(environment) ? UNICODE : ASCII);
    await runApp({ terminal, connect, chat, room, theme, environment, env, emoji: readEmoji });
  } finally {
    process.off('uncaughtException', failed);
    process.off('unhandledRejection', failed);
  }
}

/** Where nothing is said of it, terminals of today are of UTF-8; the plain C locale is not. */
function isUtf8(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale);
}

/** Read when the screen shows already. */
async function readEmoji(): Promise<readonly Emoji[]> {
  const { gemoji } = await import('gemoji');
  return gemoji.flatMap(({ names, emoji }) => names.map((name) => ({ name, emoji })));
}
