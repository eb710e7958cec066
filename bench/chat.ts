/**
 * The terminal chat in a room of 1,000,000 messages: from connecting to the first screen, a page scrolled back (from the key to the page as it stays), and the memory of the
 * client. The library and the face in this process, the node in its own; what scrolls past is held against the numbers of the messages. `SCALE_MESSAGES` makes it smaller.
 */

import { loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Chat, connect } from '../src/client/index.ts';
import type { RoomId } from '../src/core/ids.ts';
import { NodeGroup } from '../src/demo/processes.ts';
import { rowText } from '../src/tui/cells.ts';
import { frame } from '../src/tui/paint.ts';
import { render, type Screen } from '../src/tui/render.ts';
import { CarryOut } from '../src/tui/shell/carry-out.ts';
import { themeOf } from '../src/tui/theme.ts';
import type { Input } from '../src/tui/update.ts';
import { Face } from '../test/fixture/chat-face.ts';
import { MILLION, writeHistory } from './scale-log.ts';

const ROOM = '#big' as RoomId;
const PAGES = 1_500;
const COLUMNS = 120;
const ROWS = 40;
const READY_MS = 600_000;
const PAGE_UP = '\x1b[5~';

/** A person at a screen, without a terminal. */
class Reader {
  readonly #chat: Chat;
  readonly #face: Face;
  readonly #carryOut: CarryOut;
  #screen: Screen | null = null;
  #woken: () => void = () => undefined;
  bytes = 0;

  constructor(chat: Chat) {
    this.#chat = chat;
    this.#face = new Face(chat.view, ROOM, COLUMNS, ROWS);
    this.#carryOut = new CarryOut((input) => this.#take(input));
    chat.subscribe((view) => {
      this.#face.see(view);
      this.#act();
    });
  }

  #take(input: Input): void {
    this.#face.take(input);
    this.#act();
  }

  #act(): void {
    for (const effect of this.#face.effects.splice(0)) this.#carryOut.do(this.#chat, effect);
    this.#woken();
  }

  /** Looks at the room. */
  go(): void {
    this.#take({ type: 'go', room: ROOM });
  }

  key(keys: string): void {
    this.#face.keys(keys);
    this.#act();
  }

  /** Draws what a terminal would be sent, and gives the numbers of the messages that show. */
  draw(): number[] {
    const screen = render(this.#face.view, this.#face.ui, this.#face.env);
    this.bytes += frame(this.#screen, screen, themeOf('dark')).length;
    this.#screen = screen;
    return screen.rows.flatMap((row) => {
      const match = /\bn(\d+) /.exec(rowText(row));
      return match ? [Number(match[1])] : [];
    });
  }

  /** Waits until the screen is as wanted; where something came and it is not, the key is pressed again. */
  async until(isThere: (numbers: readonly number[]) => boolean, keys = ''): Promise<number[]> {
    for (;;) {
      this.key(keys);
      const numbers = this.draw();
      if (isThere(numbers)) return numbers;
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
  }
}

/** So that what is measured is what is held. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function percentile(times: number[], share: number): string {
  return `${times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))]!.toFixed(1)} ms`;
}

/** Scrolls back page by page; every message once and in order. */
async function scrollBack(reader: Reader, last: number): Promise<number[]> {
  const times: number[] = [];
  let lowest = last + 1;
  for (let page = 0; page < PAGES && lowest > 0; page++) {
    const begun = performance.now();
    const shown = await reader.until((numbers) => numbers.length > 0 && numbers[0]! < lowest, page > 0 ? PAGE_UP : '');
    if (page > 0) times.push(performance.now() - begun);
    for (const [i, number] of shown.entries())
      if (i > 0 && number !== shown[i - 1]! + 1) throw new Error(`${shown[i - 1]} is followed by ${number}`);
    if (shown.at(-1)! < lowest - 1) throw new Error(`between ${shown.at(-1)} and ${lowest} something is missing`);
    lowest = shown[0]!;
  }
  console.log(`  ${last - lowest + 1} messages scrolled past, each once and in order`);
  return times;
}

export async function chat(): Promise<void> {
  const messages = Number(process.env['SCALE_MESSAGES'] ?? MILLION.messages);
  const group = new NodeGroup();
  try {
    const node = group.add('ash');
    await node.start([], [], READY_MS);
    await node.kill('SIGTERM');
    const say = (no: number, said: { guest: number; text: string }) => ({
      guest: said.guest,
      room: ROOM,
      text: `n${no} ${said.text.slice(0, 80)}`,
    });
    writeHistory(node.directory, { ...MILLION, messages, incarnations: 1, rooms: 1, say });
    await node.start([], [], READY_MS);
    const first = await connect({ urls: [node.http], as: { guest: 'warm' } });
    await first.join(ROOM);
    await first.close();
    collectGarbage();
    const before = process.memoryUsage();
    const begun = performance.now();
    const client = await connect({ urls: [node.http], as: { guest: 'reader' } });
    const reader = new Reader(client);
    await client.join(ROOM);
    reader.go();
    await reader.until((numbers) => numbers.length >= ROWS / 2 && numbers.at(-1) === messages - 1);
    console.log(`  ${messages} messages in one room; load ${loadavg()[0]!.toFixed(1)}`);
    console.log(`  connecting, entering the room, first screen: ${(performance.now() - begun).toFixed(0)} ms`);
    const times = await scrollBack(reader, messages - 1);
    console.log(`  a page scrolled back: median ${percentile(times, 0.5)}, p99 ${percentile(times, 0.99)}, of ${times.length}`);
    collectGarbage();
    const after = process.memoryUsage();
    const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
    console.log(
      `  memory: ${mb(after.heapUsed - before.heapUsed)} of heap and ${mb(after.rss - before.rss)} resident more than before; ${mb(reader.bytes)} drawn`,
    );
    await client.close();
  } finally {
    await group.remove();
  }
}
