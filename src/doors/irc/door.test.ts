import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuthorId, RoomId } from '../../core/ids.ts';
import { concatBytes, utf8 } from '../../lib/bytes.ts';
import { IrcDoor } from './door.ts';
import { FakeClient, random, settle, setUp } from './testing/client.ts';
import { FakeNode, hashing } from './testing/fake-node.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory standard-replies';
const LOBBY = '#lobby' as RoomId;

/** Everything a client was sent, with its line ends. */
function raw(client: FakeClient): string {
  return client.writes
    .flatMap((write) => write.map((chunk) => (typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk))))
    .join('');
}

test('[IRC18] whatever people and nodes write, every line ends with its only CRLF', () => {
  const hostile = fc.string({ unit: fc.constantFrom('\r', '\n', '\0', '\x01', ' ', ':', 'a', '#', '😀', '\ud800') });
  const commands = fc.constantFrom(
    'PRIVMSG #lobby :',
    'TOPIC #lobby :',
    'JOIN ',
    'PART #lobby :',
    'NICK ',
    'WHO ',
    'PING ',
    'CHATHISTORY ',
    'CAP ',
    '',
  );
  fc.assert(
    fc.property(hostile, hostile, fc.array(fc.tuple(commands, hostile)), (name, text, lines) => {
      const { node, enter } = setUp();
      const clients = [enter('plain', '', '#lobby'), enter('full', FULL, '#lobby')];
      node.state.nodes.set(node.other.id, { name, atMs: 0 });
      const liar = node.arrive(name);
      node.join(liar, '#lobby');
      for (const style of ['text', 'notice', 'action'] as const) node.post(liar, { room: LOBBY }, style, text);
      node.post(liar, { author: clients[0]!.session.author! }, 'text', text);
      node.topic(liar, LOBBY, text);
      node.turn();
      node.rename(liar, `${name}${text}`);
      for (const [command, argument] of lines) clients[1]!.say(command + argument);
      node.turn();
      node.gone(liar);
      node.turn();
      for (const client of clients) assert.match(raw(client), /^([^\0\r\n]+\r\n)*$/);
    }),
    { numRuns: 50 },
  );
});

test('[IRC19] broken UTF-8 costs the line, not the session', () => {
  const { enter } = setUp();
  const alice = enter('alice', 'standard-replies');
  alice.sayBytes(concatBytes(utf8('PING a\r\nPRIVMSG #x :'), Uint8Array.of(0xff), utf8('\r\nPING b\r\n')));
  assert.deepEqual(alice.heard(), [
    ':north.skein PONG north.skein :a',
    ':north.skein FAIL * INVALID_UTF8 :The line was not UTF-8 and was left out',
    ':north.skein PONG north.skein :b',
  ]);
  alice.sayBytes(utf8(`${'x'.repeat(20_000)}\r\nPING c\r\n`));
  assert.deepEqual(alice.heard(), [':north.skein 417 alice :Input line was too long', ':north.skein PONG north.skein :c']);
});

test('[IRC20] all readers of a form share the same bytes, and each is written to once in a turn', async () => {
  const { node, enter } = setUp();
  const plain = Array.from({ length: 5 }, (_, i) => enter(`plain${i}`, '', '#lobby'));
  const full = enter('full', FULL, '#lobby');
  await settle();
  for (const client of [...plain, full]) client.writes = [];
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  for (let i = 0; i < 10; i++) node.post(bob, { room: LOBBY }, 'text', `line ${i}`);
  node.turn();
  for (const client of plain) assert.equal(client.writes.length, 1);
  assert.equal(plain[0]!.writes[0]!.length, 1);
  assert.ok(plain[0]!.writes[0]![0] instanceof Uint8Array);
  for (const client of plain) assert.equal(client.writes[0]![0], plain[0]!.writes[0]![0]);
  assert.equal(full.writes.length, 1);
});

test('[IRC10] within one turn an author sees its echo in the place it has in the log', () => {
  const { node, enter } = setUp();
  const alice = enter('alice', FULL, '#lobby');
  const bob = enter('bob', FULL, '#lobby');
  node.turn();
  alice.heard();
  bob.heard();
  alice.say('PRIVMSG #lobby :1');
  bob.say('PRIVMSG #lobby :2');
  alice.say('PRIVMSG #lobby :3');
  node.turn();
  const texts = (client: FakeClient): string =>
    client
      .heard()
      .map((line) => line.at(-1))
      .join('');
  assert.equal(texts(alice), '123');
  assert.equal(texts(bob), '123');
});

