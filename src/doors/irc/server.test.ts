import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import IRC from 'irc-framework';
import type { RoomId } from '../../core/ids.ts';
import { type IrcOptions, listenIrc } from './server.ts';
import { FakeNode, hashing } from './testing/fake-node.ts';

const LOBBY = '#lobby' as RoomId;

/** A listener on a free port, and a node that runs a turn every 2 ms. */
async function listening(context: TestContext, options: Partial<IrcOptions> = {}) {
  const node = new FakeNode();
  const listener = await listenIrc({ host: '127.0.0.1', port: 0, node, hashing, ...options });
  const timer = setInterval(() => {
    if (node.isWatched) node.turn();
  }, 2);
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await listener.close();
  };
  context.after(close);
  return { node, listener, close };
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + 5000;
  while (!condition()) {
    assert.ok(performance.now() < endMs, 'waited 5 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function gathering(socket: Socket): { text: string } {
  const heard = { text: '' };
  socket.on('data', (data) => (heard.text += data.toString()));
  return heard;
}

test('[IRC1] [IRC10] [IRC14] irc-framework: registration, echo, backlog and topic', async (context) => {
  const { node, listener } = await listening(context);
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  node.post(bob, { room: LOBBY }, 'text', 'before');
  const client = new IRC.Client();
  const messages: { message: string; mine: boolean; tags: Record<string, string> }[] = [];
  const events: string[] = [];
  client.on('message', (event) => messages.push({ message: event.message, mine: event.nick === 'Ann', tags: event.tags }));
  client.on('userlist', (event) => events.push(`users ${event.users.map((user: { nick: string }) => user.nick).sort()}`));
  client.on('topic', (event) => events.push(`topic ${event.topic}`));
  client.on('registered', () => client.join('#lobby'));
  client.connect({ host: '127.0.0.1', port: listener.port, nick: 'Ann', enable_echomessage: true, auto_reconnect: false });
  await until(() => messages.length === 1);
  client.say('#lobby', 'hello');
  client.action('#lobby', 'waves');
  client.setTopic('#lobby', 'news');
  await until(() => messages.length === 3 && events.length === 2);
  client.quit('bye');
  await until(() => node.commands.some(({ type }) => type === 'close'));
  assert.deepEqual(
    messages.map(({ message, mine }) => [message, mine]),
    [
      ['before', false],
      ['hello', true],
      ['waves', true],
    ],
  );
  assert.equal(messages[1]!.tags['skein/copies'], '1/1');
  assert.match(messages[1]!.tags['msgid']!, /^[0-9a-f]{64}$/);
  assert.deepEqual(events, ['users Ann,bob', 'topic news']);
});

test('[IRC24, IRC31] irc-framework: SASL, the account’s rooms, and what waited there', async (context) => {
  const { node, listener } = await listening(context);
  const ann = node.register('ann', 'seven-quiet-otters');
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  node.join(ann, '#lobby');
  node.post(bob, { room: LOBBY }, 'text', 'in the room');
  node.post(bob, { author: ann }, 'text', 'to you');
  const client = new IRC.Client();
  const events: string[] = [];
  client.on('message', (event) => events.push(event.message));
  client.on('registered', (event) => events.push(`registered ${event.nick}`));
  client.on('loggedin', (event) => events.push(`logged in ${event.account}`));
  client.connect({
    host: '127.0.0.1',
    port: listener.port,
    nick: 'whoever',
    account: { account: 'ann', password: 'seven-quiet-otters' },
    auto_reconnect: false,
  });
  await until(() => events.length === 4);
  client.quit('bye');
  assert.deepEqual(events, ['logged in ann', 'registered ann', 'in the room', 'to you']);
});

test('[IRC21, P11] over a socket: a client that reads nothing is let go when its queue is full', async (context) => {
  const { node, listener } = await listening(context, { sendQueueBytesMax: 100_000 });
  const socket = createConnection(listener.port, '127.0.0.1');
  socket.write('NICK slow\r\nUSER s 0 * :S\r\nJOIN #lobby\r\n');
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  await until(() => node.present(LOBBY).length === 2);
  for (let i = 0; i < 20_000 && !node.commands.some(({ type }) => type === 'close'); i++) {
    node.post(bob, { room: LOBBY }, 'text', 'x'.repeat(8000));
    if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    node.log.length = 0;
  }
  await until(() => node.commands.some((command) => command.type === 'close' && command.reason === 'SendQ exceeded'));
  socket.destroy();
});

test('[IRC21] more connections than there may be are sent away', async (context) => {
  const { listener } = await listening(context, { connectionsMax: 1 });
  const first = createConnection(listener.port, '127.0.0.1');
  await once(first, 'connect');
  first.write('PING x\r\n');
  await once(first, 'data');
  const second = createConnection(listener.port, '127.0.0.1');
  const heard = gathering(second);
  await once(second, 'close');
  assert.match(heard.text, /^ERROR :Closing link: this node has as many connections/);
  first.destroy();
});

test('[IRC22] when the door closes, clients are told and their sessions end', async (context) => {
  const { node, listener, close } = await listening(context);
  const socket = createConnection(listener.port, '127.0.0.1');
  const heard = gathering(socket);
  socket.write('NICK ann\r\nUSER a 0 * :A\r\n');
  await until(() => heard.text.includes(' 422 '));
  await close();
  await until(() => heard.text.includes('ERROR :Closing link: the node is being stopped'));
  assert.equal(node.commands.at(-1)!.type, 'close');
});

test('[IRC22] a taken port is an error with its code', async (context) => {
  const { listener } = await listening(context);
  await assert.rejects(listenIrc({ host: '127.0.0.1', port: listener.port, node: new FakeNode(), hashing }), { code: 'EADDRINUSE' });
});

test('[IRC52] from whoever asks too much nothing is read for a while; the others are served', async (context) => {
  const { node, listener } = await listening(context);
  const [loud, other] = [createConnection(listener.port, '127.0.0.1'), createConnection(listener.port, '127.0.0.1')];
  const [heard, heardOther] = [gathering(loud), gathering(other)];
  for (const [i, socket] of [loud, other].entries()) socket.write(`NICK n${i}\r\nUSER n 0 * :n\r\nJOIN #lobby\r\n`);
  await until(() => heard.text.includes(' 366 ') && heardOther.text.includes(' 366 '));
  node.refuseNext = { type: 'flood', retryMs: 1000 };
  loud.write('PRIVMSG #lobby :too much\r\n');
  await until(() => heard.text.includes('Not sent: too much'));
  const begunMs = performance.now();
  loud.write('PING later\r\n');
  other.write('PING now\r\n');
  await until(() => heardOther.text.includes('PONG') && /PONG \S+ :?now/.test(heardOther.text));
  assert.ok(!/PONG \S+ :?later/.test(heard.text), 'it waits on its own side');
  await until(() => /PONG \S+ :?later/.test(heard.text));
  assert.ok(performance.now() - begunMs >= 100);
  for (const socket of [loud, other]) socket.destroy();
});
