/** irssi and WeeChat, driven key by key: what their people see, and what they see when their node is killed. With SKEIN_SCREENS=1 the screens are kept in docs/screens. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { NodeGroup, type NodeProcess, until, untilEqual } from '../../src/demo/processes.ts';
import { RecordingClient } from '../../src/demo/recording-client.ts';
import { BACKLOG_MESSAGES } from '../../src/doors/irc/limits.ts';
import { missing, type Terminal, Terminals } from './terminal.ts';
import { type Client, irssi, ROOM, type Seen, weechat } from './terminal-irc.ts';

const SCREENS = join(import.meta.dirname, '..', '..', 'docs', 'screens');

/** Two nodes and a tmux of a test. */
class Stage {
  readonly group = new NodeGroup();
  readonly terminals = new Terminals();
  readonly #witnesses: RecordingClient[] = [];

  async network(): Promise<[NodeProcess, NodeProcess]> {
    return (await this.group.network(['ash', 'birch'])) as [NodeProcess, NodeProcess];
  }

  /** A plain client beside them, which writes down what it is shown. */
  async witness(nodes: readonly NodeProcess[]): Promise<RecordingClient> {
    const carol = new RecordingClient('carol', ROOM, nodes, 0);
    this.#witnesses.push(carol);
    carol.start();
    await until('carol is served', () => carol.ready);
    return carol;
  }

  async open(client: Client, nick: string, nodes: readonly NodeProcess[]): Promise<Terminal> {
    const terminal = await client.open(this.terminals, this.group.folder, nick, nodes);
    const isIn = client.joins(nick);
    await terminal.until('it is served', (lines) => lines.some((line) => client.serves.test(line) || isIn.test(line)));
    await terminal.say(client.roomWindow);
    await terminal.see(client.joins(nick));
    return terminal;
  }