test('[IRC10] what comes after an own message waits for its echo, and no longer where there will be none', () => {
  const { node, enter } = setUp();
  const alice = enter('alice', FULL, '#lobby');
  const bob = enter('bob', FULL, '#lobby');
  alice.heard();
  const texts = (): string =>
    alice
      .heard()
      .map((line) => line.at(-1))
      .join('');
  node.holdsAcks = true;
  alice.say('PRIVMSG #lobby :1');
  bob.say('PRIVMSG #lobby :2');
  node.turn();
  assert.equal(texts(), '');
  node.acknowledge();
  assert.equal(texts(), '12');
  node.unknownNext = true;
  alice.say('PRIVMSG #lobby :3');
  bob.say('PRIVMSG #lobby :4');
  node.turn();
  const heard = alice.heard();
  assert.match(heard[0]!, /FAIL PRIVMSG UNKNOWN_OUTCOME/);
  assert.match(heard[1]!, /:4$/);
  node.acknowledge();
  alice.say('PRIVMSG #lobby :5');
  bob.say('PRIVMSG #lobby :6');
  node.turn();
  alice.say('PART #lobby');
  node.turn();
  assert.equal(texts().slice(0, 2), '6:');
  node.acknowledge();
  assert.equal(texts(), '5');
});

test('[IRC8] a random interleaving of joins, pages and messages shows everything once', async () => {
  const step = fc.constantFrom('post', 'post', 'silent', 'tell', 'join', 'serve', 'turn');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { node, enter } = setUp();
      const bob = node.arrive('bob');
      node.join(bob, '#lobby');
      const alice = enter('alice');
      node.holdsHistory = true;
      const untold: ReturnType<FakeNode['post']>[] = [];
      let count = 0;
      for (const what of [...steps, 'join', 'turn', 'tell', 'turn', 'serve', 'post', 'turn']) {
        if (what === 'post') untold.push(node.post(bob, { room: LOBBY }, 'text', `<${count++}>`, { silent: true }));
        if (what === 'silent')
          node.post(bob, { room: LOBBY }, 'text', `<${count++}>`, { silent: true, place: node.place() }) && untold.push(node.log.at(-1)!);
        if (what === 'tell' || what === 'turn') for (const message of untold.splice(0)) node.tell(message);
        if (what === 'join') alice.say('JOIN #lobby');
        if (what === 'serve') node.serveHistory();
        if (what === 'turn') node.turn();
        else if (what === 'acknowledge') node.acknowledge();
        await settle();
      }
      node.turn();
      const seen = alice
        .heard()
        .flatMap((line) => line.match(/<\d+>/) ?? [])
        .map(String);
      assert.deepEqual(seen.sort(), Array.from({ length: count }, (_, i) => `<${i}>`).sort());
    }),
    { numRuns: 100 },
  );
});

