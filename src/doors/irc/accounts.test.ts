import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8 } from '../../lib/bytes.ts';
import { IrcDoor } from './door.ts';
import { codes, FakeClient, login, random, settle, setUp } from './testing/client.ts';
import { FakeNode, hashing } from './testing/fake-node.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory';
const PASSWORD = 'seven quiet otters';

/** A SASL PLAIN response in base 64. */
const plain = (...fields: string[]): string => Buffer.from(utf8(fields.join('\0'))).toString('base64');

test('[IRC24] SASL PLAIN before the welcome: the name is the account’s, whatever NICK said', async () => {
  const { node, door } = setUp();
  node.register('alice', PASSWORD);
  const client = new FakeClient(door);
  client.say('CAP LS 302', 'NICK whatever', 'USER a 0 * :A', 'CAP REQ :sasl', 'AUTHENTICATE PLAIN');
  assert.match(client.heard().at(-1)!, /^:north\.skein AUTHENTICATE :\+$/);
  client.say(`AUTHENTICATE ${plain('', 'alice', PASSWORD)}`, 'CAP END');
  await settle();
  node.turn();
  await settle();
  const heard = client.heard();
  assert.deepEqual(codes(heard).slice(0, 3), ['900', '903', '001']);
  assert.match(heard[0]!, / 900 \* alice!account@\S+ alice :You are now logged in as alice$/);
  assert.match(heard[2]!, / 001 alice :/);
});

test('[IRC24] a response comes in pieces of 400 letters, and an empty one ends it', async () => {
  const { node, door } = setUp();
  const long = 'x'.repeat(600 - 2 - 5);
  node.register('alice', long);
  const response = plain('', 'alice', long);
  assert.equal(response.length, 800);
  const client = new FakeClient(door);
  client.say('CAP REQ :sasl', 'NICK a', 'USER a 0 * :A', 'AUTHENTICATE PLAIN', `AUTHENTICATE ${response.slice(0, 400)}`);
  client.say(`AUTHENTICATE ${response.slice(400)}`, 'AUTHENTICATE +');
  await settle();
  node.turn();
  assert.deepEqual(codes(client.heard()).slice(-2), ['900', '903']);
});

