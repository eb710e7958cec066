import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { askNode, listenControl, NoNodeError } from './control.ts';

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
