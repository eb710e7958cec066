/**
 * Writing anew what can be read. After a sync that failed, and after a process that died before its sync, the write-ahead log may be in memory alone, and a later
 * sync that succeeds says nothing of it (Rebello et al., Can Applications Recover from fsync Failures?, USENIX ATC 2020). Were it copied into the database then, and the
 * power cut in the middle, the database would be left with pages of a commit that is nowhere whole.
 */

import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

const PIECE_BYTES = 1 << 20;

/** Writes the bytes of a file again where they are, and syncs them. Others may read it meanwhile, nobody may write. Throws what the system says. */
export function writeAnew(file: string): void {
  if (!existsSync(file)) return;
  const fd = openSync(file, 'r+');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let at = 0; ; ) {
      const count = readSync(fd, piece, 0, PIECE_BYTES, at);
      if (count === 0) break;
      for (let done = 0; done < count; ) done += writeSync(fd, piece, done, count - done, at + done);
      at += count;
    }
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
