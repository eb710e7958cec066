import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomId } from '../../core/ids.ts';
import { codes, login, settle, setUp } from './testing/client.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory';
const LOBBY = '#lobby' as RoomId;
const PASSWORD = 'seven quiet otters';

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

test('[IRC40] NICK of an account: it keeps its name, but where it came second to it, it chooses another', async () => {
  const { node, door, enter } = setUp();
  for (const name of ['alice', 'alice~2']) node.register(name, PASSWORD);
  const eve = enter('eve', '', '#lobby');
  const [first, second] = [await login(node, door, 'alice', PASSWORD), await login(node, door, 'alice~2', PASSWORD)];
  second.say('JOIN #lobby', 'NICK alice');
  first.say('NICK other', 'NICK ALICE');
  node.turn();
  assert.deepEqual(codes(first.heard()), ['447']);
  assert.deepEqual(codes(second.heard()).at(-1), '433');
  eve.heard();
  second.say('NICK alicia');
  node.turn();
  assert.match(eve.heard()[0]!, /^:alice~2!account@\S+ NICK :alicia$/);
  assert.match(second.heard()[0]!, /^:alice~2!account@\S+ NICK :alicia$/);
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
