import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RoomId } from '../../core/ids.ts';
import { escapeTag, tagOf } from './tags.ts';
import { settle, setUp } from './testing/client.ts';

const FULL = 'server-time message-tags echo-message batch draft/chathistory standard-replies draft/message-redaction';
const LOBBY = '#lobby' as RoomId;

/** A client with every capability, one with none, and bob elsewhere, in the lobby. */
async function lobby() {
  const world = setUp();
  const bob = world.node.arrive('bob');
  world.node.join(bob, '#lobby');
  const full = world.enter('full', FULL, '#lobby');
  const plain = world.enter('plain', '', '#lobby');
  await settle();
  full.heard();
  return { ...world, bob, full, plain };
}

test('[IRC37] an edit is the new text, marked, which answers the old one; only its author’s', async () => {
  const { node, bob, full, plain } = await lobby();
  const one = node.post(bob, { room: LOBBY }, 'text', 'frist');
  node.edit(bob, one, 'first');
  node.edit(full.session.author!, one, 'not mine');
  node.turn();
  const heard = full.heard();
  assert.equal(heard.length, 2);
  assert.match(
    heard[1]!,
    new RegExp(`^@time=[^ ;]+;msgid=[0-9a-f]{64};\\+draft/reply=${one.id} :bob!guest@\\S+ PRIVMSG #lobby :\\[edited\\] first$`),
  );
  assert.match(plain.heard()[1]!, /^:bob!guest@\S+ PRIVMSG #lobby :\[edited\] first$/);
});

test('[IRC37] what is about a message comes no earlier than the messages that are held for a page', async () => {
  const { node, bob, enter } = await lobby();
  node.holdsHistory = true;
  const late = enter('late', '', '#lobby');
  const one = node.post(bob, { room: LOBBY }, 'text', 'frist');
  node.edit(bob, one, 'first');
  node.turn();
  assert.deepEqual(late.heard(), []);
  node.serveHistory();
  await settle();
  assert.match(late.heard().at(-1)!, /:\[edited\] first$/);
});

test('[IRC37] what is removed is redacted where the client knows that, and passed over where not', async () => {
  const { node, bob, full, plain } = await lobby();
  const one = node.post(bob, { room: LOBBY }, 'text', 'oops');
  node.turn();
  full.heard();
  plain.heard();
  node.remove(bob, one, 'a slip');
  node.turn();
  assert.match(full.heard()[0]!, new RegExp(`^:bob!guest@\\S+ REDACT #lobby ${one.id} :a slip$`));
  assert.deepEqual(plain.heard(), []);
});

test('[IRC37] REDACT removes one’s own; others’ are refused with the codes of the specification', async () => {
  const { node, bob, full } = await lobby();
  full.say('PRIVMSG #lobby :mine', 'PRIVMSG bob :direct');
  const theirs = node.post(bob, { room: LOBBY }, 'text', 'theirs');
  node.turn();
  const [room, direct] = node.log.filter(({ author }) => author !== bob).map(({ id }) => id);
  full.heard();
  full.say(
    `REDACT #lobby ${room} :why not`,
    `REDACT bob ${direct}`,
    `REDACT #lobby ${theirs.id}`,
    `REDACT #lobby ${'0'.repeat(64)}`,
    'REDACT #lobby x',
    `REDACT nobody ${room}`,
  );
  node.turn();
  const heard = full.heard().map((line) => line.replace(/^\S+ /, '').replace(/ :.*/, ''));
  assert.deepEqual(heard.sort(), [
    `FAIL REDACT INVALID_TARGET nobody`,
    `FAIL REDACT REDACT_FORBIDDEN #lobby ${theirs.id}`,
    `FAIL REDACT UNKNOWN_MSGID #lobby ${'0'.repeat(64)}`,
    'FAIL REDACT UNKNOWN_MSGID #lobby x',
    `REDACT #lobby ${room}`,
    `REDACT bob`,
  ]);
  assert.deepEqual(
    node.commands.filter((command) => command.type === 'remove').map((command) => command.room.slice(0, 1)),
    ['#', '@', '#', '#'],
  );
});

test('[IRC37] reactions are TAGMSG both ways, replies the tag +draft/reply', async () => {
  const { node, bob, full, plain } = await lobby();
  const one = node.post(bob, { room: LOBBY }, 'text', 'hello');
  node.turn();
  full.heard();
  plain.heard();
  full.say(`@+draft/react=👍\\s;+draft/reply=${one.id} TAGMSG #lobby`, `@+draft/unreact=👍;+draft/reply=${one.id} TAGMSG #lobby`);
  full.say(`@+draft/react=x TAGMSG #lobby`, `@+typing=active TAGMSG #lobby`);
  node.turn();
  assert.deepEqual(
    full.heard().map((line) => line.replace(/:full\S+ /, '')),
    [`@+draft/react=👍\\s;+draft/reply=${one.id} TAGMSG :#lobby`, `@+draft/unreact=👍;+draft/reply=${one.id} TAGMSG :#lobby`],
  );
  assert.deepEqual(plain.heard(), []);
  plain.say(
    `@+draft/reply=${one.id} PRIVMSG #lobby :indeed`,
    `@+draft/reply=nonsense PRIVMSG #lobby :plainly`,
    `@+draft/reply=${'0'.repeat(64)} PRIVMSG #lobby :lost`,
  );
  node.turn();
  const heard = full.heard();
  assert.match(heard[0]!, new RegExp(`;\\+draft/reply=${one.id} :plain!\\S+ PRIVMSG #lobby :indeed$`));
  assert.doesNotMatch(heard[1]!, /reply/);
  assert.equal(heard.length, 2);
  assert.match(plain.heard()[0]!, / NOTICE plain :PRIVMSG #lobby: There is no message of that id here$/);
});

test('[IRC37] about direct messages only their two people are told', async () => {
  const { node, full, plain, bob, enter } = await lobby();
  const eve = enter('eve', FULL, '#lobby');
  await settle();
  for (const client of [full, plain, eve]) client.heard();
  const one = node.post(bob, { author: full.session.author! }, 'text', 'psst');
  node.turn();
  full.heard();
  node.edit(bob, one, 'pssst');
  node.about('reaction', bob, one, { type: 'reaction', emoji: '!', on: true });
  node.about('reaction', eve.session.author!, one, { type: 'reaction', emoji: '?', on: true });
  node.remove(bob, one, '');
  node.turn();
  assert.deepEqual(
    full.heard().map((line) => / (PRIVMSG|TAGMSG|REDACT) full/.exec(line)?.[1] ?? / (TAGMSG) :full/.exec(line)?.[1]),
    ['PRIVMSG', 'TAGMSG', 'REDACT'],
  );
  for (const client of [eve, plain]) assert.deepEqual(client.heard(), []);
});

test('[IRC37] a tag’s value is what it was, however it is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(';', ' ', '\\', '\r', '\n', 'a', ':', 's', '😀') }), (value) => {
      const escaped = escapeTag(value);
      assert.doesNotMatch(escaped, /[; \r\n]/);
      assert.equal(tagOf(`x=1;+draft/react=${escaped};y`, '+draft/react'), value);
    }),
  );
  assert.equal(tagOf('a;b=1', 'a'), '');
  assert.equal(tagOf('a;b=1', 'c'), undefined);
});
