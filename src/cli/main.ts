#!/usr/bin/env node
/** The command line: one file a subcommand, all errors ended here: exit code 0 done, 1 failed, 2 wrong usage, 3 cannot reach a node. */

import { enableCompileCache } from 'node:module';

enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
