/** The command line as people use it: exit codes, words, and what goes where. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { FOLD_VERSION } from '../../src/core/fold.ts';
import { NodeGroup, type NodeProcess } from '../../src/demo/processes.ts';

const SKEIN = join(import.meta.dirname, '..', '..', 'skein');
const LOGS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'ubuntu-irc');

function skein(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(SKEIN, args, { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  return { code: status, out: stdout, err: stderr };
}

describe('command line', () => {
  const group = new NodeGroup();
  const scratch = mkdtempSync(join(tmpdir(), 'skein-cli-'));
  after(async () => {
    await group.remove();
    rmSync(scratch, { recursive: true });
  });

  it('[CL6] exit codes: 0 done, 2 wrong usage, 3 no node; errors go to stderr in one line and without a stack', () => {
    assert.equal(skein('--help').code, 0);
    assert.equal(skein('--version').code, 0);
    for (const args of [
      ['nonsense'],
      ['up', '--nonsense'],
      ['up', '--copies', 'x', '--data', scratch],
      ['invite', '--expires', 'soon'],
      ['import', join(scratch, 'none.log')],
    ]) {
      const { code, out, err } = skein(...args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(out, '');
      assert.match(err, /^skein: [^\n]+\n(\(Did you mean[^\n]*\n)?$/, args.join(' '));
    }
    for (const args of [['status'], ['invite'], ['export']]) assert.equal(skein(...args, '--data', scratch).code, 3, args.join(' '));
  });

  it('[CL7, CL15] status, export and import speak of one node; an import adds nothing twice; what is secret is readable to its owner alone', async () => {
    const [node] = (await group.network(['solo'])) as [NodeProcess];
    const data = ['--data', node.directory];
    const status = JSON.parse(skein('status', '--json', ...data).out);
    assert.deepEqual(Object.keys(status), ['node', 'network', 'links', 'vector', 'state', 'law', 'listen', 'loop', 'warnings']);
    assert.equal(typeof status.law.uncovered, 'number');
    assert.match(skein('status', ...data).out, /solo of skein/);
    const log = join(scratch, '2016-12-19.log');
    writeFileSync(log, '[01:00] <ann> hello\n[01:01] <bo> hi\n=== noise\n');
    assert.equal(skein('import', log, '--room', '#old', ...data).out, 'imported 2, already there 0, skipped 1\n');
    assert.equal(skein('import', log, '--room', '#old', ...data).out, 'imported 0, already there 2, skipped 1\n');
    assert.match(skein('export', ...data).out, /2016-12-19T01:00:00.000Z #old <ann \(imported by solo\)> hello/);
    assert.equal(skein('export', '--as', 'nobody', ...data).code, 2);
    assert.equal(skein('export', '--as', 'nobody', '--canonical', ...data).code, 2);
    const json = skein('export', '--json', '--room', '#old', ...data)
      .out.trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      json.map(({ text }) => text),
      ['hello', 'hi'],
    );
    for (const file of ['identity.json', 'recovery-key', 'control.sock'])
      assert.equal(statSync(join(node.directory, file)).mode & 0o077, 0, file);
    const page = await fetch(node.http);
    assert.match(await page.text(), /<div id="app">|This is node <b>solo<\/b>/, 'the web app, or where it was not built what to do');
    assert.equal((await fetch(`${node.http}/healthz`)).status, 200);
    assert.equal((await fetch(`${node.http}/readyz`)).status, 200);
    await node.kill('SIGTERM');
    assert.match(skein('export', '--canonical', ...data).out, new RegExp(`^{"fold":${FOLD_VERSION},"format":1,`));
  });

  it('[CL8] a real log of the size people have comes in whole', {
    skip: existsSync(LOGS) ? false : 'the real logs (../shared/data) are not here',
  }, async () => {
    const node = group.add('big');
    await node.start();
    const { out } = skein('import', join(LOGS, '2009-10-01_17.log'), '--data', node.directory);
    assert.match(out, /^imported 12\d\d, already there 0, skipped \d+\n$/);
    assert.equal((await node.status()).state.messages, Number(/\d+/.exec(out)![0]));
  });
});
