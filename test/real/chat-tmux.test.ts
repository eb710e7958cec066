/** `skein chat` in a real terminal (tmux), key by key: it chats between two nodes, goes on when its node is killed, and leaves the terminal as it was, however it ends. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { until } from '../../src/demo/processes.ts';
import { missing, type Terminal, Terminals } from './terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const NODE = `${process.execPath} --disable-warning=ExperimentalWarning`;
const CANNED = `${NODE} ${join(ROOT, 'test', 'fixture', 'canned-terminal.ts')}`;
const SHELL = { PS1: '$ ', HOME: tmpdir(), TERM: 'xterm-256color' };

/** A shell in a terminal, in which programs are started as a person would. */
async function shell(terminals: Terminals, name: string, env: Record<string, string> = {}): Promise<Terminal> {
  const terminal = await terminals.open({ name, command: ['sh'], env: { ...SHELL, ...env } });
  await terminal.see(/^\$/);
  await terminal.resize(90, 28);
  return terminal;
}

describe('[TU15] the terminal is left as it was', { skip: missing('tmux') }, () => {
  const terminals = new Terminals();
  const folder = mkdtempSync(join(tmpdir(), 'skein-tty-'));
  after(async () => {
    await terminals.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the chat between two looks at the terminal's settings. */
  async function between(name: string, end: (terminal: Terminal, pid: number) => Promise<void>, env: Record<string, string> = {}): Promise<string> {
    const [before, later, pidFile] = ['before', 'later', 'pid'].map((what) => join(folder, `${name}-${what}`)) as [string, string, string];
    const terminal = await shell(terminals, name, env);
    await terminal.say('echo what was there before');
    const script = join(folder, `${name}.sh`);
    writeFileSync(script, `stty -a > ${before}\n${CANNED} & echo $! > ${pidFile}\nwait $!\n`);
    writeFileSync(script, `stty -a > ${before}\nsh -c 'echo $$ > ${pidFile}; exec ${CANNED}' 2> ${join(folder, `${name}-stderr`)}\necho code $?\nstty -a > ${later}\n`);
    await terminal.say(`sh ${script}`);
    await terminal.see(/F1 help/, 30_000);
    await end(terminal, Number(readFileSync(pidFile, 'utf8')));
    await terminal.see(/^code /, 15_000);
    await until('it looked again', () => {
      try {
        return readFileSync(later, 'utf8') !== '';
      } catch {
        return false;
      }
    });
    assert.equal(readFileSync(later, 'utf8'), readFileSync(before, 'utf8'));
    const lines = await terminal.screen();
    assert.ok(lines.includes('what was there before'), 'the screen of before is back');
    await terminal.say('echo typing shows');
    await terminal.see(/^typing shows$/);
    const flags = await terminals.tmux('display-message', '-p', '-t', name, '#{mouse_any_flag} #{alternate_on} #{cursor_flag}');
    assert.equal(flags.trim(), '0 0 1', 'no mouse, no other screen, and the cursor shows');
    return lines.join('\n');
  }

  it('after :q', async () => {
    assert.match(await between('colon-q', (terminal) => terminal.say(':q')), /code 0/);
  });
  it('after Ctrl-C, with a draft', async () => {
    const screen = await between('ctrl-c', async (terminal) => {
      await terminal.say('sent before');
      await terminal.see(/sent before .*3\/3/);
      await terminals.tmux('send-keys', '-t', 'ctrl-c', '-l', 'half');
      await terminals.tmux('send-keys', '-t', 'ctrl-c', 'C-c');
    });
    assert.match(screen, /post sent before\n(.*\n)*close/);
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
    it(`after ${signal}`, async () => {
      assert.match(
        await between(signal, async (_, pid) => {
          process.kill(pid, signal);
        }),
        /code 0/,
      );
    });
  it('after a crash, which is told', async () => {
    const screen = await between('crash', async () => undefined, { SKEIN_TEST_CRASH: '1' });
    assert.match(screen, /code 1/);
    assert.match(readFileSync(join(folder, 'crash-stderr'), 'utf8'), /a fault of ours/);
  });
  it('while it is stopped (Ctrl-Z) and after it went on', async () => {
    const terminal = await shell(terminals, 'stop');
    await terminal.say('set -m');
    await terminal.say(CANNED);
    await terminal.see(/F1 help/, 30_000);
    await terminals.tmux('send-keys', '-t', 'stop', 'C-z');
    await terminal.see(/Stopped/);
    await terminal.say('fg');
    await terminal.see(/F1 help/);
    await terminal.say(':q');
    await terminal.see(/^close$/);
  });
  it('a terminal that is closed ends the chat', async () => {
    const pidFile = join(folder, 'closed-pid');
    await terminals.open({ name: 'closed', command: ['sh', '-c', `echo $$ > ${pidFile}; exec ${CANNED}`], env: SHELL });
    await until('it runs', async () => /F1 help/.test(await terminals.tmux('capture-pane', '-p', '-t', 'closed')), 30_000);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    await terminals.tmux('kill-session', '-t', 'closed');
    await until('it is gone', () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
  });
});
