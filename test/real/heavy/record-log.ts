/**
 * A process that writes scripted batches to a log and says `ack N` as soon as the N-th is committed. A commit that fails is dealt with as on the writer
 * thread. Arguments: file, seed, batches, synchronous.
 */

import { writeSync } from 'node:fs';
import { LogWriter } from '../../../src/store/log-writer.ts';
import { packBatch } from '../../../src/store/packing.ts';
import { openLogReader } from '../../../src/store/schema.ts';
import { REOPEN_EVERY, scriptedBatches } from './script.ts';

const [file, seed, count, synchronous] = process.argv.slice(2);
/** How often it tries again before it gives up. */
const TRIES_MAX = 100;

function again<T>(action: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return action();
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
    }
  }
}

const open = (): LogWriter => again(() => new LogWriter(file!, synchronous as 'FULL' | 'NORMAL'));
let writer = open();
/** Every other time a reader keeps the write-ahead log open, as the views do. */
let reader: ReturnType<typeof openLogReader> | null = null;
let done = 0;
let failures = 0;

function commit(packed: Uint8Array): void {
  for (;;) {
    try {
      writer.append(packed);
      return;
    } catch {
      failures++;
      if (again(() => writer.reopen(packed)) !== null) return;
    }
  }
}

for (const batch of scriptedBatches(Number(seed), Number(count))) {
  commit(packBatch(batch));
  writeSync(1, `ack ${++done}\n`);
  if (done % 10 === 0) again(() => writer.put('mark', Uint8Array.of(done & 255)));
  if (done % REOPEN_EVERY !== 0) continue;
  again(() => writer.close());
  reader?.close();
  reader = null;
  writer = open();
  if (done % (2 * REOPEN_EVERY) !== 0) continue;
  reader = openLogReader(file!);
  reader.prepare('SELECT count(*) FROM entry').get();
}
writeSync(2, `failures ${failures}\n`);
