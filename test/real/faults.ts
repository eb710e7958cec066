/** What the tests of faults share: people who chat through processes, when they were shown what, and the verdict. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { judge, recordOf } from '../../src/demo/judge.ts';
import { NodeGroup, type NodeProcess, until } from '../../src/demo/processes.ts';
import { type Host, RecordingClient } from '../../src/demo/recording-client.ts';
import { formatInvitation, parseInvitation } from '../../src/node/invitation.ts';
import { TcpProxy } from './proxy.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** The seed of this run: SKEIN_SEED, else a new one; it is printed by whoever uses it. */
export const SEED = Number(process.env['SKEIN_SEED'] ?? Math.floor(Math.random() * 1e9));

/** Somebody who chats, with a stopwatch. */
export class Person {
  readonly client: RecordingClient;
  /** When a text was sent, echoed here, and shown here, in ms. */
  readonly postedMs = new Map<string, number>();
  readonly echoedMs = new Map<string, number>();
  readonly shownMs = new Map<string, number>();
  #seen = 0;
  #unechoed = new Set<number>();
  /** Called after every change. */
  changed: () => void = () => undefined;

  constructor(nick: string, room: string, hosts: readonly Host[], first = 0) {
    this.client = new RecordingClient(nick, room, hosts, first);
    this.client.changed = () => this.#note();
  }

  #note(): void {
    const now = performance.now();
    const { shown, sent } = this.client;
    for (; this.#seen < shown.length; this.#seen++) this.shownMs.set(shown[this.#seen]!.text, now);
    for (const i of this.#unechoed) {
      if (sent[i]!.id === null) continue;
      this.echoedMs.set(sent[i]!.text, now);
      this.#unechoed.delete(i);
    }
    this.changed();
  }

  post(text: string): boolean {
    if (!this.client.post(text)) return false;
    this.postedMs.set(text, performance.now());
    this.#unechoed.add(this.client.sent.length - 1);
    return true;
  }

  get echoed(): number {
    return this.echoedMs.size;
  }

  /** How long the echoes of what was sent from then on took, in ms. */
  echoTimes(fromMs = 0): number[] {
    return [...this.echoedMs].filter(([text]) => this.postedMs.get(text)! >= fromMs).map(([text, ms]) => ms - this.postedMs.get(text)!);
  }
}

/** How long it took until `to` was shown what `from` sent from then on, in ms. What never came counts as infinite. */
export function deliveryTimes(from: Person, to: Person, fromMs = 0): number[] {
  return [...from.postedMs].filter(([, ms]) => ms >= fromMs).map(([text, ms]) => (to.shownMs.get(text) ?? Number.POSITIVE_INFINITY) - ms);
}

/** The value below which that share of the values is. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function inWords(what: string, values: readonly number[]): string {
  const ms = (share: number): string => quantile(values, share).toFixed(1);
  return `${what}: p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms, most ${ms(1)} ms of ${values.length}`;
}

/** Everything that one test makes, to be taken down with it however it ends. */
export class Scene {
  readonly #undo: (() => unknown)[] = [];

  constructor(test: TestContext) {
    test.after(async () => {
      for (const step of this.#undo.reverse()) await step();
    });
  }

  /** To be done at the end, the last one first. */
  undo(step: () => unknown): void {
    this.#undo.push(step);
  }

  group(): NodeGroup {
    const group = new NodeGroup();
    this.undo(() => group.remove());
    return group;
  }

  async proxyBefore(node: NodeProcess): Promise<TcpProxy> {
    const { host, port } = meshOf(node);
    const proxy = await TcpProxy.before(host, port);
    this.undo(() => proxy.close());
    return proxy;
  }

  person(nick: string, hosts: readonly Host[], first = 0): Person {
    const person = new Person(nick, '#r', hosts, first);
    person.client.start();
    this.undo(() => person.client.end());
    return person;
  }

  /** One person at each node, who stays there; all in the room. */
  async peopleAt(nodes: readonly NodeProcess[]): Promise<Person[]> {
    const people = nodes.map((node, i) => this.person(`p${i}${node.name}`, [node]));
    await inRoom(people);
    return people;
  }

  /** `from`: so many messages were said before, so that no two are alike. */
  talk(people: readonly Person[], everyMs: number, from = 0): Talk {
    const talk = new Talk(people, everyMs, from);
    this.undo(() => talk.end());
    return talk;
  }
}

export async function inRoom(people: readonly Person[]): Promise<void> {
  await until('all people are in the room', () => people.every(({ client }) => client.ready));
}

/** People talking in turn, until told to end. */
export class Talk {
  readonly #people: readonly Person[];
  readonly #timer: NodeJS.Timeout;
  #turn: number;

