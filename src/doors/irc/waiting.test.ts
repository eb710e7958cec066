import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuthorId, RoomId } from '../../core/ids.ts';
import { MARK_MS, WAITING_PAGE } from './limits.ts';
import { FakeClient, loggingIn, login, settle, setUp } from './testing/client.ts';
import type { FakeNode } from './testing/fake-node.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory';
const LOBBY = '#lobby' as RoomId;
const PASSWORD = 'seven-quiet-otters';

/** Bob at the other node, and the account alice, both in the lobby; she is away. */
function away(): ReturnType<typeof setUp> & { bob: AuthorId; alice: AuthorId } {
  const world = setUp();
  const { node } = world;
  const alice = node.register('alice', PASSWORD);
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  node.join(alice, '#lobby');
  return { ...world, bob, alice };
}

const texts = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (/ PRIVMSG /.test(line) ? [/ PRIVMSG \S+ :(.*)$/.exec(line)![1]!] : []));
const marks = (node: FakeNode): number => node.commands.filter(({ type }) => type === 'read').length;

test('[IRC31] at login an account is in all its rooms and is sent what waited, of rooms and of people, once', async () => {
  const { node, door, bob, alice } = away();
  node.post(bob, { room: LOBBY }, 'text', 'one');
  node.post(bob, { author: alice }, 'text', 'psst');
  node.post(bob, { room: LOBBY }, 'action', 'waves');
  const client = await loggingIn(node, door, 'alice', PASSWORD);
  const heard = client.heard();
  const join = heard.findIndex((line) => / JOIN :#lobby$/.test(line));
  assert.match(heard[join + 1]!, / 353 alice = #lobby :/);
  assert.deepEqual(texts(heard), ['[12:00] one', '\x01ACTION [12:00] waves\x01', '[12:00] psst']);
  assert.match(heard.at(-1)!, /^:bob!guest@\S+ PRIVMSG alice :/);
  assert.equal(marks(node), 1);
  client.say('QUIT');
  node.turn();
  const again = await loggingIn(node, door, 'alice', PASSWORD);
  assert.deepEqual(texts(again.heard()), []);
});

test('[IRC31] clients with batch, server-time and message-tags get batches, times and ids; with chathistory only what was not read', async () => {
  const { node, door, bob, alice } = away();
  node.post(bob, { room: LOBBY }, 'text', 'one');
  const first = await login(node, door, 'alice', PASSWORD);
  first.say('QUIT');
  node.turn();
  node.post(bob, { room: LOBBY }, 'text', 'two');
  node.post(bob, { author: alice }, 'text', 'psst');
  const heard = (await loggingIn(node, door, 'alice', PASSWORD, FULL)).heard();
  const batches = heard.filter((line) => / BATCH /.test(line));
  assert.deepEqual(
    batches.map((line) => line.replace(/^.* BATCH /, '')),
    ['+h1 chathistory :#lobby', ':-h1', '+h2 chathistory :bob', ':-h2'],
  );
  assert.deepEqual(texts(heard), ['two', 'psst']);
  for (const line of heard.filter((one) => one.includes(' PRIVMSG '))) assert.match(line, /^@batch=h\d;time=\S+Z;msgid=[0-9a-f]{64} /);
});

test('[IRC31] many pages come one after another, in order', async () => {
  const { node, door, bob } = away();
  const count = 2 * WAITING_PAGE + 7;
  for (let i = 0; i < count; i++) node.post(bob, { room: LOBBY }, 'text', `<${i}>`);
  const client = await loggingIn(node, door, 'alice', PASSWORD);
  for (let i = 0; i < 5; i++) await settle();
  assert.deepEqual(
    texts(client.heard()).map((text) => text.slice(8)),
    Array.from({ length: count }, (_, i) => `<${i}>`),
  );
});

test('[IRC31] a slow client is sent a page when it has taken the one before', async () => {
  const { node, door, bob } = away();
  for (let i = 0; i < 2 * WAITING_PAGE; i++) node.post(bob, { room: LOBBY }, 'text', `<${i}>`);
  const client = new FakeClient(door);
  client.isHeldUp = true;
  client.say(`PASS alice:${PASSWORD}`, 'NICK alice', 'USER a 0 * :A');
  const settled = async (): Promise<number> => {
    for (let i = 0; i < 5; i++) await settle();
    node.turn();
    return texts(client.heard()).length;
  };
  assert.equal(await settled(), 0);
  assert.equal(await settled(), 0);
  client.isHeldUp = false;
  door.drained(client.session);
  assert.equal(await settled(), 2 * WAITING_PAGE);
});

test('[IRC31] where what waited cannot be read the client is told, and it waits on', async () => {
  const { node, door, bob } = away();
  node.post(bob, { room: LOBBY }, 'text', 'one');
  node.failsHistory = true;
  const client = await loggingIn(node, door, 'alice', PASSWORD);
  assert.match(client.heard().at(-1)!, /NOTICE alice :What waited for you cannot be read now/);
  node.post(bob, { room: LOBBY }, 'text', 'live');
  node.turn();
  assert.deepEqual(texts(client.heard()), ['live']);
  client.say('QUIT');
  node.turn();
  assert.equal(marks(node), 0);
  node.failsHistory = false;
  assert.deepEqual(
    texts((await loggingIn(node, door, 'alice', PASSWORD)).heard()).map((text) => text.slice(8)),
    ['one', 'live'],
  );
});

test('[IRC31] a random interleaving of what waits, what is live and pages shows everything once', async () => {
  const step = fc.constantFrom('post', 'direct', 'serve', 'turn', 'again');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.constantFrom('', FULL), async (steps, caps) => {
      const { node, door, bob, alice } = away();
      node.holdsHistory = true;
      let count = 0;
      let client: FakeClient | null = null;
      const seen: string[] = [];
      const hear = (): void => {
        for (const line of client?.heard() ?? []) seen.push(...(line.match(/<\d+>/) ?? []));
      };
      for (const what of [...steps, 'again', 'post', 'turn', ...Array.from({ length: 6 }, () => 'serve'), 'turn', 'post', 'turn']) {
        if (what === 'post') node.post(bob, { room: LOBBY }, 'text', `<${count++}>`);
        if (what === 'direct') node.post(bob, { author: alice }, 'text', `<${count++}>`);
        if (what === 'serve') node.serveHistory();
        if (what === 'turn' && node.isWatched) node.turn();
        if (what === 'again' && !client) client = await loggingIn(node, door, 'alice', PASSWORD, caps);
        await settle();
      }
      hear();
      assert.deepEqual(seen.sort(), Array.from({ length: count }, (_, i) => `<${i}>`).sort());
    }),
    { numRuns: 150 },
  );
});

