import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loggingIn, login, setUp } from './testing/client.ts';

const PASSWORD = 'seven quiet otters';

test('[IRC50] KLINE bans and mutes in the network, for minutes or for good, with a reason; UNKLINE takes it back', async () => {
  const { node, door, enter } = setUp();
  node.law.give('', node.register('olga', PASSWORD), 'owner');
  const bob = node.register('bob', PASSWORD);
  const olga = await login(node, door, 'olga', PASSWORD, 'standard-replies');
  const eve = enter('eve', 'standard-replies');
  const said = (line: string): string => {
    olga.heard();
    const before = node.commands.length;
    olga.say(line);
    node.turn();
    const command = node.commands[before] as { type?: string; forMs?: number; reason?: string; target?: string } | undefined;
    const { type, forMs, reason } = command ?? {};
    return [type, forMs, reason, ...olga.heard().map((line) => line.split(' ')[1])].join(' ');
  };
  assert.equal(said('KLINE bob :sold spoons'), 'ban 0 sold spoons NOTICE');
  assert.equal(said('UNKLINE BOB'), 'undo   NOTICE');
  assert.equal(said('KLINE 90 m:bob!*@* too loud'), 'mute 5400000 too loud NOTICE');
  assert.equal(said('UNKLINE bob'), '   FAIL', 'he is muted and not banned');
  assert.equal(said('UNKLINE m:bob'), 'undo   NOTICE');
  assert.equal(said('KLINE 0 bob'), 'ban 0  NOTICE');
  assert.equal(said('KLINE nobody :why'), '   401');
  assert.deepEqual(
    node.law.sanctions('').map(({ person }) => person),
    [bob],
  );
  eve.heard();
  eve.say('KLINE olga :for fun');
  node.turn();
  assert.match(eve.heard()[0]!, /^:\S+ FAIL KLINE NOT_ALLOWED olga :/);
});

test('[IRC51] who came second to a name logs in by the name they know, and is told the one they have', async () => {
  const { node, door } = setUp();
  for (const [name, password] of [
    ['max', 'five-loud-otters'],
    ['max~2', 'seven-quiet-otters'],
  ] as const)
    node.register(name, password);
  const second = await loggingIn(node, door, 'max', 'seven-quiet-otters');
  const heard = second.heard();
  assert.match(heard.find((line) => line.includes(' 001 '))!, / 001 max~2 /);
  assert.match(heard.findLast((line) => line.includes('NickServ!'))!, /NOTICE max~2 :Choose a name/);
  const first = await loggingIn(node, door, 'max', 'five-loud-otters');
  assert.equal(first.heard().filter((line) => line.includes('NickServ!')).length, 0);
  assert.deepEqual(node.passwords.length, 3);
});
