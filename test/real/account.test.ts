/** `skein account` as an operator uses it, against a real node: secrets come over stdin, keys are made in the command's own process. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { statusText } from '../../src/cli/status.ts';
import { NodeGroup, type NodeProcess } from '../../src/demo/processes.ts';

const SKEIN = join(import.meta.dirname, '..', '..', 'skein');
const [ANNS, BOBS, FRESH] = ['four words of ann here', 'five more words for bob', 'a fresh phrase for one'] as const;

describe('accounts at the command line', () => {
  const group = new NodeGroup();
  after(() => group.remove());

  /** Runs a command with these secrets, a line each; what it printed, or (where it failed) its one line on stderr. */
  const at = (node: NodeProcess, secrets: readonly string[], ...args: string[]): { code: number | null; out: string; err: string } => {
    const { status, stdout, stderr } = spawnSync(SKEIN, ['account', ...args, '--data', node.directory], {
      encoding: 'utf8',
      input: secrets.map((secret) => `${secret}\n`).join(''),
      env: { ...process.env, NO_COLOR: '1' },
    });
    for (const secret of secrets) assert.ok(secret === '' || !(stdout + stderr).includes(secret), 'a secret was shown');
    return { code: status, out: stdout, err: stderr };
  };
  const fails = (node: NodeProcess, code: number, words: RegExp, secrets: readonly string[], ...args: string[]): void => {
    const result = at(node, secrets, ...args);
    assert.deepEqual([result.code, result.out], [code, ''], args.join(' '));
    assert.match(result.err, words);
    assert.match(result.err, /^skein: [^\n]+\n$/, 'one line, no stack');
  };
  const works = (node: NodeProcess, secrets: readonly string[], ...args: string[]): string => {
    const { code, out, err } = at(node, secrets, ...args);
    assert.equal(code, 0, `${args.join(' ')}: ${err}`);
    return out.trimEnd();
  };
  const roles = (node: NodeProcess): Record<string, string> =>
    Object.fromEntries(
      (JSON.parse(works(node, [], 'list', '--json')) as { name: string; role: string }[]).map(({ name, role }) => [name, role]),
    );

  it('[CL9] an owner is made by the recovery key, others by invitation or by an owner; passwords are changed, reset and refused', async () => {
    const [node] = (await group.network(['solo'])) as [NodeProcess];
    assert.match(node.log, /nobody owns this network yet: run `skein account create NAME --role owner`, or `skein account setup`/);
    assert.match(works(node, [], 'setup'), /^http:[^ ]+#setup=[\w-]{24}$/);
    assert.doesNotMatch(node.log, /#setup=/);
    assert.equal(works(node, [], 'list', '--json'), '[]');
    assert.match(statusText(await node.status()), /registration invite, 0 accounts, no owner.*nobody owns this network yet/s);
    fails(node, 1, /made by an owner: make an owner first/, [], 'create', 'eve', '--role', 'moderator');
    fails(node, 1, /too short|fewer than/, ['short'], 'create', 'ann', '--role', 'owner');
    assert.equal(works(node, [ANNS], 'create', 'ann', '--role', 'owner'), 'made the account ann, owner of the network');
    assert.equal(existsSync(join(node.directory, 'setup-token')), false);
    fails(node, 1, /has an owner \(ann\)/, [], 'setup');
    fails(node, 1, /one of its owners \(ann\)/, [], 'create', 'eve', '--role', 'owner');
    const token = works(node, [], 'invite', '--uses', '1', '--expires', '1h');
    fails(node, 1, /no invitation/, ['abcde-abcde-abcde-abcde', BOBS], 'create', 'bob');
    assert.equal(works(node, [token, BOBS], 'create', 'bob'), 'made the account bob');
    fails(node, 1, /used up/, [token, BOBS], 'create', 'carl');
    fails(node, 1, /taken/, [], 'create', 'BOB');
    fails(node, 1, /not the password of bob/, ['wrong'], 'passwd', 'bob');
    works(node, [BOBS, FRESH], 'passwd', 'bob');
    fails(node, 1, /not the password of bob/, [BOBS], 'logout', 'bob');
    works(node, [FRESH], 'logout', 'bob');
    works(node, [ANNS, BOBS], 'passwd', 'bob', '--reset', '--as', 'ann');
    fails(node, 1, /is no owner/, [], 'role', 'bob', 'owner', '--as', 'bob');
    works(node, [ANNS], 'role', 'bob', 'moderator', '--as', 'ann');
    assert.deepEqual(roles(node), { ann: 'owner', bob: 'moderator' });
    works(node, [ANNS], 'rename', 'bob', 'robert', '--as', 'ann');
    works(node, [ANNS, FRESH], 'create', 'carl', '--as', 'ann');
    fails(node, 1, /last owner/, [], 'delete', 'ann');
    works(node, [BOBS], 'delete', 'robert');
    works(node, [ANNS], 'delete', 'carl', '--erase', '--as', 'ann');
    assert.deepEqual(roles(node), { ann: 'owner' });
    const status = await node.status();
    assert.doesNotMatch(statusText(status), /nobody owns/);
    assert.deepEqual([status.network.registration, status.network.accounts, status.network.owners], ['invite', 1, ['ann']]);
    for (const secret of [ANNS, BOBS, FRESH, token]) assert.ok(!node.log.includes(secret), 'a secret was logged');
  });

  it('[CL13] what was done in the network is printed, newest first, with names', () => {
    const [node] = group.nodes as [NodeProcess];
    const acts = works(node, [], 'log', '--json')
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(acts.map(({ does, by, what }) => [does, by, what].join(' ').trim()).slice(0, 4), [
      'delete account ann',
      'rename ann robert',
      'role ann moderator',
      'reset ann',
    ]);
    assert.equal(acts.at(-1)!['does'], 'role');
    assert.match(works(node, [], 'log', '--limit', '1'), /^\S+Z ann delete account \S+$/);
    assert.equal(works(node, [], 'log', '--room', '#none'), 'nothing was done yet');
    fails(node, 2, /--limit/, [], 'log', '--limit', 'x');
  });

  it('[CL10] an app password is printed once, listed by its key, and ended', async () => {
    const [node] = group.nodes as [NodeProcess];
    const app = works(node, [ANNS], 'app-password', 'add', 'ann', '--label', 'phone');
    assert.match(app, /^skein-(\w{8}-){3}\w{8}$/);
    const [{ key }] = JSON.parse(works(node, [], 'app-password', 'list', 'ann', '--json')) as [{ key: string }];
    assert.match(works(node, [], 'app-password', 'list', 'ann'), /^[0-9a-f]{16} phone$/);
    fails(node, 1, /has no app password/, [], 'app-password', 'remove', 'ann', 'ffff0000ffff');
    works(node, [ANNS], 'app-password', 'remove', 'ann', key.slice(0, 8));
    assert.equal(works(node, [], 'app-password', 'list', 'ann'), 'none');
  });

  it('[CL11] what is used wrongly, what lacks a secret and what lacks a node each has its exit code', async () => {
    const [node] = group.nodes as [NodeProcess];
    for (const args of [
      ['create'],
      ['create', 'x', '--role', 'king'],
      ['invite', '--uses', 'x'],
      ['passwd', 'ann', '--as', 'ann'],
      ['role', 'ann', 'owner', '--room', 'x'],
    ])
      fails(node, 2, /skein: /, [], ...args);
    fails(node, 1, /there is no account ‘nobody’/, [], 'passwd', 'nobody');
    fails(node, 1, /stdin holds no line/, [], 'passwd', 'ann');
    const kept = join(node.directory, 'recovery-key');
    const recovery = readFileSync(kept, 'utf8').trim();
    renameSync(kept, `${kept}.away`);
    fails(node, 1, /not the recovery key/, ['ab'.repeat(32)], 'passwd', 'ann', '--reset');
    works(node, [recovery, FRESH], 'passwd', 'ann', '--reset');
    works(node, [FRESH], 'logout', 'ann');
    await node.kill('SIGTERM');
    for (const args of [['list'], ['create', 'x'], ['logout', 'ann']]) fails(node, 3, /no node is running/, [], ...args);
  });
});
