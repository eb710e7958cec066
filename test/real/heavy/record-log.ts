/** A process that writes scripted batches to a log and says `ack N` as soon as the N-th is committed. Arguments: file, seed, batches, synchronous. */

import { writeSync } from 'node:fs';
import { LogWriter } from '../../../src/store/log-writer.ts';
import { packBatch } from '../../../src/store/packing.ts';
import { REOPEN_EVERY, scriptedBatches } from './script.ts';

const [file, seed, count, synchronous] = process.argv.slice(2);
const open = (): LogWriter => new LogWriter(file!, synchronous as 'FULL' | 'NORMAL');
let writer = open();
let done = 0;
for (const batch of scriptedBatches(Number(seed), Number(count))) {
  writer.append(packBatch(batch));
  writeSync(1, `ack ${++done}\n`);
  if (done % 10 === 0) writer.put('mark', Uint8Array.of(done & 255));
  if (done % REOPEN_EVERY === 0) {
    writer.close();
    writer = open();
  }
}