test('[IRC32] a mark is written every 30 s where something was sent, and before the session ends', async () => {
  const { node, door, bob } = away();
  const client = await login(node, door, 'alice', PASSWORD);
  const before = marks(node);
  door.sweep(1);
  door.sweep(MARK_MS);
  assert.equal(marks(node), before);
  node.post(bob, { room: LOBBY }, 'text', 'live');
  node.turn();
  door.sweep(MARK_MS + 2);
  door.sweep(MARK_MS + 5000);
  assert.equal(marks(node), before + 1);
  node.turn();
  node.post(bob, { room: LOBBY }, 'text', 'more');
  node.turn();
  const last = node.commands.length;
  client.say('QUIT');
  assert.deepEqual(
    node.commands.slice(last).map(({ type }) => type),
    ['read', 'close'],
  );
});

test('[IRC32] nothing is marked that a connection did not take, or of a guest', async () => {
  const { node, door, bob, enter } = away();
  const guest = enter('guest', '', '#lobby');
  const slow = await login(node, door, 'alice', PASSWORD);
  const before = marks(node);
  slow.isFull = true;
  node.post(bob, { room: LOBBY }, 'text', 'live');
  node.turn();
  assert.ok(slow.isEnded);
  guest.say('QUIT');
  assert.equal(marks(node), before);
  const lost = await login(node, door, 'alice', PASSWORD);
  const after = marks(node);
  node.post(bob, { room: LOBBY }, 'text', 'more');
  node.turn();
  door.disconnect(lost.session, 'Connection lost', false);
  assert.equal(marks(node), after);
});

test('[IRC32] while pages are under way nothing is marked', async () => {
  const { node, door, bob } = away();
  node.post(bob, { room: LOBBY }, 'text', 'one');
  node.holdsHistory = true;
  const client = await loggingIn(node, door, 'alice', PASSWORD);
  node.post(bob, { room: LOBBY }, 'text', 'live');
  node.turn();
  door.sweep(1);
  door.sweep(MARK_MS + 1);
  client.say('QUIT');
  assert.equal(marks(node), 0);
});

test('[IRC33] a message to an account that is away is taken, and its sender told; 401 only where nobody has the name', async () => {
  const { node, door, enter } = away();
  const carol = enter('carol');
  carol.say('PRIVMSG alice :for later', 'NOTICE alice :and this', 'PRIVMSG nobody :x');
  const heard = carol.heard();
  assert.match(heard[0]!, /^:north\.skein 301 carol alice :is away and is sent this at the next login$/);
  assert.match(heard[1]!, /^:north\.skein 401 carol nobody :/);
  assert.equal(heard.length, 2);
  node.turn();
  const alice = await loggingIn(node, door, 'alice', PASSWORD);
  const lines = alice.heard();
  assert.deepEqual(texts(lines), ['[12:00] for later']);
  assert.match(lines.at(-1)!, /^:carol!guest@\S+ NOTICE alice :\[12:00\] and this$/);
});
