import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isLoopback, resolveSettings, UsageError } from './settings.ts';

it('[CL4] flags win over the file, the file over the defaults; a bad value and an unknown key name what to change', () => {
  const settings = resolveSettings(new Map([['copies', '2']]), { copies: 5, 'mesh.full_up_to': 0, 'erase.after': 3600 });
  assert.deepEqual([settings.copies, settings.fullUpTo, settings.irc, settings.eraseAfter], [2, 0, '127.0.0.1:6667', 3600]);
  for (const [flag, value] of [
    ['copies', '0'],
    ['copies', 'x'],
    ['irc', 'nowhere'],
    ['irc', '127.0.0.1:99999'],
    ['guests', 'maybe'],
  ] as const) {
    assert.throws(
      () => resolveSettings(new Map([[flag, value]]), {}),
      (error: Error) => error instanceof UsageError && error.message.includes(`--${flag}`),
    );
  }
  assert.throws(() => resolveSettings(new Map(), { colour: 'red' }), /unknown key ‘colour’/);
  assert.equal(resolveSettings(new Map([['mesh', '[::1]:0']]), {}).mesh, '[::1]:0');
});

it('[CL5] guests are let in by default only while every door listens on loopback', () => {
  for (const listen of ['127.0.0.1:1', 'localhost:1', '[::1]:1', 'off']) assert.ok(isLoopback(listen));
  for (const listen of ['0.0.0.0:1', '192.0.2.1:1', '[::]:1']) assert.ok(!isLoopback(listen));
});
