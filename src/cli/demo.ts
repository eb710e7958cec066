/** `skein demo`: three nodes on this machine, a scripted conversation, two kills, and the proof that nothing was lost. */

import { styleText } from 'node:util';
import type { Command } from 'commander';
import type { Verdict } from '../demo/judge.ts';
import { pictureLines } from '../demo/picture.ts';
import { Story, type StoryFacts } from '../demo/story.ts';

const DRAW_MS = 80;

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('three nodes on this machine, a conversation, two kills, and the proof that nothing was lost')
    .option('--sabotage', 'let one client miss one message: the verdict has to tell, and the exit code is 1')
    .option('--fast', 'as quick as it goes')
    .action(async (flags: { sabotage?: boolean; fast?: boolean }) => {
      const screen = process.stdout.isTTY ? new Screen() : new Lines();
      const story = new Story({
        rate: flags.fast ? 150 : 25,
        lines: 600,
        sabotage: flags.sabotage === true,
        event: (text) => screen.event(text),
        changed: (facts) => screen.changed(facts),
      });
      const verdicts = await story.play();
      screen.end();
      process.exitCode = report(verdicts) ? 0 : 1;
    });
}

/** Where there is no terminal: events as lines. */
class Lines {
  event(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  changed(_facts: StoryFacts): void {}

  end(): void {}
}

/** Draws over itself a few times a second. */
class Screen {
  readonly #begun = performance.now();
  readonly #events: string[] = [];
  #facts: StoryFacts | null = null;
  #drawn = 0;
  readonly #timer = setInterval(() => this.#draw(), DRAW_MS);

  event(text: string): void {
    const seconds = (performance.now() - this.#begun) / 1000;
    const shown = text.startsWith('kill') ? styleText('red', text) : text;
    this.#events.push(`${styleText('dim', seconds.toFixed(1).padStart(5))}  ${shown}`);
    if (!this.#facts) this.#draw();
  }

  changed(facts: StoryFacts): void {
    this.#facts = facts;
  }

  #draw(): void {
    const facts = this.#facts;
    if (facts && isOver(facts)) return;
    const lines = facts ? pictureLines(this.#picture(facts)) : this.#events.map((event) => `  ${event}`);
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : '';
    process.stdout.write(up + lines.map((line) => `\x1b[2K${line}\n`).join(''));
    this.#drawn = lines.length;
  }

  #picture({ nodes, starting, clients, progress }: StoryFacts) {
    const sent = clients.flatMap((client) => client.sent);
    const copies = new Map<number, number>();
    for (const { id, held } of sent) if (id !== null) copies.set(held, (copies.get(held) ?? 0) + 1);
    const first = clients[0]!;
    return {
      nodes: nodes.map((node) => ({
        name: node.name,
        state: starting.has(node) ? ('starting' as const) : node.irc && node.running ? ('up' as const) : ('dead' as const),
        clients: clients.filter((client) => client.ready && client.host === node.name).map((client) => client.nick),
      })),
      sent: sent.length,
      echoed: sent.filter(({ id }) => id !== null).length,
      copies,
      shown: clients.map((client) => client.shown.length),
      events: this.#events,
      chat: first.shown
        .slice(-6)
        .map(({ nick, text }) => ({ nick, text, node: clients.find((client) => client.nick === nick)?.host ?? '' })),
      seconds: (performance.now() - this.#begun) / 1000,
      progress,
      width: Math.max(40, process.stdout.columns ?? 80),
    };
  }

  end(): void {
    clearInterval(this.#timer);
    this.#draw();
    process.stdout.write('\n');
  }
}

/** Everything was said, and the nodes are being taken down: what was drawn last stays. */
function isOver({ nodes, starting, clients, progress }: StoryFacts): boolean {
  return progress === 1 && starting.size === 0 && (nodes.some((node) => !node.running) || clients.some(({ ready }) => !ready));
}

/** Prints the verdicts; whether every promise held. */
function report(verdicts: readonly Verdict[]): boolean {
  process.stdout.write(`${styleText('bold', 'What the six clients wrote down says:')}\n`);
  for (const { promise, broken, detail } of verdicts) {
    const mark = broken.length === 0 ? styleText('green', '✓') : styleText('red', '✗');
    process.stdout.write(`  ${mark} ${promise.padEnd(38)} ${styleText('dim', detail)}\n`);
    for (const fault of broken.slice(0, 3)) process.stdout.write(`      ${fault}\n`);
  }
  const held = verdicts.every(({ broken }) => broken.length === 0);
  process.stdout.write(held ? 'Every promise held.\n' : 'A promise was broken.\n');
  return held;
}
