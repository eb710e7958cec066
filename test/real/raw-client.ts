/** Somebody at a node who keeps every line, also what it says when something fails. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type NodeProcess, until } from '../../src/demo/processes.ts';
import type { Scene } from './faults.ts';

export interface RawClient {
  say(line: string): void;
  readonly lines: readonly string[];
  /** What the node answered to messages it did not take. */
  refusals(): string[];
  /** The texts of its own that were echoed. */
  echoed(): string[];
}

export async function rawClient(node: NodeProcess, scene: Scene, nick = 'raw'): Promise<RawClient> {
  const socket: Socket = connect(node.irc!);
  scene.undo(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.setEncoding('utf8');
  const lines: string[] = [];
  let rest = '';
  socket.on('data', (data) => {
    const parts = (rest + data).split('\r\n');
    rest = parts.pop()!;
    lines.push(...parts);
  });
  await once(socket, 'connect');
  const say = (line: string): boolean => socket.write(`${line}\r\n`);
  say(
    `CAP REQ :echo-message message-tags batch draft/chathistory standard-replies\r\nNICK ${nick}\r\nUSER raw 0 * :raw\r\nCAP END\r\nJOIN #r`,
  );
  await until('it is in the room', () => lines.some((line) => line.includes(' 366 ')));
  return {
    say,
    lines,
    refusals: () => lines.filter((line) => / (FAIL|404) /.test(line)),
    echoed: () => lines.flatMap((line) => new RegExp(`:${nick}\\S* PRIVMSG #r :(.*)`).exec(line)?.[1] ?? []),
  };
}
