/** `npm run faults`: all tests of real disks, processes and links under faults, also those that need root or strace. Each skip is named with its reason. */

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

process.chdir(join(import.meta.dirname, '..', '..'));
const files = globSync(['test/real/heavy/*.test.ts', 'test/real/faults-*.test.ts']).sort();
const skipped: string[] = [];
let passed = 0;
let failed = 0;
const stream = run({ files: files.map((file) => join(process.cwd(), file)), concurrency: 1 });
stream.on('test:pass', ({ name, skip, details }) => {
  if (skip !== undefined) skipped.push(`${name}: ${skip === true ? 'no reason given' : skip}`);
  else if (details.type !== 'suite') passed++;
});
stream.on('test:fail', ({ details }) => {
  if (details.type !== 'suite') failed++;
});
stream.on('end', () => {
  for (const one of skipped) console.log(`skipped ${one}`);
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
});
stream.compose(spec).pipe(process.stdout);
