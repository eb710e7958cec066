import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthorId, MessageId, RoomId } from '../../core/ids.ts';
import type { Refusal } from '../../core/port.ts';
import { type FakeClient, login, settle, setUp } from './testing/client.ts';
import { enact } from './testing/fake-commands.ts';

const LOBBY = '#lobby' as RoomId;
const PASSWORD = 'seven-quiet-otters';

/** The founder alice, and bob, in the lobby. */
function lobby() {
  const world = setUp();
  const alice = world.enter('alice', 'standard-replies', '#lobby');
  const bob = world.enter('bob', '', '#lobby');
  alice.heard();
  const say = (client: FakeClient, ...lines: string[]): void => {
    client.say(...lines);
    world.node.turn();
  };
  return { ...world, alice, bob, say };
}

const short = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^:(\S+?)(!\S+)? /, '$1 '));

test('[IRC34] roles: prefixes in NAMES, WHO and WHOIS, and MODE gives and takes them', async () => {
  const { node, alice, bob, say } = lobby();
  say(alice, 'MODE #lobby +o bob');
  assert.deepEqual(short(bob.heard()), ['alice MODE #lobby +o :bob']);
  assert.deepEqual(short(alice.heard()), ['alice MODE #lobby +o :bob']);
  say(bob, 'NAMES #lobby', 'WHO bob', 'WHO #lobby', 'WHOIS bob');
  const heard = short(bob.heard());
  assert.ok(heard.includes('north.skein 353 bob = #lobby :~alice @bob'));
  assert.ok(heard.some((line) => / 352 bob #lobby .* bob H@ /.test(line)));
  assert.ok(heard.includes('north.skein 319 bob bob :@#lobby'));
  say(alice, 'MODE #lobby +q bob');
  assert.deepEqual(short(bob.heard()), ['alice MODE #lobby -o+q bob :bob']);
  say(bob, 'MODE #lobby -q-v+z alice x');
  assert.deepEqual(short(bob.heard()).sort(), [
    'bob MODE #lobby -q :alice',
    'north.skein 472 bob v :is unknown mode char to me',
    'north.skein 472 bob z :is unknown mode char to me',
  ]);
  say(alice, 'MODE #lobby +o alice', 'MODE #lobby +o nobody', 'MODE #lobby -n', 'MODE #lobby +t', 'MODE #lobby +o');
  const answers = short(alice.heard()).slice(2).sort();
  assert.deepEqual(
    answers.map((line) => line.split(' ')[1]),
    ['401', '461', '482', '482'],
  );
  assert.equal(node.power(alice.session.author!, LOBBY), 0);
});

test('[IRC34] who has a say in the whole network is an operator everywhere', async () => {
  const { node, door, enter, bob } = lobby();
  const owner = node.register('owner', PASSWORD);
  node.law.give('', owner, 'owner');
  const client = await login(node, door, 'owner', PASSWORD);
  bob.heard();
  client.say('JOIN #lobby');
  node.turn();
  await settle();
  assert.deepEqual(short(bob.heard()), ['owner JOIN :#lobby', 'north.skein MODE #lobby +o :owner']);
  enact(node, owner, { type: 'role', room: LOBBY, person: owner, role: 'owner' });
  node.turn();
  assert.deepEqual(short(bob.heard()), ['owner MODE #lobby -o+q owner :owner']);
  const carol = enter('carol', '', '#lobby');
  bob.heard();
  enact(node, owner, { type: 'role', room: '', person: carol.session.author!, role: 'moderator' });
  node.turn();
  assert.deepEqual(short(bob.heard()), ['owner MODE #lobby +o :carol']);
});

test('[IRC34] KICK puts out of the room, and who is not there, or may not, is told', () => {
  const { node, alice, bob, enter, say } = lobby();
  const carol = enter('carol', '', '#lobby');
  for (const one of [alice, bob]) one.heard();
  say(bob, 'KICK #lobby carol :no');
  assert.deepEqual(short(bob.heard()), ['north.skein 482 bob #lobby :You are not channel operator']);
  say(alice, 'KICK #lobby carol :be nice', 'KICK #lobby nobody', 'KICK #nowhere carol');
  assert.deepEqual(short(bob.heard()), ['alice KICK #lobby carol :be nice']);
  assert.deepEqual(short(carol.heard()), ['alice KICK #lobby carol :be nice']);
  say(alice, 'KICK #lobby carol');
  assert.deepEqual(
    short(alice.heard()).map((line) => line.split(' ')[1]),
    ['401', '403', 'KICK', '441'],
  );
  node.post(bob.session.author!, { room: LOBBY }, 'text', 'gone?');
  node.turn();
  assert.deepEqual(carol.heard(), []);
});

test('[IRC34] bans and mutes are MODE b, listed with 367 and taken back; who they are on is told with 474 and 404', () => {
  const { node, alice, bob, say, enter } = lobby();
  say(alice, 'MODE #lobby +b m:bob!*@*');
  assert.deepEqual(short(bob.heard()), ['alice MODE #lobby +b :m:bob!*@*']);
  say(bob, 'PRIVMSG #lobby :hello?');
  assert.deepEqual(short(bob.heard()), ['north.skein 404 bob #lobby :Cannot send to channel: you are muted']);
  alice.heard();
  say(alice, 'MODE #lobby b');
  assert.deepEqual(
    short(alice.heard()).map((line) => line.replace(/ \d+:?$| :\d+$/, '')),
    ['north.skein 367 alice #lobby m:bob!*@* alice', 'north.skein 368 alice #lobby :End of channel ban list'],
  );
  say(alice, 'MODE #lobby -b m:bob', 'MODE #lobby -b bob', 'MODE #lobby +b $a:bob');
  assert.deepEqual(short(bob.heard()), ['alice MODE #lobby -b :m:bob!*@*', 'alice MODE #lobby +b :bob!*@*', 'alice KICK #lobby bob :bob']);
  assert.match(alice.heard()[0]!, / FAIL MODE NO_SUCH_BAN #lobby bob :/);
  say(bob, 'JOIN #lobby', 'MODE #lobby +b alice');
  assert.deepEqual(short(bob.heard()), [
    'north.skein 474 bob #lobby :Cannot join channel: you are banned',
    'north.skein 482 bob #lobby :You are not channel operator',
  ]);
  const late = enter('late', '', '#lobby');
  say(alice, 'MODE #lobby -b bob!*@*');
  assert.deepEqual(short(late.heard()), ['alice MODE #lobby -b :bob!*@*']);
  // Two moderators may undo one ban.
  const undo = node.commands.find((command) => command.type === 'undo' && node.law.all.every(({ id }) => id !== command.target));
  node.notify(node.law.op(alice.session.author!, LOBBY, node.place(), { law: 'undo' }, (undo as { target: MessageId }).target));
  node.turn();
  assert.deepEqual(late.heard(), []);
  say(bob, 'JOIN #lobby');
  assert.match(short(bob.heard())[0]!, /^bob JOIN /);
});

test('[IRC34] a ban from the network is a QUIT, and when it is undone nobody is there who did not come back', async () => {
  const { node, door, bob } = lobby();
  const owner = node.arrive('owner');
  node.law.give('', owner, 'owner');
  const eve = node.register('eve', PASSWORD);
  const client = await login(node, door, 'eve', PASSWORD);
  client.say('JOIN #lobby');
  node.turn();
  bob.heard();
  enact(node, owner, { type: 'ban', room: '', person: eve, forMs: 0, reason: 'spam' });
  node.turn();
  assert.deepEqual(short(bob.heard()), ['eve QUIT :Banned: spam']);
  assert.ok(client.isEnded);
  const again = await login(node, door, 'eve', PASSWORD);
  assert.ok(again.isEnded);
  enact(node, owner, { type: 'undo', target: node.law.all[0]!.id });
  node.turn();
  assert.deepEqual(bob.heard(), []);
  await login(node, door, 'eve', PASSWORD);
  assert.deepEqual(short(bob.heard()), ['eve JOIN :#lobby']);
});

test('[IRC35] what each refusal is to a client', () => {
  const { node, alice } = lobby();
  const told = (refusal: Refusal, line: string): string => {
    node.refuseNext = refusal;
    alice.say(line);
    node.turn();
    return short(alice.heard())[0]!;
  };
  const day = 86_400_000;
  assert.match(
    told({ type: 'flood', retryMs: 1500 }, 'PRIVMSG #lobby :x'),
    /FAIL PRIVMSG RATE_LIMITED #lobby :Not sent: too much .* try again in 2 s$/,
  );
  assert.match(told({ type: 'slow', retryMs: 9000 }, 'PRIVMSG #lobby :x'), /FAIL PRIVMSG RATE_LIMITED #lobby :.* try again in 9 s$/);
  assert.match(told({ type: 'busy', retryMs: 10 }, 'JOIN #x'), /FAIL JOIN TRY_AGAIN #x :.* try again in 1 s$/);
  assert.match(
    told({ type: 'silenced', by: 'ban', untilMs: day, reason: 'spam' }, 'JOIN #x'),
    / 474 alice #x :.*you are banned until 1970-01-02T00:00:00.000Z: spam$/,
  );
  assert.match(
    told({ type: 'silenced', by: 'mute', untilMs: null, reason: '' }, 'TOPIC #lobby :x'),
    /FAIL TOPIC SILENCED #lobby :You are muted$/,
  );
  assert.match(told({ type: 'not allowed' }, 'TOPIC #lobby :x'), / 482 alice #lobby /);
  assert.match(told({ type: 'not allowed' }, 'NICK other'), / 447 alice /);
  assert.match(told({ type: 'archived' }, 'PRIVMSG #lobby :x'), / 404 alice #lobby :The channel is archived/);
  assert.match(told({ type: 'too many rooms' }, 'JOIN #x'), / 405 alice #x /);
  assert.match(told({ type: 'last owner' }, 'MODE #lobby +o bob'), /FAIL MODE REFUSED #lobby :There would be no owner left$/);
  assert.match(told({ type: 'name in use' }, 'NICK bob'), / 433 alice bob /);
});

/** A private room of the account alice, her client and bob's. */
async function club() {
  const world = setUp();
  const { node, door } = world;
  for (const name of ['alice', 'bob']) node.register(name, PASSWORD);
  const alice = await login(node, door, 'alice', PASSWORD);
  const bob = await login(node, door, 'bob', PASSWORD);
  alice.say('JOIN &club');
  node.turn();
  await settle();
  const name = / JOIN :(&club~[0-9a-f]{8})$/.exec(alice.heard()[0]!)![1]!;
  const id = [...node.state.rooms.keys()].find((room) => room[0] === '!')!;
  return { ...world, alice, bob, name, id };
}

test('[IRC36] a private room is &name~digits, is entered by invitation, and is not there for others', async () => {
  const { node, alice, bob, name } = await club();
  for (const line of [
    `JOIN ${name}`,
    `NAMES ${name}`,
    `WHO ${name}`,
    `TOPIC ${name}`,
    `MODE ${name}`,
    `PRIVMSG ${name} :x`,
    'LIST',
    `CHATHISTORY LATEST ${name} * 5`,
    'WHOIS alice',
  ])
    bob.say(line);
  node.turn();
  await settle();
  const heard = bob.heard();
  assert.match(heard[0]!, / 473 bob &club~/);
  for (const line of heard) assert.doesNotMatch(line, / (353|352|331|332|324|322|319) /);
  alice.say(`INVITE bob ${name}`, 'INVITE bob &club', 'INVITE bob #lobby', `INVITE nobody ${name}`);
  node.turn();
  assert.deepEqual(
    short(alice.heard()).map((line) => line.split(' ')[1]),
    ['403', '401', '341', '341'],
  );
  assert.deepEqual(short(bob.heard()).slice(0, 1), [`alice INVITE bob :${name}`]);
  bob.say('JOIN &club');
  node.turn();
  await settle();
  assert.match(short(bob.heard())[0]!, /^bob JOIN :&club~/);
  bob.say('PRIVMSG &CLUB :inside');
  node.turn();
  assert.deepEqual(short(alice.heard()).at(-1), `bob PRIVMSG ${name} :inside`);
  alice.say(`KICK ${name} bob :out`);
  node.turn();
  assert.deepEqual(short(bob.heard()).at(-1), `alice KICK ${name} bob :out`);
  alice.say(`PRIVMSG ${name} :alone`);
  bob.say(`PRIVMSG ${name} :hello?`);
  node.turn();
  assert.deepEqual(short(bob.heard()), [`north.skein 403 bob ${name} :No such channel`]);
});

test('[IRC36] guests make no private rooms, and nobody one without a name', async () => {
  const { node, enter, alice } = await club();
  const guest = enter('guest');
  guest.say('JOIN &mine');
  alice.say('JOIN &', 'JOIN &~~\u200b');
  node.turn();
  assert.match(guest.heard()[0]!, / 473 guest &mine :.*made by accounts$/);
  assert.deepEqual(
    short(alice.heard()).map((line) => line.split(' ')[1]),
    ['476', '476'],
  );
});

test('[IRC36] rooms of one name are told apart, and a room with another name is left and entered', async () => {
  const { node, alice, id, name } = await club();
  const owner = alice.session.author as AuthorId;
  const other = node.found(owner, 'club');
  node.turn();
  await settle();
  assert.match(short(alice.heard())[0]!, new RegExp(`^alice JOIN :&club~${other.slice(1, 9)}$`));
  alice.say('PRIVMSG &club :which');
  assert.match(alice.heard()[0]!, / 403 /);
  const room = node.state.rooms.get(id)!;
  const settings = { description: '', archived: false, slowSeconds: 0, retentionSeconds: 0, name: 'a new, name' };
  node.state.rooms.set(id, { ...room, settings: { value: settings, at: node.place() } });
  node.notify({ type: 'room', room: id });
  node.turn();
  assert.deepEqual(short(alice.heard()).slice(0, 2), [
    `alice PART ${name} :This room is called &a_new__name~${id.slice(1, 9)} now`,
    `alice JOIN :&a_new__name~${id.slice(1, 9)}`,
  ]);
  const twin = `${id.slice(0, 9)}${'0'.repeat(24)}` as RoomId;
  node.room(twin, 'a_new__name', owner);
  node.join(owner, twin);
  node.turn();
  assert.deepEqual(short(alice.heard())[0], `alice JOIN :&a_new__name~${twin.slice(1)}`);
});

test('[IRC36] whoever loses the right to a private room is out of it before anything more is said there', async () => {
  const { node, alice, bob, id, name } = await club();
  const [owner, member] = [alice.session.author!, bob.session.author!];
  enact(node, owner, { type: 'invite', room: id, person: member });
  node.join(member, id);
  node.turn();
  await settle();
  bob.heard();
  node.law.putOut(id, member);
  node.post(owner, { room: id }, 'text', 'secret');
  node.turn();
  assert.deepEqual(short(bob.heard()), [`bob PART ${name} :No longer a member of this room`]);
});