  constructor(people: readonly Person[], everyMs: number, from = 0) {
    this.#turn = from;
    this.#people = people;
    this.#timer = setInterval(() => this.#say(), everyMs);
  }

  #say(): void {
    const person = this.#people[this.#turn++ % this.#people.length]!;
    person.post(`${person.client.nick} says ${this.#turn}`);
  }

  /** Messages so far, sent or not for want of a node. */
  get turns(): number {
    return this.#turn;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}

/** What the one was shown and the other was not, in words: with what the one was shown around it. */
function lacking(one: RecordingClient, other: RecordingClient): string[] {
  const ids = new Set(other.shown.map(({ id }) => id));
  const place = new Map(other.shown.map(({ id }, i) => [id, i]));
  const around = (i: number): string =>
    one.shown
      .slice(Math.max(0, i - 3), i + 4)
      .map(({ id, text }) => `${text} (${place.get(id) ?? 'never'})`)
      .join(', ');
  return one.shown.flatMap(({ id, text }, i) =>
    ids.has(id) ? [] : [`${other.nick} was never shown ‘${text}’, which ${one.nick} was shown at ${i}, among: ${around(i)}`],
  );
}

/** Waits until nothing more is to come: what is under way was echoed, what was echoed was shown to all, and all were shown as much. */
export async function settled(people: readonly Person[], forMs = 15_000): Promise<void> {
  const clients = people.map(({ client }) => client);
  const missing = (): string[] => {
    const echoed = clients.flatMap(({ sent }) => sent.flatMap(({ id }) => id ?? []));
    return clients.flatMap(({ shown, nick }) => {
      const ids = new Set(shown.map(({ id }) => id));
      return echoed.filter((id) => !ids.has(id)).map((id) => `${nick} ${id}`);
    });
  };
  const even = (): boolean => clients.every(({ ready, open, shown }) => ready && open === 0 && shown.length === clients[0]!.shown.length);
  try {
    await until('everybody was shown everything', () => even() && missing().length === 0, forMs);
  } catch (error) {
    const state = clients.map(
      ({ nick, ready, open, shown, sent }) => `${nick}: ready ${ready}, sent ${sent.length}, open ${open}, shown ${shown.length}`,
    );
    const uneven = clients.flatMap((one) => clients.flatMap((other) => lacking(one, other)));
    throw new Error(
      `${(error as Error).message}: ${state.join('; ')}; echoed and not shown: ${missing().length}; ${uneven.slice(0, 5).join('; ')}`,
    );
  }
}

/** Lets everybody read the whole history and judges what they wrote down. The people leave. */
export async function judged(people: readonly Person[]): Promise<void> {
  await settled(people);
  await Promise.all(people.map(({ client }) => client.reread()));
  for (const { promise, broken } of judge(people.map(({ client }) => recordOf(client)))) assert.deepEqual(broken.slice(0, 10), [], promise);
  for (const { client } of people) client.end();
}

/** What a subcommand prints about the node's data. */
async function printed(node: NodeProcess, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', MAIN, ...args, '--data', node.directory],
    { maxBuffer: 1 << 28 },
  );
  return stdout;
}

export function canonicalExport(node: NodeProcess): Promise<string> {
  return printed(node, 'export', '--canonical');
}

/** The exports of nodes at one vector, all of them: a node that writes one more word of its own in between (the end of a session, say) is waited for. */
export async function exportsAtOneVector(nodes: readonly NodeProcess[]): Promise<string[]> {
  for (let tries = 1; ; tries++) {
    const exports = await Promise.all(nodes.map(canonicalExport));
    const vectors = new Set(
      exports.map((text) => JSON.stringify((JSON.parse(text.slice(0, text.indexOf('\n'))) as { vector: unknown }).vector)),
    );
    if (vectors.size === 1) return exports;
    assert.ok(tries < 10, 'the nodes never rest at one vector');
    await until('the nodes rest', () => false, 500).catch(() => undefined);
  }
}

/** Exports of all nodes, and the hashes that their statuses tell at that very vector: nodes write by themselves now and then, also when people rest. */
export async function exportsWithHashes(nodes: readonly NodeProcess[]): Promise<{ exports: string[]; hashes: string[] }> {
  for (let tries = 1; ; tries++) {
    const exports = await exportsAtOneVector(nodes);
    const statuses = await Promise.all(nodes.map((node) => node.status()));
    const vectorOf = (text: string): unknown => (JSON.parse(text.slice(0, text.indexOf('\n'))) as { vector: unknown }).vector;
    if (statuses.every(({ vector }, i) => JSON.stringify(vector) === JSON.stringify(vectorOf(exports[i]!))))
      return { exports, hashes: statuses.map(({ state }) => state.hash) };
    assert.ok(tries < 10, 'the nodes never rest at one vector');
  }
}

/** How often each text is in the history that `skein export --json` prints. */
export async function exportedTexts(node: NodeProcess): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const line of (await printed(node, 'export', '--json')).split('\n')) {
    if (line === '') continue;
    const { text } = JSON.parse(line) as { text: string };
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** When each text was said, as histories show it: in ms since 1970. */
export async function exportedTimes(node: NodeProcess): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const line of (await printed(node, 'export')).split('\n')) {
    const [, time, text] = /^(\S+) #\S+ <[^>]*> (.*)$/.exec(line) ?? [];
    if (time !== undefined) times.set(text!, Date.parse(time));
  }
  return times;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The `ADDR:PORT` of the mesh that a running node serves. */
