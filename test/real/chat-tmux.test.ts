/** `skein chat` in a real terminal (tmux), key by key: it chats between two nodes, goes on when its node is killed, and leaves the terminal as it was, however it ends. */

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { NodeGroup, type NodeProcess, until } from '../../src/demo/processes.ts';
import { askNode } from '../../src/node/control.ts';
import { controlPath } from '../../src/node/directory.ts';
import { missing, type Terminal, Terminals } from './terminal.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SKEIN = join(ROOT, 'skein');
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
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
  async function between(
    name: string,
    end: (terminal: Terminal, pid: number) => Promise<void>,
    env: Record<string, string> = {},
  ): Promise<string> {
    const [before, later, pidFile] = ['before', 'later', 'pid'].map((what) => join(folder, `${name}-${what}`)) as [string, string, string];
    const terminal = await shell(terminals, name, env);
    await terminal.say('echo what was there before');
    const script = join(folder, `${name}.sh`);
    writeFileSync(
      script,
      `stty -a > ${before}\nsh -c 'echo $$ > ${pidFile}; exec ${CANNED}' 2> ${join(folder, `${name}-stderr`)}\necho code $?\nstty -a > ${later}\n`,
    );
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

/** The chat itself, at a node. */
function chatting(terminals: Terminals, group: NodeGroup, name: string, nodes: readonly NodeProcess[], width = '80'): Promise<Terminal> {
  const command = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    MAIN,
    'chat',
    '--as',
    name,
    '--room',
    'ops',
    ...nodes.flatMap(({ http }) => ['--node', http]),
  ];
  const env = { ...SHELL, XDG_STATE_HOME: join(group.folder, `state-${name}`), COLUMNS: width };
  return terminals.open({ name, command: ['sh', '-c', '"$0" "$@"; echo code $?; exec cat', ...command], env });
}

const without = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^.{19}│/, '').trim());

