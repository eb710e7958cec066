import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { askNode, listenControl, NoNodeError, RefusedError } from './control.ts';

it('[RP23] who waits for an answer while the node ends is told so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-control-'));
  const path = join(folder, 'control.sock');
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const control = await listenControl(path, async function* () {
    resolve();
    await new Promise(() => undefined);
  });
  const answer = askNode(path, { command: 'verify' });
  await asked;
  control.close();
  await assert.rejects(answer, NoNodeError);
  rmSync(folder, { recursive: true });
});

it('[CL6] an error of the program is told as its bug, in one line with where it happened; any other in its words alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-control-'));
  const path = join(folder, 'control.sock');
  const control = await listenControl(path, async function* ({ command }) {
    yield 'on the way';
    if (command === 'refuse') throw new Error('the disk is full');
    return (undefined as unknown as { kind: string }).kind;
  });
  const words = (command: string) =>
    askNode(path, { command }).catch((error: Error) => (error instanceof RefusedError ? error.message : ''));
  assert.equal(await words('refuse'), 'the disk is full');
  assert.match((await words('break')) as string, /^this is a bug of Skein, .*TypeError: Cannot read .*control\.test\.ts:\d+:\d+\)\)?$/);
  control.close();
  rmSync(folder, { recursive: true });
});
