/**
 * `skein chat` without a full terminal. Lines on stdin are sent to the room, one message each, and all that is said is errors; the exit code tells: 0 when each of them is
 * on the disk of a node, 1 when one was refused, 3 when no node can be reached. Where somebody sits at the keyboard, the room is printed, line by line.
 */

import { createInterface } from 'node:readline';
import type { Chat, Item, Where } from '../client/index.ts';
import type { RoomId } from '../core/ids.ts';
import { clean, cleanLine } from '../tui/text.ts';

/** How long a node is looked for, and how long nothing may move while lines wait, in ms. */
const REACH_MS = 10_000;
const STALL_MS = 30_000;
/** Lines under way at once. */
const UNDER_WAY_MAX = 64;
/** What was said before that is printed. */
const BACKLOG = 20;

const EXIT = { done: 0, failed: 1, unreachable: 3 } as const;

export async function runLines(chat: Chat, room: string): Promise<number> {
  const tell = (words: string): void => void process.stderr.write(`skein: ${words}\n`);
  try {
    const fault = await reached(chat);
    if (fault) {
      tell(fault.words);
      return fault.code;
    }
    const to = await enter(chat, room);
    if (process.stdin.isTTY) return await talk(chat, to, tell);
    return await send(chat, to, tell);
  } catch (error) {
    tell((error as Error).message);
    return EXIT.failed;
  } finally {
    await chat.close();
  }
}

async function reached(chat: Chat): Promise<{ words: string; code: number } | null> {
  const late = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), REACH_MS).unref());
  const came = await Promise.race([chat.ready.then(() => null).catch((error: Error) => error), late]);
  if (came === null) return null;
  if (came !== 'late') return { words: came.message, code: EXIT.failed };
  const { connection } = chat.view;
  const why = connection.state === 'connecting' && connection.why !== '' ? ` (${connection.why})` : '';
  return { words: `no node can be reached${why}: nothing was sent`, code: EXIT.unreachable };
}

/** The room, entered; or the direct room with a person. */
async function enter(chat: Chat, room: string): Promise<RoomId> {
  if (!room.startsWith('@') || /^@[0-9a-f]{32}$/.test(room)) {
    const known = [...chat.view.rooms.values()].find((one) => one.room.name.toLowerCase() === room.toLowerCase() && one.room.joined);
    return known ? known.room.id : (await chat.join(room)).id;
  }
  const person = await chat.person(room.slice(1));
  if (!person) throw new Error(`there is nobody called ${room.slice(1)}`);
  return chat.direct(person.author);
}

/** Sends each line that is not empty. */
async function send(chat: Chat, to: Where, tell: (words: string) => void): Promise<number> {
  const underWay = new Set<Promise<void>>();
  let code: number = EXIT.done;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() === '') continue;
    const at = number;
    const sent = chat
      .post(to, line)
      .then(() => undefined)
      .catch((error: Error) => {
        tell(`line ${at}: ${error.message}`);
        code = EXIT.failed;
        if (chat.lastPosted) dropRefused(chat);
      })
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
    if (underWay.size >= UNDER_WAY_MAX && !(await moves(underWay))) return stalled(underWay.size, tell);
  }
  while (underWay.size > 0) if (!(await moves(underWay))) return stalled(underWay.size, tell);
  return code;
}

/** Waits until one is through; false where none is for too long. */
async function moves(underWay: ReadonlySet<Promise<void>>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), STALL_MS);
  });
  const first = await Promise.race([...underWay, late]);
  clearTimeout(timer);
  return first !== 'late';
}

function stalled(left: number, tell: (words: string) => void): number {
  tell(`no node can be reached: ${left} ${left === 1 ? 'line is' : 'lines are'} kept, and sent when the chat is opened again`);
  return EXIT.unreachable;
}

/** A script's refused line is told of, and does not wait for somebody to try it again. */
function dropRefused(chat: Chat): void {
  for (const { timeline } of chat.view.rooms.values())
    for (const item of timeline.slice(-UNDER_WAY_MAX)) if (item.delivery?.state === 'refused') chat.discard(item.id);
}

/** Prints the room, and sends what is typed, until stdin ends. */
async function talk(chat: Chat, room: RoomId, tell: (words: string) => void): Promise<number> {
  const print = (item: Item): void => {
    if (item.room === room && item.text !== null) process.stdout.write(lineOf(item));
  };
  if ((chat.view.rooms.get(room)?.timeline.length ?? 0) < BACKLOG) await chat.older(room, BACKLOG).catch(() => false);
  for (const item of chat.view.rooms.get(room)?.timeline.slice(-BACKLOG) ?? []) print(item);
  const stop = chat.on('message', (item) => {
    // What was typed here stands here already.
    if (item.author !== chat.view.me?.author || !process.stdout.isTTY) print(item);
  });
  chat.open(room);
  const reader = createInterface({ input: process.stdin });
  process.stdout.on('error', () => reader.close());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => reader.close());
  for await (const line of reader) {
    if (/^[:/](q|quit)$/.test(line.trim())) break;
    if (line.trim() !== '') void chat.post(room, line).catch((error: Error) => tell(error.message));
  }
  stop();
  return EXIT.done;
}

function lineOf(item: Item): string {
  const at = new Date(item.atMs);
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  const name = cleanLine(item.name);
  const text = clean(item.text ?? '').replace(/\n/g, '\n      ');
  return `${time} ${item.style === 'action' ? `* ${name} ${text}` : `${name}: ${text}`}\n`;
}
