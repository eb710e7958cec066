/** `npm test`: everything, in steps, each printed before it runs. Ends with the first that fails. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
process.chdir(root);

function run(command: string, ...args: string[]): void {
  console.log(`\n+ ${command} ${args.join(' ')}`);
  const { status, signal } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\nfailed: ${command} ${args.join(' ')} (${signal ?? status})`);
    process.exit(1);
  }
}

/** One test runner for the files, one file at a time where they measure or kill. */
function tests(reporter: string, concurrency: number, ...patterns: string[]): void {
  const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
  run(
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-reporter=${reporter}`,
    `--test-concurrency=${concurrency}`,
    ...files,
  );
}

run('biome', 'check', '.');
run('tsc', '--noEmit');
run('tsc', '--noEmit', '-p', 'web');
tests('dot', 2, 'src/**/*.test.ts', 'web/src/**/*.test.ts', 'test/people/*.test.ts', 'test/tidy.test.ts');
tests('spec', 1, 'test/sim/*.test.ts');
tests('spec', 1, 'test/real/*.test.ts');
run(process.execPath, 'web/build.ts');
tests('spec', 1, 'test/web/*.test.ts');
console.log('\nall tests passed');