test('[IRC8] where the history cannot be read, the client is told and gets what is live', async () => {
  const { node, enter } = setUp();
  const alice = enter('alice');
  node.failsHistory = true;
  alice.say('JOIN #lobby');
  node.turn();
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  node.post(bob, { room: LOBBY }, 'text', 'hello');
  node.turn();
  await settle();
  const heard = alice.heard().slice(-3);
  assert.match(heard[0]!, / JOIN /);
  assert.match(heard[1]!, /NOTICE #lobby :The earlier messages/);
  assert.match(heard[2]!, /hello$/);
});

test('[IRC14] AFTER asks for what came late, unless it goes on from the page before', async () => {
  const { node, enter } = setUp();
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  const messages = [1, 2, 3].map((n) => node.post(bob, { room: LOBBY }, 'text', `${n}`));
  const alice = enter('alice', FULL);
  for (const { id } of [messages[0]!, messages[1]!, messages[0]!]) {
    alice.say(`CHATHISTORY AFTER #lobby msgid=${id} 1`);
    await settle();
  }
  assert.deepEqual(
    node.queries.map((query) => query.type === 'after' && query.late),
    [true, false, true],
  );
});

test('[IRC15] only its two people can name a direct room', async () => {
  const { node, enter } = setUp();
  const alice = enter('alice', FULL);
  const bob = enter('bob', FULL);
  const eve = enter('eve', FULL);
  alice.say('PRIVMSG bob :secret');
  node.turn();
  bob.heard();
  for (const target of ['alice', 'bob', `${node.log[0]!.room}`]) eve.say(`CHATHISTORY LATEST ${target} * 10`);
  await settle();
  assert.doesNotMatch(raw(eve), /secret/);
  bob.say('CHATHISTORY LATEST alice * 10');
  await settle();
  assert.match(bob.heard().join('\n'), /secret/);
});

test('[IRC21] a client that does not take what it is sent is let go, and the others go on', async () => {
  const { node, door, enter } = setUp();
  const slow = enter('slow', '', '#lobby');
  const quick = enter('quick', '', '#lobby');
  await settle();
  slow.isFull = true;
  const bob = node.arrive('bob');
  node.join(bob, '#lobby');
  node.turn();
  assert.ok(slow.isEnded);
  assert.match(raw(slow), /ERROR :SendQ exceeded\r\n$/);
  assert.equal(door.size, 1);
  node.turn();
  assert.match(quick.heard().at(-1)!, /slow!.* QUIT :SendQ exceeded/);
});

test('[IRC2] where guests are not let in, the client is told why', () => {
  const door = new IrcDoor({ port: new FakeNode(), hashing, guests: false, random });
  const client = new FakeClient(door);
  client.say('NICK alice', 'USER a 0 * :A');
  assert.match(client.heard().at(-1)!, /^ERROR :Closing link: this node lets nobody in without an account/);
  assert.equal(door.size, 0);
});

test('[IRC2] too much said before the welcome ends the connection', () => {
  const { door } = setUp();
  const client = new FakeClient(door);
  client.say('NICK alice', 'USER a 0 * :A');
  for (let i = 0; i < 20; i++) client.say(`PRIVMSG #x :${'y'.repeat(5000)}`);
  assert.ok(client.isEnded);
});

test('[IRC7] nobody is shown to come twice, or to go who was not there', async () => {
  const action = fc.tuple(fc.constantFrom('join', 'part', 'post', 'say', 'acknowledge', 'end', 'gone', 'back', 'turn'), fc.nat(2));
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), fc.constantFrom('', FULL), async (actions, caps) => {
      const { node, enter } = setUp();
      node.holdsHistory = true;
      node.holdsAcks = true;
      const people = ['p0', 'p1', 'p2'].map((name) => node.arrive(name));
      const reader = enter('reader', caps);
      reader.say('JOIN #lobby');
      for (const [what, who] of [...actions, ['turn', 0] as const]) {
        if (what === 'say') reader.say('PRIVMSG #lobby :x');
        else perform(node, what, people[who]!);
      }
      node.acknowledge();
      node.serveHistory();
      await settle();
      node.turn();
      const here = new Set<string>();
      for (const line of reader.heard()) {
        const [, nick, command] = /^:(\w+)!\S+ (\w+)/.exec(line) ?? [];
        if (command === 'JOIN') assert.ok(here.has(nick!) ? false : here.add(nick!), line);
        else if (command === 'PART' || command === 'QUIT') assert.ok(here.delete(nick!), line);
        for (const name of / 353 .* :(.*)/.exec(line)?.[1]?.split(' ') ?? []) here.add(name.replace(/^[~@]/, ''));
      }
      assert.deepEqual(
        [...here].sort(),
        node
          .present(LOBBY)
          .map((author) => node.state.guests.get(author)!.name.value)
          .sort(),
      );
    }),
    { numRuns: 200 },
  );
});

function perform(node: FakeNode, what: string, author: AuthorId): void {
  if (what === 'turn') node.turn();
  else if (what === 'acknowledge') node.acknowledge();
  else if (what === 'part') node.state.rooms.get(LOBBY)?.members.get(author)?.value && node.part(author, LOBBY, 'x');
  else if (what === 'join') node.join(author, '#lobby');
  else if (what === 'post') node.post(author, { room: LOBBY }, 'text', 'x');
  else if (what === 'end') node.end(author, 'x');
  else if (what === 'gone') node.gone(author);
  else node.back(author);
}
