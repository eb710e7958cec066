/** `npm run soak`: the tests of the client library at real nodes, at full length: two minutes of dying nodes, and a cut at every byte. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const files = ['client-crowd.test.ts', 'client-cuts.test.ts'].map((file) => join(import.meta.dirname, file));
const args = ['--disable-warning=ExperimentalWarning', '--test', '--test-reporter=spec', '--test-concurrency=1', ...files];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, SKEIN_SOAK: '1' } });
process.exit(status ?? 1);
