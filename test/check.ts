/** `npm run check`: the inner loop, under a minute: format, lint, types, unit tests without those of real networks. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));
const files = globSync('src/**/*.test.ts').filter((file) => !file.includes('libp2p'));
const steps = [
  ['biome', 'check', '.'],
  ['tsc', '--noEmit'],
  ['tsc', '--noEmit', '-p', 'web'],
  [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-reporter=dot',
    ...files,
    ...globSync('web/src/**/*.test.ts'),
    ...globSync('test/people/*.test.ts'),
    'test/tidy.test.ts',
  ],
];
for (const [command, ...args] of steps) {
  const { status } = spawnSync(command!, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
