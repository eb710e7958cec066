/**
 * One node with 1,000,000 messages: how long it takes to start, and what it means to join it: messages a second, memory on both sides, what people at the old node
 * feel, and when the newcomer is of use. `SCALE_MESSAGES` makes it smaller.
 */

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NodeGroup, type NodeProcess, until } from '../src/demo/processes.ts';
import { LOG_FILE, VIEWS_FILE } from '../src/store/sqlite.ts';
import { MILLION, type Shape, writeHistory } from './scale-log.ts';

const STARTS = 3;
/** The longest that any part may take, in ms. */
const PATIENCE_MS = 600_000;
/** Between two looks at memory and progress, in ms. */
const LOOK_MS = 25;
/** Two people who talk: between two words of one, in ms. */
const TALK_MS = 50;
/** How long they talk while nobody joins, in ms. */
const CALM_MS = 8000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function rssMb(node: NodeProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${node.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** What all threads of a node have used of the cores so far, in seconds. */
function cpuSeconds(node: NodeProcess): number {
  const stat = readFileSync(`/proc/${node.pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime of proc(5), in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How many processes and threads wanted to run in the last minute: what is beyond the cores slows everything here. */
const loadNow = (): string => `load ${loadavg()[0]!.toFixed(1)}`;

/** Reads a database of a node that may be running. */
function query<T>(node: NodeProcess, file: string, sql: string): T[] {
  const db = new DatabaseSync(join(node.directory, file), { readOnly: true });
  try {
    db.exec('PRAGMA busy_timeout = 1000');
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

function vectorOf(node: NodeProcess): Map<string, number> {
  const rows = query<{ id: string; seq: number }>(node, LOG_FILE, 'SELECT hex(id) AS id, seq FROM feed');
  return new Map(rows.map(({ id, seq }) => [id, seq]));
}

/** Whether a node holds what is in a vector; its log may not be there yet. */
function covers(node: NodeProcess, vector: ReadonlyMap<string, number>): boolean {
  try {
    const held = vectorOf(node);
    return [...vector].every(([feed, seq]) => (held.get(feed) ?? 0) >= seq);
  } catch {
    return false;
  }
}

/** How far a view is behind the log, in entries. */
function lag(node: NodeProcess, view: 'history' | 'search'): number {
  const [{ head } = { head: 0 }] = query<{ head: number }>(node, LOG_FILE, 'SELECT max(position) AS head FROM entry');
  const [cursor] = query<{ position: number }>(node, VIEWS_FILE, `SELECT position FROM cursor WHERE name = '${view}'`);
  return head - (cursor?.position ?? 0);
}

/** How long until a view has followed, in ms. */
async function followed(node: NodeProcess, view: 'history' | 'search'): Promise<number> {
  const begun = performance.now();
  await until(`the ${view} view has followed`, () => lag(node, view) === 0, PATIENCE_MS);
  return performance.now() - begun;
}

/** Somebody at a node’s IRC door, told of every line. */
function person(node: NodeProcess, nick: string, heard: (line: string) => void): { say(line: string): void; leave(): void } {
  const socket = connect(node.irc!);
  socket.setNoDelay(true);
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  let rest = '';
  socket.on('data', (data) => {
    const lines = (rest + data).split('\r\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('PING')) socket.write(`PONG ${line.slice(5)}\r\n`);
      heard(line);
    }
  });
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  say(`CAP REQ :echo-message message-tags batch draft/chathistory\r\nNICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\nCAP END`);
  return { say, leave: () => void socket.destroy() };
}

/** Two people who talk at a steady pace until told to stop; then the times of their echoes, and of those that came with fewer copies than were wanted. */
class Talk {
  readonly #sent = new Map<string, number>();
  readonly #people: ReturnType<typeof person>[];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly times: number[] = [];
  short = 0;
  #no = 0;

  constructor(node: NodeProcess) {
    this.#people = ['anna', 'bert'].map((nick) => {
      const one = person(node, nick, (line) => {
        if (line.includes(' 001 ')) one.say('JOIN #talk');
        if (line.includes(' 366 ')) this.#timers.push(setInterval(() => this.#say(one), TALK_MS));
        if (line.includes(`:${nick}!`) && line.includes(' PRIVMSG ')) this.#heard(line);
      });
      return one;
    });
  }

  #say(one: ReturnType<typeof person>): void {
    const text = `word ${this.#no++}`;
    this.#sent.set(text, performance.now());
    one.say(`PRIVMSG #talk :${text}`);
  }

  #heard(line: string): void {
    const text = line.slice(line.lastIndexOf(' :') + 2);
    const sent = this.#sent.get(text);
    if (sent === undefined) return;
    this.#sent.delete(text);
    this.times.push(performance.now() - sent);
    const [held, wanted] = /skein\/copies=(\d+)\/(\d+)/.exec(line)?.slice(1) ?? [];
    if (held !== wanted) this.short++;
  }

  /** What was felt since the last call. */
  take(): string {
    const times = this.times.splice(0).sort((a, b) => a - b);
    const at = (share: number): string => (times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN).toFixed(1);
    const { short } = this;
    this.short = 0;
    return `${times.length} echoes, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms${short > 0 ? `; ${short} with fewer copies than wanted` : ''}`;
  }

  async stop(): Promise<number> {
    for (const timer of this.#timers) clearInterval(timer);
    await sleep(1500);
    for (const one of this.#people) one.leave();
    return this.#sent.size;
  }
}

/** Asks for the newest page of a room, as somebody who just came; the time until it is whole, in ms, and its messages. */
async function firstPage(node: NodeProcess, room: string): Promise<{ ms: number; messages: number }> {
  let messages = 0;
  let isWhole = false;
  const begun = performance.now();
  const one = person(node, `reader${Math.floor(begun)}`, (line) => {
    if (line.includes(' 001 ')) one.say(`JOIN ${room}`);
    if (line.includes(' 366 ')) one.say(`CHATHISTORY LATEST ${room} * 50`);
    if (line.startsWith('@batch=')) messages++;
    if (line.includes(' BATCH :-')) isWhole = true;
  });
  await until('the first page is there', () => isWhole, PATIENCE_MS);
  one.leave();
  return { ms: performance.now() - begun, messages };
}

/** A node that stands still, with the history in its log and its views. */
export async function grown(group: NodeGroup, shape: Shape): Promise<NodeProcess> {
  const node = group.add('a');
  await node.start();
  await node.kill('SIGTERM');
  const begun = performance.now();
  const entries = writeHistory(node.directory, shape);
  const mb = Math.round(statSync(join(node.directory, LOG_FILE)).size / 1e6);
  console.log(
    `  written: ${shape.messages.toLocaleString('en')} messages in ${entries.toLocaleString('en')} entries, ${mb} MB, in ${seconds(performance.now() - begun)}`,
  );
  await node.start();
  const history = await followed(node, 'history');
  const search = history + (await followed(node, 'search'));
  console.log(`  views from nothing: history ${seconds(history)}, search ${seconds(search)}; RSS ${Math.round(rssMb(node))} MB`);
  await node.kill('SIGTERM');
  return node;
}

/** From spawn to ready, once for each start, the last of which stays up. */
export async function starts(node: NodeProcess): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    if (node.running) await node.kill('SIGTERM');
    const begun = performance.now();
    await node.start();
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  const all = times.map((ms) => Math.round(ms)).join(', ');
  console.log(`  spawn to ready: median ${Math.round(times[STARTS >> 1]!)} ms (${all}); RSS ${Math.round(rssMb(node))} MB`);
  return times;
}

/** A newcomer joins while two people talk. */
export async function joining(group: NodeGroup, host: NodeProcess, messages: number): Promise<Record<string, number>> {
  const talk = new Talk(host);
  await sleep(2000);
  talk.take();
  await sleep(CALM_MS);
  console.log(`  talk at the old node, nobody joins: ${talk.take()}`);
  const invite = await host.invite();
  const target = vectorOf(host);
  const newcomer = group.add('b');
  const peak = { host: 0, newcomer: 0 };
  const looking = setInterval(() => {
    peak.host = Math.max(peak.host, rssMb(host));
    if (newcomer.running) peak.newcomer = Math.max(peak.newcomer, rssMb(newcomer));
  }, LOOK_MS);
  const before = cpuSeconds(host);
  const begun = performance.now();
  const since = (): number => performance.now() - begun;
  let ready = 0;
  let page: Awaited<ReturnType<typeof firstPage>> | null = null;
  const serving = newcomer.start(['--join', invite], [], PATIENCE_MS).then(async () => {
    ready = since();
    page = await firstPage(newcomer, '#room1');
    console.log(`  newcomer: ready after ${seconds(ready)}; first page of a room ${seconds(page.ms)} later, ${page.messages} messages`);
  });
  let first = 0;
  await until(
    'the newcomer holds everything',
    () => {
      if (first === 0 && covers(newcomer, new Map([...target].slice(0, 1)))) first = since();
      return covers(newcomer, target);
    },
    PATIENCE_MS,
  );
  const held = since();
  const cpu = { host: cpuSeconds(host) - before, newcomer: cpuSeconds(newcomer) };
  const rate = (ms: number): string => `${Math.round(messages / (ms / 1000)).toLocaleString('en')} messages/s`;
  console.log(`  join: ${seconds(held)} from spawn (${rate(held)}), ${seconds(held - first)} from the first entry (${rate(held - first)})`);
  const perMillion = (((cpu.host + cpu.newcomer) / messages) * 1e6).toFixed(0);
  console.log(
    `  cores used: ${cpu.host.toFixed(1)} s by the old node, ${cpu.newcomer.toFixed(1)} s by the newcomer (${perMillion} s for a million messages); ${loadNow()}`,
  );
  console.log(`  talk during the join: ${talk.take()}`);
  await serving;
  const history = since() - held + (await followed(newcomer, 'history'));
  // Chatting comes before indexing, so what indexing takes is measured in silence.
  const open = await talk.stop();
  const search = await followed(newcomer, 'search');
  clearInterval(looking);
  console.log(`  views of the newcomer, after it holds everything: history ${seconds(history)}, search ${seconds(search)} more`);
  console.log(`  highest RSS: old node ${Math.round(peak.host)} MB, newcomer ${Math.round(peak.newcomer)} MB`);
  if (open > 0) console.log(`  ${open} words of the talk were never echoed`);
  return {
    held,
    first,
    ready,
    history,
    search,
    hostMb: peak.host,
    newcomerMb: peak.newcomer,
    hostCpu: cpu.host,
    newcomerCpu: cpu.newcomer,
  };
}

export async function scale(results: string): Promise<void> {
  const shape = { ...MILLION, messages: Number(process.env['SCALE_MESSAGES'] ?? MILLION.messages) };
  const [cpu] = cpus();
  console.log(`  ${cpus().length} cores, ${cpu?.model ?? 'unknown'}, ${loadNow()}`);
  const group = new NodeGroup();
  try {
    const node = await grown(group, shape);
    const spawnToReady = await starts(node);
    const joined = await joining(group, node, shape.messages);
    writeFileSync(join(results, 'scale.json'), JSON.stringify({ shape, spawnToReady, joined }, null, 2));
  } finally {
    await group.remove();
  }
}
