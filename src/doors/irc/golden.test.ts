/** Conversations with the door, in test/golden/irc. `GOLDEN=write` writes them anew; read the difference before it is committed. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { replay } from './testing/transcript.ts';

const FOLDER = join(import.meta.dirname, '../../../test/golden/irc');

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))) {
  const path = join(FOLDER, file);
  const before = readFileSync(path, 'utf8');
  test(before.split('\n', 1)[0]!.replace(/^# /, ''), async () => {
    const now = await replay(before);
    if (process.env['GOLDEN'] === 'write') writeFileSync(path, now);
    else assert.equal(now, before);
  });
}