  async clear(): Promise<void> {
    for (const witness of this.#witnesses) witness.end();
    await this.terminals.close();
    await this.group.remove();
  }
}

const shapes = (list: readonly Pick<Seen, 'nick' | 'text'>[]): string[] => list.map(({ nick, text }) => `<${nick}> ${text}`);

/** Waits until a screen has just these messages since the last join, in this order. */
async function shows(terminal: Terminal, client: Client, nick: string, wanted: readonly string[]): Promise<Seen[]> {
  let seen: Seen[] = [];
  try {
    await terminal.until('all is shown', (lines) => {
      seen = client.messages(lines, nick);
      return JSON.stringify(shapes(seen)) === JSON.stringify(wanted);
    });
  } catch {
    assert.deepEqual(shapes(seen), wanted);
  }
  return seen;
}

/** Keeps what a person sees, in windows of the size they have on a desk. */
async function keep(terminal: Terminal, name: string, windows: readonly string[]): Promise<void> {
  if (process.env['SKEIN_SCREENS'] !== '1') return;
  await terminal.resize(100, 30);
  const pictures: string[] = [];
  for (const window of windows) {
    await terminal.say(window);
    let last = '';
    let same = 0;
    await terminal.until('the picture is still', (lines) => {
      const now = lines.join('\n').trimEnd();
      same = now === last ? same + 1 : 0;
      last = now;
      return same >= 10;
    });
    pictures.push(`${last}\n`);
  }
  mkdirSync(SCREENS, { recursive: true });
  writeFileSync(join(SCREENS, `${name}.txt`), pictures.join('\n'));
  await terminal.grow();
}

/** No tag, no command and no numeric stands bare on a screen. */
function isClean(lines: readonly string[]): void {
  assert.deepEqual(
    lines.filter((line) => /msgid=|;time=|@time=|PRIVMSG #|^FAIL| FAIL |ACTION |skein\/copies=|\x01|BATCH/.test(line)),
    [],
  );
}

describe('terminal clients', () => {
  const stages: Stage[] = [];
  const stage = (): Stage => {
    const made = new Stage();
    stages.push(made);
    return made;
  };
  after(async () => {
    for (const one of stages) await one.clear();
  });

  for (const client of [irssi, weechat]) {
    it(`${client.program} shows what a person asks for in words`, { skip: missing('tmux', client.program) }, async () => {
      const here = stage();
      const nodes = await here.network();
      const carol = await here.witness([nodes[1], nodes[0]]);
      const terminal = await here.open(client, 'alice', nodes);
      await terminal.say('/topic A chat that stays up');
      await terminal.see(/topic.*A chat that stays up/);
      await terminal.say('/me waves');
      await terminal.see(/\* \|? ?alice waves/);
      await terminal.say(`long ${'word '.repeat(150)}end`);
      await until('carol has it all', () => /^.*end$/.test(carol.shown.at(-1)?.text ?? ''));
      assert.equal(carol.shown[0]!.text, '\x01ACTION waves\x01');
      assert.equal(
        carol.shown
          .slice(1)
          .map(({ text }) => text)
          .join(' ')
          .replace(/\s+/g, ' '),
        `long ${'word '.repeat(150)}end`,
      );
      await terminal.say('/nick alicia');
      await terminal.see(/now known as alicia/);
      isClean(await terminal.screen());
      await terminal.say(client.statusWindow);
      await terminal.say('/whois carol');
      await terminal.see(/Skein node birch/);
      await terminal.see(/End of WHOIS/);
      await terminal.say(client.list);
      await terminal.see(/#skein.*2.*A chat that stays up/);
      await terminal.say('/whois nobody-here');
      isClean(await terminal.see(client.nobody));
    });
  }

  it('irssi and WeeChat talk across nodes, and each goes on at the other node when its own is killed', {
    skip: missing('tmux', 'irssi', 'weechat'),
  }, async () => {
    const here = stage();
    const [ash, birch] = await here.network();
    const carol = await here.witness([birch, ash]);
    const alice = await here.open(irssi, 'alice', [ash, birch]);
    const bob = await here.open(weechat, 'bob', [birch, ash]);
    await alice.see(/\bbob .*has joined/);
    for (let i = 1; i <= 60; i++) carol.post(`earlier line ${i}`);
    const said = Array.from({ length: 60 }, (_, i) => `<carol> earlier line ${i + 1}`);
    await shows(bob, weechat, 'bob', said);
    await shows(alice, irssi, 'alice', said);
    const dialogue: [Terminal, string, string][] = [
      [alice, 'alice', 'hello from irssi, at ash'],
      [bob, 'bob', 'hello from WeeChat, at birch'],
      [alice, 'alice', 'what if somebody kills my node?'],
      [bob, 'bob', 'then you go on at mine: déjà vu 😀'],
    ];
    for (const [terminal, nick, text] of dialogue) {
      await terminal.say(text);
      said.push(`<${nick}> ${text}`);
      await shows(bob, weechat, 'bob', said);
      await shows(alice, irssi, 'alice', said);
    }
    await keep(alice, 'irssi-chat', [irssi.roomWindow]);
    await keep(bob, 'weechat-chat', [weechat.roomWindow]);

    const { port } = ash.irc!;
    await goesOn({ client: irssi, terminal: alice, nick: 'alice', dies: ash, said });
    await keep(alice, 'irssi-after-kill', [irssi.statusWindow, irssi.roomWindow]);
    const room = await shows(bob, weechat, 'bob', said).then(() => bob.screen());
    // She was there before bob came.
    assert.deepEqual(
      room.filter((line) => /(-->|<--) +\| alice\b/.test(line)),
      [],
      'nobody saw her go, or come',
    );
    await ash.start(['--irc', `127.0.0.1:${port}`]);
    await untilEqual([ash, birch]);
    await goesOn({ client: weechat, terminal: bob, nick: 'bob', dies: birch, said });
    await keep(bob, 'weechat-after-kill', [weechat.statusWindow, weechat.roomWindow]);
  });
});

interface Loss {
  readonly client: Client;
  readonly terminal: Terminal;
  readonly nick: string;
  readonly dies: NodeProcess;
  /** All that was said, in history order; what is said here is added. */
  readonly said: string[];
}

/** Kills the node of a client: it says so, comes back at the other node under the same name, and is shown the last messages once, with their times. */
async function goesOn({ client, terminal, nick, dies, said }: Loss): Promise<void> {
  const before = new Map((await shows(terminal, client, nick, said)).map((one) => [`<${one.nick}> ${one.text}`, one.time]));
  await dies.kill('SIGKILL');
  await terminal.say(client.statusWindow);
  await terminal.see(client.lost);
  await terminal.until('it is served again', (lines) => lines.filter((line) => client.serves.test(line)).length === 2);
  await terminal.say(client.roomWindow);
  await terminal.until('it is in the room again', (lines) => lines.filter((line) => client.joins(nick).test(line)).length === 2);
  const backlog = await shows(terminal, client, nick, said.slice(-BACKLOG_MESSAGES));
  for (const one of backlog)
    assert.equal(one.time, before.get(`<${one.nick}> ${one.text}`), 'the backlog has the times at which it was said');
  await terminal.say(`${nick} is back`);
  said.push(`<${nick}> ${nick} is back`);
  await shows(terminal, client, nick, said.slice(-BACKLOG_MESSAGES - 1));
}
