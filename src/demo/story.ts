/** The demo's story: who says what through which node, who dies when, and the verdict. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, recordOf, type Verdict } from './judge.ts';
import { NodeGroup, type NodeProcess, until } from './processes.ts';
import { RecordingClient } from './recording-client.ts';

const ROOM = '#demo';
const NODES = ['ash', 'birch', 'cedar'];
const NICKS = ['ann', 'bo', 'chi', 'dev', 'eva', 'finn'];

export interface StoryOptions {
  /** Messages a second. */
  readonly rate: number;
  readonly lines: number;
  /** Lets one client miss one message, to show that the verdict would tell. */
  readonly sabotage: boolean;
  readonly event: (text: string) => void;
  readonly changed: (facts: StoryFacts) => void;
}

export interface StoryFacts {
  readonly nodes: readonly NodeProcess[];
  readonly starting: ReadonlySet<NodeProcess>;
  readonly clients: readonly RecordingClient[];
  readonly progress: number;
}

/** The texts of the conversation, each made unlike every other. */
function conversation(lines: number): string[] {
  const texts = readFileSync(join(import.meta.dirname, 'conversation.txt'), 'utf8')
    .trim()
    .split('\n');
  return Array.from({ length: lines }, (_, i) => `${texts[i % texts.length]} ·${i + 1}`);
}

export class Story {
  readonly #o: StoryOptions;
  readonly #group = new NodeGroup();
  readonly #starting = new Set<NodeProcess>();
  #nodes: NodeProcess[] = [];
  #clients: RecordingClient[] = [];
  #progress = 0;

  constructor(options: StoryOptions) {
    this.#o = options;
  }

  /** Plays it; the verdicts. Whatever happens, no process stays behind. */
  async play(): Promise<Verdict[]> {
    try {
      await this.#assemble();
      await this.#talk();
      await this.#settle();
      await Promise.all(this.#clients.map((client) => client.reread()));
      return judge(this.#clients.map(recordOf));
    } finally {
      for (const client of this.#clients) client.end();
      await this.#group.remove();
    }
  }

  #changed = (): void => {
    this.#o.changed({ nodes: this.#nodes, starting: this.#starting, clients: this.#clients, progress: this.#progress });
  };

  async #assemble(): Promise<void> {
    this.#o.event('three nodes start: one makes a network, two join by invitation');
    this.#nodes = await this.#group.network(NODES);
    this.#o.event(`they serve: read along at ${this.#nodes[0]!.http}`);
    this.#clients = NICKS.map((nick, i) => new RecordingClient(nick, ROOM, this.#nodes, i % NODES.length));
    for (const client of this.#clients) client.changed = this.#changed;
    if (this.#o.sabotage) this.#dropOne(this.#clients[4]!);
    for (const client of this.#clients) client.start();
    await until('all clients are served', () => this.#clients.every((client) => client.ready));
    this.#o.event('six people join #demo through all three');
  }

  /** One message never reaches this client’s eyes, however it comes. */
  #dropOne(client: RecordingClient): void {
    let dropped: string | null = null;
    client.accept = ({ id }) => {
      if (dropped === null && client.shown.length === 50) dropped = id;
      return id !== dropped;
    };
  }

  async #talk(): Promise<void> {
    const texts = conversation(this.#o.lines);
    const [, birch, cedar] = this.#nodes as [NodeProcess, NodeProcess, NodeProcess];
    const script = new Map<number, () => void>([
      [Math.floor(texts.length * 0.25), () => void this.#kill(birch)],
      [Math.floor(texts.length * 0.45), () => void this.#kill(cedar)],
      [Math.floor(texts.length * 0.65), () => void this.#restart(birch)],
      [Math.floor(texts.length * 0.75), () => void this.#restart(cedar)],
    ]);
    const begun = performance.now();
    for (const [i, text] of texts.entries()) {
      script.get(i)?.();
      await this.#say(i, text);
      this.#progress = (i + 1) / texts.length;
      const dueMs = begun + ((i + 1) / this.#o.rate) * 1000;
      if (dueMs > performance.now()) await new Promise((resolve) => setTimeout(resolve, dueMs - performance.now()));
    }
  }

  /** Whoever's turn it is says it, or the next whom a node serves. */
  async #say(turn: number, text: string): Promise<void> {
    for (let i = turn; ; i++) {
      if (this.#clients[i % this.#clients.length]!.post(text)) return;
      if (i - turn >= this.#clients.length) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #kill(node: NodeProcess): Promise<void> {
    this.#o.event(`kill -9 ${node.name}: its people go on at another node`);
    node.irc = null;
    await node.kill('SIGKILL');
    this.#changed();
  }

  async #restart(node: NodeProcess): Promise<void> {
    this.#starting.add(node);
    await node.start();
    this.#starting.delete(node);
    this.#o.event(`${node.name} is back, without an invitation, and catches up`);
    this.#changed();
  }

  /** Waits until the dead are back and everybody was shown as much as everybody else, or nothing comes any more. */
  async #settle(): Promise<void> {
    await until('the dead are back', () => this.#nodes.every((node) => node.running) && this.#starting.size === 0);
    let shown = '';
    for (let quiet = 0; quiet < 15; ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = this.#clients.map((client) => `${client.shown.length}${client.ready}`).join();
      quiet = now === shown && this.#clients.every((client) => client.ready) ? quiet + 1 : 0;
      shown = now;
    }
  }
}
