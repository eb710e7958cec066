import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomId } from '../../core/ids.ts';
import { utf8 } from '../../lib/bytes.ts';
import { IrcDoor } from './door.ts';
import { FakeClient, login, random, settle, setUp } from './testing/client.ts';
import { FakeNode, hashing } from './testing/fake-node.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory';
const LOBBY = '#lobby' as RoomId;
const PASSWORD = 'seven quiet otters';

/** A SASL PLAIN response in base 64. */
const plain = (...fields: string[]): string => Buffer.from(utf8(fields.join('\0'))).toString('base64');

/** Numerics and words that came, without their parameters. */
const codes = (lines: readonly string[]): string[] =>
  lines.map(
    (line) =>
      / (\d{3}|FAIL \S+ \S+|AUTHENTICATE|ERROR|NICK|QUIT|JOIN|PART|REGISTER \S+) /.exec(` ${line.replace(/^@\S+ /, '')}`)?.[1] ?? line,
  );

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
  const bob = enter('bob');
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
  const app = /skein-\S+/.exec(await ask(bob, 'NS APPPASS ADD another-quiet-otter'))![0];
  assert.match(await ask(bob, 'NS APPPASS LIST'), /^1: [0-9a-f]{8}\nEnd/);
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

test('[IRC30] a guest who logs in is another name to others, and stays in the rooms; nobody leaves, nobody comes', async () => {
  const { node, enter } = setUp();
  node.register('alice', 'seven-quiet-otters');
  const eve = enter('eve', '', '#lobby');
  const guest = enter('guest', '', '#lobby');
  await settle();
  eve.heard();
  guest.say('NS IDENTIFY alice seven-quiet-otters');
  await settle();
  node.turn();
  await settle();
  assert.deepEqual(codes(eve.heard()), ['NICK']);
  assert.deepEqual(codes(guest.heard()).slice(0, 2), ['NICK', '900']);
  guest.say('PRIVMSG #lobby :hello');
  node.turn();
  assert.match(eve.heard()[0]!, /^:alice!account@\S+ PRIVMSG #lobby :hello$/);
  eve.say('NAMES #lobby');
  assert.match(eve.heard()[0]!, /:~eve alice$/);
});

test('[IRC30] where the account is there already, the guest leaves and the account stays', async () => {
  const { node, door, enter } = setUp();
  const author = node.register('alice', 'seven-quiet-otters');
  const eve = enter('eve', '', '#lobby', '#other');
  const first = await login(node, door, 'alice', 'seven-quiet-otters');
  first.say('JOIN #lobby');
  node.turn();
  const guest = enter('guest', '', '#other');
  await settle();
  for (const one of [eve, first]) one.heard();
  guest.say('NS IDENTIFY alice seven-quiet-otters');
  await settle();
  node.turn();
  await settle();
  assert.deepEqual(codes(eve.heard()), ['QUIT', 'JOIN']);
  assert.deepEqual(
    codes(first.heard()).filter((code) => code === 'JOIN'),
    ['JOIN'],
  );
  const heard = guest.heard();
  assert.deepEqual(codes(heard.filter((line) => !/ (353|366) /.test(line))).slice(0, 2), ['NICK', '900']);
  assert.equal(heard.filter((line) => line.includes(' JOIN :#lobby')).length, 1);
  assert.equal(heard.filter((line) => line.includes(' JOIN :#other')).length, 0);
  assert.deepEqual(node.roomsOf(author), ['#lobby', '#other']);
});

test('[IRC23] an account’s sessions are one person: what one does shows on the others, and their ends show to nobody', async () => {
  const { node, door, enter } = setUp();
  node.register('alice', 'seven-quiet-otters');
  const eve = enter('eve', '', '#lobby');
  const one = await login(node, door, 'alice', 'seven-quiet-otters');
  const two = await login(node, door, 'alice', 'seven-quiet-otters', FULL);
  await settle();
  eve.heard();
  one.say('JOIN #lobby');
  node.turn();
  await settle();
  assert.deepEqual(codes(eve.heard()), ['JOIN']);
  for (const client of [one, two]) assert.equal(codes(client.heard())[0], 'JOIN');
  one.say('PRIVMSG #lobby :from one');
  node.turn();
  assert.deepEqual(one.heard(), []);
  assert.match(two.heard()[0]!, /:alice!account@\S+ PRIVMSG #lobby :from one$/);
  two.say('PRIVMSG #lobby :from two', 'PRIVMSG eve :direct');
  node.turn();
  assert.deepEqual(
    one
      .heard()
      .map((line) => line.replace(/^:alice!account@\S+ /, ''))
      .sort(),
    ['PRIVMSG #lobby :from two', 'PRIVMSG eve :direct'],
  );
  assert.equal(two.heard().filter((line) => line.includes('skein/copies=1/1')).length, 2);
  eve.say('PRIVMSG alice :to both');
  node.turn();
  for (const client of [one, two]) assert.match(client.heard()[0]!, /PRIVMSG alice :to both$/);
  eve.heard();
  one.say('QUIT');
  node.turn();
  assert.deepEqual(eve.heard(), []);
  two.say('PART #lobby :bye');
  node.turn();
  assert.deepEqual(codes(eve.heard()), ['PART']);
  assert.deepEqual(codes(two.heard()), ['PART']);
});

test('[IRC23] a message of the account from another node is no session’s own, though it is of the same words', async () => {
  const { node, door } = setUp();
  const author = node.register('alice', 'seven-quiet-otters');
  const client = await login(node, door, 'alice', 'seven-quiet-otters', FULL);
  client.say('JOIN #lobby');
  node.turn();
  client.heard();
  client.say('PRIVMSG #lobby :same');
  node.post(author, { room: LOBBY }, 'text', 'same');
  node.turn();
  const heard = client.heard();
  assert.equal(heard.length, 2);
  assert.doesNotMatch(heard[0]!, /copies/);
  assert.match(heard[1]!, /skein\/copies=1\/1/);
});

test('[IRC23] an account that is here and elsewhere goes when the last of it does', async () => {
  const { node, door, enter } = setUp();
  const author = node.register('alice', 'seven-quiet-otters');
  const eve = enter('eve', '', '#lobby');
  node.arrive('alice');
  node.join(author, '#lobby');
  const here = await login(node, door, 'alice', 'seven-quiet-otters');
  await settle();
  assert.deepEqual(
    codes(eve.heard()).filter((code) => code === 'JOIN' || code === 'QUIT'),
    ['JOIN'],
  );
  node.gone(author);
  node.turn();
  assert.deepEqual(eve.heard(), []);
  here.say('QUIT');
  node.turn();
  assert.deepEqual(codes(eve.heard()), ['QUIT']);
});

test('[IRC30] what a guest had a say in, the account has none in, where it was not given one', async () => {
  const { node, enter } = setUp();
  node.register('alice', 'seven-quiet-otters');
  const guest = enter('guest', '', '#lobby');
  const eve = enter('eve', '', '#lobby');
  guest.say('NS IDENTIFY alice seven-quiet-otters');
  await settle();
  node.turn();
  assert.deepEqual(
    eve.heard().map((line) => line.replace(/^\S+ /, '')),
    ['NICK :alice', 'MODE #lobby -q :alice'],
  );
});

test('[IRC40] an account of another name, or deleted, shows as NICK and QUIT', async () => {
  const { node, door, enter } = setUp();
  const [first, second] = [node.register('alice', PASSWORD), node.register('alice~2', PASSWORD)];
  const eve = enter('eve', '', '#lobby');
  for (const author of [first, second]) node.state.accounts.get(author)!.isDeleted = false;
  for (const name of ['alice', 'alice~2']) {
    const client = await login(node, door, name, 'seven quiet otters');
    client.say('JOIN #lobby');
    node.turn();
  }
  eve.heard();
  node.state.accounts.get(first)!.isDeleted = true;
  node.state.accounts.get(second)!.name = 'alice';
  node.notify({ type: 'account', author: first });
  node.notify({ type: 'account', author: second });
  node.turn();
  assert.deepEqual(
    eve.heard().map((line) => line.replace(/!\S+/, '')),
    [':alice QUIT :The account is no more', ':alice~2 NICK :alice'],
  );
});

test('[IRC40] when all was folded anew, readers are shown what is otherwise than they were shown', async () => {
  const { node, enter } = setUp();
  const people = ['stays', 'goes', 'parts', 'renamed'].map((name) => node.arrive(name));
  for (const author of people) node.join(author, '#lobby');
  const comes = node.arrive('comes');
  const eve = enter('eve', '', '#lobby');
  await settle();
  eve.heard();
  const members = node.state.rooms.get(LOBBY)!.members;
  members.delete(people[2]!);
  members.set(comes, { value: true, at: node.place() });
  node.law.give(LOBBY, people[0]!, 'moderator');
  node.state.guests.get(people[3]!)!.name.value = 'another';
  node.law.all.push({ id: 'x' as never, does: 'ban', room: '', person: people[1]!, by: people[0]!, untilMs: null, reason: '', atMs: 0 });
  node.notify({ type: 'refolded', from: new Map() });
  node.turn();
  assert.deepEqual(
    eve
      .heard()
      .map((line) => line.replace(/!\S+/, ''))
      .sort(),
    [
      ':comes JOIN :#lobby',
      ':goes QUIT :No longer here',
      ':north.skein MODE #lobby -q+o stays :stays',
      ':parts PART #lobby :No longer in this room',
      ':renamed NICK :another',
    ],
  );
});

test('[IRC38] a session that the node ends is told why, and the node is not told that it ended', async () => {
  const { node, door } = setUp();
  const author = node.register('alice', 'seven-quiet-otters');
  const client = await login(node, door, 'alice', 'seven-quiet-otters');
  const before = node.commands.length;
  node.expel(author, 'banned: spam');
  assert.ok(client.isEnded);
  assert.deepEqual(client.heard(), ['ERROR :Closing link: banned: spam']);
  door.disconnect(client.session, 'Connection closed');
  assert.equal(node.commands.length, before);
});
