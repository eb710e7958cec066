/** What a node's log and views take on its disk. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE, VIEWS_FILE } from './sqlite.ts';

/** With their write-ahead logs, in bytes; what is not there takes nothing. */
export function storeBytes(directory: string): number {
  const files = [LOG_FILE, VIEWS_FILE].flatMap((file) => [file, `${file}-wal`]);
  return files.reduce((sum, file) => sum + (statSync(join(directory, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}