test('[IRC24] what can be wrong with SASL: 904, 905, 906, 907, 908', async () => {
  const { node, door } = setUp();
  node.register('alice', PASSWORD);
  const client = new FakeClient(door);
  const after = async (...lines: string[]): Promise<string[]> => {
    client.say(...lines);
    await settle();
    node.turn();
    return codes(client.heard());
  };
  await after('CAP REQ :sasl');
  assert.deepEqual(await after('AUTHENTICATE EXTERNAL'), ['908', '904']);
  assert.deepEqual(await after('AUTHENTICATE PLAIN', 'AUTHENTICATE *'), ['AUTHENTICATE', '906']);
  assert.deepEqual(await after('AUTHENTICATE PLAIN', `AUTHENTICATE ${'A'.repeat(401)}`), ['AUTHENTICATE', '905']);
  for (const response of [
    '???',
    plain('alice', PASSWORD),
    plain('bob', 'alice', PASSWORD),
    plain('', 'alice', 'wrong'),
    plain('', 'nobody', PASSWORD),
  ])
    assert.deepEqual(await after('AUTHENTICATE PLAIN', `AUTHENTICATE ${response}`), ['AUTHENTICATE', '904'], response);
  const huge = Array.from({ length: 8 }, () => `AUTHENTICATE ${'A'.repeat(400)}`);
  assert.equal((await after('AUTHENTICATE PLAIN', ...huge))[1], '904');
  assert.deepEqual(await after('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('alice', 'alice', PASSWORD)}`), ['AUTHENTICATE', '900', '903']);
  assert.deepEqual(await after('AUTHENTICATE PLAIN'), ['907']);
});

test('[IRC24] too many passwords at once: 904 with the seconds; a node that is full too', async () => {
  const { node, door } = setUp();
  node.register('alice', PASSWORD);
  const client = new FakeClient(door);
  node.derivesLater = { retryMs: 2500 };
  client.say('CAP REQ :sasl', 'AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('', 'alice', PASSWORD)}`);
  await settle();
  assert.match(client.heard().at(-1)!, / 904 \* :.* try again in 3 s$/);
  node.derivesLater = null;
  node.refuseNext = { type: 'flood', retryMs: 1000 };
  client.say('AUTHENTICATE PLAIN', `AUTHENTICATE ${plain('', 'alice', PASSWORD)}`);
  await settle();
  node.turn();
  assert.match(client.heard().at(-1)!, / 904 \* :.* try again in 1 s$/);
});

test('[IRC24] what is said while a password is looked at comes after it; a client that left is not missed', async () => {
  const { node, door } = setUp();
  node.register('alice', PASSWORD);
  node.holdsKeys = true;
  const client = new FakeClient(door);
  const gone = new FakeClient(door);
  for (const one of [client, gone])
    one.say(
      'CAP REQ :sasl',
      'NICK a',
      'USER a 0 * :A',
      'AUTHENTICATE PLAIN',
      `AUTHENTICATE ${plain('', 'alice', PASSWORD)}`,
      'CAP END',
      'JOIN #lobby',
    );
  door.disconnect(gone.session, 'Connection closed');
  assert.equal(node.commands.filter(({ type }) => type !== 'close').length, 0);
  node.serveKeys();
  await settle();
  node.turn();
  node.turn();
  assert.deepEqual(
    codes(client.heard()).filter((code) => ['903', '001', 'JOIN'].includes(code)),
    ['903', '001', 'JOIN'],
  );
  assert.equal(node.commands.filter(({ type }) => type === 'log in').length, 1);
});

test('[IRC25] PASS account:password logs in; a wrong one ends the connection', async () => {
  const { node, door } = setUp();
  node.register('alice', PASSWORD);
  const [right, wrong] = [new FakeClient(door), new FakeClient(door)];
  right.say(`PASS :alice:${PASSWORD}`, 'NICK x', 'USER a 0 * :A');
  wrong.say('PASS :alice:something else', 'NICK y', 'USER a 0 * :A');
  await settle();
  node.turn();
  assert.deepEqual(codes(right.heard()).slice(0, 2), ['900', '001']);
  assert.deepEqual(codes(wrong.heard()), ['464', 'ERROR']);
  assert.ok(wrong.isEnded);
});

test('[IRC2, IRC25] where guests are not let in, an account is', async () => {
  const node = new FakeNode();
  const door = new IrcDoor({ port: node, hashing, guests: false, random });
  node.register('alice', PASSWORD);
  const client = new FakeClient(door);
  client.say(`PASS :alice:${PASSWORD}`, 'NICK alice', 'USER a 0 * :A');
  await settle();
  node.turn();
  assert.match(client.heard()[1]!, / 001 alice /);
});

test('[IRC26] REGISTER makes an account, before or after the welcome', async () => {
  const { node, door, enter } = setUp();
  const early = new FakeClient(door);
  early.say('CAP LS 302', 'CAP REQ :draft/account-registration', 'NICK alice', 'USER a 0 * :A', `REGISTER * * :${PASSWORD}`, 'CAP END');
  await settle();
  node.turn();
  const heard = early.heard();
  assert.ok(heard.includes(':north.skein REGISTER SUCCESS alice :Account successfully registered'));
  assert.deepEqual(codes(heard).slice(2, 5), ['REGISTER SUCCESS', '900', '001']);
  const late = enter('bob');
  late.say(`REGISTER robert * :${PASSWORD}`);
  await settle();
  node.turn();
  const lines = late.heard();
  assert.match(lines[0]!, /^:bob!guest@\S+ NICK :robert$/);
  assert.deepEqual(codes(lines).slice(1, 3), ['REGISTER SUCCESS', '900']);
  assert.ok(node.accountNamed('robert'));
});

test('[IRC26] why there is no account: the codes of the specification', async () => {
  const { node, door, enter } = setUp();
  node.register('alice', PASSWORD);
  const bob = enter('bob', 'draft/account-registration');
  const code = async (line: string): Promise<string> => {
    bob.say(line);
    await settle();
    node.turn();
    return bob
      .heard()
      .at(-1)!
      .replace(/^\S+ FAIL REGISTER /, '')
      .replace(/ :.*/, '');
  };
  assert.equal(await code(`REGISTER alice * :${PASSWORD}`), 'ACCOUNT_EXISTS alice');
  assert.equal(await code(`REGISTER 1a * :${PASSWORD}`), 'BAD_ACCOUNT_NAME 1a');
  assert.equal(await code(`REGISTER NickServ * :${PASSWORD}`), 'BAD_ACCOUNT_NAME NickServ');
  assert.equal(await code('REGISTER bob * :short'), 'WEAK_PASSWORD bob');
  assert.equal(await code('REGISTER bob * :skein-something-long'), 'UNACCEPTABLE_PASSWORD bob');
  node.refuseNext = { type: 'name alike', like: 'b0b' };
  assert.equal(await code(`REGISTER bob * :${PASSWORD}`), 'BAD_ACCOUNT_NAME bob');
  node.registration = 'closed';
  assert.equal(await code(`REGISTER bob * :${PASSWORD}`), 'TEMPORARILY_UNAVAILABLE bob');
  node.registration = 'open';
  node.derivesLater = { retryMs: 1 };
  assert.equal(await code(`REGISTER bob * :${PASSWORD}`), 'TEMPORARILY_UNAVAILABLE bob');
  node.derivesLater = null;
  assert.match(await code(`REGISTER * * :${PASSWORD}`), /^:north\.skein 900 bob /);
  assert.equal(await code(`REGISTER other * :${PASSWORD}`), 'ALREADY_AUTHENTICATED other');
  const nameless = new FakeClient(door);
  nameless.say('CAP REQ draft/account-registration');
  nameless.heard();
  nameless.say(`REGISTER * * :${PASSWORD}`);
  assert.match(nameless.heard()[0]!, / FAIL REGISTER NEED_NICK \* /);
});

test('[IRC27] NickServ: register with an invitation, identify, and what is said of accounts', async () => {
  const { node, enter } = setUp();
  node.registration = 'invite';
  node.invitations.add('token');
  const bob = enter('bob');
  const ask = async (text: string): Promise<string[]> => {
    bob.say(`PRIVMSG NickServ :${text}`);
    await settle();
    node.turn();
    await settle();
    return bob.heard().map((line) => line.replace(/^:NickServ!services@north\.skein NOTICE \S+ :/, ''));
  };
  assert.match((await ask(`REGISTER ${'abcdefghij'}`))[0]!, /row of keys/);
  assert.match((await ask('REGISTER seven-quiet-otters'))[0]!, /takes an invitation/);
  assert.match((await ask('REGISTER seven-quiet-otters wrong'))[0]!, /invitation is not known/);
  assert.match((await ask('REGISTER seven-quiet-otters token')).at(-1)!, /^bob is your account now/);
  assert.match((await ask('IDENTIFY seven-quiet-otters'))[0]!, /already/);
  assert.match((await ask('INFO bob'))[0]!, /^bob is an account, and is here now/);
  assert.match((await ask('SESSIONS'))[0]!, /: 1$/);
  assert.ok((await ask('HELP')).length >= 9);
  assert.match((await ask('DANCE'))[0]!, /no such command/);
  bob.say('NOTICE NickServ :HELP');
  assert.deepEqual(bob.heard(), []);
});

test('[IRC27] NickServ: the password changes, app passwords speak and no more, DROP deletes', async () => {
  const { node, door, enter } = setUp();
  const author = node.register('bob', 'seven-quiet-otters');
  const bob = await login(node, door, 'bob', 'seven-quiet-otters');
  const ask = async (client: FakeClient, line: string): Promise<string> => {
    client.say(line);
    await settle();
    node.turn();
    await settle();
    return client
      .heard()
      .map((one) => one.replace(/^.* NOTICE \S+ :/, ''))
      .join('\n');
  };
  assert.match(await ask(bob, 'NS SET PASSWORD wrong another-quiet-otter'), /not right/);
  assert.match(await ask(bob, 'NS SET PASSWORD seven-quiet-otters bob'), /fewer than/);
  assert.match(await ask(bob, 'NS SET PASSWORD seven-quiet-otters another-quiet-otter'), /is changed/);
  assert.match(await ask(bob, 'NS APPPASS ADD seven-quiet-otters'), /not right/);
  const app = /skein-\S+/.exec(await ask(bob, 'NS APPPASS ADD another-quiet-otter phone'))![0];
  assert.match(await ask(bob, 'NS APPPASS LIST'), /^1: [0-9a-f]{8} phone\nEnd/);
  const guest = enter('guest');
  assert.match(await ask(guest, `NS IDENTIFY bob ${app}`), /logged in as bob/);
  assert.match(await ask(guest, `NS DROP ${app}`), /can speak and not change/);
  assert.match(await ask(guest, 'NS APPPASS DEL another-quiet-otter 2'), /no app password of that number/);
  assert.match(await ask(guest, 'NS APPPASS DEL another-quiet-otter 1'), /is no more/);
  assert.match(await ask(enter('other'), `NS IDENTIFY bob ${app}`), /not right/);
  assert.match(await ask(enter('third'), `NS IDENTIFY bob ${app.slice(0, -1)}?`), /letter of the app password/);
  assert.match(await ask(guest, 'NS DROP wrong'), /not right/);
  await ask(guest, 'NS DROP another-quiet-otter ERASE');
  assert.ok(node.state.accounts.get(author)!.isDeleted);
  assert.deepEqual(
    node.commands.find(({ type }) => type === 'delete account') &&
      (node.commands.find(({ type }) => type === 'delete account') as { erase: boolean }).erase,
    true,
  );
  assert.ok(guest.isEnded && bob.isEnded);
});

test('[IRC27] LOGOUT ends the connection, LOGOUTALL all sessions; what needs an account says so', async () => {
  const { node, door, enter } = setUp();
  node.register('bob', 'seven-quiet-otters');
  const [one, two, three] = [
    await login(node, door, 'bob', 'seven-quiet-otters'),
    await login(node, door, 'bob', 'seven-quiet-otters'),
    enter('eve'),
  ];
  three.say('NS LOGOUTALL seven-quiet-otters');
  assert.match(three.heard()[0]!, /not logged in/);
  one.say('NS LOGOUT');
  assert.ok(one.isEnded && !two.isEnded);
  two.say('NICKSERV LOGOUTALL seven-quiet-otters');
  await settle();
  node.turn();
  assert.ok(two.isEnded);
  assert.match(two.heard().at(-1)!, /^ERROR :Closing link: logged out everywhere$/);
});

test('[IRC28] no password is in anything that is sent, said to the node as a message, or kept as one', async () => {
  const { node, door, enter } = setUp();
  const all: FakeClient[] = [enter('eve', FULL, '#lobby')];
  node.register('alice', 'secret-otters-swim');
  const bob = enter('bob', FULL, '#lobby');
  all.push(bob);
  for (const line of [
    'PRIVMSG NickServ :REGISTER secret-otters-run',
    'PRIVMSG nickserv,#lobby :IDENTIFY secret-otters-run',
    'NS REGISTER bob-bob-bob-secret',
    'NS IDENTIFY alice secret-otters-fly',
    'NS SET PASSWORD secret-otters-run secret-otters-hop',
    'NS DROP secret-otters-jump',
    'NS APPPASS ADD secret-otters-dig',
    'REGISTER carol * :secret-otters-eat',
    'NOTICE NickServ :secret-otters-nap',
    'NS secret-otters-lost',
    'PRIVMSG ChanServ :secret-otters-lost',
  ]) {
    bob.say(line);
    await settle();
    node.turn();
    await settle();
  }
  const early = new FakeClient(door);
  all.push(early);
  early.say('CAP REQ :sasl', 'PASS alice:secret-otters-no', 'NICK z', 'USER z 0 * :Z', 'AUTHENTICATE PLAIN');
  early.say(`AUTHENTICATE ${plain('', 'alice', 'secret-otters-no')}`, 'CAP END');
  await settle();
  node.turn();
  for (const client of all) for (const line of client.heard()) if (!/PRIVMSG #lobby/.test(line)) assert.doesNotMatch(line, /secret-otters/);
  const posted = node.log.map(({ payload }) => new TextDecoder().decode(payload!));
  // What was said to a room beside NickServ is the sender's own doing.
  assert.equal(posted.filter((text) => text.includes('secret')).length, 1);
});

test('[IRC29] an account’s name is not taken without logging in: a temporary one and what to do', async () => {
  const { node, door } = setUp();
  node.register('alice', 'seven-quiet-otters');
  const client = new FakeClient(door);
  client.say('NICK alice', 'USER a 0 * :A');
  node.turn();
  node.turn();
  const heard = client.heard();
  assert.match(heard[0]!, / 001 guest\d{4} /);
  assert.match(heard.at(-2)!, /^:NickServ!services@north\.skein NOTICE guest\d{4} :alice is the name of an account/);
  assert.match(heard.at(-1)!, /IDENTIFY alice password/);
  client.say('NICK alice');
  node.turn();
  assert.match(client.heard()[0]!, / 433 guest\d{4} alice :Nickname is registered: .*NickServ IDENTIFY/);
  client.say('NS IDENTIFY seven-quiet-otters');
  await settle();
  node.turn();
  assert.match(client.heard()[0]!, /^:guest\d{4}!guest@\S+ NICK :alice$/);
});

test('[IRC29] where a temporary name is taken another one is tried, and at last the client is told', () => {
  const { node, door } = setUp();
  node.register('alice', 'seven-quiet-otters');
  const client = new FakeClient(door);
  client.say('NICK alice', 'USER a 0 * :A');
  node.turn();
  node.refuseNext = { type: 'name in use' };
  node.turn();
  node.turn();
  assert.match(client.heard()[0]!, / 001 guest\d{4} /);
  const other = new FakeClient(door);
  other.say('NICK alice', 'USER a 0 * :A');
  for (let i = 0; i < 20 && !other.isEnded; i++) {
    node.refuseNext = { type: 'name registered' };
    node.turn();
  }
  assert.match(other.heard().at(-1)!, /^ERROR :Closing link: the name is an account's/);
});

test('[IRC29] names that services have, and names that look like another', () => {
  const { node, enter } = setUp();
  const bob = enter('bob');
  bob.say('NICK NickServ', 'NICK chanserv');
  assert.deepEqual(codes(bob.heard()), ['432', '432']);
  node.refuseNext = { type: 'name alike', like: 'paypal' };
  bob.say('NICK paypaI');
  node.turn();
  assert.match(bob.heard()[0]!, / 433 bob paypaI :Nickname is too much alike: the name looks like paypal/);
  node.refuseNext = { type: 'name alike', like: null };
  bob.say('NICK bоb');
  node.turn();
  assert.match(bob.heard()[0]!, / 432 bob \S+ :Erroneous nickname: the name mixes scripts/);
  const liar = node.arrive('NickServ');
  node.join(liar, '#lobby');
  bob.say('JOIN #lobby');
  node.turn();
  assert.ok(bob.heard().some((line) => / 353 .*NickServ_/.test(line)));
});

test('[IRC27] a password of several words goes in quotes; without them nothing is done', async () => {
  const { node, door } = setUp();
  node.register('bob', 'seven-quiet-otters');
  const bob = await login(node, door, 'bob', 'seven-quiet-otters');
  const ask = async (line: string): Promise<string> => {
    bob.say(line);
    await settle();
    node.turn();
    await settle();
    return bob.heard().join('\n');
  };
  for (const words of ['SET PASSWORD seven-quiet-otters four-whole words here', 'DROP seven quiet otters', 'LOGOUTALL seven otters'])
    assert.match(await ask(`NS ${words}`), /goes in quotes/);
  assert.match(await ask('PRIVMSG NickServ :SET PASSWORD seven-quiet-otters "four whole words here"'), /is changed/);
  const again = await login(node, door, 'bob', 'four whole words here');
  assert.equal(again.session.isAccount, true);
});
