import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { Secrets } from './account-prompt.ts';

/** What somebody types, and what they see. */
function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY, setRawMode: () => input }) as unknown as NodeJS.ReadStream & PassThrough;
  const output = new PassThrough();
  return { input, secrets: new Secrets(input, output), seen: () => String(output.read() ?? '') };
}

describe('secrets', () => {
  it('[CL12] at a terminal each is prompted for, corrected as it is typed, and never shown', async () => {
    const { input, secrets, seen } = terminal(true);
    const first = secrets.ask('password of ann');
    input.write('open sesamx\u007fe\r');
    assert.equal(await first, 'open sesame');
    const second = secrets.ask('the same again');
    input.write('ünï\r');
    assert.equal(await second, 'ünï');
    assert.equal(seen(), 'password of ann: \nthe same again: \n');
    const third = secrets.ask('once more');
    input.write('abc\u0003');
    await assert.rejects(third, /stopped: nothing was done/);
    const last = secrets.ask('once more');
    input.end();
    await assert.rejects(last, /stopped: nothing was done/);
    assert.doesNotMatch(seen(), /abc/);
  });

  it('[CL12] what was typed ahead is kept for the question it answers', async () => {
    const { input, secrets, seen } = terminal(true);
    const first = secrets.ask('password of ann');
    input.write('four words like these\rfour words like these\r');
    assert.equal(await first, 'four words like these');
    assert.equal(await secrets.ask('the same again'), 'four words like these');
    assert.equal(seen(), 'password of ann: \nthe same again: \n');
  });

  it('[CL12] else each is a line of stdin, and a missing one is told of', async () => {
    const { input, secrets, seen } = terminal(false);
    input.end('one\r\n two \nlast');
    assert.deepEqual([await secrets.ask('a'), await secrets.ask('b'), await secrets.ask('c')], ['one', ' two ', 'last']);
    await assert.rejects(secrets.ask('password of ann'), /stdin holds no line with the password of ann/);
    assert.equal(seen(), '');
    const long = terminal(false);
    long.input.end('x'.repeat(4097));
    await assert.rejects(long.secrets.ask('a'), /more than 4096/);
    long.secrets.close();
  });
});
