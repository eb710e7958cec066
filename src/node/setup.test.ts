import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Pen } from '../core/pen.ts';
import { listenHttp } from '../doors/http/server.ts';
import { readSetupToken, writeRecoveryKey } from './directory.ts';
import { Setup, setupLink, setupWords } from './setup.ts';
import { type Solo, solo, suite } from './testing/solo.ts';

const key = suite.keyPair(new Uint8Array(32).fill(1));

describe('the setup link', () => {
  const directories: string[] = [];
  const nodes: Solo[] = [];
  after(async () => {
    for (const directory of directories) rmSync(directory, { recursive: true });
    await Promise.all(nodes.map((node) => node.close()));
  });
  const make = async (withKey = true) => {
    const directory = mkdtempSync(join(tmpdir(), 'skein-setup-'));
    directories.push(directory);
    const node = await solo('closed', directories.length + 20);
    nodes.push(node);
    if (withKey) writeRecoveryKey(directory, node.rootSeed);
    const named: [string, string][] = [];
    const setup = new Setup({
      directory,
      network: node.network,
      suite,
      random: node.random,
      operator: node.operator,
      nameNetwork: async (key, name) => {
        named.push([key.publicKey, name]);
      },
      now: () => node.clock.nowMs,
    });
    const op = (name: string): string =>
      new Pen(suite, node.random, node.operator.facts.of([]), Date.now()).account(key, name, Uint8Array.of(1), undefined);
    return { directory, node, setup, op, named };
  };
  const faultOf = async (answer: Promise<object>): Promise<unknown> => ((await answer) as { fault?: string }).fault ?? null;

  it('[AC27] its token makes the first owner once, and is gone with that', async () => {
    const { directory, node, setup, op, named } = await make();
    const token = setup.token()!;
    assert.equal(setup.token(), token, 'kept');
    assert.equal(statSync(join(directory, 'setup-token')).mode & 0o077, 0);
    assert.equal(
      setupWords(token, 'http://h:1'),
      'nobody owns this network yet: run `skein account create NAME --role owner`, or `skein account setup` for a link that makes one in a browser',
    );
    assert.equal(setupLink(token, 'http://h:1'), `http://h:1/#setup=${token}`);
    assert.equal(await faultOf(setup.spend('1.1.1.1', `${token}x`, op('ann'))), 'wrong token');
    assert.equal(await faultOf(setup.spend('1.1.1.1', token, op('a~n'))), 'refused');
    assert.equal(await faultOf(setup.spend('1.1.1.1', token, '00')), 'refused');
    assert.equal(await faultOf(setup.spend('1.1.1.1', token, op('ann'), 'a\u0007b')), 'refused');
    assert.equal(await faultOf(setup.spend('1.1.1.1', token, op('ann'), 'Harbour')), null);
    assert.deepEqual(named, [[suite.keyPair(node.rootSeed).publicKey, 'Harbour']]);
    assert.deepEqual(node.operator.facts.owners(), ['ann']);
    assert.equal(await faultOf(setup.spend('2.2.2.2', token, op('eve'))), 'over');
    assert.deepEqual([setup.token(), readSetupToken(directory), node.operator.facts.count()], [null, null, 1]);
  });

  it('[AC27] whoever tries too often waits, and nobody else does; without the recovery key it says what to do', async () => {
    const { directory, node, setup, op } = await make();
    const token = setup.token()!;
    for (let i = 0; i < 5; i++) assert.equal(await faultOf(setup.spend('1.1.1.1', 'x', op('ann'))), 'wrong token');
    assert.equal(await faultOf(setup.spend('1.1.1.1', token, op('ann'))), 'throttled');
    node.clock.nowMs += 10_000;
    assert.equal(await faultOf(setup.spend('1.1.1.1', 'x', op('ann'))), 'wrong token');
    rmSync(join(directory, 'recovery-key'));
    const answer = await setup.spend('2.2.2.2', token, op('ann'));
    assert.ok('words' in answer);
    assert.match(answer.words, /skein account create NAME --role owner/);
    assert.equal(node.operator.facts.count(), 0);
    const elsewhere = await make(false);
    assert.equal(elsewhere.setup.token(), null);
    assert.equal(await faultOf(elsewhere.setup.spend('1.1.1.1', '', elsewhere.op('ann'))), 'over');
  });

  it('[AC28] over HTTP: what is sent has a shape and limits, and each answer its code', async () => {
    const { setup, op, node } = await make();
    const page = () => ({ network: 'n', node: 'n', peers: [], irc: 'off' });
    const http = await listenHttp({ host: '127.0.0.1', port: 0, ready: async () => true, page, setup });
    const post = async (body: unknown, type = 'application/json'): Promise<number> => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return (await fetch(`${http.address}/api/v1/setup`, { method: 'POST', body: text, headers: { 'content-type': type } })).status;
    };
    try {
      const token = setup.token()!;
      assert.equal(await post({ token, ops: [op('ann')] }, 'text/plain'), 400);
      for (const bad of [
        {},
        { token },
        { token, ops: [] },
        { token, ops: ['zz'] },
        { token, ops: [op('a'), op('b')] },
        { token: 'x'.repeat(65), ops: ['00'] },
      ])
        assert.equal(await post(bad), 400, JSON.stringify(bad));
      assert.equal(await post('{'), 400);
      assert.equal(await post({ token, ops: ['0'.repeat(20_000)] }), 413);
      assert.equal(await post({ token: 'wrong', ops: [op('ann')] }), 403);
      assert.equal(await post({ token, ops: ['00'] }), 422);
      assert.equal(await post({ token, ops: [op('ann')] }), 200);
      assert.equal(await post({ token, ops: [op('ann')] }), 410);
      assert.equal(await post({ token, ops: [op('ann')] }), 410);
      assert.equal(await post({ token, ops: [op('ann')] }), 429);
      assert.deepEqual(node.operator.facts.owners(), ['ann']);
    } finally {
      await http.close();
    }
  });
});