describe('skein chat between two nodes', { skip: missing('tmux') }, () => {
  const group = new NodeGroup();
  const terminals = new Terminals();
  after(async () => {
    await terminals.close();
    await group.remove();
  });

  it('[TU16] two people talk, one node is killed, and both go on where they were', async () => {
    const [ash, birch] = (await group.network(['ash', 'birch'])) as [NodeProcess, NodeProcess];
    const ann = await chatting(terminals, group, 'ann', [ash, birch]);
    const bob = await chatting(terminals, group, 'bob', [birch, ash]);
    for (const one of [ann, bob]) {
      await one.resize(80, 24);
      await one.see(/This is where #ops begins/, 30_000);
    }
    await ann.say('one :tada:');
    await bob.see(/ann\s+one 🎉/);
    await ann.see(/one 🎉\s+✓2\/2/);
    await bob.say('two');
    await ann.see(/bob\s+two/);
    await terminals.tmux('send-keys', '-t', 'ann', 'M-Up');
    await terminals.tmux('send-keys', '-t', 'ann', '-l', 'rthree');
    await terminals.tmux('send-keys', '-t', 'ann', 'Enter');
    await bob.see(/↳ bob: two/);
    const isAtAsh = (await ann.screen()).some((line) => /^ ● ash /.test(line));
    await (isAtAsh ? ash : birch).kill();
    await ann.say('four, wherever');
    await bob.see(/four, wherever/);
    await ann.see(isAtAsh ? /^ ● birch .*moved/ : /^ ● ash .*moved/);
    await bob.say('five');
    const lines = without(await ann.see(/bob\s+five/));
    for (const text of ['one 🎉', 'two', 'three', 'four, wherever', 'five'])
      assert.equal(
        lines.filter((line) => line.includes(text) && !line.startsWith('↳')).length,
        1,
        `${text} shows once:\n${lines.join('\n')}`,
      );
    await ann.say(':net');
    await ann.see(isAtAsh ? /○ ash\s+down/ : /○ birch\s+down/);
    await terminals.tmux('send-keys', '-t', 'ann', 'Escape');
    // Typed right behind it, a letter would be one with Alt.
    await ann.until('the pane is closed', (lines) => !lines.some((line) => /○ (ash|birch)\s+down/.test(line)));
    for (const one of [ann, bob]) {
      await one.say(':q');
      await one.see(/^code 0/);
    }
  });

  it('[TU20] the name of an account asks for its password, which shows nowhere, and goes on without it the next time', async () => {
    const [node] = (await group.network(['solo'])) as [NodeProcess];
    const create = ['account', 'create', 'ann', '--role', 'owner', '--data', node.directory];
    spawnSync(SKEIN, create, { input: 'seven-quiet-otters\n' });
    const state = join(group.folder, 'state-account');
    const command = `${NODE} ${MAIN} chat --as ann --room lobby --node ${node.http}; echo code $?`;
    const terminal = await terminals.open({ name: 'account', command: ['sh'], env: { ...SHELL, XDG_STATE_HOME: state } });
    await terminal.see(/^\$/);
    await terminal.resize(80, 24);
    await terminal.say(command);
    await terminal.see(/^password of ann:/, 30_000);
    await terminal.say('seven-quiet-otters');
    const lines = await terminal.see(/ann · F1 help/, 30_000);
    await terminal.say(':q');
    const left = await terminal.see(/^code 0/);
    assert.doesNotMatch([...lines, ...left].join('\n'), /seven/);
    await terminal.say('clear');
    await terminal.say(command);
    assert.doesNotMatch((await terminal.see(/ann · F1 help/, 30_000)).join('\n'), /password/);
    await terminal.say(':q');
    await terminal.see(/^code 0/);
  });

  it('[TU19] where no node runs, it offers to start one, that ends with the chat', async () => {
    const data = join(group.folder, 'own');
    const state = join(group.folder, 'state-own');
    const command = `${NODE} ${MAIN} chat --as eve --room lobby --data ${data}`;
    const terminal = await terminals.open({
      name: 'own',
      command: ['sh', '-c', `${command}; echo code $?; exec cat`],
      env: { ...SHELL, XDG_STATE_HOME: state },
    });
    await terminal.see(/No node is running on this machine\. Start one, in .*\? \[Y\/n\]/, 20_000);
    await terminals.tmux('send-keys', '-t', 'own', 'Enter');
    await terminal.see(/This is where #lobby begins/, 40_000);
    await terminal.say('all alone');
    await terminal.see(/all alone\s+✓/);
    await terminal.say(':quit');
    await terminal.see(/^code 0/, 15_000);
    await assert.rejects(askNode(controlPath(data), { command: 'where' }), /no node is running/);
  });
});

describe('skein chat without a terminal', () => {
  const group = new NodeGroup();
  after(() => group.remove());

  function piped(input: string, ...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
    const env = { ...process.env, XDG_STATE_HOME: join(group.folder, 'state') };
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'chat', ...args], { env, stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  }

  it('[TU17] each line is a message, on disk when it ends, and nothing is said; else the exit code and stderr tell', async () => {
    const [node] = (await group.network(['solo'])) as [NodeProcess];
    const here = ['--data', node.directory, '--as', 'robot'];
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i}`);
    assert.deepEqual(await piped(`${lines.join('\n')}\n\n`, ...here, '--room', 'ops'), { code: 0, out: '', err: '' });
    assert.deepEqual(await piped('one more', ...here, '--room', '#ops'), { code: 0, out: '', err: '' });
    const bad = await piped(`good\n${'x'.repeat(9000)}\n`, ...here, '--room', 'ops');
    assert.equal(bad.code, 1);
    assert.match(bad.err, /^skein: line 2: [^\n]+\n$/);
    await node.kill('SIGKILL');
    await node.start();
    const shown = spawnSync(SKEIN, ['export', '--json', '--room', '#ops', '--data', node.directory], { encoding: 'utf8' });
    const texts = shown.stdout
      .split('\n')
      .flatMap((line) => (line.includes('"type":"message"') ? [(JSON.parse(line) as { text: string }).text] : []));
    assert.deepEqual(texts, [...lines, 'one more', 'good']);
    assert.equal((await piped('x', ...here)).code, 2, 'the room has to be said');
    await node.kill('SIGTERM');
    const gone = await piped('x', ...here, '--room', 'ops');
    assert.equal(gone.code, 3);
    assert.match(gone.err, /^skein: no node is running here/);
    const unreachable = await piped('x', '--node', 'http://127.0.0.1:1', '--as', 'robot', '--room', 'ops');
    assert.equal(unreachable.code, 3);
    assert.match(unreachable.err, /^skein: no node can be reached.*: nothing was sent\n$/);
  });

  it('[TU18] what it keeps is readable to its owner alone', () => {
    const files = readdirSync(join(group.folder, 'state'), { recursive: true, withFileTypes: true });
    assert.ok(files.some((file) => file.isFile()));
    for (const file of files) {
      const { mode } = statSync(join(file.parentPath, file.name));
      if (file.parentPath.includes('chat')) assert.equal(mode & 0o077, 0, join(file.parentPath, file.name));
    }
  });
});
