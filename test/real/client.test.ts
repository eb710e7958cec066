/** The client library against real nodes: failover, the outbox, the bot of the documentation, accounts. */

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, type TestContext } from 'node:test';
import { type Chat, type ConnectOptions, connect, fileStorage } from '../../src/client/index.ts';
import type { RoomId } from '../../src/core/ids.ts';
import { NodeGroup, until } from '../../src/demo/processes.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const LONG_MS = 30_000;
const PASSWORD = 'brass-kettle-under-rain';

async function network(t: TestContext, names: readonly string[], config: Readonly<Record<string, unknown>> = {}) {
  const group = new NodeGroup();
  t.after(() => group.remove());
  return group.network([...names], config);
}

async function enter(t: TestContext, options: ConnectOptions): Promise<Chat> {
  const client = await connect(options);
  t.after(() => client.close());
  await client.ready;
  return client;
}

const texts = (client: Chat, room: string): (string | null)[] =>
  [...(client.view.rooms.get(room as RoomId)?.timeline ?? [])].map(({ text }) => text);
const urlOf = ({ view: { connection } }: Chat): string => (connection.state === 'online' ? connection.url : '');

/** Removed at the very end: clients store there when they close. */
const directories: string[] = [];
after(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});

function directory(): string {
  directories.push(mkdtempSync(join(tmpdir(), 'skein-client-')));
  return directories.at(-1)!;
}

describe('the client library and real nodes', () => {
  it('[CB1, P7] a node is killed in the middle of a conversation: nobody misses anything, and what was written goes out', async (t) => {
    const nodes = await network(t, ['a', 'b', 'c']);
    const urls = nodes.map(({ http }) => http);
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((guest) => enter(t, { urls: [urls[0]!], as: { guest } })));
    for (const one of [ann!, bob!]) await one.join('#den');
    for (let i = 0; i < 5; i++) await ann!.post('#den', `before ${i}`);
    const victim = nodes.find(({ http }) => http === urlOf(ann!))!;
    await victim.kill();
    const posts = Array.from({ length: 5 }, (_, i) => ann!.post('#den', `after ${i}`));
    const acknowledged = await Promise.all(posts);
    assert.equal(new Set(acknowledged.map(({ id }) => id)).size, 5);
    const all = [0, 1, 2, 3, 4].map((i) => `before ${i}`).concat([0, 1, 2, 3, 4].map((i) => `after ${i}`));
    await until('both have all of it', () => [ann!, bob!].every((one) => texts(one, '#den').length === 10), LONG_MS);
    for (const one of [ann!, bob!]) assert.deepEqual(texts(one, '#den'), all);
    await until(
      'it says on how many nodes',
      () => ann!.view.rooms.get('#den' as RoomId)!.timeline.every(({ delivery }) => delivery?.state === 'held'),
      LONG_MS,
    );
  });

  it('[CB5] what was written while no node was in reach is sent after a restart of the program, once', async (t) => {
    const [a] = await network(t, ['a']);
    const place = directory();
    const first = await enter(t, { urls: [a!.http], as: { guest: 'ann' }, storage: await fileStorage(place) });
    await first.join('#den');
    await first.post('#den', 'one');
    const { port } = new URL(a!.http);
    await a!.kill();
    await until('it notices', () => first.view.connection.state === 'connecting', LONG_MS);
    first.post('#den', 'two');
    first.post('#den', 'three');
    await first.close();
    await a!.start(['--http', `127.0.0.1:${port}`]);
    const second = await enter(t, { urls: [a!.http], as: 'resume', storage: await fileStorage(place) });
    await until('it is there', () => texts(second, '#den').length === 3, LONG_MS);
    const third = await enter(t, { urls: [a!.http], as: { guest: 'eve' } });
    await third.join('#den');
    await until('it is there', () => texts(third, '#den').length === 3, LONG_MS);
    for (const one of [second, third]) assert.deepEqual(texts(one, '#den'), ['one', 'two', 'three']);
    assert.equal(second.view.me!.author, first.view.me!.author);
  });

  it('[CB9] an account is made, logged in to, and goes on without its password at another node; its password is changed', async (t) => {
    const nodes = await network(t, ['a', 'b'], { registration: 'open' });
    const [a, b] = nodes;
    const place = directory();
    const made = await enter(t, { urls: [a!.http], as: { register: 'mia', password: PASSWORD }, storage: await fileStorage(place) });
    assert.equal(made.view.me!.account, true);
    await made.join('#den');
    await made.post('#den', 'mine');
    await made.close();
    const again = await enter(t, { urls: [b!.http, a!.http], as: 'resume', storage: await fileStorage(place) });
    await until('her room is there', () => texts(again, '#den').length === 1, LONG_MS);
    await assert.rejects(connect({ urls: [a!.http], as: { account: 'mia', password: 'not-the-password' } }), /wrong/);
    await assert.rejects(connect({ urls: [a!.http], as: { account: 'nobody', password: PASSWORD } }), /wrong/);
    const elsewhere = await enter(t, { urls: [b!.http], as: { account: 'mia', password: PASSWORD } });
    assert.equal(elsewhere.view.me!.author, again.view.me!.author);
    await again.changePassword(PASSWORD, 'seven-quiet-lanterns');
    await until('it goes on', () => again.view.connection.state === 'online', LONG_MS);
    await again.post('#den', 'still me');
    await until('the other session is over', () => elsewhere.view.connection.state === 'over', LONG_MS);
    const fresh = await enter(t, { urls: [b!.http], as: { account: 'mia', password: 'seven-quiet-lanterns' } });
    await until('all of it', () => texts(fresh, '#den').length === 2, LONG_MS);
  });

  it('[CB1] the bot of the documentation answers once, also when its node dies', async (t) => {
    const nodes = await network(t, ['a', 'b']);
    const place = directory();
    const [, source] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs', 'client.md'), 'utf8'))!;
    assert.ok(source!.trim().split('\n').length <= 16);
    // The package, as a program that depends on it finds it.
    mkdirSync(join(place, 'node_modules'));
    symlinkSync(ROOT, join(place, 'node_modules', 'skein'));
    writeFileSync(join(place, 'package.json'), '{"type":"module"}');
    writeFileSync(join(place, 'bot.ts'), source!);
    const flags = ['--disable-warning=ExperimentalWarning', '--preserve-symlinks-main', 'bot.ts'];
    const bot: ChildProcess = spawn(process.execPath, [...flags, ...nodes.map(({ http }) => http)], {
      cwd: place,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    t.after(() => bot.kill('SIGKILL'));
    const ann = await enter(t, { urls: nodes.map(({ http }) => http), as: { guest: 'ann' } });
    await ann.join('#bots');
    await until('the bot is there', async () => (await ann.members('#bots' as RoomId)).people.some(({ name }) => name === 'echo'), LONG_MS);
    await ann.post('#bots', '!echo one');
    await until('it answers', () => texts(ann, '#bots').includes('one'), LONG_MS);
    await nodes[0]!.kill();
    await ann.post('#bots', '!echo two');
    await until('it answers', () => texts(ann, '#bots').includes('two'), LONG_MS);
    // What it says comes in the order in which it was asked: another answer to the second would come before this.
    await ann.post('#bots', '!echo three');
    await until('it answers', () => texts(ann, '#bots').includes('three'), LONG_MS);
    assert.deepEqual(texts(ann, '#bots'), ['!echo one', 'one', '!echo two', 'two', '!echo three', 'three']);
  });
});