export function meshOf(node: NodeProcess): { host: string; port: number } {
  const [, host, port] = /\/ip4\/([^/]+)\/tcp\/(\d+)/.exec(node.mesh[0]!)!;
  return { host: host!, port: Number(port) };
}

/** The same invitation by way of other addresses. */
export function rerouted(invitation: string, addresses: readonly string[]): string {
  const parsed = parseInvitation(invitation);
  if (parsed instanceof Error) throw parsed;
  return formatInvitation({ ...parsed, addresses });
}

/** A node's address in the mesh, through a proxy before it. */
export function addressBy(proxy: TcpProxy, node: NodeProcess): string {
  return node.mesh[0]!.replace(/\/ip4\/[^/]+\/tcp\/\d+/, `/ip4/127.0.0.1/tcp/${proxy.port}`);
}

/** The state of the link from one node to another. */
export async function linkState(from: NodeProcess, to: string): Promise<string> {
  const { links } = await from.status();
  return links.find(({ name }) => name === to)?.state ?? 'none';
}

export async function untilLinkIs(state: string, from: NodeProcess, to: string): Promise<void> {
  await until(`the link from ${from.name} to ${to} is ${state}`, async () => (await linkState(from, to)) === state);
}

/** Waits until the nodes are linked like this. */
export async function untilLinked(nodes: readonly NodeProcess[], wanted: Readonly<Record<string, string>>): Promise<void> {
  const seen = new Map<string, string>();
  const isThere = async (): Promise<boolean> => {
    for (const node of nodes) {
      const { links } = await node.status();
      const up = links.flatMap(({ name, state }) => (state === 'up' ? [name] : []));
      seen.set(node.name, up.sort().join(''));
    }
    return nodes.every(({ name }) => seen.get(name) === wanted[name]);
  };
  await until(`links are ${JSON.stringify(wanted)}`, isThere).catch((error: Error) => {
    throw new Error(`${error.message}; they are ${JSON.stringify(Object.fromEntries(seen))}`);
  });
}
