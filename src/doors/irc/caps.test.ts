import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomId } from '../../core/ids.ts';
import { type FakeClient, login, settle, setUp } from './testing/client.ts';

const PASSWORD = 'seven-quiet-otters';
const ALL = 'account-tag account-notify extended-join message-tags';
const LOBBY = '#lobby' as RoomId;

/** Without the host part of sources and what differs from run to run. */
const short = (client: FakeClient): string[] =>
  client.heard().map((line) => line.replace(/@[0-9a-f]{8}\.skein/g, '').replace(/msgid=[0-9a-f]+/, 'msgid=ID'));

/** One who asked for everything about accounts, and one who did not, in the lobby. */
function lobby() {
  const world = setUp();
  const knows = world.enter('knows', ALL, '#lobby');
  const plain = world.enter('plain', '', '#lobby');
  knows.heard();
  return { ...world, knows, plain };
}

test('[IRC46] extended-join: a JOIN tells the account’s name, * for a guest, and the real name', async () => {
  const { node, door, enter, knows, plain } = lobby();
  const guest = enter('gus', ALL);
  guest.say('JOIN #lobby');
  node.turn();
  assert.equal(short(guest)[0], ':gus!guest JOIN #lobby * :gus', 'also to itself');
  assert.deepEqual(short(knows), [':gus!guest JOIN #lobby * :gus']);
  node.register('bob', PASSWORD);
  const bob = await login(node, door, 'bob', PASSWORD);
  plain.heard();
  bob.say('JOIN #lobby');
  node.turn();
  assert.equal(short(bob)[0], ':bob!account JOIN :#lobby');
  assert.deepEqual(short(knows), ['@account=bob :bob!account JOIN #lobby bob :bob']);
  assert.deepEqual(short(plain), [':bob!account JOIN :#lobby']);
});

test('[IRC46] account-tag: whatever an account says or does is tagged with its name, live and in history; a guest’s is not', async () => {
  const { node, door, knows, plain } = lobby();
  node.register('bob', PASSWORD);
  const bob = await login(node, door, 'bob', PASSWORD, 'message-tags');
  bob.say('JOIN #lobby');
  node.turn();
  const one = node.post(bob.session.author!, { room: LOBBY }, 'text', 'hello');
  node.turn();
  for (const client of [knows, plain]) client.heard();
  bob.say(
    `@+draft/react=!;+draft/reply=${one.id} TAGMSG #lobby`,
    'TOPIC #lobby :new',
    '@+typing=active TAGMSG #lobby',
    'PRIVMSG knows :you',
  );
  plain.say('PRIVMSG #lobby :mine');
  node.turn();
  assert.deepEqual(
    short(knows)
      .map((line) => line.replace(one.id, 'ONE'))
      .sort(),
    [
      '@+draft/react=!;+draft/reply=ONE;account=bob :bob!account TAGMSG :#lobby',
      '@+typing=active;account=bob :bob!account TAGMSG :#lobby',
      '@account=bob :bob!account TOPIC #lobby :new',
      '@msgid=ID :plain!guest PRIVMSG #lobby :mine',
      '@msgid=ID;account=bob :bob!account PRIVMSG knows :you',
    ],
  );
  assert.ok(plain.heard().every((line) => line.startsWith(':')));
  bob.say('PART #lobby');
  node.turn();
  assert.deepEqual(short(knows), ['@account=bob :bob!account PART #lobby :']);
  knows.say('CAP REQ draft/chathistory', 'CHATHISTORY LATEST #lobby * 10');
  for (let i = 0; i < 3; i++) await settle();
  assert.ok(knows.heard().some((line) => /^@msgid=\w+;account=bob :bob!account@\S+ PRIVMSG #lobby :.* hello$/.test(line)));
});

test('[IRC46] account-notify: who logs in is told of with ACCOUNT, after their NICK, to those who share a room and to themselves', async () => {
  const { node, enter, knows, plain } = lobby();
  node.register('robert', PASSWORD);
  const bob = enter('bob', 'account-notify', '#lobby');
  for (const client of [knows, plain]) client.heard();
  bob.say(`NS IDENTIFY robert ${PASSWORD}`);
  await settle();
  node.turn();
  const about = (client: FakeClient): string[] => short(client).filter((line) => / (NICK|ACCOUNT) /.test(line));
  assert.deepEqual(about(knows), [':bob!guest NICK :robert', '@account=robert :robert!account ACCOUNT :robert']);
  assert.deepEqual(about(plain), [':bob!guest NICK :robert']);
  assert.deepEqual(about(bob), [':bob!guest NICK :robert', ':robert!account ACCOUNT :robert']);
});

test('[IRC46] userhost-in-names; multi-prefix and cap-notify change nothing', () => {
  const { enter } = lobby();
  const one = enter('one', 'userhost-in-names multi-prefix cap-notify');
  one.say('NAMES #lobby', 'CAP LIST');
  const [names, , list] = short(one);
  assert.equal(names, ':north.skein 353 one = #lobby :~knows!guest plain!guest');
  assert.equal(list, ':north.skein CAP one LIST :cap-notify multi-prefix userhost-in-names');
});

test('[IRC13] a standard reply is words in a NOTICE to a client that asked neither for such replies nor for what they are a part of', () => {
  const { door, enter } = lobby();
  const heard = (caps: string, command: string, ...rest: string[]): string => {
    const client = enter(`c${caps.length}${command.length}`, caps);
    door.fail(client.session, command, 'CODE', ...rest);
    door.flush();
    return client.heard()[0]!.replace(client.session.nick, 'me');
  };
  assert.equal(heard('', 'PRIVMSG', '#lobby', 'Not sent'), ':north.skein NOTICE me :PRIVMSG #lobby: Not sent');
  assert.equal(heard('', '*', 'The line was bad'), ':north.skein NOTICE me :The line was bad');
  assert.equal(heard('standard-replies', 'PRIVMSG', '#lobby', 'Not sent'), ':north.skein FAIL PRIVMSG CODE #lobby :Not sent');
  assert.equal(heard('draft/chathistory', 'CHATHISTORY', 'x'), ':north.skein FAIL CHATHISTORY CODE :x');
  assert.equal(heard('draft/chathistory', 'REGISTER', 'x'), ':north.skein NOTICE me :REGISTER: x');
});
