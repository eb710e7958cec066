/**
 * What SQLite does not say of a database that it opens: that pages are missing at its end although its write-ahead log is not empty. (After a power cut in a
 * checkpoint that is as it should be; then the write-ahead log has those pages.)
 */

import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/** Whether the database is shorter than its first page says, and the write-ahead log does not have what is missing (sqlite.org/fileformat2.html). */
export function lacksPages(file: string): boolean {
  if (!existsSync(file)) return false;
  const header = Buffer.alloc(100);
  const size = readInto(file, header, 0);
  const pageBytes = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  const isCurrent = header.readUInt32BE(24) === header.readUInt32BE(92);
  if (size < 100 || pageBytes < 512 || !isCurrent) return false;
  const held = Math.floor(size / pageBytes);
  if (held >= pages || !existsSync(`${file}-wal`)) return false;
  const there = walPages(`${file}-wal`, pageBytes);
  for (let page = held + 1; page <= pages; page++) if (!there.has(page)) return there.size > 0;
  return false;
}

/** The pages that the write-ahead log holds. */
function walPages(file: string, pageBytes: number): Set<number> {
  const pages = new Set<number>();
  const header = Buffer.alloc(WAL_HEADER_BYTES);
  const size = readInto(file, header, 0);
  const frame = Buffer.alloc(FRAME_HEADER_BYTES);
  for (let at = WAL_HEADER_BYTES; at + FRAME_HEADER_BYTES + pageBytes <= size; at += FRAME_HEADER_BYTES + pageBytes) {
    readInto(file, frame, at);
    if (frame.compare(header, 16, 24, 8, 16) !== 0) break;
    pages.add(frame.readUInt32BE(0));
  }
  return pages;
}

/** Fills the buffer from a place on, as far as the file goes; the file's size. */
function readInto(file: string, buffer: Buffer, at: number): number {
  const fd = openSync(file, 'r');
  try {
    readSync(fd, buffer, 0, buffer.length, at);
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
