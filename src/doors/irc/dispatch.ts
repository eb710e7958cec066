/** From a line to its command. Plain messages to a room take a short way: they are nearly all there is. */

import { COMMANDS } from './commands/table.ts';
import type { IrcDoor } from './door.ts';
import { WAITING_LETTERS_MAX } from './limits.ts';
import { parseLine } from './line.ts';
import { BAD_UTF8, type ReadLine, TOO_LONG } from './line-reader.ts';
import { postPlain } from './post.ts';
import type { Session } from './session.ts';

const CARRIAGE_RETURN = 13;

export function runLine(door: IrcDoor, session: Session, read: ReadLine): void {
  if (read === TOO_LONG) return door.reply(session, '417', 'Input line was too long');
  if (read === BAD_UTF8) return door.fail(session, '*', 'INVALID_UTF8', 'The line was not UTF-8 and was left out');
  const line = read.charCodeAt(read.length - 1) === CARRIAGE_RETURN ? read.slice(0, -1) : read;
  if (line === '' || session.state === 'closed') return;
  if (session.state === 'opening' || session.busy > 0) return wait(door, session, line);
  if (postPlain(door, session, line)) return;
  const message = parseLine(line);
  if (message.command === '') return;
  const command = COMMANDS.get(message.command);
  if (session.state !== 'open' && !command?.early) return door.reply(session, '451', 'You have not registered');
  if (!command) return door.reply(session, '421', message.command, 'Unknown command');
  const { params } = message;
  if (params.length < command.paramsMin) return door.reply(session, '461', message.command, 'Not enough parameters');
  command.run(door, session, params, message.command, message.tags);
}

/** The name is being claimed, or a password looked at: what the client says meanwhile comes after it. */
function wait(door: IrcDoor, session: Session, line: string): void {
  session.waiting ??= [];
  session.waiting.push(line);
  let letters = 0;
  for (const one of session.waiting) letters += one.length + 1;
  if (letters > WAITING_LETTERS_MAX) door.end(session, 'Closing link: too much was sent before the node had answered');
}

/** Runs what waited, up to a line after which others have to wait again. */
export function drain(door: IrcDoor, session: Session): void {
  const { waiting } = session;
  session.waiting = null;
  for (const line of waiting ?? []) runLine(door, session, line);
}
